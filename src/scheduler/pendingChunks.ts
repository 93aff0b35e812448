import type { ChunkAddress } from "../space/chunkAddress.js";

/** A chunk that the scheduler knows, from its request until it is settled. */
export interface ScheduledChunk {
    readonly key: number;
    readonly address: ChunkAddress;
    /** Lower is sooner: the more urgent of the two that follow. */
    priority: number;
    /** What `request` said last; Infinity where it was withdrawn. */
    wish: number;
    /** The most urgent that `hold` asked for, and whether it did. */
    held: number;
    isHeld: boolean;
    /** Of equal priorities the earlier request goes first. */
    readonly order: number;
    /** Whether it is to be baked in a batch of its own, since its last batch was lost. */
    isAlone: boolean;
    /** The worker that lost it last, which shall not have it again; -1 for none. */
    avoidWorker: number;
    /** On the profiler's clock: when it was asked for, and sent last. */
    readonly requestedMs: number;
    sentMs: number;
    /** Of its buffer, which is gone once it is sent. */
    sentBytes: number;
    /** Lost batches in which it may be to blame; those in which it surely is not; outcomes that say it failed. */
    losses: number;
    bystanding: number;
    failures: number;
    /** Where it is among the pending, -1 where it is at a worker. */
    index: number;
}

/**
 * Chunks that wait to be sent, unsorted: priorities change with every frame, and few are sent in one. To choose is a scan,
 * which allocates nothing.
 */
export class PendingChunks {
    private readonly _chunks: ScheduledChunk[] = [];

    public get count(): number {
        return this._chunks.length;
    }

    public add(chunk: ScheduledChunk): void {
        chunk.index = this._chunks.length;
        this._chunks.push(chunk);
    }

    public remove(chunk: ScheduledChunk): void {
        const last = this._chunks.pop()!;
        if (last !== chunk) {
            this._chunks[chunk.index] = last;
            last.index = chunk.index;
        }
        chunk.index = -1;
    }

    /** The one that is most urgent now; null where none is pending. */
    public peek(): ScheduledChunk | null {
        let best: ScheduledChunk | null = null;
        for (let i = 0; i < this._chunks.length; i++) {
            const chunk = this._chunks[i]!;
            if (
                best === null ||
                chunk.priority < best.priority ||
                (chunk.priority === best.priority && chunk.order < best.order)
            ) {
                best = chunk;
            }
        }
        return best;
    }

    public clear(): void {
        this._chunks.length = 0;
    }
}
