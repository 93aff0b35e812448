import { fakeChunk } from "../../support/fakeBake.js";
import { createRuntime, RADIUS, VIEW } from "./fakeWorld.js";

// What a world does where frames are long, by a clock of its own.

const CHUNK_BYTES = fakeChunk({ face: 0, level: 0, x: 0, z: 0 }).byteLength;

function createSlowWorld(applyBudgetBytes = 2 ** 30) {
    let nowMs = 1000;
    const world = createRuntime({ applyBudgetBytes }, {}, () => nowMs);
    /** Runs a frame `ms` after the last one, and then has all bakes come. Returns how many chunks it has uploaded. */
    const frameAsync = async (ms: number): Promise<number> => {
        nowMs += ms;
        const before = world.sink.uploads;
        world.runtime.updateFrame(VIEW);
        while (world.executor.waiting.length > 0) {
            await world.executor.finishAsync();
        }
        return world.sink.uploads - before;
    };
    /** Runs frames until the world is ready. Returns the most that one has uploaded. */
    const settleAsync = async (ms: number): Promise<number> => {
        let most = 0;
        do {
            most = Math.max(most, await frameAsync(ms));
        } while (!world.runtime.isReady());
        return most;
    };
    return { ...world, frameAsync, settleAsync };
}

test("a world whose view is new uploads twice as much in a frame: at first, after a jump, after all went", async () => {
    const { runtime, viewer, settleAsync } = createSlowWorld(10 * CHUNK_BYTES);
    expect(await settleAsync(16)).toBe(20);
    runtime.settings.screenSpaceError = 1;
    expect(await settleAsync(16)).toBe(10);
    viewer.position.x += 20 * RADIUS;
    expect(await settleAsync(16)).toBe(20);
    runtime.settings.screenSpaceError = 0.7;
    expect(await settleAsync(16)).toBe(10);
    runtime.regenerate();
    expect(await settleAsync(16)).toBe(20);
    await runtime.disposeAsync();
});

test("workers hold more while frames are long, and not for one hitch", async () => {
    const { runtime, executor, frameAsync } = createSlowWorld();
    const held: number[] = [];
    for (const ms of [0, 1000, 1000, 16, 16, 400, 16, 100, 100]) {
        await frameAsync(ms);
        held.push(executor.batchesPerWorker);
    }
    expect(held).toEqual([2, 32, 32, 2, 2, 2, 2, 2, 25]);
    await runtime.disposeAsync();
});

test("what is asked for without frames is sent as where frames are short", async () => {
    const { runtime, executor, frameAsync } = createSlowWorld();
    await frameAsync(0);
    await frameAsync(100);
    expect(executor.batchesPerWorker).toBe(25);
    runtime.pump();
    expect(executor.batchesPerWorker).toBe(2);
    await runtime.disposeAsync();
});
