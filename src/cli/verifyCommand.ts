import { existsSync } from "node:fs";
import { verifyBakeAsync, type VerifyFault } from "../baker/verifyBake.js";
import { parseAddress } from "../space/chunkAddress.js";
import { BLOCK_HEIGHT, formatBlock, squareOf } from "../space/chunkSquare.js";
import { blocksIn } from "../store/blockFolder.js";
import { BLOCK } from "../store/blockTemplate.js";
import { openBakeFiles } from "../store/openBakeFiles.js";
import { ExitCode } from "./exitCodes.js";
import type { Interruption } from "./interruption.js";
import { ProgressLine, type Terminal } from "./terminal.js";

export interface VerifyArguments {
    readonly rebake?: number;
    readonly root?: string;
    readonly block?: string;
    readonly workers?: number;
    readonly json?: boolean;
}

/** Runs `terrane verify`. */
export async function runVerifyAsync(
    directory: string,
    args: VerifyArguments,
    terminal: Terminal,
    interruption: Interruption,
): Promise<number> {
    const line = new ProgressLine(terminal);
    const files = openBakeFiles(directory);
    try {
        const result = await verifyBakeAsync(files, {
            rebake: args.rebake,
            root: args.root,
            block: args.block,
            baker: { workers: args.workers },
            onProgress: (checked, total) => line.show(`${checked}/${total} chunks checked`, checked === total),
            signal: interruption.listen(),
        });
        line.end();
        const { chunks, bad, rebaked, rootHash } = result;
        for (const { file, fault } of bad) {
            terminal.warn(`${file} ${fault}`);
        }
        const hint = hintOf(directory, bad);
        if (hint !== null) {
            terminal.warn(hint);
        }
        if (args.json === true) {
            terminal.print(JSON.stringify({ chunks, bad: bad.length, rebaked, rootHash, faults: bad }));
        } else if (bad.length === 0) {
            terminal.print(
                `${chunks} chunks are as they were baked; ${rebaked} were baked again and came out the same`,
            );
            terminal.print(`root hash ${rootHash}`);
        } else {
            terminal.print(
                `${bad.length} ${bad.length === 1 ? "fault" : "faults"} in ${chunks} chunks and their manifest`,
            );
        }
        return bad.length === 0 ? ExitCode.done : ExitCode.failed;
    } finally {
        line.end();
        await files.closeAsync();
    }
}

/** Returns where the files are that a folder does not have, if the archives of their blocks lie there; null if not. */
function hintOf(directory: string, bad: readonly VerifyFault[]): string | null {
    const missing = bad.find(({ address, fault }) => address !== null && fault === "is missing");
    if (missing === undefined) {
        return null;
    }
    const block = squareOf(parseAddress(missing.address!), BLOCK_HEIGHT);
    const archives = blocksIn(directory);
    return existsSync(archives.replace(BLOCK, formatBlock(block)))
        ? `The folder has archives of blocks: to check what is in those, verify "${archives}".`
        : null;
}
