import fc from "fast-check";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { RunningMedian } from "../../../src/profiler/runningMedian.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
/** A bucket of the histogram is 1/32 of a power of two wide; the worst sample lies half of that from its centre. */
const WORST_ERROR = 1 / 64;

/** Milliseconds from a microsecond to minutes, as many of each size. */
const durations = fc.array(
    fc.double({ min: -9, max: 18, noNaN: true }).map((exponent) => 2 ** exponent),
    { minLength: 1, maxLength: 600 },
);

function nearestRank(values: readonly number[], fraction: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1]!;
}

function checkStats(values: readonly number[]): void {
    const profiler = new PerformanceProfiler({ now: () => 0 });
    values.forEach((ms) => profiler.record("x", 0, ms));
    const stats = profiler.getOperationStats("x")!;
    const latest = values.slice(-256);
    expect(stats.count).toBe(values.length);
    const totalMs = values.reduce((sum, ms) => sum + ms, 0);
    expect(Math.abs(stats.meanMs / (totalMs / values.length) - 1)).toBeLessThan(1e-12);
    expect([stats.minMs, stats.maxMs]).toEqual([Math.min(...values), Math.max(...values)]);
    for (const [name, fraction] of [
        ["p50Ms", 0.5],
        ["p95Ms", 0.95],
        ["p99Ms", 0.99],
    ] as const) {
        // Exact over the window; within half a bucket over all.
        expect(stats.recent[name]).toBe(nearestRank(latest, fraction));
        expect(Math.abs(stats[name] / nearestRank(values, fraction) - 1)).toBeLessThanOrEqual(WORST_ERROR + 1e-6);
    }
    expect(stats.recent.maxMs).toBe(Math.max(...latest));
}

test(`percentiles of whatever occurs are within 1.6 percent, those of the window exact (seed ${seed})`, () => {
    fc.assert(fc.property(durations, checkStats), { seed, numRuns: 200 });
});

test("the bound is met at a bucket's very edges, and is no wider than it must be", () => {
    checkStats([1 + 1 / 32]);
    checkStats([2 - 1 / 64, 2 - 1e-9, 2, 2 + 1e-9]);
    const profiler = new PerformanceProfiler({ now: () => 0 });
    // One sample at the lower edge of a bucket, one far above so that the range does not clamp it.
    [1, 1000].forEach((ms) => profiler.record("x", 0, ms));
    expect(profiler.getOperationStats("x")!.p50Ms).toBe(1 + WORST_ERROR);
});

test("two humps keep their shape: p50 of the one, p99 of the other", () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? 180 : 4) + (i % 7) * 0.01);
    checkStats(values);
    const profiler = new PerformanceProfiler({ now: () => 0 });
    values.forEach((ms) => profiler.record("x", 0, ms));
    const { p50Ms, p99Ms, meanMs } = profiler.getOperationStats("x")!;
    expect(Math.abs(p50Ms / 4.03 - 1)).toBeLessThan(0.02);
    expect(Math.abs(p99Ms / 180 - 1)).toBeLessThan(0.02);
    expect(meanMs).toBeCloseTo(12.83, 1);
});

test(`the running median is that of the latest 256, after each number (seed ${seed})`, () => {
    fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 700 }), (values) => {
            const running = new RunningMedian();
            expect(running.median).toBe(0);
            values.forEach((value, i) => {
                running.add(new Float64Array([value]), 0);
                const sorted = values.slice(Math.max(0, i - 255), i + 1).sort((a, b) => a - b);
                const middle = sorted.length >> 1;
                const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
                expect(running.median).toBe(median);
                expect(running.count).toBe(sorted.length);
            });
        }),
        { seed, numRuns: 25 },
    );
});
