import { Histogram } from "../../../src/profiler/histogram.js";

function add(histogram: Histogram, ms: number): void {
    histogram.add(new Float64Array([ms]), 0);
}

describe("Histogram", () => {
    test("has no percentile before the first sample", () => {
        expect(new Histogram().percentile(0.5)).toBe(0);
    });

    test("tells percentiles of 1 to 1000 ms within 1.6 percent", () => {
        const histogram = new Histogram();
        for (let ms = 1; ms <= 1000; ms++) {
            add(histogram, ms);
        }
        expect(histogram.count).toBe(1000);
        for (const fraction of [0.01, 0.25, 0.5, 0.75, 0.95, 0.99]) {
            const truth = fraction * 1000;
            expect(Math.abs(histogram.percentile(fraction) - truth) / truth).toBeLessThan(0.0165 + 0.5 / truth);
        }
    });

    test("is as exact for microseconds as for minutes", () => {
        for (const ms of [0.0015, 0.02, 0.7, 1, 33.3, 4_000, 600_000]) {
            const histogram = new Histogram();
            add(histogram, ms);
            expect(Math.abs(histogram.percentile(0.5) / ms - 1)).toBeLessThan(0.0165);
        }
    });

    test("keeps what lies beyond its ends at its ends", () => {
        const histogram = new Histogram();
        add(histogram, 0);
        add(histogram, -1);
        expect(histogram.percentile(1)).toBeLessThan(0.002);
        add(histogram, 1e9);
        add(histogram, Infinity);
        add(histogram, NaN);
        expect(histogram.count).toBe(5);
        expect(histogram.percentile(1)).toBeGreaterThan(1_000_000);
    });

    test("clear forgets", () => {
        const histogram = new Histogram();
        add(histogram, 5);
        histogram.clear();
        expect(histogram.count).toBe(0);
        expect(histogram.percentile(0.99)).toBe(0);
    });
});
