import { formatAddress } from "../../../src/space/chunkAddress.js";
import { createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

const STEP_MS = 1000 / 60;
let nowMs = 0;
const now = (): number => nowMs;

beforeEach(() => {
    nowMs = 1_000_000;
});

/** A world whose clock the test moves on, and a viewer that flies along x at `speed` metres a second. */
async function flyAsync(prefetchTime: number, speed: number, seconds: number, bakesPerFrame = 1) {
    const world = createRuntime({ prefetchTime }, {}, now);
    const { runtime, viewer, executor } = world;
    await settleWorldAsync(world);
    for (let frame = 0; frame < seconds * 60; frame++) {
        nowMs += STEP_MS;
        viewer.position.x += (speed * STEP_MS) / 1000;
        runtime.updateFrame(VIEW);
        for (let i = 0; i < bakesPerFrame && executor.waiting.length > 0; i++) {
            await executor.finishAsync();
        }
    }
    return { ...world, stats: runtime.getStats() };
}

test("in steady flight nearly all that is shown was prefetched, and nearly all that is prefetched is used", async () => {
    const before = createRuntime();
    await settleWorldAsync(before);
    const start = before.runtime.getStats().shownChunks;
    const { stats } = await flyAsync(4, 60, 20);
    const shown = stats.shownChunks - start;
    expect(shown).toBeGreaterThan(50);
    expect(stats.shownPrefetched / shown).toBeGreaterThan(0.7);
    expect(stats.prefetchedUsed / stats.prefetchedChunks).toBeGreaterThan(0.5);
    expect(stats.failedChunks).toBe(0);
});

test("with a prefetch time of 0 nothing is prefetched", async () => {
    const { stats } = await flyAsync(0, 60, 3);
    expect([stats.prefetchedChunks, stats.prefetchedUsed, stats.shownPrefetched]).toEqual([0, 0, 0]);
});

test("who stands still has nothing prefetched", async () => {
    const { stats } = await flyAsync(4, 0, 3);
    expect(stats.prefetchedChunks).toBe(0);
});

test("what is prefetched goes last: it never comes before what is wanted", async () => {
    const world = createRuntime({ prefetchTime: 4 }, {}, now);
    const { runtime, viewer, executor } = world;
    await settleWorldAsync(world);
    for (let frame = 0; frame < 120; frame++) {
        nowMs += STEP_MS;
        viewer.position.x += 1;
        runtime.updateFrame(VIEW);
    }
    // Nothing was baked meanwhile. A request of the game's own goes first, whatever waits.
    const order: string[] = [];
    runtime.requestChunk({ face: -1, level: 0, x: 500, z: 500 }, "low", ({ address }) =>
        order.push(formatAddress(address)),
    );
    for (let i = 0; i < 400 && order.length === 0; i++) {
        nowMs += 1;
        runtime.updateFrame(VIEW);
        await executor.finishAsync();
    }
    expect(order).toEqual(["0/500/500"]);
});

test("a jump drops what was prefetched from the queue", async () => {
    const world = await flyAsync(4, 200, 2, 0);
    const { runtime, viewer } = world;
    const waiting = runtime.getStats();
    expect(waiting.prefetchedChunks).toBeGreaterThan(0);
    viewer.position.x += 50_000;
    nowMs += STEP_MS;
    runtime.updateFrame(VIEW);
    const after = runtime.getStats();
    expect(after.cancelledRequests).toBeGreaterThan(waiting.cancelledRequests);
    expect(after.prefetchedWasted).toBe(after.prefetchedChunks - after.prefetchedUsed);
});
