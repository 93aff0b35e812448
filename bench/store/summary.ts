import { mean, median, rounded } from "../common/statistics.js";
import { quantile } from "../flight/summary.js";
import type { BenchChunk, LoadSample, StoreSamples } from "./samples.js";

/** The figures of chunks of one kind, or of all. */
export interface KindFigures {
    p50Ms: number;
    p95Ms: number;
    /** Mean bytes of a chunk's file. */
    bytesPerChunk: number;
    /** Median load over the median bake of the same chunks, on one thread of the same engine; 1 for bakes. */
    overBake: number;
}

export interface Row extends KindFigures {
    name: string;
    host: "node" | "chromium";
    /** Megabytes of chunk data a second: 64 height grids wanted at once; one after the other for bakes. */
    mbPerSecond: number;
    /** Mean bytes of the chunk data. */
    chunkBytes: number;
    /** Median of what the store itself took of a load, without unpacking and checking; 0 for bakes. */
    getMsP50: number;
    unpackMsP50: number;
    /** Median milliseconds until the last of 64 height grids was there that were wanted at once. */
    burst64Ms: number;
    /** Median milliseconds that such a one waits for others: what it takes beyond a height grid alone. */
    queuedMs: number;
    heightGrids: KindFigures;
    fused: KindFigures;
}

const MEGABYTE = 1e6;

/** Returns a store's row. `bakes` are those of the same chunks in the same engine. */
export function storeRow(
    name: string,
    host: Row["host"],
    { alone, bursts }: StoreSamples,
    chunks: readonly BenchChunk[],
    bakes: readonly LoadSample[],
): Row {
    const gridMs = median(alone.filter(({ isFused }) => !isFused).map(({ ms }) => ms));
    return {
        ...rowOf(name, host, alone, chunks, bakes),
        mbPerSecond: median(bursts.map(({ ms, byteLength }) => (byteLength / MEGABYTE / ms) * 1000)),
        getMsP50: median(alone.map(({ ms, unpackMs }) => ms - unpackMs)),
        unpackMsP50: median(alone.map(({ unpackMs }) => unpackMs)),
        burst64Ms: median(bursts.map(({ ms }) => ms)),
        queuedMs: Math.max(0, median(bursts.flatMap(({ chunkMs }) => chunkMs)) - gridMs),
    };
}

/** Returns the row of the bakes themselves. */
export function bakeRow(host: Row["host"], bakes: readonly LoadSample[], chunks: readonly BenchChunk[]): Row {
    const ms = bakes.reduce((sum, sample) => sum + sample.ms, 0);
    const bytes = bakes.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const gridMs = mean(bakes.filter(({ isFused }) => !isFused).map((sample) => sample.ms));
    return {
        ...rowOf("bake", host, bakes, chunks, bakes),
        mbPerSecond: (bytes / MEGABYTE / ms) * 1000,
        getMsP50: 0,
        unpackMsP50: 0,
        burst64Ms: 64 * gridMs,
        queuedMs: 32 * gridMs,
    };
}

function rowOf(
    name: string,
    host: Row["host"],
    samples: readonly LoadSample[],
    chunks: readonly BenchChunk[],
    bakes: readonly LoadSample[],
): Omit<Row, "mbPerSecond" | "getMsP50" | "unpackMsP50" | "burst64Ms" | "queuedMs"> {
    const of = (isFused: boolean): KindFigures => {
        const isKind = (one: { isFused: boolean }): boolean => one.isFused === isFused;
        return kindFigures(samples.filter(isKind), chunks.filter(isKind), bakes.filter(isKind));
    };
    return {
        name,
        host,
        ...kindFigures(samples, chunks, bakes),
        chunkBytes: mean(samples.map(({ byteLength }) => byteLength)),
        heightGrids: of(false),
        fused: of(true),
    };
}

function kindFigures(
    samples: readonly LoadSample[],
    chunks: readonly BenchChunk[],
    bakes: readonly LoadSample[],
): KindFigures {
    const ms = samples.map((sample) => sample.ms);
    return {
        p50Ms: median(ms),
        p95Ms: quantile(ms, 0.95),
        bytesPerChunk: mean(chunks.map(({ fileBytes }) => fileBytes)),
        overBake: median(ms) / median(bakes.map((sample) => sample.ms)),
    };
}

/** Returns figures with all numbers rounded. */
export function roundedDeep<T>(value: T): T {
    if (typeof value === "number") {
        return rounded(value) as T;
    }
    if (Array.isArray(value)) {
        return value.map(roundedDeep) as T;
    }
    return typeof value === "object" && value !== null
        ? (Object.fromEntries(Object.entries(value).map(([key, one]) => [key, roundedDeep(one)])) as T)
        : value;
}
