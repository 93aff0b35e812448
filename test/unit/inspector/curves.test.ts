import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Scene } from "@babylonjs/core/scene.js";
import { addCurves, TERRANE_CHUNKS_CURVE, TERRANE_MS_CURVE } from "../../../src/inspector/curves.js";
import { createFakeWorld } from "./fakeWorld.js";

const OURS = [TERRANE_MS_CURVE, TERRANE_CHUNKS_CURVE];

let engine: NullEngine;
let scene: Scene;

beforeEach(() => {
    engine = new NullEngine();
    scene = new Scene(engine);
});

afterEach(() => engine.dispose());

function readCurves(): Record<string, number> {
    const collector = scene.getPerfCollector();
    let slice: number[] = [];
    const observer = collector.datasetObservable.add((data) => (slice = data));
    collector.getCurrentSlice();
    collector.datasetObservable.remove(observer);
    return Object.fromEntries(collector.datasets.ids.map((id, i) => [id, slice[i + 2]!]));
}

/** Babylon takes an observer out of its list one task after it is removed. */
function nextTaskAsync(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve));
}

function frame(updateTimeMs: number) {
    return { frameTimeMs: 16, drawTimeMs: 4, updateTimeMs, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
}

test("the curves read the world as it is", () => {
    const { stats, world } = createFakeWorld();
    addCurves(scene, world);
    expect(readCurves()).toEqual({ [TERRANE_MS_CURVE]: 0, [TERRANE_CHUNKS_CURVE]: 101 });
    world.profiler.recordFrameMetrics(frame(2.5));
    stats.visibleChunks = 7;
    expect(readCurves()).toEqual({ [TERRANE_MS_CURVE]: 2.5, [TERRANE_CHUNKS_CURVE]: 7 });
});

test("they come back after a clear, once, when other curves are put back", async () => {
    addCurves(scene, createFakeWorld().world);
    const collector = scene.getPerfCollector();
    collector.clear(false);
    expect(collector.datasets.ids).toEqual([]);
    collector.addCollectionStrategies({ strategyCallback: () => ({ id: "other", getData: () => 1, dispose() {} }) });
    await Promise.resolve();
    expect(collector.datasets.ids).toEqual(["other", ...OURS]);
    expect(readCurves()[TERRANE_CHUNKS_CURVE]).toBe(101);
});

test("a recording loaded from a file keeps its own curves", async () => {
    addCurves(scene, createFakeWorld().world);
    const collector = scene.getPerfCollector();
    expect(collector.loadFromFileData("timestamp,numPoints,rock\n0,1,5\n16,1,6\n")).toBe(true);
    collector.updateMetadata("rock", "hidden", true);
    await Promise.resolve();
    expect(collector.datasets.ids).toEqual(["rock"]);
});

test("dispose observes nothing more, lets the world go, and a second world takes the same curves", async () => {
    const collector = scene.getPerfCollector();
    const before = collector.metadataObservable.observers.length;
    const first = addCurves(scene, createFakeWorld().world);
    first.dispose();
    await nextTaskAsync();
    expect(collector.metadataObservable.observers.length).toBe(before);
    expect(readCurves()).toEqual({ [TERRANE_MS_CURVE]: 0, [TERRANE_CHUNKS_CURVE]: 0 });

    const { stats, world } = createFakeWorld();
    stats.visibleChunks = 55;
    const second = addCurves(scene, world);
    first.dispose();
    expect(readCurves()).toEqual({ [TERRANE_MS_CURVE]: 0, [TERRANE_CHUNKS_CURVE]: 55 });
    expect(collector.datasets.ids).toEqual(OURS);
    second.dispose();
});
