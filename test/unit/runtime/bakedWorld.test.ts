import { NearChunks } from "../../../src/runtime/nearChunks.js";
import { preloadRouteAsync } from "../../../src/runtime/preloadRoute.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";
import { pyramidAround, randomPyramid, type BakedPyramid } from "../../support/bakedPyramid.js";
import { Random, testSeed } from "../../support/randomRecipe.js";
import { assertCovered, coverage, createRuntime, ListSink, RADIUS, recipe, VIEW } from "./fakeWorld.js";

const seed = testSeed();
const { chunkSize } = recipe;
const topology = new FlatTopology(chunkSize);
const ROOT_LEVEL = topology.rootLevelFor(RADIUS);
const STEP_MS = 1000 / 60;

type World = ReturnType<typeof createRuntime>;

let nowMs = 0;
const createBaked = (pyramid: BakedPyramid, settings: Parameters<typeof createRuntime>[0] = {}): World =>
    createRuntime(settings, {}, () => nowMs, pyramid.available);

/** Frames until the world is ready, in which `answers` blocks become known each. */
async function settleAsync(world: World, pyramid: BakedPyramid, answers = 1): Promise<void> {
    for (let frame = 0; frame < 1000; frame++) {
        nowMs += STEP_MS;
        world.runtime.updateFrame(VIEW);
        if (world.runtime.isReady()) {
            return;
        }
        pyramid.answer(answers);
        while (world.executor.waiting.length > 0) {
            await world.executor.finishAsync();
        }
    }
    throw new Error(`not ready after 1000 frames: ${JSON.stringify(world.runtime.getStats())}`);
}

/** Whether there is a root over a point that `coverage` names. */
function isInBake(pyramid: BakedPyramid, point: string): boolean {
    const [x, z] = point.split("/").map((text) => Math.floor((Number(text) + 0.5) / (chunkSize << ROOT_LEVEL)));
    return pyramid.has(ROOT_LEVEL, x!, z!);
}

/** Throws where ground of the bake is not covered once, or anything else is covered. */
function assertPicture({ sink, viewer }: World, pyramid: BakedPyramid, when: string): Map<string, number> {
    const cover = coverage(sink.shown, viewer.position);
    assertCovered(cover, (point) => !isInBake(pyramid, point), when);
    for (const [point, count] of cover) {
        if (count > 0 && !isInBake(pyramid, point)) {
            throw new Error(`${when}: ${point} lies beyond the edge and is covered`);
        }
    }
    return cover;
}

function assertRequests({ executor, failed }: World, pyramid: BakedPyramid): void {
    expect(executor.sent.filter((text) => !pyramid.hasText(text))).toEqual([]);
    expect(failed).toEqual([]);
}

test("a flight over a pyramid, past its edge and back: no hole in it, nothing beyond is asked for, and the world is ready everywhere", async () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const world = createBaked(pyramid, { prefetchTime: 4 });
    const { runtime, viewer, executor } = world;
    viewer.position.x = 0;
    await settleAsync(world, pyramid);
    assertPicture(world, pyramid, "at first");
    const edge = 64 * chunkSize;
    let beyond = 0;
    for (let step = 0; step < 240; step++) {
        viewer.position.x = Math.min(step, 240 - step) * 60;
        // Bakes take their time: what is drawn meanwhile has no holes either.
        for (let frame = 0; frame < 6; frame++) {
            nowMs += STEP_MS;
            runtime.updateFrame(VIEW);
            pyramid.answer(1);
            await executor.finishAsync();
            if (step > 0 && frame > 3 && viewer.position.x < edge - RADIUS) {
                assertPicture(world, pyramid, `step ${step}`);
            }
        }
        if (step % 20 === 0) {
            await settleAsync(world, pyramid);
            const cover = assertPicture(world, pyramid, `settled at step ${step}`);
            beyond += [...cover.values()].every((count) => count === 0) ? 1 : 0;
        }
    }
    expect(beyond).toBeGreaterThan(0);
    assertRequests(world, pyramid);
    expect(runtime.getStats().prefetchedChunks).toBeGreaterThan(20);
    runtime.assertAccounts();
    await runtime.disposeAsync();
});

