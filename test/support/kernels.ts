import { existsSync } from "node:fs";
import path from "node:path";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels, type Kernels } from "../../src/kernels/kernels.js";

export const wasmFile = path.resolve(import.meta.dirname, "../../dist/terrane.wasm");

/** The kernels as `npm run build` makes them. */
export async function loadKernelModuleAsync(): Promise<WebAssembly.Module> {
    if (!existsSync(wasmFile)) {
        throw new Error("dist/terrane.wasm is not built: run `node scripts/build.mjs kernels` first.");
    }
    return compileKernelsAsync(wasmFile);
}

export async function loadKernelsAsync(): Promise<Kernels> {
    return createKernels(await loadKernelModuleAsync());
}

/** Fills the memory that jobs work in, as far as it has grown. What a kernel makes must not hang on it. */
export function soilMemory({ exports }: Kernels, word: number): void {
    exports.resetArena();
    new Uint32Array(exports.memory.buffer, exports.arenaTop()).fill(word);
}
