import type { BakeBatchRequest, BakeBatchResponse } from "../bake/protocol.js";

/** What a batch comes back as. */
export interface BakeAnswer extends BakeBatchResponse {
    /** Number of the worker that baked it, 0 and up; missing where there is only one thread. */
    readonly worker?: number;
}

/** Where batches are baked: in workers, or on the calling thread. */
export interface BakeExecutor {
    /** How many batches may be under way at once; beyond that they would only wait out of the scheduler's sight. */
    readonly maxBatchesInFlight: number;
    /** Threads that bake beside the calling one; 0 where the calling one bakes. */
    readonly workerCount: number;
    /**
     * Bakes a batch. The tasks' buffers are gone once this is called and come back in the outcomes. A chunk that fails is
     * an outcome with `ok: false`; rejects only where the whole batch is lost with its buffers (a crash, a timeout).
     *
     * @param avoidWorker a worker that shall not have it while there is another; -1 for none
     */
    runBatchAsync(request: BakeBatchRequest, avoidWorker?: number): Promise<BakeAnswer>;
    /** Replaces a worker, whose answers make no sense, once it has answered what it holds. */
    recycle?(worker: number): void;
    /** Workers that were replaced while they ran: on demand, and since they held more than the leak limit. */
    readonly recycledCount?: number;
    /** Ends at once; what is under way rejects. Resolves when no thread is left. A second call waits for the first. */
    disposeAsync(): Promise<void>;
}
