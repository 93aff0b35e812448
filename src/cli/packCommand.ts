import path from "node:path";
import { planPackAsync, type PackResult } from "../baker/packBake.js";
import { packBlocksAsync } from "../baker/packBlocks.js";
import { TerraneError } from "../base/errors.js";
import { writeArchiveFileAsync } from "../store/archiveFile.js";
import { blocksIn, openBlockFolder } from "../store/blockFolder.js";
import { openBakeFiles } from "../store/openBakeFiles.js";
import { ExitCode } from "./exitCodes.js";
import type { Interruption } from "./interruption.js";
import { formatBytes, ProgressLine, type Terminal } from "./terminal.js";

export interface PackArguments {
    readonly out?: string;
    readonly blocks?: boolean;
    readonly json?: boolean;
}

/** Name of the archive that lies in a bake's own folder. */
export const ARCHIVE_FILE = "bake.pmtiles";

/** Runs `terrane pack`. */
export async function runPackAsync(
    directory: string,
    args: PackArguments,
    terminal: Terminal,
    interruption: Interruption,
): Promise<number> {
    if (args.blocks === true) {
        return runBlocksAsync(directory, args, terminal, interruption);
    }
    const archive = args.out ?? archiveIn(directory);
    const { chunks, files, byteLength, rootHash } = await packFolderAsync(directory, archive, terminal, interruption);
    if (args.json === true) {
        terminal.print(JSON.stringify({ archive, chunks, files, bytes: byteLength, rootHash }));
        return ExitCode.done;
    }
    terminal.print(`${chunks} chunks in ${archive}: ${formatBytes(byteLength)}`);
    terminal.print(`root hash ${rootHash}`);
    return ExitCode.done;
}

async function runBlocksAsync(
    directory: string,
    { out, json }: PackArguments,
    terminal: Terminal,
    interruption: Interruption,
): Promise<number> {
    if (out === undefined) {
        throw new TerraneError("--out", out, "the folder to write to", "Pass --out DIR beside --blocks.");
    }
    const line = new ProgressLine(terminal);
    const files = openBakeFiles(directory);
    const target = openBlockFolder(out);
    try {
        const { chunks, blocks, kept, byteLength, rootHash } = await packBlocksAsync(files, target, {
            onProgress: (packed, total) => line.show(`${packed}/${total} chunks packed`, packed === total),
            signal: interruption.listen(),
        });
        line.end();
        const archives = blocksIn(out);
        if (json === true) {
            terminal.print(JSON.stringify({ archives, chunks, blocks, kept, bytes: byteLength, rootHash }));
            return ExitCode.done;
        }
        const were = kept > 0 ? `, ${kept} were there` : "";
        terminal.print(`${chunks} chunks in ${archives}: ${blocks} blocks${were}, ${formatBytes(byteLength)}`);
        terminal.print(`root hash ${rootHash}`);
        return ExitCode.done;
    } finally {
        line.end();
        await Promise.all([files, target.folder].map((store) => store.closeAsync()));
    }
}

/** Returns the path of the archive in a bake's own folder. */
export function archiveIn(directory: string): string {
    return path.join(directory, ARCHIVE_FILE);
}

/** Packs the bake in a folder, or one that is packed already, into a file, and shows how far that is. */
export async function packFolderAsync(
    directory: string,
    archive: string,
    terminal: Terminal,
    interruption: Interruption,
): Promise<PackResult> {
    const line = new ProgressLine(terminal);
    const files = openBakeFiles(directory);
    const signal = interruption.listen();
    const onProgress = (packed: number, total: number): void =>
        line.show(`${packed}/${total} files packed`, packed === total);
    try {
        const plan = await planPackAsync(files, { signal });
        await writeArchiveFileAsync(archive, (target) => plan.writeAsync(target, { onProgress, signal }));
        return plan.result;
    } finally {
        line.end();
        await files.closeAsync();
    }
}
