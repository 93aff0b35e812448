import { parentPort, workerData } from "node:worker_threads";

import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import type {
    ContenderKind,
    FillGrid,
    NoiseJob,
    NoiseRequest,
    NoiseResponse,
    Spread,
} from "./noiseJob.js";
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
            return createGrid(job, createKernels(await compileKernelsAsync(wasmUrl)));
        case "points":
            return createPoints(job, createKernels(await compileKernelsAsync(wasmUrl)));
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
    for (let grid = firstGrid; grid < firstGrid + grids; grid++) {
        // What is not filled shows: the contenders return the same array each time.
        fill(grid).fill(Number.NaN);
        const values = fill(grid);
        for (let i = 0; i < values.length; i++) {
            count++;
            sum += values[i]!;
            squares += values[i]! ** 2;
            if (i % job.side > 0) {
                pairs++;
                steps += (values[i]! - values[i - 1]!) ** 2;
            }
        }
    }
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(squares / count - mean ** 2), roughness: Math.sqrt(steps / pairs) };
}
