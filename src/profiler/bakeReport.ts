/** What one stage cost over a bake. Milliseconds. */
export interface StageReport {
    readonly count: number;
    readonly totalMs: number;
    readonly meanMs: number;
    readonly p95Ms: number;
    readonly maxMs: number;
}

/** A chunk whose bake was among the longest. */
export interface LongTaskReport {
    /** The chunk's address, such as `0/3/-2`. */
    readonly address: string;
    readonly ms: number;
    /** The stage that took the most time. */
    readonly stage: string;
}

/** What a bake ahead of time cost. Plain JSON: a section of the performance report. */
export interface BakeReport {
    /** Chunks that were baked; those already in the store do not count. */
    readonly chunks: number;
    /** Work items of those chunks. */
    readonly workItems: number;
    /** Seconds from the call to its end, including start-up. */
    readonly totalBakingTime: number;
    /** Seconds from the start of the first chunk to the end of the last. */
    readonly bakingTime: number;
    /** Chunks over `bakingTime`. */
    readonly chunksPerSecond: number;
    /** Threads that baked. */
    readonly workers: number;
    /** Share of all workers' time in which they baked, 0 to 1, over `bakingTime`. */
    readonly parallelEfficiency: number;
    /** Share of its time in which each worker baked, 0 to 1, by the worker's number. */
    readonly workerUtilisation: readonly number[];
    /** Costs of the stages that ran, by name. */
    readonly stages: Readonly<Record<string, StageReport>>;
    /** The longest chunks, longest first. */
    readonly longestTasks: readonly LongTaskReport[];
    /** Share of buffers that were not allocated anew, 0 to 1. */
    readonly poolHitRate: number;
    /**
     * Most bytes that buffers and the kernels' memory of all workers took. Garbage that waits to be collected is not
     * counted.
     */
    readonly peakMemoryBytes: number;
    /** Bytes; 0 for no limit. */
    readonly memoryLimitBytes: number;
    /** Most chunks that were allowed in flight at once. */
    readonly mostInFlight: number;
    /** Fewest chunks that were allowed in flight at once. */
    readonly fewestInFlight: number;
    /** How often the memory limit lowered or raised that number, or held a chunk back. */
    readonly decisions: Readonly<Record<string, number>>;
    /** How often a chunk was baked again after a fault. */
    readonly retried: number;
    /** Chunks that were given up. */
    readonly quarantined: number;
    /** Workers that were replaced while they ran. */
    readonly recycled: number;
    /** Bytes of chunk data. */
    readonly bytes: number;
    /** Bytes of the files that hold it. */
    readonly storedBytes: number;
}
