import { messageOf } from "../base/errors.js";
import { nodeBuiltin } from "../base/host.js";
import type { Fs } from "./boundedFile.js";
import { StoreError } from "./chunkStore.js";
import { makeFolderAsync } from "./makeFolder.js";
import { TemporaryFiles } from "./temporaryFiles.js";

/** Takes a file's bytes, part after part. */
export interface ArchiveTarget {
    /** Writes the next part, which is the caller's again when the promise settles. */
    writeAsync(bytes: Uint8Array): Promise<void>;
}

/**
 * Writes a file on disk part by part, for Node: under another name, which becomes its own when it is whole. Where `fillAsync`
 * rejects, what was there before stays.
 *
 * @param makesFolder whether the folder that it lies in is made, too, where there is none
 * @throws StoreError where it cannot be written
 * @throws what `fillAsync` rejects with
 */
export async function writeArchiveFileAsync(
    path: string,
    fillAsync: (target: ArchiveTarget) => Promise<void>,
    makesFolder = false,
): Promise<void> {
    const fs = nodeBuiltin<Fs>("node:fs/promises");
    if (fs === undefined) {
        throw new StoreError("A file is written by Node alone.", path);
    }
    const { resolve, dirname } = nodeBuiltin<typeof import("node:path")>("node:path")!;
    const file = resolve(path);
    let isFilling = false;
    try {
        if (makesFolder) {
            await makeFolderAsync(fs, dirname(file));
        }
        await new TemporaryFiles(fs, dirname(file)).writePartsAsync(file, async (handle) => {
            isFilling = true;
            await fillAsync({
                writeAsync: (bytes) =>
                    handle.writeFile(bytes).catch((error: unknown) => {
                        throw writeError(path, error);
                    }),
            });
            isFilling = false;
        });
    } catch (error) {
        throw isFilling ? error : writeError(path, error);
    }
}

function writeError(path: string, cause: unknown): StoreError {
    const reason = messageOf(cause);
    return new StoreError(`${path} could not be written: ${reason}`, path, cause, reason);
}
