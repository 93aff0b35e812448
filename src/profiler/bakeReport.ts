/** What one stage cost over a bake. Milliseconds. */
export interface StageReport {
    readonly count: number;
    readonly totalMs: number;
    readonly meanMs: number;
    readonly p95Ms: number;
    readonly maxMs: number;
}

/** One of the longest tasks: a chunk. */
export interface LongTaskReport {
    /** As in `0/3/-2`. */
    readonly address: string;
    readonly ms: number;
    /** The stage that took most of it. */
    readonly stage: string;
}

/** What a bake ahead of time cost. Plain JSON: a section of the performance report. */
export interface BakeReport {
    /** Chunks that were baked; those that were there already are none of them. */
    readonly chunks: number;
    /** Work items of these chunks. */
    readonly workItems: number;
    /** Seconds from the call to its end, start-up included. */
    readonly totalBakingTime: number;
    /** Seconds from the first chunk's begin to the last one's end. */
    readonly bakingTime: number;
    /** Over `bakingTime`. */
    readonly chunksPerSecond: number;
    readonly workers: number;
    /** 0 to 1: share of all workers' time that they baked, over `bakingTime`. */
    readonly parallelEfficiency: number;
    /** The same worker by worker. */
    readonly workerUtilisation: readonly number[];
    /** By the stage's name, those that ran. */
    readonly stages: Readonly<Record<string, StageReport>>;
    /** Longest first. */
    readonly longestTasks: readonly LongTaskReport[];
    /** 0 to 1: share of buffers that were not allocated anew. */
    readonly poolHitRate: number;
    /** Buffers and the kernels' memory of all workers, at most. Garbage that waits to be collected is not counted. */
    readonly peakMemoryBytes: number;
    /** 0 for none. */
    readonly memoryLimitBytes: number;
    /** Chunks that were allowed in flight at once, at most and at the least. */
    readonly mostInFlight: number;
    readonly fewestInFlight: number;
    /** What memory's limit made of that: how often fewer or more were allowed, or a chunk was held back. */
    readonly decisions: Readonly<Record<string, number>>;
    /** Times that a chunk was baked again after a fault. */
    readonly retried: number;
    /** Chunks that were given up. */
    readonly quarantined: number;
    /** Workers that were replaced while they ran. */
    readonly recycled: number;
    /** Of chunk data, and of the files that hold it. */
    readonly bytes: number;
    readonly storedBytes: number;
}
