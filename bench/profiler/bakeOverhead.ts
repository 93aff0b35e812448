import { createBatchBaker } from "../../src/bake/bakeBatch.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { PerformanceProfiler } from "../../src/profiler/performanceProfiler.js";
import { recordBakeSpans } from "../../src/scheduler/bakeSpans.js";
import { findSeedChunksAsync, seedRecipe } from "../bake/seedChunks.js";
import { median } from "../common/statistics.js";

const CHUNKS = 4;
const ROUNDS = 60;

/**
 * Measures how much longer the chunks of the bench `bake` take with the profiler on than off, one thread, as a share:
 * medians of rounds in turn.
 */
export async function measureBakeOverheadAsync(wasmUrl: string): Promise<number> {
    const chunks = await findSeedChunksAsync(CHUNKS, wasmUrl);
    const bakeBatch = createBatchBaker(createKernels(await compileKernelsAsync(wasmUrl)));
    const recipeJson = JSON.stringify(seedRecipe);
    const buffers = chunks.map(({ byteLength }) => new ArrayBuffer(byteLength));
    const profilers = [true, false].map((enabled) => new PerformanceProfiler({ enabled }));
    const passMs = (profiler: PerformanceProfiler): number => {
        const startMs = performance.now();
        for (let i = 0; i < chunks.length; i++) {
            const task = { id: i, address: chunks[i]!.address, buffer: buffers[i]! };
            const { outcomes } = bakeBatch({ recipeJson, encoding: "packed", tasks: [task] });
            const outcome = outcomes[0]!;
            if (!outcome.ok) {
                throw new Error(outcome.message);
            }
            buffers[i] = outcome.buffer;
            recordBakeSpans(profiler, outcome, 1);
        }
        return performance.now() - startMs;
    };
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        // Each comes first in turn: what a collection or another process takes hits both alike.
        const [first, second] = round % 2 === 0 ? [0, 1] : [1, 0];
        const ms = [0, 0];
        ms[first] = passMs(profilers[first]!);
        ms[second] = passMs(profilers[second]!);
        ratios.push(ms[0]! / ms[1]!);
    }
    return median(ratios) - 1;
}
