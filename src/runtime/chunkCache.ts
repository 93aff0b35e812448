import type { BufferPool } from "../memory/bufferPool.js";
import { ByteLru } from "../memory/byteLru.js";

export interface CachedChunk {
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
}

/** Chunk data that nobody shows now, kept by age and distance. Buffers that leave it rest in the pool. */
export class ChunkCache {
    private readonly _lru: ByteLru<CachedChunk>;
    private _dataBytes = 0;
    private _hits = 0;
    private _misses = 0;

    /** @param costOf see `ByteLru`: how far a chunk, by its key, is from being wanted */
    public constructor(pool: BufferPool, costOf: (key: number, ref: Float64Array) => void) {
        const onEvict = (_: number, chunk: CachedChunk): void => {
            this._dataBytes -= chunk.byteLength;
            pool.takeBack(chunk.buffer);
        };
        this._lru = new ByteLru<CachedChunk>(0, onEvict, costOf);
    }

    /** Bytes. A lower limit evicts at once. */
    public set limitBytes(value: number) {
        this._lru.limitBytes = value;
    }

    public get count(): number {
        return this._lru.count;
    }

    public get bytes(): number {
        return this._lru.bytes;
    }

    /** Bytes of the chunks themselves, without what their buffers are longer. */
    public get dataBytes(): number {
        return this._dataBytes;
    }

    public get hits(): number {
        return this._hits;
    }

    public get misses(): number {
        return this._misses;
    }

    /** Takes a chunk out, which is the caller's until it is put back; null where there is none. */
    public take(key: number): CachedChunk | null {
        const chunk = this._lru.delete(key) ?? null;
        if (chunk === null) {
            this._misses++;
        } else {
            this._hits++;
            this._dataBytes -= chunk.byteLength;
        }
        return chunk;
    }

    /** Keys of the chunks that are kept. */
    public keys(): IterableIterator<number> {
        return this._lru.keys();
    }

    /** Whether there is a chunk, without using it. */
    public has(key: number): boolean {
        return this._lru.has(key);
    }

    /** The chunk, which stays; null where there is none. */
    public peek(key: number): CachedChunk | null {
        return this._lru.get(key) ?? null;
    }

    public put(key: number, buffer: ArrayBuffer, byteLength: number): void {
        this._dataBytes += byteLength;
        this._lru.set(key, { buffer, byteLength }, buffer.byteLength);
    }

    public clear(): void {
        this._lru.clear();
    }
}
