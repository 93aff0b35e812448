import path from "node:path";

import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { ChunkFlags, readChunkHeader } from "../../src/format/chunkData.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { Presets } from "../../src/recipe/presets.js";
import type { PlanetRecipe, Recipe, RecipeInput } from "../../src/recipe/recipe.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { PlanetTopology } from "../../src/space/planetTopology.js";
import { median, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import type { BenchOptions } from "./main.js";

const RADIUS = 6_371_000;
/** Chunks of each kind, and how often a round bakes them. */
const CHUNKS = 32;
const PASSES = 3;
const ROUNDS = 5;
const MOST_TRIED = 4000;
/** Levels of coarse chunks that are baked anew: those whose macro fields no finer level needs. */
const COARSE_LEVELS = [4, 6, 7, 8, 9, 10, 12, 14, 16] as const;

/** Ground without gullies and beds, which planets do not have yet. */
const SMOOTH: RecipeInput = { terrain: { gullies: { strength: 0 }, beds: { strength: 0 } } };

interface Job {
    readonly bake: (address: ChunkAddress) => boolean;
    readonly addresses: readonly ChunkAddress[];
}

/** Runs `npm run bench -- bake --topology planet`: chunks of a planet beside chunks of a flat world, and new coarse chunks of both. */
export async function runPlanetsAsync({ root, json }: BenchOptions): Promise<void> {
    const module = await compileKernelsAsync(path.join(root, "dist/terrane.wasm"));
    const jobOf = (isPlanet: boolean, isFused: boolean): Job => {
        const recipe = recipeOf(isPlanet, { ...SMOOTH, caves: isFused ? { complexity: 1 } : { enabled: false } });
        const bake = bakerOf(recipe, module);
        return { bake, addresses: findChunks(bake, isPlanet ? planetAddress(recipe) : plainAddress, isFused) };
    };
    const jobs = {
        flat: jobOf(false, true),
        planet: jobOf(true, true),
        flatGrid: jobOf(false, false),
        planetGrid: jobOf(true, false),
    };
    const rates: Record<keyof typeof jobs, number>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        rates.push({
            flat: rateOf(jobs.flat),
            planet: rateOf(jobs.planet),
            flatGrid: rateOf(jobs.flatGrid),
            planetGrid: rateOf(jobs.planetGrid),
        });
    }
    const overFlat = median(rates.map(({ flat, planet }) => planet / flat));
    const overFlatGrid = median(rates.map(({ flatGrid, planetGrid }) => planetGrid / flatGrid));
    const rows = (Object.keys(jobs) as (keyof typeof jobs)[]).map((name) => ({
        chunks: name,
        "chunks/s": rounded(median(rates.map((rate) => rate[name]))),
        "over flat": name === "planet" ? rounded(overFlat) : name === "planetGrid" ? rounded(overFlatGrid) : "",
    }));
    const coarse = COARSE_LEVELS.map((level) => ({
        level,
        "flat ms": rounded(newChunkMs(recipeOf(false, {}), level, module)),
        "planet ms": rounded(newChunkMs(recipeOf(true, {}), level, module)),
    }));
    console.log(`${tableOf(rows)}\n\nnew chunks of coarse levels\n${tableOf(coarse)}`);
    if (json) {
        const coarseMs = Math.max(...coarse.flatMap((row) => [row["flat ms"], row["planet ms"]]));
        console.log(JSON.stringify({ overFlat: rounded(overFlat), overFlatGrid: rounded(overFlatGrid), coarseMs }));
    }
}

function recipeOf(isPlanet: boolean, input: RecipeInput): Recipe {
    const recipe = Presets.endless(input);
    const planet: PlanetRecipe = { ...recipe, topology: "planet", radius: RADIUS };
    return isPlanet ? planet : recipe;
}

/** Returns what bakes a chunk, and tells whether it is fused. */
function bakerOf(recipe: Recipe, module: WebAssembly.Module): (address: ChunkAddress) => boolean {
    const baker = new ChunkBaker(recipe, createKernels(module));
    let buffer = new ArrayBuffer(0);
    return (address) => {
        const baked = baker.bake(address, buffer);
        buffer = baked.buffer;
        return (readChunkHeader(new Uint8Array(buffer, 0, baked.byteLength)).flags & ChunkFlags.fused) !== 0;
    };
}

function plainAddress(i: number): ChunkAddress {
    return flatAddress(0, ((i * 37) % 1009) - 504, ((i * 101) % 997) - 498);
}

/** Places all over a face, its edges among them. */
function planetAddress(recipe: Recipe): (i: number) => ChunkAddress {
    const count = 2 ** new PlanetTopology(recipe.chunkSize, RADIUS).rootLevel;
    const along = (i: number, share: number): number => (i % 8 === 0 ? 0 : Math.floor(((i * share) % 1) * count));
    return (i) => ({ face: i % 6, level: 0, x: along(i, 0.618034), z: along(i + 3, 0.754878) });
}

function findChunks(
    bake: (address: ChunkAddress) => boolean,
    addressOf: (i: number) => ChunkAddress,
    isFused: boolean,
): ChunkAddress[] {
    const found: ChunkAddress[] = [];
    for (let i = 0; i < MOST_TRIED && found.length < CHUNKS; i++) {
        const address = addressOf(i);
        if (bake(address) === isFused) {
            found.push(address);
        }
    }
    if (found.length < CHUNKS) {
        throw new Error(`Of ${MOST_TRIED} chunks only ${found.length} are ${isFused ? "fused" : "height grids"}.`);
    }
    return found;
}

/** Chunks a second. */
function rateOf({ bake, addresses }: Job): number {
    const startMs = performance.now();
    for (let pass = 0; pass < PASSES; pass++) {
        addresses.forEach(bake);
    }
    return (PASSES * addresses.length * 1000) / (performance.now() - startMs);
}

/** Milliseconds of a chunk of a level by a baker that has not seen its surroundings, the median of several. */
function newChunkMs(recipe: Recipe, level: number, module: WebAssembly.Module): number {
    const { rootLevel } = new PlanetTopology(recipe.chunkSize, RADIUS);
    const last = 2 ** Math.max(0, rootLevel - level) - 1;
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
        const bake = bakerOf(recipe, module);
        const face = recipe.topology === "planet" ? i : -1;
        // The first chunk warms up what has nothing to do with places.
        bake({ face, level, x: 0, z: 0 });
        const startMs = performance.now();
        bake({ face, level, x: Math.min(last, 3 + i), z: last });
        times.push(performance.now() - startMs);
    }
    return median(times);
}
