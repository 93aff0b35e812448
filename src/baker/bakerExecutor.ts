import { createBatchBakerAsync } from "../bake/bakeBatch.js";
import { hostCores } from "../base/host.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { createExecutorAsync } from "../scheduler/createExecutor.js";
import { workerCountFor, type WorkKind } from "../scheduler/workerCount.js";
import type { ExecutorOptions } from "./bakerOptions.js";

/**
 * Starts the threads of a pass over many chunks.
 *
 * @param kind of the pass, which decides how many workers there are by default
 */
export function createBakerExecutorAsync(options: ExecutorOptions, kind: WorkKind): Promise<BakeExecutor> {
    const { workers = workerCountFor(kind, hostCores()), workerUrl, wasmUrl, loadTimeoutMs, batchTimeoutMs } = options;
    return createExecutorAsync({ workers, workerUrl, wasmUrl, loadTimeoutMs, batchTimeoutMs }, createBatchBakerAsync);
}
