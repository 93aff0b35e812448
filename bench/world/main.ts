import { readFileSync } from "node:fs";
import path from "node:path";
import { addressesOfBlock } from "../../src/baker/chunkBlock.js";
import { createBakerExecutorAsync } from "../../src/baker/bakerExecutor.js";
import { WorldBaker } from "../../src/baker/worldBaker.js";
import type { RecipeInput } from "../../src/recipe/recipe.js";
import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import { median, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";

/** The side of the region that every grid bakes: as one block, or tile by tile. */
const REGION = 32;
const SIDES = [4, 8, 16, 32] as const;
const ROUNDS = 3;

interface Options {
    readonly root: string;
    readonly json: boolean;
}

interface Round {
    readonly chunksPerSecond: number;
    /** Share of the workers' time that they baked. */
    readonly utilisation: number;
    readonly rootHash: string;
}

/**
 * Runs `npm run bench -- world`: chunks a second of whole bakes, files included, of `samples/recipes/big-world.json` in
 * blocks of several sizes. Each size bakes the very same chunks, so that only its own cost differs; nothing is written
 * to disk.
 */
export async function runAsync({ root, json }: Options): Promise<void> {
    const file = path.join(root, "samples/recipes/big-world.json");
    const { bake, ...recipe } = JSON.parse(readFileSync(file, "utf8")) as RecipeInput & {
        bake: { chunkBatchSize: number };
    };
    const at = (name: string): string => path.join(root, "dist", name);
    const options = { workerUrl: at("terrane.worker.js"), wasmUrl: at("terrane.wasm") };
    const executors = [
        await createBakerExecutorAsync({ ...options, workers: 1 }, "processor"),
        await createBakerExecutorAsync({ ...options, workers: 2 }, "processor"),
    ] as const;
    const measure = (executor: BakeExecutor, side: number): Promise<Round> =>
        measureAsync(executor, recipe, side, bake.chunkBatchSize);
    try {
        for (const executor of executors) {
            await measure(executor, 8);
        }
        const rates: Record<string, number[]> = {};
        const one: number[] = [];
        const overheads: number[] = [];
        const roots = new Set<string>();
        for (let round = 0; round < ROUNDS; round++) {
            for (const side of SIDES) {
                const { chunksPerSecond, rootHash } = await measure(executors[1], side);
                (rates[`${side}x${side}`] ??= []).push(chunksPerSecond);
                if (side === REGION) {
                    roots.add(rootHash);
                }
            }
            const { chunksPerSecond, utilisation, rootHash } = await measure(executors[0], REGION);
            one.push(chunksPerSecond);
            overheads.push(1 - utilisation);
            roots.add(rootHash);
            if (!json) {
                console.log(`round ${round + 1} of ${ROUNDS}`);
            }
        }
        const grids = Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
        const values = Object.values(grids);
        const figures = {
            grids: mapped(grids),
            spread: rounded(Math.max(...values) / Math.min(...values) - 1),
            workers: mapped({ "1": median(one), "2": grids[`${REGION}x${REGION}`]! }),
            parallelEfficiency: rounded(grids[`${REGION}x${REGION}`]! / median(one) / 2),
            taskOverhead: rounded(median(overheads)),
            isSameRoot: roots.size === 1,
        };
        if (roots.size !== 1) {
            throw new Error(`the root hash is not the same each time: ${[...roots].join(", ")}`);
        }
        if (json) {
            console.log(JSON.stringify(figures));
            return;
        }
        const { spread, parallelEfficiency, taskOverhead } = figures;
        console.log(
            tableOf([
                ...SIDES.map((side) => ({
                    figure: `${side}x${side}, 2 workers`,
                    "chunks/s": figures.grids[`${side}x${side}`]!,
                })),
                { figure: "32x32, 1 worker", "chunks/s": figures.workers["1"]! },
            ]),
        );
        console.log(
            tableOf([
                { figure: "largest over smallest grid rate, less 1", measured: spread, limit: "at most 0.15" },
                { figure: "parallel efficiency at 2 workers", measured: parallelEfficiency, limit: "at least 0.88" },
                { figure: "time between tasks, of all", measured: taskOverhead, limit: "at most 0.02" },
            ]),
        );
    } finally {
        await Promise.all(executors.map((executor) => executor.disposeAsync()));
    }
}

/** Measures the bake of the region in blocks of `side` chunks. */
async function measureAsync(
    executor: BakeExecutor,
    recipe: RecipeInput,
    side: number,
    chunkBatchSize: number,
): Promise<Round> {
    const baker = new WorldBaker({ executor });
    let seconds = 0;
    let busy = 0;
    let chunks = 0;
    let rootHash = "";
    const first = side / 2 - REGION / 2;
    for (let z = 0; z < REGION / side; z++) {
        for (let x = 0; x < REGION / side; x++) {
            const block = { countX: side, countZ: side, centerX: first + x * side, centerZ: first + z * side };
            const manifest = await baker.bakeAsync(recipe, { addresses: addressesOfBlock(block), chunkBatchSize });
            const report = baker.getPerformanceReport();
            seconds += report.bakingTime;
            busy += report.bakingTime * report.parallelEfficiency;
            chunks += report.chunks;
            rootHash = manifest.rootHash;
        }
    }
    return { chunksPerSecond: chunks / seconds, utilisation: busy / seconds, rootHash };
}

function mapped(values: Readonly<Record<string, number>>): Record<string, number> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)]));
}