test("blocks that become known later are waited for: the world is not ready before, and is as fine as without asking after", async () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const world = createBaked(pyramid);
    for (let frame = 0; frame < 20; frame++) {
        world.runtime.updateFrame(VIEW);
        await world.executor.finishAsync();
    }
    expect([world.runtime.isReady(), world.executor.sent]).toEqual([false, []]);
    await settleAsync(world, pyramid, 1);
    const plain = createRuntime();
    for (let frame = 0; frame === 0 || !plain.runtime.isReady(); frame++) {
        plain.runtime.updateFrame(VIEW);
        await plain.executor.finishAsync();
    }
    expect(world.sink.shown.map(formatAddress).sort()).toEqual(plain.sink.shown.map(formatAddress).sort());
    // Ground that is forgotten while it is drawn stays drawn as it is.
    pyramid.available.clear();
    world.runtime.updateFrame(VIEW);
    expect([world.runtime.isReady(), world.sink.shown.length]).toEqual([false, plain.sink.shown.length]);
    await settleAsync(world, pyramid, 1);
    expect(world.sink.shown.map(formatAddress).sort()).toEqual(plain.sink.shown.map(formatAddress).sort());
    await plain.runtime.disposeAsync();
    await world.runtime.disposeAsync();
});

test("a chunk that there is and that cannot be loaded leaves its parent drawn, and the world becomes ready", async () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const world = createBaked(pyramid);
    world.executor.failing.add("0/0/0");
    await settleAsync(world, pyramid);
    expect(world.failed).toEqual(["0/0/0"]);
    const shown = new Set(world.sink.shown.map(formatAddress));
    expect([shown.has("1/0/0"), shown.has("0/1/0")]).toEqual([true, false]);
    assertPicture(world, pyramid, "with a failure");
    await world.runtime.disposeAsync();
});

test("the ground around a place is ready as soon as what there is of it is shown, be it nothing", async () => {
    const pyramid = pyramidAround(64, ROOT_LEVEL);
    const world = createBaked(pyramid);
    const { runtime, viewer } = world;
    viewer.position.x = 100_000;
    runtime.updateFrame(VIEW);
    const ground = (x: number): boolean => runtime.isGroundReady({ x, y: 0, z: 0 }, 40);
    expect([runtime.isReady(), ground(100_000)]).toEqual([false, false]);
    await settleAsync(world, pyramid);
    expect([runtime.isReady(), ground(100_000), ground(0)]).toEqual([true, true, false]);
    expect(world.executor.sent).toEqual([]);
    viewer.position.x = 0;
    runtime.updateFrame(VIEW);
    expect([runtime.isReady(), ground(0)]).toEqual([false, false]);
    await settleAsync(world, pyramid);
    expect([ground(0), world.sink.shown.some(({ level }) => level === 0)]).toEqual([true, true]);
    await runtime.disposeAsync();
});

test("a longer view distance grows roots up to the coarsest level that there is, and no farther", async () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL + 1);
    const world = createBaked(pyramid);
    const { runtime, viewer, sink } = world;
    await settleAsync(world, pyramid);
    expect(Math.max(...sink.shown.map(({ level }) => level))).toBeLessThanOrEqual(ROOT_LEVEL);
    (viewer as { radius?: number }).radius = 300_000;
    await settleAsync(world, pyramid);
    assertRequests(world, pyramid);
    assertPicture(world, pyramidAround(128, ROOT_LEVEL), "far");
    const area = sink.shown.reduce((sum, { level }) => sum + 4 ** level, 0);
    expect(area).toBe(128 * 128);
    await runtime.disposeAsync();
});

