import { epochNow, PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

function withClock(enabled = true) {
    const clock = { ms: 1_000 };
    return { clock, profiler: new PerformanceProfiler({ enabled, now: () => clock.ms }) };
}

describe("operations", () => {
    test("count, sum, extremes and percentiles of known samples", () => {
        const { profiler } = withClock();
        for (let ms = 1; ms <= 100; ms++) {
            profiler.record("bakeTerrain", 0, ms);
        }
        const stats = profiler.getOperationStats("bakeTerrain")!;
        expect(stats).toMatchObject({
            count: 100,
            totalMs: 5050,
            selfMs: 5050,
            meanMs: 50.5,
            minMs: 1,
            maxMs: 100,
            lastMs: 100,
        });
        expect(stats.recent).toMatchObject({ count: 100, meanMs: 50.5, p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 });
        expect(Math.abs(stats.p50Ms / 50 - 1)).toBeLessThan(0.02);
        expect(Math.abs(stats.p95Ms / 95 - 1)).toBeLessThan(0.02);
        expect(stats.p99Ms).toBeLessThanOrEqual(100);
    });

    test("recent forgets what is older than 256 samples, the total does not", () => {
        const { profiler } = withClock();
        profiler.record("hashBuffer", 0, 900);
        for (let i = 0; i < 256; i++) {
            profiler.record("hashBuffer", 0, 2);
        }
        const stats = profiler.getOperationStats("hashBuffer")!;
        expect(stats.maxMs).toBe(900);
        expect(stats.recent.maxMs).toBe(2);
        expect(stats.count).toBe(257);
    });

    test("tells when the latest began", () => {
        const { profiler } = withClock();
        profiler.record("uploadChunk", 5, 1);
        profiler.record("uploadChunk", 9, 2);
        const seen: number[][] = [];
        profiler.forEachRecent("uploadChunk", (startMs, durationMs) => seen.push([startMs, durationMs]));
        expect(seen).toEqual([
            [5, 1],
            [9, 2],
        ]);
    });

    test("an operation that never ran is undefined", () => {
        expect(withClock().profiler.getOperationStats("bakeCaves")).toBeUndefined();
    });

    test("a percentile never leaves the range of what occurred", () => {
        const { profiler } = withClock();
        profiler.record("bakeCaves", 0, 33);
        const { p50Ms, p99Ms } = profiler.getOperationStats("bakeCaves")!;
        expect([p50Ms, p99Ms]).toEqual([33, 33]);
    });
});

describe("spans", () => {
    test("nest: inner time is not the outer's own", () => {
        const { clock, profiler } = withClock();
        {
            using outer = profiler.span("bakeTerrain", { address: "0/0/0" });
            clock.ms += 10;
            {
                using inner = profiler.span("bakeNoise");
                clock.ms += 30;
                void inner;
            }
            clock.ms += 2;
            void outer;
        }
        expect(profiler.getOperationStats("bakeNoise")).toMatchObject({ count: 1, totalMs: 30, selfMs: 30 });
        expect(profiler.getOperationStats("bakeTerrain")).toMatchObject({ count: 1, totalMs: 42, selfMs: 12 });
    });

    test("the slowest keeps its context", () => {
        const { clock, profiler } = withClock();
        for (const [address, ms] of [
            ["0/0/0", 3],
            ["0/1/0", 8],
            ["0/2/0", 5],
        ] as const) {
            profiler.profile("bakeTerrain", { address }, () => (clock.ms += ms));
        }
        const { slowest } = profiler.getOperationStats("bakeTerrain")!;
        expect(slowest).toEqual({ startMs: 1_003, durationMs: 8, context: { address: "0/1/0" } });
    });

    test("end twice counts once", () => {
        const { clock, profiler } = withClock();
        const span = profiler.span("drawFrame");
        clock.ms += 4;
        span.end();
        clock.ms += 4;
        span[Symbol.dispose]();
        expect(profiler.getOperationStats("drawFrame")).toMatchObject({ count: 1, totalMs: 4 });
    });

    test("an outer span that ends first does not catch later spans", () => {
        const { clock, profiler } = withClock();
        const outer = profiler.span("a");
        const inner = profiler.span("b");
        clock.ms += 5;
        outer.end();
        clock.ms += 1;
        inner.end();
        const next = profiler.span("c");
        clock.ms += 7;
        next.end();
        expect(profiler.getOperationStats("a")).toMatchObject({ totalMs: 5, selfMs: 5 });
        expect(profiler.getOperationStats("b")).toMatchObject({ totalMs: 6, selfMs: 6 });
        expect(profiler.getOperationStats("c")).toMatchObject({ totalMs: 7, selfMs: 7 });
    });

    test("profile gives back what it ran, and counts what throws", () => {
        const { clock, profiler } = withClock();
        expect(profiler.profile("x", null, () => 42)).toBe(42);
        expect(() =>
            profiler.profile("y", null, () => {
                clock.ms += 6;
                throw new Error("rock");
            }),
        ).toThrow("rock");
        expect(profiler.getOperationStats("y")).toMatchObject({ count: 1, totalMs: 6 });
    });
});

test("a disabled profiler records nothing and still runs what it is given", () => {
    const { clock, profiler } = withClock(false);
    profiler.record("bakeTerrain", 0, 500);
    using span = profiler.span("drawFrame");
    clock.ms += 100;
    span.end();
    expect(profiler.profile("x", null, () => "ran")).toBe("ran");
    profiler.recordFrameMetrics(frame(40));
    expect(profiler.getOperationNames()).toEqual([]);
    expect(profiler.getFrameStats().frames).toBe(0);
    expect(profiler.analyzeBottlenecks()).toEqual([]);
    expect(profiler.exportReport().operations).toEqual([]);
});

describe("frames", () => {
    test("statistics of known frames", () => {
        const { profiler } = withClock();
        for (let i = 0; i < 9; i++) {
            profiler.recordFrameMetrics(frame(10));
        }
        profiler.recordFrameMetrics({ ...frame(30), chunkCount: 7, triangleCount: 900, memoryBytes: 4096 });
        const stats = profiler.getFrameStats();
        // Mean 12, variance 36: smoothness 1 - 36 / 144.
        expect(stats).toMatchObject({ frames: 10, meanMs: 12, p50Ms: 10, p95Ms: 30, p99Ms: 30, longestMs: 30 });
        expect(stats.framesOverBudget).toBe(1);
        expect(stats.smoothness).toBeCloseTo(0.75, 12);
        expect(stats.fps).toBeCloseTo(1000 / 12, 9);
        expect(stats).toMatchObject({
            chunkCount: 7,
            triangleCount: 900,
            memoryBytes: 4096,
            updateLastMs: 1.5,
            drawMeanMs: 4,
        });
        expect(profiler.lastFrameUpdateMs).toBe(1.5);
    });

    test.each([
        [55.001, "Excellent"],
        [54.9, "Good"],
        [45.001, "Good"],
        [44.9, "Fair"],
        [30.001, "Fair"],
        [29.9, "Poor"],
    ])("%d frames a second are %s", (fps, tier) => {
        const { profiler } = withClock();
        profiler.recordFrameMetrics(frame(1000 / fps));
        expect(profiler.getFrameStats().tier).toBe(tier);
    });

    test("smoothness is never below 0", () => {
        const { profiler } = withClock();
        for (let i = 0; i < 99; i++) {
            profiler.recordFrameMetrics(frame(1));
        }
        profiler.recordFrameMetrics(frame(1000));
        expect(profiler.getFrameStats().smoothness).toBe(0);
    });
});

describe("bottlenecks", () => {
    test("each limit of each default target gives its severity", () => {
        const limits = {
            bakeTerrain: [50, 100, 200],
            bakeCaves: [80, 150, 300],
            loadBuffer: [20, 50, 100],
            drawFrame: [16.67, 33.33, 50],
        };
        for (const [operation, [target, warning, critical]] of Object.entries(limits)) {
            const severityAt = (ms: number) => {
                const { profiler } = withClock();
                profiler.record(operation, 0, ms);
                return profiler.analyzeBottlenecks()[0]?.severity;
            };
            expect(severityAt(target!)).toBeUndefined();
            expect(severityAt(target! + 0.01)).toBe("overTarget");
            expect(severityAt(warning! + 0.01)).toBe("warning");
            expect(severityAt(critical! + 0.01)).toBe("critical");
        }
    });

    test("the worst stands first", () => {
        const { profiler } = withClock();
        profiler.record("bakeTerrain", 0, 60);
        profiler.record("bakeCaves", 0, 400);
        profiler.record("loadBuffer", 0, 99);
        profiler.record("countTrees", 0, 5_000);
        const found = profiler.analyzeBottlenecks();
        expect(found.map((f) => f.operation)).toEqual(["bakeCaves", "loadBuffer", "bakeTerrain"]);
        expect(found[0]).toMatchObject({ severity: "critical", measuredMs: 400, overTarget: 5, targetMs: 80 });
    });

    test("recovery clears a finding once the window has slid past it", () => {
        const { profiler } = withClock();
        profiler.record("bakeTerrain", 0, 500);
        expect(profiler.analyzeBottlenecks()).toHaveLength(1);
        for (let i = 0; i < 256; i++) {
            profiler.record("bakeTerrain", 0, 10);
        }
        expect(profiler.analyzeBottlenecks()).toEqual([]);
    });

    test("targets may be changed, for one profiler alone", () => {
        const { profiler } = withClock();
        profiler.targets.countTrees = { targetMs: 1, warningMs: 2, criticalMs: 4 };
        profiler.record("countTrees", 0, 3);
        expect(profiler.analyzeBottlenecks()).toMatchObject([{ operation: "countTrees", severity: "warning" }]);
        expect(withClock().profiler.targets.countTrees).toBeUndefined();
    });
});

test("a report is versioned JSON that survives a round trip", () => {
    const { clock, profiler } = withClock();
    profiler.profile("bakeCaves", { address: "0/1/2" }, () => (clock.ms += 120));
    profiler.recordFrameMetrics(frame(16));
    const report = profiler.exportReport();
    expect(report).toMatchObject({
        kind: "terrane-performance-report",
        version: 1,
        startedMs: 1_000,
        createdMs: 1_120,
    });
    expect(report.bottlenecks).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test("an empty report holds no number that JSON cannot say", () => {
    const report = withClock().profiler.exportReport();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test("reset forgets operations and frames", () => {
    const { profiler } = withClock();
    profiler.record("bakeTerrain", 0, 500);
    profiler.recordFrameMetrics(frame(5));
    profiler.reset();
    expect(profiler.getOperationNames()).toEqual([]);
    expect(profiler.getFrameStats().frames).toBe(0);
});

test("the default clock is on the epoch and does not stand still", () => {
    const profiler = new PerformanceProfiler();
    expect(Math.abs(profiler.now() - Date.now())).toBeLessThan(60_000);
    const from = epochNow();
    while (profiler.now() === from);
    expect(profiler.now()).toBeGreaterThan(from);
});

function frame(frameTimeMs: number) {
    return { frameTimeMs, drawTimeMs: 4, updateTimeMs: 1.5, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
}
