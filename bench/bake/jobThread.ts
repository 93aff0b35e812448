import { PerformanceObserver } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";

import { makeNoise2D, makeNoise3D } from "open-simplex-noise";
import xxhash from "xxhash-wasm";

import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { STAGES } from "../../src/bake/protocol.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { makeGradientNoise2D, makeGradientNoise3D } from "../naive/plainGradientNoise.js";
import { NaiveSeedJob } from "../naive/seedJob.js";
import { Presets } from "../../src/recipe/presets.js";
import type { JobKind, JobRequest, JobResponse } from "./jobMessages.js";
import { seedRecipe } from "./seedChunks.js";

type Job = (request: JobRequest) => Omit<JobResponse, "ms"> | Promise<Omit<JobResponse, "ms">>;

const { kind, wasmUrl } = workerData as { kind: JobKind; wasmUrl: string };
const job = await createJobAsync(kind);
parentPort!.on("message", (request: JobRequest) => void runAsync(request));

async function runAsync(request: JobRequest): Promise<void> {
    const start = performance.now();
    const result = await job(request);
    parentPort!.postMessage({ ms: performance.now() - start, ...result } satisfies JobResponse);
}

async function createJobAsync(kind: JobKind): Promise<Job> {
    switch (kind) {
        case "terrane":
            return createTerraneJobAsync(wasmUrl);
        case "openSimplex":
            return createNaiveJobAsync(makeNoise2D, makeNoise3D);
        case "gradient":
            return createNaiveJobAsync(makeGradientNoise2D, makeGradientNoise3D);
        case "spin":
            return spin;
        case "garbage":
            return createGarbageJobAsync(wasmUrl);
    }
}

async function createTerraneJobAsync(wasmUrl: string): Promise<Job> {
    const baker = new ChunkBaker(seedRecipe, createKernels(await compileKernelsAsync(wasmUrl)));
    let buffer = new ArrayBuffer(0);
    return ({ addresses }) => {
        const stagesMs: number[] = STAGES.map(() => 0);
        for (const address of addresses) {
            const baked = baker.bake(address, buffer);
            buffer = baked.buffer;
            baked.stageMs.forEach((ms, stage) => (stagesMs[stage]! += ms));
        }
        return { stagesMs, triangles: 0, heightSamples: 0, caveSamples: 0, spins: 0 };
    };
}

/** Number of chunks that a game would hold while it bakes on. */
const KEPT = 50;

/** Bakes the `endless` preset's chunks, keeps the latest ones, gives older buffers back, and watches the collector. */
async function createGarbageJobAsync(wasmUrl: string): Promise<Job> {
    const baker = new ChunkBaker(Presets.endless(), createKernels(await compileKernelsAsync(wasmUrl)));
    const kept: ArrayBuffer[] = [];
    return async ({ addresses }) => {
        let gcMs = 0;
        const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
                gcMs += entry.duration;
            }
        });
        observer.observe({ entryTypes: ["gc"] });
        for (const address of addresses) {
            const given = kept.length < KEPT ? new ArrayBuffer(0) : kept.shift()!;
            kept.push(baker.bake(address, given).buffer);
        }
        // Entries come in a task of their own.
        await new Promise((resolve) => setTimeout(resolve, 50));
        observer.disconnect();
        return { stagesMs: [], triangles: 0, heightSamples: 0, caveSamples: 0, spins: 0, gcMs };
    };
}

async function createNaiveJobAsync(
    noise2D: typeof makeGradientNoise2D,
    noise3D: typeof makeGradientNoise3D,
): Promise<Job> {
    const { h64Raw } = await xxhash();
    const hash = (bytes: Uint8Array) => h64Raw(bytes);
    let seedJob: NaiveSeedJob | null = null;
    let last = Number.NaN;
    return ({ addresses, radius }) => {
        if (seedJob === null || radius !== last) {
            seedJob = new NaiveSeedJob({ makeNoise2D: noise2D, makeNoise3D: noise3D, hash, amplitude: 24, radius });
            last = radius;
        }
        const sum = { stagesMs: [], triangles: 0, heightSamples: 0, caveSamples: 0, spins: 0 };
        for (const { x, z } of addresses) {
            const result = seedJob.run(x, z);
            sum.triangles += result.triangles;
            sum.heightSamples += result.heightSamples;
            sum.caveSamples += result.caveSamples;
        }
        return sum;
    };
}

/**
 * Computes for a second without touching memory, which tells what a second core is worth on this machine at this
 * moment.
 */
function spin(): Omit<JobResponse, "ms"> {
    const end = performance.now() + 1000;
    let spins = 0;
    let value = 1;
    while (performance.now() < end) {
        for (let i = 0; i < 100_000; i++) {
            value = (value * 1.000001 + 0.5) % 1000;
        }
        spins++;
    }
    return { stagesMs: [], triangles: value < 0 ? 1 : 0, heightSamples: 0, caveSamples: 0, spins };
}
