import type { ChunkEncoding, StageMs } from "../bake/protocol.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkBakeError } from "./bakeErrors.js";
import type { BakeExecutor } from "./bakeExecutor.js";
import type { ResourceMonitor } from "./resourceMonitor.js";

export interface BakeSchedulerOptions {
    readonly executor: BakeExecutor;
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
    /** What chunks come back as. Default `packed`. */
    readonly encoding?: ChunkEncoding;
    /** Holds chunks back where memory is short. Default: none are. */
    readonly monitor?: ResourceMonitor;
    /** Whether so many bytes more fit the memory limit. What does not waits; one chunk always may. Default: all fit. */
    hasRoomFor?(bytes: number): boolean;
    /** Why bytes that came back are not the chunk; null where they are. What it names counts as a lost batch. */
    inspect?(address: ChunkAddress, bytes: Uint8Array): string | null;
    /**
     * A chunk is baked. `buffer` holds it from byte 0, counts as out in the pool, and is the receiver's until it gives it
     * back by `pool.takeBack(buffer)`.
     *
     * @param worker the executor's number of the worker; -1 where there is none
     */
    onBaked(
        address: ChunkAddress,
        key: number,
        buffer: ArrayBuffer,
        byteLength: number,
        timing: BakeTiming,
        worker: number,
    ): void;
    /** A chunk is given up, and quarantined. */
    onFailed(address: ChunkAddress, key: number, error: Error): void;
    /** A chunk was cancelled before it was sent. */
    onCancelled?(key: number): void;
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
export interface QuarantinedChunk {
    readonly address: ChunkAddress;
    readonly error: ChunkBakeError;
    /** Times that it was tried. */
    readonly attempts: number;
}
