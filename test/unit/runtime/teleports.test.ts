import { testSeed } from "../../support/randomRecipe.js";
import { assertCovered, CHUNK_BYTES, coverage, createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

const seed = testSeed();

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(start: number): () => number {
    let state = start || 1;
    return () => {
        state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
        state ^= state + Math.imul(state ^ (state >>> 12), 0x297a2d39);
        return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Bytes that one view takes with nothing cached. */
async function bytesOfOneViewAsync(): Promise<number> {
    const world = createRuntime();
    await settleWorldAsync(world);
    const { usedBytes, cachedBytes } = world.runtime.getStats();
    await world.runtime.disposeAsync();
    return usedBytes - cachedBytes;
}

test(`100 teleports at a limit that only just holds one view: no holes, no overrun, as fine as before (seed ${seed})`, async () => {
    const random = randomOf(seed);
    const oneView = await bytesOfOneViewAsync();
    // From 0.8 of the limit on the error would rise.
    const limit = Math.ceil(oneView / 0.78);
    const world = createRuntime({ memoryLimitBytes: limit });
    const { runtime, viewer } = world;
    await settleWorldAsync(world);
    let roughest = 1;
    for (let i = 0; i < 100; i++) {
        viewer.position.x = (random() * 2 - 1) * 200_000;
        viewer.position.z = (random() * 2 - 1) * 200_000;
        await settleWorldAsync(world);
        assertCovered(coverage(world.sink.shown, viewer.position), () => false, `teleport ${i}`);
        const { usedBytes, effectiveScreenSpaceError } = runtime.getStats();
        expect(usedBytes).toBeLessThanOrEqual(limit);
        roughest = Math.max(roughest, effectiveScreenSpaceError / 3);
    }
    expect(roughest).toBeLessThan(1.5);
    expect(runtime.getStats().failedChunks).toBe(0);
    await runtime.disposeAsync();
});

test(`where not even one view fits, the ground is coarser and has no holes (seed ${seed})`, async () => {
    const random = randomOf(seed);
    const limit = Math.ceil((await bytesOfOneViewAsync()) / 2);
    const world = createRuntime({ memoryLimitBytes: limit });
    const { runtime, viewer } = world;
    for (let i = 0; i < 20; i++) {
        viewer.position.x = (random() * 2 - 1) * 200_000;
        for (let frame = 0; frame < 400; frame++) {
            runtime.updateFrame(VIEW);
            while (world.executor.waiting.length > 0) {
                await world.executor.finishAsync();
            }
        }
        assertCovered(coverage(world.sink.shown, viewer.position), () => false, `teleport ${i}`);
    }
    const { usedBytes, effectiveScreenSpaceError } = runtime.getStats();
    expect(usedBytes).toBeLessThanOrEqual(limit);
    expect(effectiveScreenSpaceError).toBeGreaterThan(3.5);
    await runtime.disposeAsync();
});

test("where idle GPU buffers take the limit, the cache goes first, then they", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    world.viewer.position.x += 400;
    await settleWorldAsync(world);
    expect(world.runtime.getStats().cachedBytes).toBeGreaterThan(0);
    let trims = 0;
    let idleBytes = 0;
    const sink = world.sink as { gpuBytes?: number; trim?(): void };
    Object.defineProperty(sink, "gpuBytes", { get: () => world.sink.held.size * CHUNK_BYTES + idleBytes });
    sink.trim = () => {
        trims++;
        idleBytes = 0;
    };
    const { memoryLimitBytes, usedBytes, cachedBytes } = world.runtime.getStats();

    // Without the cache there would be room.
    idleBytes = memoryLimitBytes - usedBytes + cachedBytes / 2;
    world.runtime.updateFrame(VIEW);
    expect(world.runtime.getStats().cachedBytes).toBeLessThan(cachedBytes);
    expect(trims).toBe(0);

    idleBytes = memoryLimitBytes;
    world.runtime.updateFrame(VIEW);
    expect(trims).toBe(1);
    expect(idleBytes).toBe(0);
    await world.runtime.disposeAsync();
});
