import { parentPort, workerData } from "node:worker_threads";

import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import type { ContenderKind, FillGrid, NoiseJob, NoiseRequest, NoiseResponse, Spread } from "./noiseJob.js";
import { createNoiseKernels } from "./noiseKernels.js";
import { createGrid, createPoints } from "./ours.js";
import { createFastNoiseLite, createOpenSimplex, createSimplexNoise } from "./rivals.js";

const { kind, job, wasmUrl } = workerData as { kind: ContenderKind; job: NoiseJob; wasmUrl: string };
const fill = await createContenderAsync(kind);
parentPort!.on("message", (request: NoiseRequest) => parentPort!.postMessage(answer(request)));

async function createContenderAsync(kind: ContenderKind): Promise<FillGrid> {
    switch (kind) {
        case "openSimplex":
            return createOpenSimplex(job);
        case "simplexNoise":
            return createSimplexNoise(job);
        case "fastNoiseLite":
            return createFastNoiseLite(job);
        case "grid":
            return createGrid(job, createNoiseKernels(await compileKernelsAsync(wasmUrl)));
        case "points":
            return createPoints(job, createNoiseKernels(await compileKernelsAsync(wasmUrl)));
    }
}

function answer({ firstGrid, grids, isCheck }: NoiseRequest): NoiseResponse {
    if (isCheck) {
        return { ms: 0, spread: measureSpread(firstGrid, grids) };
    }
    const start = performance.now();
    for (let grid = firstGrid; grid < firstGrid + grids; grid++) {
        fill(grid);
    }
    return { ms: performance.now() - start, spread: null };
}

function measureSpread(firstGrid: number, grids: number): Spread {
    let [count, sum, squares, pairs, steps] = [0, 0, 0, 0, 0];
    for (let i = 0; i < grids; i++) {
        // Far apart, for the sake of the coarse octaves.
        const grid = firstGrid + i * 269;
        // What is not filled shows: the contenders return the same array each time.
        fill(grid).fill(Number.NaN);
        const values = fill(grid);
        for (let at = 0; at < values.length; at++) {
            count++;
            sum += values[at]!;
            squares += values[at]! ** 2;
            if (at % job.side > 0) {
                pairs++;
                steps += (values[at]! - values[at - 1]!) ** 2;
            }
        }
    }
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(squares / count - mean ** 2), roughness: Math.sqrt(steps / pairs) };
}
