import {
    bakeStages,
    frameRows,
    frameSteps,
    hitchRows,
    latencyParts,
    memoryParts,
    heapRows,
    memoryRows,
    readAdvice,
    streamingRows,
    threadParts,
    worldRows,
    type Row,
} from "../../../src/inspector/sections.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { healthySnapshot } from "../../support/healthyWorld.js";
import { createFakeWorld } from "./fakeWorld.js";

const MIB = 2 ** 20;
const METRICS = { drawTimeMs: 1, updateTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };

function texts(rows: readonly Row[]): Record<string, string> {
    return Object.fromEntries(rows.map(({ label, value }) => [label, value]));
}

test("every number stands where it belongs, in readable units", () => {
    const { world, stats } = createFakeWorld();
    expect(texts(worldRows(world))).toEqual({
        Name: "world",
        Seed: "rock",
        Recipe: "endless",
        Topology: "flat",
        Chunk: "64 m, 64 cells",
        "Generator version": String(world.generatorVersion),
    });
    expect(texts(streamingRows(stats))).toEqual({
        "Chunks shown": "101",
        "Draw calls": "12 for 34 chunks in view",
        Triangles: "1 234 567",
        Queue: "102",
        "Queue by band": "1 / 2 / 3 / 96",
        "In flight": "103, workers: 2",
        "Levels that fade": "0",
        "Waiting for the budget": "112",
        Baked: "109",
        Cancelled: "110",
        Failed: "111",
        "Request to picture": "33.50 ms",
        "Cache hits": "75 %",
        "Pool hits": "87.5 %",
        Prefetched: "90 %",
        "Effective error": "3.25 px",
    });
    expect(texts(memoryRows(stats))).toEqual({
        Used: "50.0 MB, 50 % of the limit",
        Limit: "100.0 MB",
        Peak: "60.0 MB",
        "Times short": "118",
        Cached: "5.0 MB in 104 chunks",
        "GPU buffers made": "77",
    });
});

test("each store has a line, in the order in which they are asked, be they of one name", () => {
    const { stats } = createFakeWorld();
    const plain = streamingRows(stats).length;
    const store = { name: "cdn", misses: 2, damaged: 3, failed: 4, retries: 5, bytesRead: 6 * MIB, bytesWritten: 7 };
    stats.stores = [
        { ...store, hits: 1234, latencyMsP50: 8, latencyMsP95: 9.25 },
        { ...store, hits: 0, bytesRead: 0, latencyMsP50: 0, latencyMsP95: 0 },
    ];
    expect(streamingRows(stats).slice(plain)).toEqual([
        {
            label: "Store 1, cdn",
            value: "1 234 / 2 / 3 / 4, 6.0 MB, 8.00 / 9.25 ms",
            description: expect.stringMatching(/^Hits, misses, damaged and failed; bytes read; p50 and p95 /),
        },
        { label: "Store 2, cdn", value: "0 / 2 / 3 / 4, 0.0 MB, none yet", description: expect.any(String) },
    ]);
});

test("memory's parts are shares of the limit, a chunk's way is whole", () => {
    const { stats } = createFakeWorld();
    expect(memoryParts(stats).map(({ label, share, value }) => [label, share, value])).toEqual([
        ["GPU, drawn", 0.16, "16.0 MB"],
        ["GPU, idle", 0.04, "4.0 MB"],
        ["Textures", 0.04, "4.0 MB"],
        ["Environment", 0.02, "2.0 MB"],
        ["Chunks, drawn", 0.1, "10.0 MB"],
        ["Cache", 0.05, "5.0 MB"],
        ["At workers", 0.01, "1.0 MB"],
        ["Pool, idle", 0.02, "2.0 MB"],
        ["Kernels", 0.03, "3.0 MB"],
        ["Fields, scratch", 0.01, "1.0 MB"],
    ]);
    expect(latencyParts(stats).map(({ label, share }) => [label, share])).toEqual([
        ["Queue", 0.05],
        ["Bake", 0.1],
        ["Coming back", 0.15],
        ["Budget", 0.2],
        ["Upload", 0.5],
    ]);
});

test("a bake's stages stand beside their targets once they have run", () => {
    const { world } = createFakeWorld();
    expect(bakeStages(world)).toEqual([]);
    world.profiler.record("bakeTerrain", 0, 10);
    world.profiler.record("bakeTerrain", 0, 20);
    world.profiler.record("bakeNoise", 0, 25);
    world.profiler.record("hashBuffer", 0, 9);
    delete world.profiler.targets["hashBuffer"];
    expect(bakeStages(world)).toEqual([
        { label: "Chunk", value: "15.00 / 20.00 ms, target 50", share: 0.4, severity: "good" },
        { label: "Noise", value: "25.00 / 25.00 ms, target 10", share: 2.5, severity: "warning" },
        { label: "Hash", value: "9.00 / 9.00 ms", share: 0, severity: "none" },
    ]);
    world.profiler.record("uploadChunk", 0, 3);
    expect(frameSteps(world).map(({ label, severity }) => [label, severity])).toEqual([["Upload", "critical"]]);
});

