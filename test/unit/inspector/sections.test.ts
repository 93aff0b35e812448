import { readSections } from "../../../src/inspector/sections.js";
import type { InspectedWorld } from "../../../src/inspector/inspectedWorld.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { wellFacts } from "../../support/worldFacts.js";
import { createFakeWorld } from "./fakeWorld.js";

function valuesOf(world: InspectedWorld, title: string): Record<string, string> {
    const section = readSections(world).find((candidate) => candidate.title === title)!;
    return Object.fromEntries(section.rows.map(({ label, value }) => [label, value]));
}

test("the sections stand in the order of a chunk's life", () => {
    const { world } = createFakeWorld();
    expect(readSections(world).map(({ title }) => title)).toEqual([
        "World",
        "Streaming",
        "Memory",
        "Bake",
        "Frames",
        "Advice",
    ]);
});

test("labels are unique within a section: the inspector tells lines apart by them", () => {
    const { world } = createFakeWorld({ generatorVersion: 3 });
    for (const operation of ["bakeTerrain", "bakeNoise", "bakeCaves", "bakeFusion", "bakeTangents", "hashBuffer"]) {
        world.profiler.record(operation, 0, 1);
    }
    for (const { rows } of readSections(world)) {
        expect(new Set(rows.map(({ label }) => label)).size).toBe(rows.length);
    }
});

test("each number stands at its label", () => {
    const { world } = createFakeWorld({ generatorVersion: 3 });
    expect(valuesOf(world, "World")).toEqual({
        Name: "world",
        Seed: "rock",
        Recipe: "endless",
        Topology: "flat",
        Chunk: "64 m, 32 cells",
        "Generator version": "3",
    });
    expect(valuesOf(world, "Streaming")).toEqual({
        "Chunks shown": "101",
        "Draw calls": "12 for 34 chunks in view",
        Triangles: "1 234 567",
        Queue: "102",
        Baking: "103, workers: 2",
        "Waiting for the budget": "112",
        Baked: "109",
        Cancelled: "110",
        Failed: "111",
        "Request to picture": "33.50 ms",
        "Queue / bake / return / wait / upload": "1.00 / 2.00 / 3.00 / 4.00 / 5.00 ms",
        "Cache hits": "75 %",
        Foreseen: "90 %",
        "Screen-space error": "3.25 px",
    });
    expect(valuesOf(world, "Memory")).toEqual({
        Used: "53.5 MB, 50 % of the limit",
        Limit: "107.0 MB",
        Peak: "117.0 MB",
        "Times short": "118",
        Cached: "105.0 MB in 104 chunks",
        Pooled: "106.0 MB, idle 115.0 MB",
        GPU: "113.0 MB, idle 114.0 MB",
    });
});

test("a bake's stages show once they have run", () => {
    const { world } = createFakeWorld();
    expect(valuesOf(world, "Bake")).toEqual({ "Chunk mean / p95": "none yet" });
    world.profiler.record("bakeTerrain", 0, 10);
    world.profiler.record("bakeTerrain", 0, 20);
    world.profiler.record("bakeCaves", 0, 4);
    expect(valuesOf(world, "Bake")).toEqual({
        "Chunk mean / p95": "15.00 / 20.00 ms",
        "Caves mean / p95": "4.00 / 4.00 ms",
    });
});

test("frames show their rate, tier and Terrane's share", () => {
    const { world } = createFakeWorld();
    expect(valuesOf(world, "Frames")["Frames a second"]).toBe("none yet");
    const metrics = { drawTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
    world.profiler.recordFrameMetrics({ ...metrics, frameTimeMs: 20, updateTimeMs: 1 });
    world.profiler.recordFrameMetrics({ ...metrics, frameTimeMs: 20, updateTimeMs: 3 });
    expect(valuesOf(world, "Frames")).toEqual({
        "Frames a second": "50.0 (Good)",
        "Frame p50 / p95 / p99": "20.00 / 20.00 / 20.00 ms",
        Longest: "20.00 ms",
        Smoothness: "1.00",
        "Terrane mean / p95": "2.00 / 3.00 ms",
        Hitches: "0",
    });
});

test("the latest hitches tell what ran in them", () => {
    let nowMs = 0;
    const { world } = createFakeWorld({ profiler: new PerformanceProfiler({ now: () => nowMs }) });
    const metrics = { drawTimeMs: 1, updateTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
    for (let frame = 0; frame < 9; frame++) {
        const frameTimeMs = frame === 7 ? 80 : 16;
        const startMs = nowMs;
        if (frame === 7) {
            world.profiler.record("uploadChunk", startMs + 5, 60);
            world.profiler.record("selectLevels", startMs + 1, 2);
        }
        nowMs += frameTimeMs;
        world.profiler.recordFrameMetrics({ ...metrics, frameTimeMs, startMs });
    }
    const frames = valuesOf(world, "Frames");
    expect(frames["Hitches"]).toBe("1");
    expect(frames["Frame 8"]).toBe("80.0 ms, median 16.0: uploadChunk 60.0, selectLevels 2.0");
});

test("advice names the option to change; without any it says so", () => {
    const { world } = createFakeWorld();
    expect(valuesOf(world, "Advice")).toEqual({ "Nothing to change": "all within limits" });
    world.profiler.addFactsSource(() =>
        wellFacts({ usedBytes: 99 * 2 ** 20, memoryLimitBytes: 100 * 2 ** 20, effectiveScreenSpaceError: 30 }),
    );
    const advice = Object.keys(valuesOf(world, "Advice"));
    expect(advice[0]).toMatch(/^memoryLimitBytes: /);
});
