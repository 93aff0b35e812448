import type { Stats } from "node:fs";
import { FileTooLargeError, StoreError } from "./chunkStore.js";

export type Fs = typeof import("node:fs/promises");
export type FileHandle = Awaited<ReturnType<Fs["open"]>>;

export interface BoundedReadOptions {
    /**
     * Milliseconds to wait for each part of what comes through a pipe, as shells make one of `<(command)`. Default:
     * pipes are refused, because a reader waits until somebody writes.
     */
    readonly pipeWaitMs?: number;
}

/** Milliseconds between two looks into a pipe. */
const PIPE_POLL_MS = 20;
const PIPE_PART_BYTES = 2 ** 16;

/**
 * Reads a file whole, once its type and length are known to be good. What has no end, or none worth waiting for
 * (devices, pipes, sockets), is refused before it is opened, or read up to the limit.
 *
 * @throws FileTooLargeError where it has more than `maxBytes`, also where it grows while it is read
 * @throws StoreError where it is not a file
 * @throws the system's error where it cannot be opened or read
 */
export async function readBoundedAsync(
    fs: Fs,
    path: string,
    maxBytes: number,
    { pipeWaitMs }: BoundedReadOptions = {},
): Promise<Uint8Array> {
    // Opening alone can do harm: a pipe waits for its other end, a device may begin to act.
    assertReadable(path, await fs.stat(path), maxBytes, pipeWaitMs !== undefined);
    // And what was a file a moment ago may be a pipe by now.
    const handle = await fs.open(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    try {
        const stats = await handle.stat();
        assertReadable(path, stats, maxBytes, pipeWaitMs !== undefined);
        return stats.isFIFO()
            ? await readPipeAsync(handle, path, maxBytes, pipeWaitMs!)
            : await readFileAsync(handle, path, stats.size, maxBytes);
    } finally {
        await handle.close();
    }
}

function assertReadable(path: string, stats: Stats, maxBytes: number, isPipeAllowed: boolean): void {
    if (stats.isFIFO() ? !isPipeAllowed : !stats.isFile()) {
        const reason = `it is ${kindOf(stats)}, not a file`;
        throw new StoreError(`${path} could not be read: ${reason}`, path, undefined, reason);
    }
    if (stats.size > maxBytes) {
        throw new FileTooLargeError(path, stats.size, maxBytes);
    }
}

function kindOf(stats: Stats): string {
    if (stats.isDirectory()) {
        return "a folder";
    }
    return stats.isFIFO() ? "a pipe" : stats.isSocket() ? "a socket" : "a device";
}

/** @param size as the system says; 0 for files that it makes up while they are read */
async function readFileAsync(handle: FileHandle, path: string, size: number, maxBytes: number): Promise<Uint8Array> {
    // One byte more: where it stays free the end has come.
    let bytes = new Uint8Array(size + 1);
    let length = 0;
    for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
        length += bytesRead;
        if (length > maxBytes) {
            throw new FileTooLargeError(path, null, maxBytes);
        }
        if (bytesRead === 0) {
            return bytes.subarray(0, length);
        }
        if (length === bytes.length) {
            const longer = new Uint8Array(Math.min(maxBytes + 1, Math.max(4096, 2 * length)));
            longer.set(bytes);
            bytes = longer;
        }
    }
}

/** Reads what comes until the other end is closed. */
async function readPipeAsync(handle: FileHandle, path: string, maxBytes: number, waitMs: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    let waitedMs = 0;
    while (waitedMs < waitMs) {
        const part = new Uint8Array(PIPE_PART_BYTES);
        const bytesRead = await readSomeAsync(handle, part);
        // Nobody has begun to write, or nobody has more for now. That none ever will is known after the first byte alone.
        if (bytesRead === null || (bytesRead === 0 && length === 0)) {
            await new Promise((resolve) => setTimeout(resolve, PIPE_POLL_MS));
            waitedMs += PIPE_POLL_MS;
            continue;
        }
        if (bytesRead === 0) {
            return new Uint8Array(Buffer.concat(parts));
        }
        waitedMs = 0;
        length += bytesRead;
        if (length > maxBytes) {
            throw new FileTooLargeError(path, null, maxBytes);
        }
        parts.push(part.subarray(0, bytesRead));
    }
    const reason = `it is a pipe, and nothing came for ${waitMs / 1000} s`;
    throw new StoreError(`${path} could not be read: ${reason}`, path, undefined, reason);
}

/** Reads what is there; null where there is nothing yet. */
async function readSomeAsync(handle: FileHandle, into: Uint8Array): Promise<number | null> {
    try {
        return (await handle.read(into, 0, into.length, null)).bytesRead;
    } catch (error) {
        if ((error as { code?: unknown }).code === "EAGAIN") {
            return null;
        }
        throw error;
    }
}
