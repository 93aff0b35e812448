import type { BufferPool } from "../memory/bufferPool.js";
import type { StoreBakes } from "../options/storeOptions.js";
import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { RecordState, type ChunkRecord } from "../residency/chunkRecord.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { PutTask, StoredAnswer } from "../store/loadProtocol.js";
import type { LoadTimes } from "./loadTimes.js";
import type { StoreContents } from "./storeContents.js";
import type { StoreLink } from "./storeLink.js";

export interface StoreWriterOptions {
    readonly link: StoreLink;
    readonly contents: StoreContents;
    readonly times: LoadTimes;
    readonly pool: BufferPool;
    readonly profiler: PerformanceProfiler;
    readonly storeBakes: StoreBakes;
    /** Returns the record of a chunk; undefined where nothing is known of it any more. */
    find(key: number): ChunkRecord | undefined;
    /** Returns whether so many bytes more fit the memory limit. */
    hasRoomFor(bytes: number): boolean;
}

/** Chunks that are packed and written at once: one more than the other thread works on. */
const MOST_PUTS = 2;
/** Chunks that wait. Of more, those that were baked first are not stored. */
const MOST_WAITING = 1024;

interface Put {
    readonly address: ChunkAddress;
    /** Number of the world that it is of. */
    readonly world: number;
    readonly sentMs: number;
    readonly sentBytes: number;
}

/** Stores what was baked, as long as its data is in memory, a little at a time. */
export class StoreWriter {
    /** Number of chunks that were stored. */
    public storedCount = 0;
    /** Keys of chunks that were baked, oldest first. */
    private _waiting = new Set<number>();
    private readonly _puts = new Map<number, Put>();
    private _lastId = 0;

    public constructor(private readonly _options: StoreWriterOptions) {}

    /** Number of chunks that wait to be stored, and that are being stored. */
    public get pendingCount(): number {
        return this._waiting.size + this._puts.size;
    }

    /** Takes note of a chunk that was baked. Returns whether it is to be stored. */
    public offer({ key, address, bytes }: ChunkRecord, bakeMs: number): boolean {
        const { link, contents, storeBakes, times } = this._options;
        if (bytes === null || !link.isWritable || storeBakes === false || contents.has(address)) {
            return false;
        }
        times.addBake(bakeMs, bytes.buffer);
        if (storeBakes === "auto" && !times.isWorthStoring(bytes.buffer)) {
            return false;
        }
        this._waiting.add(key);
        if (this._waiting.size > MOST_WAITING) {
            this._waiting.delete(this._waiting.values().next().value!);
        }
        return true;
    }

    /** Returns copies of the next chunks to store. */
    public takePuts(): readonly PutTask[] {
        const { link, pool, profiler, contents, find, hasRoomFor } = this._options;
        if (this._waiting.size === 0 || this._puts.size >= MOST_PUTS) {
            return NO_PUTS;
        }
        const taken: PutTask[] = [];
        for (const key of this._waiting) {
            if (this._puts.size >= MOST_PUTS) {
                break;
            }
            const record = find(key);
            const isUnstored = record?.state === RecordState.ready && !contents.has(record.address);
            const bytes = isUnstored ? record.bytes : null;
            if (bytes !== null && !hasRoomFor(pool.newBytesFor(bytes.byteLength))) {
                break;
            }
            this._waiting.delete(key);
            if (bytes === null) {
                continue;
            }
            const { byteLength } = bytes;
            const buffer = pool.leaseOut(byteLength);
            new Uint8Array(buffer).set(new Uint8Array(bytes.buffer, 0, byteLength));
            const id = ++this._lastId;
            this._puts.set(id, {
                address: record!.address,
                world: link.world,
                sentMs: profiler.now(),
                sentBytes: buffer.byteLength,
            });
            taken.push({ id, buffer, byteLength });
        }
        return taken;
    }

    public onStored({ id, status, buffer }: StoredAnswer): void {
        const { link, pool, profiler, contents } = this._options;
        const put = this._puts.get(id);
        if (put === undefined) {
            return;
        }
        this._puts.delete(id);
        pool.receive(buffer);
        pool.takeBack(buffer);
        if (status === "stored") {
            this.storedCount++;
            if (put.world === link.world) {
                contents.add(put.address);
            }
            profiler.record("storeBuffer", put.sentMs, profiler.now() - put.sentMs, WAITING);
        }
    }

    /** What was sent is lost. It was not stored, and is not tried again. */
    public onLost(): void {
        for (const { sentBytes } of this._puts.values()) {
            this._options.pool.reportLost(sentBytes);
        }
        this._puts.clear();
    }

    /** Another world: what waits is not of it. */
    public clear(): void {
        this._waiting.clear();
    }
}

const NO_PUTS: readonly PutTask[] = [];
