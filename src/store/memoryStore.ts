import { assertName, FileTooLargeError, MAX_FILE_BYTES, type ChunkStore } from "./chunkStore.js";

/** Keeps files in memory: for pages, and for tests. */
export class MemoryStore implements ChunkStore {
    private readonly _files = new Map<string, Uint8Array>();

    /** Resolves with a copy of a file's bytes; null where there is none of that name. */
    public async readAsync(name: string, maxBytes = MAX_FILE_BYTES): Promise<Uint8Array | null> {
        const bytes = this._files.get(name);
        if (bytes !== undefined && bytes.byteLength > maxBytes) {
            throw new FileTooLargeError(name, bytes.byteLength, maxBytes);
        }
        return bytes?.slice() ?? null;
    }

    public async writeAsync(name: string, bytes: Uint8Array): Promise<void> {
        assertName(name);
        this._files.set(name, bytes.slice());
    }

    public listAsync(): Promise<string[]> {
        return Promise.resolve([...this._files.keys()]);
    }

    public deleteAsync(name: string): Promise<void> {
        this._files.delete(name);
        return Promise.resolve();
    }
}
