import { isProfilerOn } from "./page/profilerBlocks.js";
import type { Flight } from "./browser.js";

export type Summary = Record<string, number>;

const MEGABYTE = 2 ** 20;

/** Returns the figures of one flight. */
export function summarize({ record, requests, heapBytes }: Flight): Summary {
    const { out, back, arrivals, awaitChunk } = record;
    const pluginMs = [...out.pluginMs, ...back.pluginMs];
    const delta = (leg: typeof out, name: "cacheHits" | "cacheMisses" | "shownChunks" | "shownPrefetched"): number =>
        leg.stats.after[name] - leg.stats.before[name];
    const hits = delta(back, "cacheHits");
    return {
        frames: pluginMs.length,
        pluginMsP50: quantile(pluginMs, 0.5),
        pluginMsP99: quantile(pluginMs, 0.99),
        pluginMsMax: Math.max(...pluginMs),
        uploadBytesPerFrameP99: quantile([...out.uploadBytes, ...back.uploadBytes], 0.99),
        gpuBuffersCreatedAfterWarmUp: out.buffersCreated + back.buffersCreated,
        heapGrowthMB: (heapBytes.after - heapBytes.before) / MEGABYTE,
        uncoveredFrames: out.uncovered + back.uncovered,
        timeToGroundMsP50: quantile(
            arrivals.map(({ groundMs }) => groundMs),
            0.5,
        ),
        timeToGroundMsP95: quantile(
            arrivals.map(({ groundMs }) => groundMs),
            0.95,
        ),
        timeToFineGroundMsP95: quantile(
            arrivals.map(({ fineMs }) => fineMs),
            0.95,
        ),
        chunkLatencyMsP50: awaitChunk?.p50Ms ?? Number.NaN,
        chunkLatencyMsP95: awaitChunk?.p95Ms ?? Number.NaN,
        uncachedChunks: awaitChunk?.count ?? 0,
        cachedLatencyMsP50: quantile(requests.cachedMs, 0.5),
        immediateOverNormalLatency: quantile(requests.normal, 0.5) / quantile(requests.immediate, 0.5),
        cacheHitRate: hits / (hits + delta(back, "cacheMisses")),
        preloadHitRate: delta(out, "shownPrefetched") / delta(out, "shownChunks"),
        shownChunks: delta(out, "shownChunks") + delta(back, "shownChunks"),
        wastedBakes: back.stats.after.prefetchedWasted - out.stats.before.prefetchedWasted,
        bakedChunks: back.stats.after.bakedChunks - out.stats.before.bakedChunks,
        poolOverhead: record.poolOverhead,
        gpuOverhead: record.gpuOverhead,
        peakMB: record.peakBytes / MEGABYTE,
        peakMBNaive: record.peakNaiveBytes / MEGABYTE,
    };
}

/** Returns the smallest value that the given share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * Returns how much more of a frame the world takes with the profiler on than off, as a share. Each frame of one flight
 * is compared with the same frame of the other, in which the profiler was the other way: frames differ by far more than
 * it costs. The tenth in which one of the two was longest, by uploads and collections, is left out.
 */
export function profilerOverhead({ record: plain }: Flight, { record: mirrored }: Flight): number {
    const frames: { on: number; off: number }[] = [];
    for (const leg of ["out", "back"] as const) {
        plain[leg].pluginMs.forEach((ms, frame) => {
            const other = mirrored[leg].pluginMs[frame]!;
            frames.push(isProfilerOn(frame, false) ? { on: ms, off: other } : { on: other, off: ms });
        });
    }
    const limit = quantile(
        frames.map(({ on, off }) => Math.max(on, off)),
        0.9,
    );
    const calm = frames.filter(({ on, off }) => Math.max(on, off) <= limit);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    return sum(calm.map(({ on }) => on)) / sum(calm.map(({ off }) => off)) - 1;
}