test("workers that bake show how busy they were", () => {
    const profiler = new PerformanceProfiler({ now: () => 10_000 });
    const { world } = createFakeWorld({ profiler });
    expect(threadParts(world, 2).map(({ label, share }) => [label, share])).toEqual([
        ["Worker 1", 0],
        ["Worker 2", 0],
    ]);
    // Of the three seconds until now: one, and the half of a bake that began before them.
    profiler.record("bakeTerrain", 8000, 1000, 2);
    profiler.record("bakeTerrain", 6500, 1000, 2);
    profiler.record("bakeCaves", 8000, 1000, 1);
    const [first, second] = threadParts(world, 2);
    expect(first!.share).toBe(0);
    expect(second!.share).toBeCloseTo(0.5, 6);
    profiler.record("bakeTerrain", 9000, 900);
    expect(threadParts(world, 0).map(({ label }) => label)).toEqual(["This page", "Worker 1", "Worker 2"]);
});

test("frames show their rate, tier and Terrane's share", () => {
    const { world } = createFakeWorld();
    expect(texts(frameRows(world))["Frames a second"]).toBe("none yet");
    world.profiler.recordFrameMetrics({ ...METRICS, frameTimeMs: 20, updateTimeMs: 1 });
    world.profiler.recordFrameMetrics({ ...METRICS, frameTimeMs: 20, updateTimeMs: 3 });
    expect(texts(frameRows(world))).toEqual({
        "Frames a second": "50.0 (Good)",
        "p50 / p95 / p99": "20.00 / 20.00 / 20.00 ms",
        Longest: "20.00 ms",
        "Over budget": "100 %",
        Smoothness: "1.00",
        "Terrane mean / p95": "2.00 / 3.00 ms",
        Hitches: "0",
    });
});

test("the heap is told where it is looked at, and where the browser tells it", () => {
    const { world } = createFakeWorld();
    const { profiler } = world;
    expect(heapRows(world)).toEqual([]);
    profiler.tracksHeap = true;
    expect(texts(heapRows(world))).toEqual({ "JavaScript heap": "this browser does not tell it" });
    for (const heapBytes of [20, 21, 23, 22].map((mebibytes) => mebibytes * MIB)) {
        profiler.recordFrameMetrics({ ...METRICS, frameTimeMs: 16, heapBytes });
    }
    expect(texts(heapRows(world))).toEqual({
        "JavaScript heap": "22.0 MB",
        "Growth a frame": "1536.0 KB",
        Collections: "1 in the latest frames",
    });
});

test("a hitch tells what ran in it", () => {
    let nowMs = 0;
    const { world } = createFakeWorld({ profiler: new PerformanceProfiler({ now: () => nowMs }) });
    for (let frame = 0; frame < 9; frame++) {
        const frameTimeMs = frame === 7 ? 80 : 16;
        const startMs = nowMs;
        if (frame === 7) {
            world.profiler.record("uploadChunk", startMs + 5, 60);
            world.profiler.record("selectLevels", startMs + 1, 2);
            world.profiler.record("bakeTerrain", startMs + 1, 30, 1);
        }
        nowMs += frameTimeMs;
        world.profiler.recordFrameMetrics({ ...METRICS, frameTimeMs, startMs });
    }
    expect(texts(hitchRows(world.profiler.getHitches()[0]!))).toEqual({
        "Frame 8": "80.0 ms, median 16.0 ms",
        "Terrane / draw": "1.00 / 1.00 ms",
        uploadChunk: "60.00 ms in 1",
        "bakeTerrain, workers": "30.00 ms in 1",
        selectLevels: "2.00 ms in 1",
    });
});

test("advice names the option to change, and a setting to change at once where there is one", () => {
    const { world } = createFakeWorld();
    expect(readAdvice(world)).toEqual([]);
    const snapshot = { usedBytes: 99 * MIB, memoryLimitBytes: 100 * MIB, effectiveScreenSpaceError: 30 };
    const remove = world.profiler.addSnapshotSource(() => ({ ...healthySnapshot(snapshot), world: "world" }));
    const [first] = readAdvice(world);
    expect(first!.title).toMatch(/^memoryLimitBytes: /);
    expect(first!.setting).toBe("memoryLimitBytes");
    expect(first!.value).toBeGreaterThan(100 * MIB);
    expect(first!.valueText).toMatch(/ MB$/);
    remove();
    world.profiler.addSnapshotSource(() => ({ ...healthySnapshot(snapshot), world: "another" }));
    expect(readAdvice(world)).toEqual([]);
});
