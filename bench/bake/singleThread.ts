import { STAGES } from "../../src/bake/protocol.js";
import { noiseRow2, noiseRow3 } from "../../test/oracle/gradientNoise.js";
import { makeGradientNoise2D, makeGradientNoise3D } from "../naive/plainGradientNoise.js";
import { mean, median } from "../common/statistics.js";
import { JobHandle } from "./jobHandle.js";
import type { JobResponse } from "./jobMessages.js";
import type { SeedChunk } from "./seedChunks.js";

const ROUNDS = 3;
/** Passes of ours over the chunks in a round. */
const PASSES = 6;
/** How far the rival's work may be from ours, as a share. */
const TOLERANCE = 0.1;
const CALIBRATIONS = 7;
/** One chunk in this many is used to calibrate. */
const CALIBRATED_ON = 4;

export interface Work {
    readonly triangles: number;
    readonly heightSamples: number;
    readonly caveSamples: number;
}

export interface SingleThreadResult {
    readonly naiveChunksPerSecond: number;
    readonly chunksPerSecond1: number;
    readonly ratio: number;
    readonly ratioSameNoise: number;
    readonly stagesMs: Record<string, number>;
    /** Mean work of one chunk. */
    readonly work: { readonly terrane: Work; readonly openSimplex: Work; readonly gradient: Work };
}

/** Measures one thread against one thread, in turn, so that what else the machine does affects all alike. */
export async function measureSingleThreadAsync(
    chunks: readonly SeedChunk[],
    wasmUrl: string,
): Promise<SingleThreadResult> {
    assertSameNoise();
    const ours = {
        triangles: mean(chunks.map((chunk) => chunk.triangles)),
        heightSamples: mean(chunks.map((chunk) => chunk.heightSamples)),
        caveSamples: mean(chunks.map((chunk) => chunk.caveSamples)),
    };
    const addresses = chunks.map((chunk) => chunk.address);
    const terrane = new JobHandle("terrane", wasmUrl);
    const rivals = { openSimplex: new JobHandle("openSimplex", wasmUrl), gradient: new JobHandle("gradient", wasmUrl) };
    try {
        // These runs warm the threads up, too.
        const calibrate = (handle: JobHandle) => calibrateAsync(handle, chunks, ours.triangles);
        const [openSimplex, gradient] = await Promise.all([calibrate(rivals.openSimplex), calibrate(rivals.gradient)]);
        assertSameWork("open-simplex-noise", openSimplex.work, ours);
        assertSameWork("plain gradient noise", gradient.work, ours);
        // Ours are so short that a round bakes them many times: chunk by chunk between rivals, each would meet cold caches,
        // which no bake of more than one chunk does.
        const many = Array.from({ length: PASSES }, () => addresses).flat();
        await terrane.runAsync({ addresses: many, radius: 0 });

        const rates: [number, number, number][] = [];
        const stages: number[][] = [];
        for (let round = 0; round < ROUNDS; round++) {
            const naive = await rivals.openSimplex.runAsync({ addresses, radius: openSimplex.radius });
            // Systems take back memory that rests for seconds: ours rested while the rival ran.
            await terrane.runAsync({ addresses, radius: 0 });
            const baked = await terrane.runAsync({ addresses: many, radius: 0 });
            const sameNoise = await rivals.gradient.runAsync({ addresses, radius: gradient.radius });
            stages.push(baked.stagesMs.map((ms) => ms / many.length));
            rates.push([
                (addresses.length / naive.ms) * 1000,
                (many.length / baked.ms) * 1000,
                (addresses.length / sameNoise.ms) * 1000,
            ]);
        }
        return {
            naiveChunksPerSecond: median(rates.map((rate) => rate[0])),
            chunksPerSecond1: median(rates.map((rate) => rate[1])),
            ratio: median(rates.map((rate) => rate[1] / rate[0])),
            ratioSameNoise: median(rates.map((rate) => rate[1] / rate[2])),
            stagesMs: Object.fromEntries(
                STAGES.map((stage, i) => [stage, mean(stages.map((stagesMs) => stagesMs[i]!))]),
            ),
            work: { terrane: ours, openSimplex: openSimplex.work, gradient: gradient.work },
        };
    } finally {
        await Promise.all([terrane, rivals.openSimplex, rivals.gradient].map((handle) => handle.disposeAsync()));
    }
}

/**
 * Returns the radius of tunnels at which the plain job makes as many triangles as we do: searched on some of the
 * chunks, then on all.
 */
async function calibrateAsync(handle: JobHandle, chunks: readonly SeedChunk[], wanted: number) {
    const addresses = chunks.map((chunk) => chunk.address);
    const some = addresses.filter((_, i) => i % CALIBRATED_ON === 0);
    // Walls are rough: at a radius below 0 there are caves still.
    let [low, high] = [-2, 12];
    let best = { radius: 0, gap: Number.POSITIVE_INFINITY };
    for (let i = 0; i < CALIBRATIONS; i++) {
        const radius = (low + high) / 2;
        const { triangles } = perChunk(await handle.runAsync({ addresses: some, radius }), some.length);
        const gap = Math.abs(triangles - wanted);
        if (gap < best.gap) {
            best = { radius, gap };
        }
        // Wider tunnels make more surface until they swallow the rock; the search stays below that.
        if (triangles < wanted) {
            low = radius;
        } else {
            high = radius;
        }
    }
    const { radius } = best;
    return { radius, work: perChunk(await handle.runAsync({ addresses, radius }), chunks.length) };
}

function perChunk(sum: JobResponse, count: number): Work {
    return {
        triangles: sum.triangles / count,
        heightSamples: sum.heightSamples / count,
        caveSamples: sum.caveSamples / count,
    };
}

function assertSameWork(name: string, theirs: Work, ours: Work): void {
    for (const key of ["triangles", "heightSamples", "caveSamples"] as const) {
        const ratio = theirs[key] / ours[key];
        if (Math.abs(ratio - 1) > TOLERANCE) {
            throw new Error(
                `The job with ${name} has ${ratio.toFixed(2)} times our ${key}: the comparison is not fair.`,
            );
        }
    }
}

/** Checks that the plain noise is the kernel's own; else `ratioSameNoise` would not be what its name says. */
function assertSameNoise(): void {
    const row = [0, 1, 2].map(() => new Float64Array(64)) as [Float64Array, Float64Array, Float64Array];
    const flat = makeGradientNoise2D(77);
    const solid = makeGradientNoise3D(77);
    noiseRow2(77, 16, -20, 37, 1, 64, ...row);
    const flatRow = Float64Array.from(row[0]);
    noiseRow3(77, 16, 8, -20, 5, 37, 1, 64, row[0]);
    for (let i = 0; i < 64; i++) {
        const x = (i - 20) / 16;
        const errors = [flatRow[i]! - flat(x, 37 / 16), row[0][i]! - solid(x, 5 / 8, 37 / 16)];
        if (errors.some((error) => !(Math.abs(error) < 1e-9))) {
            throw new Error("The plain gradient noise of the bench is not the kernel's noise.");
        }
    }
}