test("a sink beside the picture gets the chunks that there are, also where they become known late", async () => {
    const pyramid = pyramidAround(8, ROOT_LEVEL);
    const world = createBaked(pyramid);
    const sink = new ListSink();
    const body = { position: { x: 4 * chunkSize, y: 0, z: 0 } };
    world.runtime.addSink(sink, new NearChunks({ topology, radius: 2.5 * chunkSize, viewers: [body] }));
    for (let frame = 0; frame < 60; frame++) {
        world.runtime.updateFrame(VIEW);
        await world.executor.finishAsync();
        if (frame > 5) {
            pyramid.answer(1);
        }
    }
    const held = [...sink.held].map(({ address }) => formatAddress(address)).sort();
    expect(held.filter((text) => !pyramid.hasText(text))).toEqual([]);
    expect(held).toContain("0/3/0");
    expect(held.length).toBeGreaterThanOrEqual(3 * 6 - 2);
    assertRequests(world, pyramid);
    // What it has it keeps while its block is not known.
    pyramid.available.clear();
    world.runtime.updateFrame(VIEW);
    expect([...sink.held].map(({ address }) => formatAddress(address)).sort()).toEqual(held);
    await world.runtime.disposeAsync();
});

test("a route is preloaded as far as there are chunks along it, once that is known", async () => {
    const pyramid = pyramidAround(64, ROOT_LEVEL);
    const asked: string[] = [];
    const points = [
        { x: 0, y: 0, z: 0 },
        { x: 30_000, y: 0, z: 0 },
    ];
    const route = { points, topology, viewDistance: RADIUS, available: pyramid.available };
    const preloaded = preloadRouteAsync(route, (address, settle) => {
        asked.push(formatAddress(address));
        settle({ status: "done", address, bytes: new Uint8Array(), isCached: false } as never);
    });
    await Promise.resolve();
    expect(asked).toEqual([]);
    while (pyramid.available.pendingCount > 0) {
        pyramid.answer(3);
        await new Promise((resolve) => setTimeout(resolve));
    }
    expect(await preloaded).toBe(asked.length);
    expect(asked.filter((text) => !pyramid.hasText(text))).toEqual([]);
    expect(asked).toContain("0/31/0");
    expect(new Set(asked.map((text) => text[0])).size).toBe(ROOT_LEVEL + 1);

    // A world that ends meanwhile leaves nobody waiting.
    pyramid.available.clear();
    asked.length = 0;
    const cut = preloadRouteAsync(route, () => asked.push("more"));
    pyramid.available.close();
    expect([await cut, asked]).toEqual([0, []]);
});

test("of a route that leads far beyond the edge only so many places are looked at", async () => {
    const pyramid = pyramidAround(64, ROOT_LEVEL);
    let count = 0;
    const available = {
        ...pyramid.available,
        pendingCount: 0,
        at: () => (count++, 0 as const),
    };
    const points = [
        { x: 0, y: 0, z: 0 },
        { x: 5e8, y: 0, z: 5e8 },
    ];
    const route = { points, topology, viewDistance: RADIUS, available: available as never };
    expect(await preloadRouteAsync(route, () => {})).toBe(0);
    expect(count).toBeGreaterThan(60_000);
    expect(count).toBeLessThan(66_000);
});

test(`over random pyramids every world becomes ready, without a hole where there are roots (seed ${seed})`, async () => {
    const random = new Random(seed);
    for (let round = 0; round < 12; round++) {
        const pyramid = randomPyramid(random, ROOT_LEVEL, 3);
        const world = createBaked(pyramid, { prefetchTime: random.pick([0, 4]) });
        for (let i = 0; i < 4; i++) {
            world.viewer.position.x = random.between(-5000, 5000);
            world.viewer.position.z = random.between(-5000, 5000);
            if (random.next() < 0.3) {
                pyramid.available.forgetBlock(-1, random.whole(0, ROOT_LEVEL), random.whole(-9, 9), 0);
            }
            await settleAsync(world, pyramid, random.whole(1, 4));
            assertPicture(world, pyramid, `round ${round}, place ${i}`);
        }
        assertRequests(world, pyramid);
        world.runtime.assertAccounts();
        await world.runtime.disposeAsync();
    }
});
