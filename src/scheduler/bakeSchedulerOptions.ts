import type { ChunkEncoding, StageMs } from "../bake/protocol.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkBakeError } from "./bakeErrors.js";
import type { BakeExecutor } from "./bakeExecutor.js";

/** A request for a baked chunk. Its owner keeps it up to date until the chunk is settled. */
export interface BakeRequest {
    /** Unique among the requests that are not settled. */
    readonly key: number;
    readonly address: ChunkAddress;
    /** Urgency: lower is sooner; NaN is last. Read when a batch is chosen, not when the chunk is requested. */
    readonly priority: number;
}

/** Requests chunks and is told what becomes of them. What it throws is rethrown once the whole batch is settled. */
export interface BakeClient<TRequest extends BakeRequest> {
    /** Called before chunks are chosen: brings priorities up to date, and cancels what is no longer wanted. */
    refreshPriorities(): void;
    /** Called when a chunk was sent to a worker. */
    onSent(request: TRequest): void;
    /** Called when a chunk waits again, because its batch was lost or its bake failed. */
    onReturned(request: TRequest): void;
    /**
     * Called when a chunk is baked. `buffer` holds it from byte 0, counts as out in the pool, and belongs to the
     * receiver until it calls `pool.takeBack(buffer)`.
     *
     * @param worker the executor's number of the worker; -1 where there is none
     */
    onBaked(request: TRequest, buffer: ArrayBuffer, byteLength: number, timing: BakeTiming, worker: number): void;
    /** Called when a chunk is given up after its retries. */
    onFailed(request: TRequest, failure: BakeFailure): void;
    /** Called when a chunk was cancelled before it was sent. */
    onCancelled(request: TRequest): void;
}

/** What workers answer with, and how it is checked. */
export interface BakeProduct {
    readonly encoding: ChunkEncoding;
    /** Returns why bytes that came back are not the chunk, which counts as a lost batch; null where they are. */
    inspect(address: ChunkAddress, bytes: Uint8Array): string | null;
}

/** Chunk data as it is drawn. The receiver checks it. */
export const PACKED_CHUNKS: BakeProduct = { encoding: "packed", inspect: () => null };

/** Decides how many chunks may be in flight, by the memory that they take. */
export interface BakeAdmission {
    /** Number of chunks that may be in flight now, whatever memory there is. Infinity where memory alone decides. */
    readonly maxInFlight: number;
    /**
     * Returns whether another chunk may be sent. Must return true where none is in flight, so that work always ends.
     *
     * @param inFlight chunks that are under way now
     * @param usedBytes of the pool and of the workers' kernels
     * @param nextBytes what the chunk is estimated to take; 0 for what the pool has counted already or will say
     */
    admits(inFlight: number, usedBytes: number, nextBytes: number): boolean;
    /**
     * Called when a chunk has come back or is lost.
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
    /** Most chunks in a batch. Default: 8. */
    readonly maxBatchSize?: number;
    /** Most milliseconds of work in a batch, by estimate; one chunk is always allowed. Default: 4. */
    readonly batchBudgetMs?: number;
    /**
     * Least number of parts into which waiting chunks are split, so that batches shrink towards the end and no worker
     * has much left when the others are done. Default: as many as there are batches that may be sent now.
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

/** A chunk that could not be baked, and why. */
export interface BakeFailure {
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** Why it could not be baked. */
    readonly error: ChunkBakeError;
    /** Number of times that it was tried. */
    readonly attempts: number;
}
