import path from "node:path";

import { CreateWorkerpoolExecutorAsync } from "../../src/scheduler/workerpoolExecutor.js";
import { flatAddress, formatAddress } from "../../src/space/chunkAddress.js";
import { mean, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { JobHandle } from "./jobHandle.js";
import { findSeedChunksAsync, seedRecipe, type SeedChunk } from "./seedChunks.js";
import { runPlanetsAsync } from "./planets.js";
import { measureSingleThreadAsync, type SingleThreadResult, type Work } from "./singleThread.js";
import { measureWorkersAsync, type WorkersResult } from "./workers.js";

/**
 * Number of chunks. One has three times the triangles of another: means over eight still differ by a tenth from set to
 * set.
 */
const CHUNKS = 32;
const GARBAGE_BAKES = 1000;

export interface BenchOptions {
    /** The repository. */
    readonly root: string;
    readonly json: boolean;
    /** What is measured: the seed job on a flat world, or a planet's chunks beside a flat world's. */
    readonly topology: "flat" | "planet";
}

/** Runs the bench `bake`: the seed job, ours against a plain one, then ours on workers. */
export async function runAsync(options: BenchOptions): Promise<void> {
    if (options.topology === "planet") {
        await runPlanetsAsync(options);
        return;
    }
    const { root, json } = options;
    const log = (line: string) => console.log(line);
    log("looking for chunks that are the seed job ...");
    const wasmUrl = path.join(root, "dist/terrane.wasm");
    const chunks = await findSeedChunksAsync(CHUNKS, wasmUrl);
    log(describeJob(chunks));
    log("one thread, ours and the rivals' in turn ...");
    const single = await measureSingleThreadAsync(chunks, wasmUrl);
    log(describeSingle(single));
    log(`garbage of ${GARBAGE_BAKES} bakes ...`);
    const gcMs = await measureGarbageAsync(wasmUrl);
    log(`${rounded(gcMs)} ms of garbage collection in ${GARBAGE_BAKES} bakes of the endless preset, 50 chunks kept`);
    log("workers ...");
    const workerUrl = path.join(root, "dist/terrane.worker.js");
    const workers = await measureWorkersAsync(
        (count) => CreateWorkerpoolExecutorAsync({ workers: count, workerUrl, wasmUrl }),
        chunks,
        wasmUrl,
        log,
    );
    log(describeWorkers(workers));
    if (json) {
        console.log(JSON.stringify(resultOf(chunks, single, workers, gcMs)));
    }
}

function describeJob(chunks: readonly SeedChunk[]): string {
    const { resolution, octaves } = seedRecipe.terrain;
    return [
        `seed job: ${chunks.length} chunks of ${seedRecipe.chunkSize} m, ${resolution} x ${resolution} height cells x ` +
            `${octaves} octaves, 64^3 cave cells x ${seedRecipe.caves.octaves} octaves; ${chunks.length} of them fused`,
        `at ${chunks.map(({ address }) => formatAddress(address)).join(" ")}`,
    ].join("\n");
}

function describeSingle(single: SingleThreadResult): string {
    const { naiveChunksPerSecond, chunksPerSecond1, ratio, ratioSameNoise, work } = single;
    const row = (name: string, rate: number, against: string, { triangles, heightSamples, caveSamples }: Work) => ({
        job: name,
        "chunks/s": rounded(rate),
        "ours is faster by": against,
        triangles: Math.round(triangles),
        "2D samples": Math.round(heightSamples),
        "3D samples": Math.round(caveSamples),
    });
    const rows = [
        row("terrane", chunksPerSecond1, "", work.terrane),
        row("open-simplex-noise + isosurface", naiveChunksPerSecond, `${ratio.toFixed(2)} x`, work.openSimplex),
        row(
            "our noise, plain + isosurface",
            chunksPerSecond1 / ratioSameNoise,
            `${ratioSameNoise.toFixed(2)} x`,
            work.gradient,
        ),
    ];
    const stages = Object.entries(single.stagesMs).map(([stage, ms]) => ({ stage, ms: rounded(ms) }));
    return `${tableOf(rows)}\n\n${tableOf(stages)}`;
}

function describeWorkers(result: WorkersResult): string {
    const { workers, computeEfficiency, computeChunksPerSecond1, spinEfficiency, parallelEfficiency, grids } = result;
    const rows = [
        ...Object.entries(workers).map(([count, rate]) => ({
            what: `seed job, ${count} worker${count === "1" ? "" : "s"}`,
            "chunks/s": rounded(rate),
            note: "",
        })),
        ...Object.entries(grids).map(([name, grid]) => ({
            what: `grid ${name}, 2 workers`,
            "chunks/s": rounded(grid.chunksPerSecond),
            note:
                `${grid.chunks} chunks in ${grid.seconds.toFixed(1)} s${grid.isWhole ? "" : ", some of the places"}; ` +
                `${grid.efficiency.toFixed(2)} of threads that only bake these chunks`,
        })),
    ];
    return (
        `${tableOf(rows)}\n\nparallel efficiency ${parallelEfficiency.toFixed(2)}, of what two threads reach that only ` +
        `bake (themselves ${computeEfficiency.toFixed(2)} of twice one, which bakes ${rounded(computeChunksPerSecond1)} chunks/s; ` +
        `threads that spin ${spinEfficiency.toFixed(2)})`
    );
}

/** Measures how long the collector runs while a block of chunks is baked as a game bakes it. */
async function measureGarbageAsync(wasmUrl: string): Promise<number> {
    const handle = new JobHandle("garbage", wasmUrl);
    try {
        const addresses = Array.from({ length: GARBAGE_BAKES }, (_, i) => flatAddress(0, i % 32, Math.floor(i / 32)));
        return (await handle.runAsync({ addresses, radius: 0 })).gcMs!;
    } finally {
        await handle.disposeAsync();
    }
}

function resultOf(
    chunks: readonly SeedChunk[],
    single: SingleThreadResult,
    workers: WorkersResult,
    gcMs: number,
): unknown {
    const roundAll = (values: Record<string, number>) =>
        Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));
    return {
        naiveChunksPerSecond: rounded(single.naiveChunksPerSecond),
        chunksPerSecond1: rounded(single.chunksPerSecond1),
        ratio: rounded(single.ratio),
        ratioSameNoise: rounded(single.ratioSameNoise),
        workers: roundAll(workers.workers),
        parallelEfficiency: rounded(workers.parallelEfficiency),
        computeEfficiency: rounded(workers.computeEfficiency),
        computeChunksPerSecond1: rounded(workers.computeChunksPerSecond1),
        spinEfficiency: rounded(workers.spinEfficiency),
        stagesMs: roundAll(single.stagesMs),
        gcMs: rounded(gcMs),
        grids: Object.fromEntries(
            Object.entries(workers.grids).map(([key, grid]) => [key, rounded(grid.chunksPerSecond)]),
        ),
        gridEfficiency: Object.fromEntries(
            Object.entries(workers.grids).map(([key, grid]) => [key, rounded(grid.efficiency)]),
        ),
        gridRuns: Object.fromEntries(
            Object.entries(workers.grids).map(([key, { chunks: count, passes, seconds, isWhole }]) => [
                key,
                { chunks: count, passes: rounded(passes), seconds: rounded(seconds), isWhole },
            ]),
        ),
        job: {
            chunks: chunks.length,
            fusedChunks: chunks.length,
            bytesPerChunk: Math.round(mean(chunks.map(({ byteLength }) => byteLength))),
            work: Object.fromEntries(Object.entries(single.work).map(([name, work]) => [name, roundAll({ ...work })])),
        },
    };
}
