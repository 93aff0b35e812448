import { createBatchBaker } from "../bake/bakeBatch.js";
import { hostCores } from "../base/host.js";
import { compileKernelsAsync, createKernelsAsync } from "../kernels/kernelModule.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { InlineExecutor } from "../scheduler/inlineExecutor.js";
import { workerCountFor, type WorkKind } from "../scheduler/workerCount.js";
import { CreateWorkerpoolExecutorAsync } from "../scheduler/workerpoolExecutor.js";

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

/** Threads for a pass over many chunks. */
export async function createExecutorAsync(options: ExecutorOptions, kind: WorkKind): Promise<BakeExecutor> {
    const { workers = workerCountFor(kind, hostCores()), workerUrl, wasmUrl, loadTimeoutMs, batchTimeoutMs } = options;
    const kernels = await compileKernelsAsync(wasmUrl, { timeoutMs: loadTimeoutMs });
    return workers === 0
        ? new InlineExecutor(createBatchBaker(await createKernelsAsync(kernels)))
        : CreateWorkerpoolExecutorAsync({ workers, workerUrl, kernels, loadTimeoutMs, batchTimeoutMs });
}
