import type { BakeRequest } from "./bakeSchedulerOptions.js";

/** A requested chunk on its way through the scheduler, from its request until it is settled. */
export interface ScheduledChunk<TRequest extends BakeRequest = BakeRequest> {
    readonly request: TRequest;
    /** Of equal priorities the earlier request goes first. */
    readonly order: number;
    /** Whether it has to be baked in a batch of its own, because its last batch was lost. */
    isAlone: boolean;
    /** The worker that lost it last, which should not get it again; -1 for none. */
    avoidWorker: number;
    /** When it was requested, on the profiler's clock. */
    readonly requestedMs: number;
    /** When it was sent last, on the same clock. */
    sentMs: number;
    /** Bytes of its buffer, which is gone once it is sent. */
    sentBytes: number;
    /** Number of lost batches in which it may be to blame. */
    losses: number;
    /** Number of lost batches in which it surely is not: its worker died over another batch. */
    collateralLosses: number;
    /** Number of outcomes that say it failed. */
    failures: number;
    /** Its place among the pending chunks; -1 where it is at a worker or settled. */
    index: number;
}

/**
 * Holds the chunks that wait to be sent, unsorted: priorities change with every frame, and few chunks are sent in one.
 * Choosing is a scan, which allocates nothing.
 */
export class PendingChunks<TRequest extends BakeRequest> {
    private readonly _chunks: ScheduledChunk<TRequest>[] = [];

    public get count(): number {
        return this._chunks.length;
    }

    public add(chunk: ScheduledChunk<TRequest>): void {
        chunk.index = this._chunks.length;
        this._chunks.push(chunk);
    }

    public remove(chunk: ScheduledChunk<TRequest>): void {
        const last = this._chunks.pop()!;
        if (last !== chunk) {
            this._chunks[chunk.index] = last;
            last.index = chunk.index;
        }
        chunk.index = -1;
    }

    /** Returns the chunk that is most urgent now; null where none is pending. */
    public peek(): ScheduledChunk<TRequest> | null {
        let best: ScheduledChunk<TRequest> | null = null;
        for (let i = 0; i < this._chunks.length; i++) {
            const chunk = this._chunks[i]!;
            if (best === null || isBefore(chunk, best)) {
                best = chunk;
            }
        }
        return best;
    }

    /** Returns any of the chunks that wait; null where none does. */
    public any(): ScheduledChunk<TRequest> | null {
        return this._chunks[this._chunks.length - 1] ?? null;
    }

    public clear(): void {
        for (const chunk of this._chunks) {
            chunk.index = -1;
        }
        this._chunks.length = 0;
    }
}

/** NaN is last: it compares as neither less, equal nor greater. */
function isBefore(a: ScheduledChunk, b: ScheduledChunk): boolean {
    const one = a.request.priority;
    const other = b.request.priority;
    if (one < other || one > other) {
        return one < other;
    }
    if (one === other) {
        return a.order < b.order;
    }
    return other !== other && (one === one || a.order < b.order);
}
