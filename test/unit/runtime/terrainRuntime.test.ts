import fc from "fast-check";
import type { ChunkRequestResult } from "../../../src/runtime/terrainRuntime.js";
import { flatAddress, formatAddress, parseAddress } from "../../../src/space/chunkAddress.js";
import { settleAsync } from "../../support/fakeBake.js";
import { assertCovered, coverage, createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

const SEED = 4711;

test("at rest the view is covered once, finest below the viewer, coarse far away", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "at rest");
    expect(world.sink.shown.some(({ level, x, z }) => level === 0 && x === 0 && z === 0)).toBe(true);
    const levels = world.runtime.getStats().visibleByLevel;
    expect(levels.filter((count) => count > 0).length).toBeGreaterThan(3);
    expect(world.runtime.getStats().visibleChunks).toBe(world.sink.shown.length);
    // Nothing hidden is kept on the GPU.
    expect(world.sink.held.size).toBe(world.sink.shown.length);
    await world.runtime.disposeAsync();
    expect(world.sink.held.size).toBe(0);
    expect(world.executor.isDisposed).toBe(true);
});

test(`no covered place is ever uncovered and none is drawn twice, whatever comes when (seed ${SEED})`, async () => {
    const step = fc.record({
        kind: fc.constantFrom("fly", "fly", "fly", "fly", "wait", "jump", "climb"),
        x: fc.integer({ min: -500, max: 500 }),
        z: fc.integer({ min: -500, max: 500 }),
        finish: fc.array(fc.nat(3), { maxLength: 4 }),
    });
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), fc.nat(40), async (steps, failures) => {
            const world = createRuntime({ applyBudgetBytes: 1000 });
            const { runtime, executor, sink, viewer } = world;
            for (let i = 0; i < failures % 6; i++) {
                executor.failing.add(`${i % 3}/${i - 2}/${(i * 7) % 5}`);
            }
            let before = new Map<string, number>();
            for (const { kind, x, z, finish } of steps) {
                if (kind === "fly") {
                    viewer.position.x += x;
                    viewer.position.z += z;
                } else if (kind === "jump") {
                    viewer.position.x += x * 1000;
                } else if (kind === "climb") {
                    viewer.position.y = Math.abs(x) * 8;
                }
                runtime.updateFrame(VIEW);
                const last = before;
                before = coverage(sink.shown, viewer.position);
                assertCovered(before, (point) => (last.get(point) ?? 0) === 0, kind);
                for (const index of finish) {
                    await executor.finishAsync(Math.min(index, executor.waiting.length - 1));
                }
            }
            executor.failing.clear();
            await settleWorldAsync(world);
            await runtime.disposeAsync();
            expect(sink.held.size).toBe(0);
        }),
        { seed: SEED, numRuns: 25 },
    );
});

test("after a jump stale requests are dropped, coarse ground comes first, and then all of it", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    world.viewer.position.x += 100_000;
    world.executor.sent.length = 0;
    world.runtime.updateFrame(VIEW);
    const levels = world.executor.sent.map((text) => parseAddress(text).level);
    expect(levels.slice(0, 4)).toEqual([4, 4, 4, 4]);
    expect([...levels].sort((a, b) => b - a)).toEqual(levels);
    const { pendingRequests } = world.runtime.getStats();
    world.viewer.position.x += 100_000;
    world.runtime.updateFrame(VIEW);
    expect(world.runtime.getStats().cancelledRequests).toBeGreaterThanOrEqual(pendingRequests);
    expect(world.runtime.isReady()).toBe(false);
    await settleWorldAsync(world);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "after the jump");
    await world.runtime.disposeAsync();
});

test("going back is answered from the cache, without a bake", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const home = world.viewer.position.x;
    world.viewer.position.x += 700;
    await settleWorldAsync(world);
    const baked = world.runtime.getStats().bakedChunks;
    world.viewer.position.x = home;
    await settleWorldAsync(world);
    const stats = world.runtime.getStats();
    expect(stats.bakedChunks).toBe(baked);
    expect(stats.cacheHits).toBeGreaterThan(0);
    await world.runtime.disposeAsync();
});

test("a chunk that fails leaves its parent in its place, is told once, and does not keep the world from being ready", async () => {
    const world = createRuntime();
    world.executor.failing.add("0/0/0");
    await settleWorldAsync(world);
    expect(world.failed).toEqual(["0/0/0"]);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "with a failed chunk");
    expect(world.sink.shown.some(({ level, x, z }) => level === 1 && x === 0 && z === 0)).toBe(true);
    expect(world.runtime.getStats().failedChunks).toBe(1);
    await world.runtime.disposeAsync();
});

