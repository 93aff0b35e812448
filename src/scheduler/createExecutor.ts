import { compileKernelsAsync } from "../kernels/kernelModule.js";
import type { BakeExecutor } from "./bakeExecutor.js";
import { InlineExecutor, type BatchHandler } from "./inlineExecutor.js";
import { CreateWorkerpoolExecutorAsync, type WorkerpoolExecutorOptions } from "./workerpoolExecutor.js";

/**
 * Starts what bakes: workers or, with `workers: 0`, the calling thread, for pages that may not start any.
 *
 * @param createHandlerAsync makes what bakes a batch on the calling thread: called with `workers: 0` alone, and handed
 *   in so that nothing here can bake on the thread that renders unless it was asked to
 * @throws TerraneError where an option is wrong, or the worker's script cannot be loaded: the message names its address
 * @throws KernelError where the kernels cannot be loaded or run here
 */
export async function createExecutorAsync(
    options: WorkerpoolExecutorOptions,
    createHandlerAsync: (kernels: WebAssembly.Module) => Promise<BatchHandler>,
): Promise<BakeExecutor> {
    if (options.workers !== 0) {
        return CreateWorkerpoolExecutorAsync(options);
    }
    const { wasmUrl, loadTimeoutMs: timeoutMs } = options;
    const kernels = options.kernels ?? (await compileKernelsAsync(wasmUrl, { timeoutMs }));
    return new InlineExecutor(await createHandlerAsync(kernels));
}
