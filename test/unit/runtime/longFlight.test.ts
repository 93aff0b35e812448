import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRuntime, VIEW } from "./fakeWorld.js";

// `gc` exists behind a flag that may be set late.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const LOADS = 100_000;
const FIRST_LOADS = 10_000;
const STEP_MS = 1000 / 60;
/** Metres a frame: so fast that the flight of an hour fits a test. */
const STEP = 12;
/** Frames over which the most of everything is taken: from one to the next there may be a tenth of the chunks more or less. */
const STRETCH = 600;

test("an hour's flight, 100,000 chunks, ends with the memory that it had early on", async () => {
    let nowMs = 1_000_000;
    const world = createRuntime({ prefetchTime: 4, memoryLimitBytes: 12 * 2 ** 20 }, {}, () => nowMs);
    const { runtime, viewer, executor, sink } = world;
    let heading = 0;
    let frame = 0;
    const flyAsync = async (): Promise<void> => {
        frame++;
        nowMs += STEP_MS;
        // In wide circles, so that old ground comes again, too.
        heading += 0.0005;
        viewer.position.x += Math.cos(heading) * STEP;
        viewer.position.z += Math.sin(heading) * STEP;
        runtime.updateFrame(VIEW);
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
        // The fake executor's own record.
        executor.sent.length = 0;
        if (frame > 400_000) {
            throw new Error(`only ${runtime.getStats().bakedChunks} chunks after ${frame} frames`);
        }
    };
    const measureAsync = async (loads: number) => {
        while (runtime.getStats().bakedChunks < loads) {
            await flyAsync();
        }
        const most = { usedBytes: 0, pooledBytes: 0, heapBytes: 0, handles: 0 };
        for (let end = frame + STRETCH; frame < end;) {
            await flyAsync();
            const { usedBytes, pooledBytes } = runtime.getStats();
            most.usedBytes = Math.max(most.usedBytes, usedBytes);
            most.pooledBytes = Math.max(most.pooledBytes, pooledBytes);
            most.handles = Math.max(most.handles, sink.held.size);
        }
        collect();
        most.heapBytes = process.memoryUsage().heapUsed;
        return most;
    };
    const early = await measureAsync(FIRST_LOADS);
    const late = await measureAsync(LOADS);
    expect(late.usedBytes / early.usedBytes).toBeLessThan(1.05);
    expect(late.pooledBytes / early.pooledBytes).toBeLessThan(1.05);
    expect(late.heapBytes / early.heapBytes).toBeLessThan(1.05);
    expect(late.handles).toBeLessThan(early.handles * 1.2);
    expect(runtime.getStats().usedBytes).toBeLessThanOrEqual(12 * 2 ** 20);
    expect(runtime.getStats().failedChunks).toBe(0);
    await runtime.disposeAsync();
}, 240_000);
