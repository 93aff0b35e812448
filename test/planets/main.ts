// npm run test:planets [-- --seed N] [--count N]: the long form of what `npm test` does with a few pairs. Neighbours on planets, most of
// them across faces and some at corners of the cube, must have the same vertices and edges along their border.
import { parseArgs } from "node:util";
import { initHashAsync } from "../../src/base/hash.js";
import { Presets } from "../../src/recipe/presets.js";
import type { PlanetRecipe } from "../../src/recipe/recipe.js";
import { loadKernelsAsync } from "../support/kernels.js";
import { comparePlanetPairs } from "../support/planetPairs.js";

const PAIRS = 300;
const DEFAULT_SEED = 1;
/** Planets: metres of the radius, and cells along a chunk's side. */
const PLANETS = [
    { radius: 1_000, resolution: 32 },
    { radius: 123_000, resolution: 64 },
    { radius: 6_371_000, resolution: 32 },
    { radius: 6_371_000, resolution: 128 },
] as const;

const { values } = parseArgs({ options: { seed: { type: "string" }, count: { type: "string" } } });
const seed = numberOf("seed", values.seed, DEFAULT_SEED);
const count = numberOf("count", values.count, PAIRS);

await initHashAsync();
const kernels = await loadKernelsAsync();
let differ = 0;
console.log(`seed ${seed}`);
for (const { radius, resolution } of PLANETS) {
    const recipe: PlanetRecipe = {
        ...Presets.caves({ seed, terrain: { resolution }, caves: { complexity: 1 }, water: { enabled: false } }),
        topology: "planet",
        radius,
    };
    const startMs = performance.now();
    const { differences, acrossFaces, fused, mixed } = comparePlanetPairs(kernels, recipe, count, seed);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(
        `${radius / 1000} km, ${resolution} cells: ${count} pairs, ${acrossFaces} across faces, ${fused} with caves on both sides, ` +
            `${mixed} on one; ${differences.length} differ; ${seconds} s`,
    );
    differences.forEach((difference) => console.log(`  ${difference}`));
    differ += differences.length;
}
console.log(`${count * PLANETS.length} pairs, ${differ} differ`);
process.exitCode = differ > 0 ? 1 : 0;

function numberOf(name: string, text: string | undefined, fallback: number): number {
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(value) || value < 1) {
        throw new Error(`--${name} is ${text}. Allowed: an integer above 0.`);
    }
    return value;
}
