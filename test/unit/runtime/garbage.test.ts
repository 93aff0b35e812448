import { pyramidAround } from "../../support/bakedPyramid.js";
import { createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

test.each([
    ["there is every chunk", false],
    ["there are those of a bake", true],
])("a frame in which nothing comes leaves next to no garbage where %s", async (_, isBaked) => {
    const pyramid = isBaked ? pyramidAround(16, 5, 4) : null;
    const world = createRuntime({}, {}, undefined, pyramid?.available);
    for (let i = 0; i < 12; i++) {
        world.runtime.updateFrame(VIEW);
        pyramid?.answer();
    }
    await settleWorldAsync(world);
    const { position } = world.viewer;
    const frames = 1500;
    const visitor = { visitBlock() {} };
    const fly = () => {
        let bytes = 0;
        for (let frame = 0; frame < frames; frame++) {
            position.x = 10 + Math.sin(frame / 20) * 0.5;
            const before = process.memoryUsage().heapUsed;
            world.runtime.updateFrame(VIEW);
            pyramid?.available.takePending(visitor);
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
