import fs from "node:fs/promises";
import { messageOf, TerraneError } from "../base/errors.js";
import { readBoundedAsync } from "../store/boundedFile.js";
import { FileTooLargeError, StoreError } from "../store/chunkStore.js";

/** Milliseconds to wait for a pipe: a command that writes into one may take a while. */
const PIPE_WAIT_MS = 10_000;

/**
 * Reads a text: UTF-8, or UTF-16 where its byte order mark says so, as some shells and editors write it. Reads pipes
 * too.
 *
 * @param what it is, for messages, as in "The recipe"
 * @throws TerraneError where it is longer than `maxBytes`, or not a text
 * @throws StoreError where it is not a file, or cannot be read
 */
export async function readTextFileAsync(path: string, what: string, maxBytes: number): Promise<string> {
    let bytes: Uint8Array;
    try {
        bytes = await readBoundedAsync(fs, path, maxBytes, { pipeWaitMs: PIPE_WAIT_MS });
    } catch (error) {
        if (error instanceof FileTooLargeError) {
            const length = error.byteLength === null ? "longer" : `${error.byteLength} bytes`;
            throw new TerraneError(path, length, `at most ${maxBytes} bytes`, "Is this the right file?");
        }
        if (error instanceof StoreError) {
            throw error;
        }
        throw new StoreError(`${what} could not be read: ${messageOf(error)}`, path, error);
    }
    try {
        return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    } catch {
        throw new TerraneError(path, "no text", "UTF-8, or UTF-16 with its byte order mark", "Save it as UTF-8.");
    }
}

/** Returns the encoding that the byte order mark tells; the decoder then leaves the mark out. */
function encodingOf([first, second]: Uint8Array): string {
    return first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