test("the budget lets one chunk a frame through when it is tiny, and all when it is large", async () => {
    const world = createRuntime({ applyBudgetBytes: 1 });
    for (let frame = 0; frame < 30; frame++) {
        const before = world.sink.uploads;
        world.runtime.updateFrame(VIEW);
        expect(world.sink.uploads - before).toBeLessThanOrEqual(1);
        while (world.executor.waiting.length > 0) {
            await world.executor.finishAsync();
        }
    }
    expect(world.sink.uploads).toBeGreaterThan(10);
    world.runtime.settings.applyBudgetBytes = 2 ** 30;
    expect(world.runtime.getStats().waitingForUpload).toBeGreaterThan(1);
    world.runtime.updateFrame(VIEW);
    expect(world.runtime.getStats().waitingForUpload).toBe(0);
    await world.runtime.disposeAsync();
});

test("a viewer without a finite position changes nothing", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const shown = world.sink.shown.map(formatAddress).sort();
    world.viewer.position.x = Number.NaN;
    world.runtime.updateFrame(VIEW);
    world.runtime.updateFrame(VIEW);
    expect(world.sink.shown.map(formatAddress).sort()).toEqual(shown);
    expect(world.runtime.isReady()).toBe(true);
    await world.runtime.disposeAsync();
});

test("two viewers far apart both have ground; ground is ready where it is asked for", async () => {
    const world = createRuntime();
    const second = { position: { x: 60_000, y: 40, z: 0 }, radius: 500 };
    expect(world.runtime.isGroundReady(second.position, 50)).toBe(false);
    world.runtime.addViewer(second);
    await settleWorldAsync(world);
    expect(world.runtime.isGroundReady(second.position, 50)).toBe(true);
    expect(world.sink.shown.some(({ level, x }) => level === 0 && Math.abs(x * 64 - 60_000) < 200)).toBe(true);
    world.runtime.removeViewer(second);
    await settleWorldAsync(world);
    expect(world.sink.shown.some(({ level, x }) => level === 0 && Math.abs(x * 64 - 60_000) < 200)).toBe(false);
    await world.runtime.disposeAsync();
});

test("a larger view distance keeps all that is shown while it grows", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const before = coverage(world.sink.shown, world.viewer.position);
    world.runtime.settings.viewDistance = 40_000;
    world.runtime.updateFrame(VIEW);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "while growing");
    expect(before.size).toBeGreaterThan(100);
    await settleWorldAsync(world);
    expect(world.sink.shown.some(({ level }) => level > 7)).toBe(true);
    await world.runtime.disposeAsync();
});

test("paused, nothing comes or goes; frozen, levels stay while the viewer leaves", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const shown = world.sink.shown.map(formatAddress).sort();
    world.runtime.isStreamingPaused = true;
    world.viewer.position.x += 3000;
    world.runtime.updateFrame(VIEW);
    expect(world.sink.shown.map(formatAddress).sort()).toEqual(shown);
    world.viewer.position.x -= 3000;
    world.runtime.isStreamingPaused = false;
    await settleWorldAsync(world);
    const before = world.sink.shown.map(formatAddress).sort();
    world.runtime.isSelectionFrozen = true;
    world.viewer.position.x += 3000;
    world.runtime.updateFrame(VIEW);
    world.runtime.updateFrame(VIEW);
    expect(world.sink.shown.map(formatAddress).sort()).toEqual(before);
    await world.runtime.disposeAsync();
});

test("a requested chunk is delivered once; again it comes from the cache; waiting ones are cancelled by dispose", async () => {
    const world = createRuntime();
    const results: ChunkRequestResult["status"][] = [];
    const address = flatAddress(0, 5000, 5000);
    const ask = () => world.runtime.requestChunk(address, "immediate", ({ status }) => results.push(status));
    expect(ask()).toBe(false);
    world.runtime.updateFrame(VIEW);
    while (results.length === 0) {
        world.runtime.updateFrame(VIEW);
        await world.executor.finishAsync();
    }
    expect(results).toEqual(["done"]);
    expect(ask()).toBe(true);
    expect(results).toEqual(["done", "done"]);
    world.runtime.requestChunk(flatAddress(0, 9000, 0), "low", ({ status }) => results.push(status));
    await world.runtime.disposeAsync();
    await settleAsync();
    expect(results).toEqual(["done", "done", "cancelled"]);
});
