import { History, hitchNear, readFrames } from "../../../src/inspector/frameSeries.js";
import type { Hitch } from "../../../src/profiler/hitches.js";
import { createFakeWorld } from "./fakeWorld.js";

test("the latest 256 frames are read by their numbers, with Terrane's share", () => {
    const { world } = createFakeWorld();
    expect(readFrames(world)).toEqual([[], [], []]);
    for (let frame = 1; frame <= 300; frame++) {
        const metrics = { drawTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
        world.profiler.recordFrameMetrics({ ...metrics, frameTimeMs: frame, updateTimeMs: frame / 100 });
    }
    const [frames, times, shares] = readFrames(world);
    expect(frames).toHaveLength(256);
    expect([frames![0], times![0], shares![0]]).toEqual([45, 45, 0.45]);
    expect([frames![255], times![255], shares![255]]).toEqual([300, 300, 3]);
});

test("a click finds the hitch that is nearest, within reach", () => {
    const hitches = [{ frame: 10 }, { frame: 16 }] as Hitch[];
    expect(hitchNear(hitches, 14, 5)?.frame).toBe(16);
    expect(hitchNear(hitches, 12, 5)?.frame).toBe(10);
    expect(hitchNear(hitches, 30, 5)).toBeNull();
});

test("a history keeps its latest rows by seconds since it began", () => {
    const history = new History(2, 1, 5000);
    history.add(5250, [1]);
    history.add(5500, [2]);
    history.add(6000, [3]);
    expect(history.columns).toEqual([
        [0.5, 1],
        [2, 3],
    ]);
});
