import { ByteLru } from "../memory/byteLru.js";
import type { ChunkBytes, ChunkRecord } from "./chunkRecord.js";

/** Chunk data that nobody uses now, kept by age and distance: the source that answers first. */
export class ChunkCache {
    private readonly _lru: ByteLru<ChunkRecord>;
    private _dataBytes = 0;

    /**
     * @param onEvict takes the data of a record that has left for want of room
     * @param costOf see `ByteLru`: how far a chunk, by its key, is from being wanted
     */
    public constructor(onEvict: (record: ChunkRecord) => void, costOf: (key: number, ref: Float64Array) => void) {
        const leave = (_: number, record: ChunkRecord): void => {
            this._left(record);
            onEvict(record);
        };
        this._lru = new ByteLru<ChunkRecord>(0, leave, costOf);
    }

    /** Bytes. A lower limit evicts at once. */
    public set limitBytes(value: number) {
        this._lru.limitBytes = value;
    }

    public get count(): number {
        return this._lru.count;
    }

    /** Bytes of the buffers. */
    public get bytes(): number {
        return this._lru.bytes;
    }

    /** Bytes of the chunks themselves, without what their buffers are longer. */
    public get dataBytes(): number {
        return this._dataBytes;
    }

    /** Takes in a record whose data is here. */
    public put(record: ChunkRecord): void {
        const { buffer, byteLength } = record.bytes as ChunkBytes;
        record.isCached = true;
        this._dataBytes += byteLength;
        this._lru.set(record.key, record, buffer.byteLength);
    }

    /** Takes a record out: its data is used again. */
    public take(record: ChunkRecord): void {
        this._lru.delete(record.key);
        this._left(record);
    }

    /** Marks a record as used last. */
    public touch(record: ChunkRecord): void {
        this._lru.get(record.key);
    }

    /** Evicts all. */
    public clear(): void {
        this._lru.clear();
    }

    private _left(record: ChunkRecord): void {
        record.isCached = false;
        this._dataBytes -= record.bytes!.byteLength;
    }
}
