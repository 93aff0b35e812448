import type { BatchBaker } from "../../src/bake/bakeBatch.js";
import { isFusedChunk } from "../../src/format/chunkData.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import type { BenchChunk, Burst, LoadSample, StoreSamples } from "./samples.js";
import type { SessionLoads } from "./sessionLoads.js";

const PASSES = 3;
/** Loads that nobody counts: code that is not compiled yet is slow. */
const WARM_UP = 120;
/** Height grids that are wanted at once. */
export const BURST = 64;
const BURSTS = 9;
const WARM_UP_BURSTS = 2;
/** Bytes of a buffer that every chunk of the bench fits. */
const BUFFER_BYTES = 2 ** 22;

/** Measures loads alone and in bursts. */
export async function measureLoadsAsync(loads: SessionLoads, chunks: readonly BenchChunk[]): Promise<StoreSamples> {
    const alone: LoadSample[] = [];
    for (const { address } of chunks.slice(0, WARM_UP)) {
        await loads.loadAsync([address]);
    }
    for (let pass = 0; pass < PASSES; pass++) {
        for (const { address } of chunks) {
            alone.push(...(await loads.loadAsync([address])));
        }
    }
    const grids = chunks.filter(({ isFused }) => !isFused);
    const bursts: Burst[] = [];
    for (let round = 0; round < WARM_UP_BURSTS + BURSTS; round++) {
        const addresses = Array.from({ length: BURST }, (_, i) => grids[(round * BURST + i) % grids.length]!.address);
        const samples = await loads.loadAsync(addresses);
        if (round >= WARM_UP_BURSTS) {
            bursts.push({
                ms: Math.max(...samples.map(({ ms }) => ms)),
                chunkMs: samples.map(({ ms }) => ms),
                byteLength: samples.reduce((sum, { byteLength }) => sum + byteLength, 0),
            });
        }
    }
    return { alone, bursts };
}

/** Measures the bakes of the same chunks, on the thread that calls. */
export async function measureBakesAsync(
    bake: BatchBaker,
    recipe: Recipe,
    chunks: readonly BenchChunk[],
): Promise<LoadSample[]> {
    const recipeJson = JSON.stringify(recipe);
    let buffer = new ArrayBuffer(BUFFER_BYTES);
    const samples: LoadSample[] = [];
    for (let pass = -1; pass < PASSES; pass++) {
        for (const { address } of chunks) {
            const startedMs = performance.now();
            const { outcomes } = bake({ recipeJson, tasks: [{ id: 0, address, buffer }] });
            const ms = performance.now() - startedMs;
            const outcome = outcomes[0]!;
            if (!outcome.ok) {
                throw new Error(outcome.message);
            }
            ({ buffer } = outcome);
            if (pass >= 0) {
                samples.push({ ms, unpackMs: 0, byteLength: outcome.byteLength, isFused: isFusedChunk(buffer) });
            }
        }
    }
    return samples;
}
