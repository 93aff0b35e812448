import type { BakeBatchRequest, BakeBatchResponse } from "../bake/protocol.js";

/** Where batches are baked: in workers, or on the calling thread. */
export interface BakeExecutor {
    /** How many batches may be under way at once; beyond that they would only wait out of the scheduler's sight. */
    readonly maxBatchesInFlight: number;
    /** Threads that bake beside the calling one; 0 where the calling one bakes. */
    readonly workerCount: number;
    /**
     * Bakes a batch. The tasks' buffers are gone once this is called and come back in the outcomes. A chunk that fails is
     * an outcome with `ok: false`; rejects only where the whole batch is lost with its buffers (a crash, a timeout).
     */
    runBatchAsync(request: BakeBatchRequest): Promise<BakeBatchResponse>;
    /** Ends at once; what is under way rejects. Resolves when no thread is left. A second call waits for the first. */
    disposeAsync(): Promise<void>;
}
