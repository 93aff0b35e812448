import { formatAddress, parseAddress } from "../../../src/space/chunkAddress.js";
import { assertCovered, coverage, createRuntime, recipe, settleWorldAsync, VIEW } from "./fakeWorld.js";

const GROUND = { sampleHeight: () => 0 };
const NEXT = { ...recipe, seed: 77 };

test("another recipe replaces the ground chunk by chunk, and nothing that was covered ever is not", async () => {
    const replaced: string[] = [];
    const shown: string[] = [];
    const world = createRuntime(
        {},
        {
            onReplaced: (address) => replaced.push(formatAddress(address)),
            onShown: (address) => shown.push(formatAddress(address)),
        },
    );
    const { runtime, executor, sink, viewer } = world;
    await settleWorldAsync(world);
    const before = sink.shown.map(formatAddress).sort();
    shown.length = 0;
    runtime.setRecipe(NEXT, GROUND);
    let mixed = 0;
    for (let frame = 0; frame === 0 || !runtime.isReady(); frame++) {
        runtime.updateFrame(VIEW);
        assertCovered(coverage(sink.shown, viewer.position), () => false, `frame ${frame}`);
        mixed += sink.seeds.length > 1 ? 1 : 0;
        runtime.assertAccounts();
        await executor.finishAsync();
    }
    expect(mixed).toBeGreaterThan(5);
    expect(sink.seeds).toEqual([77]);
    expect(sink.shown.map(formatAddress).sort()).toEqual(before);
    expect(replaced.sort()).toEqual(before);
    expect(shown).toEqual([]);
    await runtime.disposeAsync();
});

test("what is near is replaced first, whatever its level", async () => {
    const order: number[] = [];
    const world = createRuntime(
        {},
        {
            onReplaced: ({ level, x, z }) => {
                const side = 64 * 2 ** level;
                order.push(Math.hypot((x + 0.5) * side - 10, (z + 0.5) * side - 20));
            },
        },
    );
    const { runtime, executor } = world;
    executor.maxBatchesInFlight = 1;
    await settleWorldAsync(world);
    runtime.setRecipe(NEXT, GROUND);
    await settleWorldAsync(world);
    // Bands end at 600 and 1,200 m; within one the order is by distance, but for what lies out of view.
    const inFirst = order.filter((distance) => distance < 550);
    expect(inFirst.length).toBeGreaterThan(20);
    expect(order.slice(0, inFirst.length).every((distance) => distance < 700)).toBe(true);
    for (let i = 8; i < inFirst.length; i++) {
        // Batches hold up to eight, and centres are up to half a side farther than the nearest corners.
        expect(inFirst[i]!).toBeGreaterThan(inFirst[i - 8]! - 100);
    }
    await runtime.disposeAsync();
});

test("only chunks that touch the bounds are baked again; those that failed there have another chance", async () => {
    const world = createRuntime();
    const { runtime, executor } = world;
    executor.failing.add("0/1/1");
    await settleWorldAsync(world);
    executor.sent.length = 0;
    executor.failing.clear();
    runtime.invalidate({ minimum: { x: 70, y: 0, z: 70 }, maximum: { x: 90, y: 0, z: 90 } });
    await settleWorldAsync(world);
    const touched = executor.sent.map(parseAddress).filter(({ level, x, z }) => {
        const side = 64 * 2 ** level;
        return x * side <= 90 && (x + 1) * side >= 70 && z * side <= 90 && (z + 1) * side >= 70;
    });
    expect(touched.map(formatAddress)).toEqual(executor.sent);
    expect(executor.sent).toContain("0/1/1");
    expect(executor.sent.length).toBeLessThan(8);
    await runtime.disposeAsync();
});

test("a bake of an older recipe that was under way is discarded when it comes", async () => {
    const world = createRuntime();
    const { runtime, executor, sink } = world;
    runtime.updateFrame(VIEW);
    expect(executor.waiting.length).toBeGreaterThan(0);
    runtime.setRecipe(NEXT, GROUND);
    await settleWorldAsync(world);
    expect(sink.seeds).toEqual([77]);
    const { bakedChunks } = runtime.getStats();
    expect(bakedChunks).toBeGreaterThan(sink.uploads);
    runtime.assertAccounts();
    await runtime.disposeAsync();
});

test("what rests in memory of an older recipe is not shown any more", async () => {
    const world = createRuntime();
    const { runtime, viewer, sink } = world;
    await settleWorldAsync(world);
    viewer.position.x += 5000;
    await settleWorldAsync(world);
    expect(runtime.getStats().cachedChunks).toBeGreaterThan(10);
    runtime.setRecipe(NEXT, GROUND);
    viewer.position.x -= 5000;
    await settleWorldAsync(world);
    expect(sink.seeds).toEqual([77]);
    await runtime.disposeAsync();
});

test("a request that waits gets the newest ground", async () => {
    const world = createRuntime();
    const { runtime, executor } = world;
    const seen: string[] = [];
    await settleWorldAsync(world);
    runtime.requestChunk(parseAddress("0/40/40"), "immediate", ({ status }) => seen.push(status));
    runtime.updateFrame(VIEW);
    expect(executor.sent).toContain("0/40/40");
    runtime.setRecipe(NEXT, GROUND);
    while (executor.waiting.length > 0 && seen.length === 0) {
        await executor.finishAsync();
        runtime.updateFrame(VIEW);
    }
    expect(seen).toEqual(["done"]);
    expect(executor.sent.filter((text) => text === "0/40/40")).toHaveLength(2);
    await runtime.disposeAsync();
});

test("new ground that the sink cannot take leaves the old in its place", async () => {
    const world = createRuntime();
    const { runtime, sink, failed } = world;
    await settleWorldAsync(world);
    const count = sink.shown.length;
    const upload = sink.upload.bind(sink);
    sink.upload = (address, bytes) => {
        if (formatAddress(address) === "0/0/0") {
            throw new Error("planned");
        }
        return upload(address, bytes);
    };
    runtime.setRecipe(NEXT, GROUND);
    await settleWorldAsync(world);
    expect(sink.seeds).toEqual([recipe.seed, 77]);
    expect([sink.shown.length, failed]).toEqual([count, ["0/0/0"]]);
    sink.upload = upload;
    runtime.invalidate();
    await settleWorldAsync(world);
    expect(sink.seeds).toEqual([77]);
    await runtime.disposeAsync();
});
