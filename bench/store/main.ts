import path from "node:path";
import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { MemoryStore } from "../../src/store/memoryStore.js";
import type { BakeRef } from "../../src/store/loadProtocol.js";
import { chunkStoreKey } from "../../src/format/chunkStoreKey.js";
import { storedWorldOf } from "../../src/format/storedWorld.js";
import { median } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { quantile } from "../flight/summary.js";
import { StoreBrowser } from "./browser.js";
import { measureBakesAsync, measureLoadsAsync } from "./measure.js";
import { SessionLoads } from "./sessionLoads.js";
import { bakeRow, roundedDeep, storeRow, type Row } from "./summary.js";
import { bakeWorldAsync, type BakedWorld } from "./world.js";

interface Options {
    readonly root: string;
    readonly json: boolean;
}

/** Calls of which one of the memory is a mean: it is shorter than clocks tick. */
const CALLS = 1000;

/**
 * Runs `npm run bench -- store`: loads of chunks of the default world from every kind of store, by the session that loads them
 * in the product's worker, beside the bakes of the same chunks on one thread of the same engine. Folder and memory in Node,
 * all others in headless Chromium; there, too, what a load and a bake take of the thread that draws.
 */
export async function runAsync({ root, json }: Options): Promise<void> {
    const dist = path.join(root, "dist");
    const site = path.join(root, ".cache/bench/storeSite");
    const world = await bakeWorldAsync(path.join(site, "bake"), dist);
    const browser = await StoreBrowser.StartAsync(site, path.join(root, ".cache/bench"), dist);
    try {
        const { rows: nodeRows, memoryGetMs } = await measureNodeAsync(world, path.join(site, "bake"));
        const { chunks, recipe } = world;
        const { stores, bakes, plain } = await browser.measureStoresAsync({ chunks, recipe });
        const rows = roundedDeep([
            ...nodeRows,
            ...stores.map(({ name, samples }) => storeRow(name, "chromium", samples, chunks, bakes)),
            bakeRow("chromium", bakes, chunks),
        ]);
        const shares = roundedDeep({
            memoryGetMs,
            plainFetchMsP50: median(plain.aloneMs),
            plainFetchMsP95: quantile(plain.aloneMs, 0.95),
            plainFetch64Ms: median(plain.burstsMs),
            ...(await browser.measureMainThreadAsync({ chunks, recipe })),
            heightGrids: chunks.filter(({ isFused }) => !isFused).length,
            fused: chunks.filter(({ isFused }) => isFused).length,
        });
        print(rows, shares);
        if (json) {
            console.log(JSON.stringify({ rows, ...shares }));
        }
    } finally {
        await browser.closeAsync();
    }
}

async function measureNodeAsync(
    { recipe, chunks, bake }: BakedWorld,
    directory: string,
): Promise<{ rows: Row[]; memoryGetMs: number }> {
    const bakes = await measureBakesAsync(bake, recipe, chunks);
    const baked: BakeRef = {
        files: { kind: "directory", directory },
        address: directory,
        generatorVersion: GENERATOR_VERSION,
    };
    const memory = new MemoryStore();
    const filling = await SessionLoads.OpenAsync({ stores: [memory], bake: baked }, recipe);
    for (const { address } of chunks) {
        await filling.downloadAsync(address);
    }
    await filling.closeAsync();
    const fromMemory = await SessionLoads.OpenAsync({ stores: [memory], bake: null }, recipe);
    const memorySamples = await measureLoadsAsync(fromMemory, chunks);
    await fromMemory.closeAsync();
    const fromDirectory = await SessionLoads.OpenAsync({ stores: [], bake: baked }, recipe);
    const directorySamples = await measureLoadsAsync(fromDirectory, chunks);
    await fromDirectory.closeAsync();
    const { key: worldKey } = storedWorldOf(recipe, GENERATOR_VERSION);
    const memoryGetMs = await measureGetAsync(
        memory,
        chunks.map(({ address }) => chunkStoreKey(worldKey, address)),
    );
    return {
        rows: [
            storeRow("memory", "node", memorySamples, chunks, bakes),
            storeRow("directory", "node", directorySamples, chunks, bakes),
            bakeRow("node", bakes, chunks),
        ],
        memoryGetMs,
    };
}

/** Returns the milliseconds of one `getAsync` of a store alone: the median over rounds of a mean over calls. */
async function measureGetAsync(store: MemoryStore, keys: readonly string[]): Promise<number> {
    const means: number[] = [];
    for (let round = 0; round < 6; round++) {
        const startedMs = performance.now();
        for (let i = 0; i < CALLS; i++) {
            await store.getAsync({ key: keys[i % keys.length]! });
        }
        means.push((performance.now() - startedMs) / CALLS);
    }
    return median(means.slice(1));
}

function print(rows: readonly Row[], shares: Readonly<Record<string, number>>): void {
    console.log(
        tableOf(
            rows.map((row) => ({
                store: row.name,
                in: row.host,
                p50Ms: row.p50Ms,
                p95Ms: row.p95Ms,
                getMs: row.getMsP50,
                unpackMs: row.unpackMsP50,
                "MB/s": row.mbPerSecond,
                "B/chunk": row.bytesPerChunk,
                overBake: row.overBake,
                "grids p50": row.heightGrids.p50Ms,
                overBakeGrids: row.heightGrids.overBake,
                "fused p50": row.fused.p50Ms,
                overBakeFused: row.fused.overBake,
                burst64Ms: row.burst64Ms,
                queuedMs: row.queuedMs,
            })),
        ),
    );
    const http = rows.find(({ name }) => name === "http")!;
    console.log(
        tableOf([
            { figure: "memory's own get, ms", measured: shares["memoryGetMs"]!, goal: "below 0.1" },
            { figure: "memory, chunk in a buffer, p50 ms", measured: rows[0]!.p50Ms, goal: "" },
            { figure: "http, p95 ms", measured: http.p95Ms, goal: "below 20" },
            { figure: "fetch by itself, p95 ms", measured: shares["plainFetchMsP95"]!, goal: "" },
            { figure: "http, 64 height grids at once, ms", measured: http.burst64Ms, goal: "below 250" },
            { figure: "fetch of 64 by itself, ms", measured: shares["plainFetch64Ms"]!, goal: "" },
            {
                figure: "main thread, ms a load, HTTP less plain fetch",
                measured: shares["mainMsPerLoad"]!,
                goal: "at most that of a bake",
            },
            {
                figure: "main thread, ms a load, database",
                measured: shares["mainMsPerLoadIndexedDb"]!,
                goal: "at most that of a bake",
            },
            { figure: "main thread, ms a bake", measured: shares["mainMsPerBake"]!, goal: "" },
            { figure: "main thread, ms a plain fetch in a worker", measured: shares["mainMsPerPlainFetch"]!, goal: "" },
        ]),
    );
}
