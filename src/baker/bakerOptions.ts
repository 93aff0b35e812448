import type { PriorityBand } from "../base/priorityBands.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkStore } from "../store/chunkStore.js";
import type { Store } from "../store/store.js";

/*
 * What each option is, stands in `bakerOptionTables.ts`; `npm run settings` writes it here.
 */

/** Where chunks are baked, when no executor is given. */
export interface ExecutorOptions {
    /** Workers that bake, 0 to 64. 0 bakes on the calling thread. Default: by the machine's cores. */
    workers?: number;
    /** Address of `terrane.worker.js`. In Node it may be a path. Default: beside this very script. */
    workerUrl?: string;
    /** Address of `terrane.wasm`. In Node it may be a path. Default: beside this very script. */
    wasmUrl?: string;
    /**
     * Milliseconds: how long `terrane.wasm`, and then the workers, may take to load, 1 to 2,147,483,647. Default:
     * 30,000.
     */
    loadTimeoutMs?: number;
    /**
     * Milliseconds: how long a batch may take before its worker is ended and the batch baked elsewhere, 1 to
     * 2,147,483,647. Default: 30,000.
     */
    batchTimeoutMs?: number;
}

/** What `WorldBaker` takes. */
export interface WorldBakerOptions extends ExecutorOptions {
    /** Bytes: what buffers and workers may take together. Near it fewer chunks are baked at once. Default: 1 GiB. */
    memoryLimitBytes?: number;
    /**
     * Where spans are recorded. Share one to see several bakes in one report. Default: one of its own, new for each
     * bake.
     */
    profiler?: PerformanceProfiler;
    /**
     * Where batches are baked, in place of `workers` and what belongs to it. It is not disposed. Default: workers of
     * its own.
     */
    executor?: BakeExecutor;
}

/** A rectangle of chunks around a chunk. */
export interface ChunkBlock {
    /** Chunks along x, 1 to 1,048,576. */
    readonly countX: number;
    /** Chunks along z, 1 to 1,048,576. A block has at most 2^20 chunks. */
    readonly countZ: number;
    /** Level of detail, 0 to 24. 0 is the finest. Default: 0. */
    readonly level?: number;
    /**
     * X of the chunk in the middle, -8,388,607 to 8,388,607. In chunks of the level, on planets from the face's border;
     * of an even count it is the one behind the middle. Default: 0, on planets the middle of the face.
     */
    readonly centerX?: number;
    /**
     * Z of the chunk in the middle, -8,388,607 to 8,388,607. As `centerX`. Default: 0, on planets the middle of the
     * face.
     */
    readonly centerZ?: number;
    /** Face of a planet, 0 to 5. Default: 0 on planets, none on flat worlds. */
    readonly face?: number;
}

/** What `WorldBaker.bakeAsync` takes. */
export interface BakeOptions {
    /** A rectangle of chunks. Either this or `addresses`. */
    chunks?: ChunkBlock;
    /** Chunks one by one, of any level, in the order in which to bake them. Default: those of `chunks`. */
    addresses?: Iterable<ChunkAddress>;
    /**
     * The lowest and the highest level of a pyramid over `chunks`, as `[0, 6]`. The block is of the lowest level; each
     * level above has what covers it, and each chunk that can be split has all four children. Default: the level of
     * `chunks` alone.
     */
    levels?: readonly [number, number];
    /** Chunks that cross to a worker at once, 1 to 64. Default: 8. */
    chunkBatchSize?: number;
    /** What is baked first. Default: all is `normal`. */
    priorityOf?: (address: ChunkAddress) => PriorityBand;
    /**
     * Where chunk files, the manifest's and `report.json` go. What lies there whole and of this very world is not baked
     * again. Default: nowhere; listen to `onChunkBakedObservable`.
     */
    store?: Store | ChunkStore;
    /** Ends it early. Default: none. */
    signal?: AbortSignal;
}

/** What `verifyBakeAsync` takes. */
export interface VerifyOptions {
    /** Chunks to bake again and compare, spread over the manifest, 0 or more. Default: 8. */
    rebake?: number;
    /** Root hash as it is known from elsewhere: 64 hexadecimal digits. Default: it is not compared. */
    root?: string;
    /**
     * The one block of 32 x 32 chunks to check, as `0/-1/2`: its level, and its place along x and z in blocks. It is
     * the block of chunk x, z where these are x / 32 and z / 32, rounded down. Little else is read. Default: all
     * blocks.
     */
    block?: string;
    /** Workers that check and bake. */
    baker?: WorldBakerOptions;
    /** Called after each file with how many of how many are checked. Default: nobody is told. */
    onProgress?(checked: number, total: number): void;
    /** Ends it early. Default: none. */
    signal?: AbortSignal;
}
