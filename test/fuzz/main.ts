// npm run test:fuzz [-- --seed N] [--count N]: the long form of what `npm test` tries in short. Wild recipes are baked, and
// forged chunk files read; each ends with a line of counts, and every fault is printed with its seed.
import { parseArgs } from "node:util";

import { initHashAsync } from "../../src/base/hash.js";
import { forgeChunksAsync } from "../support/forgedChunks.js";
import { fuzzRecipesAsync } from "./recipeFuzz.js";

const RECIPES = 3000;
/** Forged files for each recipe: they take a hundredth of its time. */
const FORGERIES = 20;
/** Recipes between two lines of progress. */
const STEP = 250;

const { values } = parseArgs({ options: { seed: { type: "string" }, count: { type: "string" } } });
const seed = numberOf("seed", values.seed, Math.floor(Date.now() / 1000), 2 ** 32 - 1);
const count = numberOf("count", values.count, RECIPES, 1_000_000);

await initHashAsync();
console.log(`seed ${seed}`);
const recipeFaults = await bakeRecipesAsync();
const forgeryFaults = await forgeAsync();
process.exitCode = recipeFaults + forgeryFaults > 0 ? 1 : 0;

async function bakeRecipesAsync(): Promise<number> {
    const startMs = performance.now();
    const total = new Map<string, number>();
    let faults = 0;
    for (let first = 0; first < count; first += STEP) {
        const { faults: found, ...counts } = await fuzzRecipesAsync(Math.min(STEP, count - first), seed, first);
        for (const fault of found) {
            console.log(fault);
        }
        faults += found.length;
        for (const [name, value] of Object.entries(counts)) {
            const isLargest = /^(largest|slowest|steepest)/.test(name);
            const before = total.get(name) ?? 0;
            total.set(name, isLargest ? Math.max(before, value) : before + value);
        }
        console.log(`${Math.min(count, first + STEP)}/${count} recipes, ${faults} faults`);
    }
    console.log([...total].map(([name, value]) => `${name} ${Number(value.toFixed(3))}`).join(", "));
    const seconds = (performance.now() - startMs) / 1000;
    console.log(`${count} recipes, ${faults} faults, ${(seconds / count).toFixed(3)} s a recipe`);
    return faults;
}

async function forgeAsync(): Promise<number> {
    const { forged, refused, taken, faults } = await forgeChunksAsync(count * FORGERIES, seed);
    for (const fault of faults) {
        console.log(`seed ${seed}, forged file ${fault}`);
    }
    console.log(`${forged} forged files, ${refused} refused, ${taken} taken, ${faults.length} faults`);
    return faults.length;
}

function numberOf(name: string, text: string | undefined, usual: number, most: number): number {
    const value = text === undefined ? usual : Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) {
        console.error(`--${name} is ${text}; allowed: an integer from 1 to ${most}.`);
        process.exit(2);
    }
    return value;
}
