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

test("an hour's flight, 100,000 chunks, ends with the memory that it had early on", async () => {
    let nowMs = 1_000_000;
    const world = createRuntime({ prefetchTime: 4, memoryLimitBytes: 12 * 2 ** 20 }, {}, () => nowMs);
    const { runtime, viewer, executor, sink } = world;
    const measure = () => {
        collect();
        const { usedBytes, pooledBytes, idleBytes } = runtime.getStats();
        return {
            usedBytes,
            pooledBytes,
            idleBytes,
            heapBytes: process.memoryUsage().heapUsed,
            handles: sink.held.size,
        };
    };
    let early: ReturnType<typeof measure> | null = null;
    let heading = 0;
    for (let frame = 0; runtime.getStats().bakedChunks < LOADS; frame++) {
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
        if (early === null && runtime.getStats().bakedChunks >= FIRST_LOADS) {
            early = measure();
        }
        if (frame > 400_000) {
            throw new Error(`only ${runtime.getStats().bakedChunks} chunks after ${frame} frames`);
        }
    }
    const late = measure();
    expect(late.usedBytes / early!.usedBytes).toBeLessThan(1.05);
    expect(late.pooledBytes / early!.pooledBytes).toBeLessThan(1.05);
    expect(late.heapBytes / early!.heapBytes).toBeLessThan(1.05);
    expect(late.handles).toBeLessThan(early!.handles * 1.2);
    expect(late.usedBytes).toBeLessThanOrEqual(12 * 2 ** 20);
    expect(runtime.getStats().failedChunks).toBe(0);
    await runtime.disposeAsync();
}, 240_000);
