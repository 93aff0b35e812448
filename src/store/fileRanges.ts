import { messageOf } from "../base/errors.js";
import { nodeBuiltin } from "../base/host.js";
import type { FileHandle, Fs } from "./boundedFile.js";
import { StoreError } from "./chunkStore.js";
import {
    isSameEdition,
    type FileIdentity,
    type RangeReader,
    type RangeRequest,
    type RangeResult,
} from "./rangeReader.js";

/**
 * Reads parts of a file on disk, for Node. It stays open, so that one that is replaced by another, as `terrane pack` does
 * it, is read as it was to the end; one that is written over is `changed`.
 */
export class FileRanges implements RangeReader {
    public readonly retries = 0;
    private readonly _fs: Fs;
    private _opening: Promise<FileHandle> | null = null;
    private _isClosed = false;

    /**
     * @param location path of the file
     * @throws StoreError in browsers, which have no files
     */
    public constructor(public readonly location: string) {
        const fs = nodeBuiltin<Fs>("node:fs/promises");
        if (fs === undefined) {
            throw new StoreError("A file is read by Node alone. In pages use an address.", location);
        }
        this._fs = fs;
    }

    public async readRangeAsync({ offset, length, expected, isFresh, signal }: RangeRequest): Promise<RangeResult> {
        if (this._isClosed) {
            return { status: "unavailable", reason: `${this.location} was closed.` };
        }
        try {
            if (isFresh === true) {
                await this._letGoAsync();
            }
            const handle = await (this._opening ??= this._openAsync());
            const before = await identityOfAsync(handle);
            if (expected !== null && !isSameEdition(before, expected)) {
                return { status: "changed" };
            }
            const bytes = new Uint8Array(Math.max(0, Math.min(length, before.byteLength! - offset)));
            const filled = await fillAsync(handle, bytes, offset);
            if (signal?.aborted === true) {
                return { status: "aborted" };
            }
            const isWhole = filled === bytes.length && (expected === null || filled === length);
            if (!isWhole || !isSameEdition(before, await identityOfAsync(handle))) {
                return { status: "changed" };
            }
            return { status: "read", bytes, identity: before };
        } catch (error) {
            if (this._isClosed) {
                return { status: "unavailable", reason: `${this.location} was closed.` };
            }
            await this._letGoAsync();
            if ((error as { code?: unknown }).code === "ENOENT") {
                return { status: "missing" };
            }
            return { status: "unavailable", reason: `${this.location} could not be read: ${messageOf(error)}.` };
        }
    }

    public async closeAsync(): Promise<void> {
        this._isClosed = true;
        await this._letGoAsync();
    }

    private async _openAsync(): Promise<FileHandle> {
        // A pipe or a device may block, or begin to act, when it is opened.
        assertFile(await this._fs.stat(this.location));
        const { O_RDONLY, O_NONBLOCK } = this._fs.constants;
        const handle = await this._fs.open(this.location, O_RDONLY | (O_NONBLOCK ?? 0));
        try {
            assertFile(await handle.stat());
        } catch (error) {
            await handle.close();
            throw error;
        }
        return handle;
    }

    private async _letGoAsync(): Promise<void> {
        const opening = this._opening;
        this._opening = null;
        await opening?.then((handle) => handle.close()).catch(() => {});
    }
}

function assertFile(stats: { isFile(): boolean }): void {
    if (!stats.isFile()) {
        throw new Error("it is not a file");
    }
}

async function identityOfAsync(handle: FileHandle): Promise<FileIdentity> {
    const { size, ino, mtimeNs } = await handle.stat({ bigint: true });
    return { byteLength: Number(size), etag: `${ino}-${mtimeNs}`, modified: null };
}

/** Fills `bytes` from a place in the file; resolves with how many there were. */
async function fillAsync(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<number> {
    let filled = 0;
    while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
        if (bytesRead === 0) {
            break;
        }
        filled += bytesRead;
    }
    return filled;
}
