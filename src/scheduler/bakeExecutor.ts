import type { BakeBatchRequest, BakeBatchResponse } from "../bake/protocol.js";

/** What an executor answers to a batch. */
export interface BakeAnswer extends BakeBatchResponse {
    /** Number of the worker that baked it, 0 and up; missing where there is only one thread. */
    readonly worker?: number;
}

/** Bakes batches: in workers, or on the calling thread. */
export interface BakeExecutor {
    /**
     * Number of batches that may be under way at once. More would only wait where the scheduler cannot reorder them.
     */
    readonly maxBatchesInFlight: number;
    /**
     * Number of batches that each worker holds, one of which it runs; `maxBatchesInFlight` follows. A scheduler raises it
     * while the calling thread seldom reads answers. Missing where it is always the same.
     */
    batchesPerWorker?: number;
    /** Number of threads that bake beside the calling one; 0 where the calling one bakes. */
    readonly workerCount: number;
    /**
     * Bakes a batch. The tasks' buffers are detached by the call and come back in the outcomes. A chunk that fails is
     * an outcome with `ok: false`; the promise rejects only where the whole batch is lost with its buffers (a crash, a
     * timeout).
     *
     * @param avoidWorker a worker that should not get the batch while there is another; -1 for none
     */
    runBatchAsync(request: BakeBatchRequest, avoidWorker?: number): Promise<BakeAnswer>;
    /** Replaces a worker whose answers make no sense, once it has answered what it holds. */
    recycle?(worker: number): void;
    /**
     * Number of workers that were replaced while they ran: by `recycle`, and because they held more than the leak
     * limit.
     */
    readonly recycledCount?: number;
    /**
     * Ends all threads at once; what is under way rejects. Resolves when no thread is left. A second call waits for the
     * first.
     */
    disposeAsync(): Promise<void>;
}
