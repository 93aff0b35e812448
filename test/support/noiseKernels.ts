import { existsSync } from "node:fs";
import path from "node:path";
import { createNoiseKernels, type NoiseKernels } from "../../bench/noise/noiseKernels.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";

const wasmFile = path.resolve(import.meta.dirname, "../../.cache/bench/noise.wasm");

/** Loads the noise kernels of the bench as it builds them. */
export async function loadNoiseKernelsAsync(): Promise<NoiseKernels> {
    if (!existsSync(wasmFile)) {
        throw new Error(".cache/bench/noise.wasm is not built: run `node scripts/build.mjs noiseBench` first.");
    }
    return createNoiseKernels(await compileKernelsAsync(wasmFile));
}
