import { createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

test("a frame in which nothing comes leaves next to no garbage", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const { position } = world.viewer;
    const frames = 1500;
    const fly = () => {
        let bytes = 0;
        for (let frame = 0; frame < frames; frame++) {
            position.x = 10 + Math.sin(frame / 20) * 0.5;
            const before = process.memoryUsage().heapUsed;
            world.runtime.updateFrame(VIEW);
            // Negative where garbage was collected in between.
            bytes += Math.max(0, process.memoryUsage().heapUsed - before);
        }
        return bytes / frames;
    };
    const first = fly();
    // What `memoryUsage` itself and numbers on the heap take; heights passed down a recursion alone would be 15 KB.
    expect(Math.min(first, fly(), fly())).toBeLessThan(2048);
    await world.runtime.disposeAsync();
});
