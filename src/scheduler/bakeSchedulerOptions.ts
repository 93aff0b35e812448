import type { ChunkEncoding, StageMs } from "../bake/protocol.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkBakeError } from "./bakeErrors.js";
import type { BakeExecutor } from "./bakeExecutor.js";

/** A chunk that somebody wants baked. Its owner keeps it up to date until the chunk is settled. */
export interface BakeRequest {
    /** Unique among the requests that are not settled. */
    readonly key: number;
    readonly address: ChunkAddress;
    /** Lower is sooner; NaN is last. Read when a batch is chosen, not when the chunk is requested. */
    readonly priority: number;
}

/** Who requests chunks, and is told what becomes of them. What it throws is rethrown once the whole batch is settled. */
export interface BakeClient<TRequest extends BakeRequest> {
    /** Chunks are about to be chosen: brings priorities up to date, and cancels what is no longer wanted. */
    refreshPriorities(): void;
    /** A chunk was sent to a worker. */
    onSent(request: TRequest): void;
    /** A chunk waits again, since its batch was lost or its bake failed. */
    onReturned(request: TRequest): void;
    /**
     * A chunk is baked. `buffer` holds it from byte 0, counts as out in the pool, and is the receiver's until it gives it
     * back by `pool.takeBack(buffer)`.
     *
     * @param worker the executor's number of the worker; -1 where there is none
     */
    onBaked(request: TRequest, buffer: ArrayBuffer, byteLength: number, timing: BakeTiming, worker: number): void;
    /** A chunk is given up after its retries. */
    onFailed(request: TRequest, failure: ChunkFailure): void;
    /** A chunk was cancelled before it was sent. */
    onCancelled(request: TRequest): void;
}

/** What workers are to answer with. */
export interface BakeProduct {
    readonly encoding: ChunkEncoding;
    /** Returns why bytes that came back are not the chunk, which counts as a lost batch; null where they are. */
    inspect(address: ChunkAddress, bytes: Uint8Array): string | null;
}

/** Chunk data as it is drawn. Whoever receives it looks at it. */
export const PACKED_CHUNKS: BakeProduct = { encoding: "packed", inspect: () => null };

/** Decides how many chunks may be in flight, by the memory that they take. */
export interface BakeAdmission {
    /** Chunks that may be in flight now, whatever memory there is. Infinity where memory alone decides. */
    readonly maxInFlight: number;
    /**
     * Returns whether another chunk may be sent. Must hold where none is in flight, so that work always ends.
     *
     * @param inFlight chunks that are under way now
     * @param usedBytes of the pool and of the workers' kernels
     * @param nextBytes what the chunk is estimated to take; 0 for what the pool has counted already or will say
     */
    admits(inFlight: number, usedBytes: number, nextBytes: number): boolean;
    /**
     * A chunk has come back or is lost.
     *
     * @param moreBytes what one more chunk in flight would take, its worker's memory included
     */
    onSettled(usedBytes: number, moreBytes: number): void;
}

export interface BakeSchedulerOptions<TRequest extends BakeRequest> {
    readonly executor: BakeExecutor;
    readonly client: BakeClient<TRequest>;
    readonly admission: BakeAdmission;
    readonly product: BakeProduct;
    /** The recipe as JSON, defaults filled in. */
    readonly recipeJson: string;
    readonly pool: BufferPool;
    /** First guess of a chunk's bytes; measured from then on. */
    readonly bufferBytes: number;
    readonly profiler: PerformanceProfiler;
    /** Chunks in a batch at most. Default 8. */
    readonly maxBatchSize?: number;
    /** Milliseconds of work in a batch at most, by estimate; one chunk always may. Default 4. */
    readonly batchBudgetMs?: number;
    /**
     * Parts into which what waits is split at the least, so that batches shrink towards the end and no worker has much left
     * when the others are done. Default: as many as batches may be sent now.
     */
    readonly leastBatches?: number;
}

/** When a chunk was baked. */
export interface BakeTiming {
    readonly stageMs: StageMs;
    /** Milliseconds since the epoch. */
    readonly startedMs: number;
    readonly endedMs: number;
}

/** How a chunk was baked. */
export interface BakeDetails extends BakeTiming {
    /** The executor's number of the worker; -1 where there is none. */
    readonly worker: number;
}

/** A chunk that was given up. */
export interface ChunkFailure {
    readonly address: ChunkAddress;
    readonly error: ChunkBakeError;
    /** Times that it was tried. */
    readonly attempts: number;
}
