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
