import { assertName, type ChunkStore } from "./chunkStore.js";

/** Keeps files in memory: for pages, and for tests. */
export class MemoryStore implements ChunkStore {
    private readonly _files = new Map<string, Uint8Array>();

    /** A copy. */
    public readAsync(name: string): Promise<Uint8Array | null> {
        return Promise.resolve(this._files.get(name)?.slice() ?? null);
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
