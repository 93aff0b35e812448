import { createBatchBakerAsync } from "../bake/bakeBatch.js";
import { hostCores } from "../base/host.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { createExecutorAsync } from "../scheduler/createExecutor.js";
import { workerCountFor, type WorkKind } from "../scheduler/workerCount.js";

export interface ExecutorOptions {
    /** Workers, 1 to 64; 0 for the calling thread. Default: `workerCountFor` this machine and the kind of work. */
    workers?: number;
    /** Address of `terrane.worker.js`; in Node a path too. Default: beside this very script. */
    workerUrl?: string;
    /** Address of `terrane.wasm`; in Node a path too. Default: beside this very script. */
    wasmUrl?: string;
    /** Milliseconds that `terrane.wasm` may take to load, and then the workers. Default 30,000. */
    loadTimeoutMs?: number;
    /** Milliseconds that a batch may take before its worker is ended and the batch baked elsewhere. Default 30,000. */
    batchTimeoutMs?: number;
}

/**
 * Starts threads for a pass over many chunks.
 *
 * @param kind of the pass, which decides how many workers there are by default
 */
export function createBakerExecutorAsync(options: ExecutorOptions, kind: WorkKind): Promise<BakeExecutor> {
    const { workers = workerCountFor(kind, hostCores()), workerUrl, wasmUrl, loadTimeoutMs, batchTimeoutMs } = options;
    return createExecutorAsync({ workers, workerUrl, wasmUrl, loadTimeoutMs, batchTimeoutMs }, createBatchBakerAsync);
}
