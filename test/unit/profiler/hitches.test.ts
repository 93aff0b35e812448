import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

function withClock(traceCapacity?: number) {
    const clock = { ms: 1_000 };
    const profiler = new PerformanceProfiler({ now: () => clock.ms, traceCapacity });
    const frame = (frameTimeMs: number, more = {}) => {
        profiler.recordFrameMetrics({
            frameTimeMs,
            drawTimeMs: 4,
            updateTimeMs: 1,
            memoryBytes: 0,
            chunkCount: 0,
            triangleCount: 0,
            ...more,
        });
    };
    const steady = (frames: number) => {
        for (let i = 0; i < frames; i++) {
            clock.ms += 10;
            frame(10);
        }
    };
    return { clock, profiler, frame, steady };
}

test("a frame over twice the median is a hitch, one of just twice is none", () => {
    const { clock, profiler, frame, steady } = withClock();
    steady(10);
    frame(20);
    expect(profiler.getHitches()).toEqual([]);
    clock.ms += 21;
    frame(21);
    expect(profiler.getHitches()).toEqual([
        { frame: 12, startMs: 1_100, frameTimeMs: 21, medianMs: 10, updateTimeMs: 1, drawTimeMs: 4, ran: [] },
    ]);
    expect(profiler.getFrameStats().hitches).toBe(1);
});

test("before four frames there is no median to speak of", () => {
    const { profiler, frame, steady } = withClock();
    steady(3);
    frame(500);
    expect(profiler.getHitches()).toEqual([]);
    frame(500);
    expect(profiler.getHitches()).toHaveLength(1);
});

test("it tells what ran in it, clipped to the frame, longest first, workers apart", () => {
    const { clock, profiler, frame, steady } = withClock();
    steady(8);
    const start = clock.ms;
    profiler.record("before", start - 30, 30);
    profiler.record("uploadChunk", start + 1, 6);
    profiler.record("uploadChunk", start + 8, 7);
    profiler.record("halfWithin", start - 5, 8);
    profiler.record("bakeTerrain", start - 100, 500, 2);
    profiler.record("bakeTerrain", start + 10, 5, 1);
    profiler.profile("onTheMainThread", null, () => (clock.ms += 40));
    profiler.record("after", start + 40, 10);
    frame(40, { startMs: start });
    expect(profiler.getHitches()[0]).toMatchObject({
        startMs: start,
        frameTimeMs: 40,
        ran: [
            { operation: "bakeTerrain", thread: "workers", count: 2, totalMs: 45 },
            { operation: "onTheMainThread", thread: "main", count: 1, totalMs: 40 },
            { operation: "uploadChunk", thread: "main", count: 2, totalMs: 13 },
            { operation: "halfWithin", thread: "main", count: 1, totalMs: 3 },
        ],
    });
});

test("what ran in a hitch stays as it was when the trace is overwritten, and 16 operations are named at most", () => {
    const { clock, profiler, frame, steady } = withClock(64);
    steady(8);
    for (let i = 0; i < 40; i++) {
        profiler.record(`step${i}`, clock.ms, 1 + i);
    }
    frame(100, { startMs: clock.ms });
    for (let i = 0; i < 1_000; i++) {
        profiler.record("later", clock.ms, 1);
    }
    const { ran } = profiler.getHitches()[0]!;
    expect(ran.map(({ operation }) => operation)).toEqual(Array.from({ length: 16 }, (_, i) => `step${39 - i}`));
});

test("the latest 32 are kept, all are counted, and a reset forgets them", () => {
    const { profiler, frame, steady } = withClock();
    for (let i = 0; i < 40; i++) {
        steady(9);
        frame(100);
    }
    expect(profiler.getHitches()).toHaveLength(32);
    expect(profiler.getHitches().at(-1)!.frame).toBe(400);
    expect(profiler.getFrameStats().hitches).toBe(40);
    profiler.reset();
    expect(profiler.getHitches()).toEqual([]);
    expect(profiler.getFrameStats().hitches).toBe(0);
});

test("frames that took no time, or no number of it, are left out", () => {
    const { profiler, frame } = withClock();
    for (const ms of [0, -1, Number.NaN, Infinity]) {
        frame(ms);
    }
    expect(profiler.getFrameStats()).toMatchObject({ frames: 0, smoothness: 1, tier: "Poor" });
});

test("what a host tells of its allocations is told by the frame", () => {
    const { profiler, frame } = withClock();
    frame(16);
    expect(profiler.getFrameStats().allocations).toEqual({
        poolMisses: 0,
        gpuBuffersCreated: 0,
        heapBytes: 0,
        heapGrowthBytesPerFrame: 0,
        heapCollections: 0,
    });
    // Totals since the host began: what lies before the first report is none of these frames'.
    const heaps = [5000, 5100, 5400, 2000, 2200];
    heaps.forEach((heapBytes, i) => {
        frame(16, { heapBytes, poolMisses: 70 + i, gpuBuffersCreated: 9, drawCalls: 12 + i });
    });
    frame(16);
    const stats = profiler.getFrameStats();
    expect(stats.drawCalls).toBe(16);
    expect(stats.allocations).toEqual({
        poolMisses: 4,
        gpuBuffersCreated: 0,
        heapBytes: 2200,
        heapGrowthBytesPerFrame: 200,
        heapCollections: 1,
    });
});
