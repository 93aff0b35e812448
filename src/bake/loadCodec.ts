import { initChunkCodecAsync } from "../format/chunkFile.js";
import { assertWasmRunsAsync } from "../kernels/wasmSupport.js";

/**
 * Loads what chunk files need, once a thread.
 *
 * @throws KernelError where wasm is missing or forbidden here: it may be so in a worker that runs the kernels, which came compiled
 */
export async function loadCodecAsync(): Promise<void> {
    try {
        await initChunkCodecAsync();
    } catch (error) {
        await assertWasmRunsAsync(globalThis.WebAssembly);
        throw error;
    }
}
