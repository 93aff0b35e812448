import fc from "fast-check";
import { flatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { NearChunks } from "../../../src/runtime/nearChunks.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";
import {
    assertCovered,
    CHUNK_BYTES,
    coverage,
    createRuntime,
    ListSink,
    RADIUS,
    recipe,
    settleWorldAsync,
    VIEW,
} from "./fakeWorld.js";

const SEED = 815;

/** Areas of shown chunks as squares of whole metres: the exact test of cover, where the grid of places is a sample. */
interface Square {
    x: number;
    z: number;
    side: number;
}

const squareOf = ({ level, x, z }: ChunkAddress): Square => {
    const side = recipe.chunkSize * 2 ** level;
    return { x: x * side, z: z * side, side };
};

const isWithin = (inner: Square, outer: Square) =>
    inner.x >= outer.x &&
    inner.z >= outer.z &&
    inner.x + inner.side <= outer.x + outer.side &&
    inner.z + inner.side <= outer.z + outer.side;

/** Squares of a quadtree are apart or one within the other: what is covered is all of a square, or the sum of parts. */
function isCovered(square: Square, shown: readonly Square[]): boolean {
    if (shown.some((other) => isWithin(square, other))) {
        return true;
    }
    const area = shown.filter((other) => isWithin(other, square)).reduce((sum, { side }) => sum + side * side, 0);
    return area === square.side * square.side;
}

/** Metres from the farthest viewer that has the square in its reach: below 1 times the radius it is inside for sure. */
function reachShare(square: Square, viewers: readonly { x: number; z: number; radius: number }[]): number {
    return Math.min(
        ...viewers.map(({ x, z, radius }) => {
            const dx = Math.max(0, square.x - x, x - square.x - square.side);
            const dz = Math.max(0, square.z - z, z - square.z - square.side);
            return Math.hypot(dx, dz) / radius;
        }),
    );
}

test(`squares that were covered stay so, to the metre, under random disturbances (seed ${SEED})`, async () => {
    const step = fc.record({
        kind: fc.constantFrom(
            ...["fly", "fly", "fly", "fly", "jump", "climb", "zoom", "error", "second", "memory", "distance", "break"],
            ...["pause", "freeze", "lose", "invalidate", "recipe", "request", "collide"],
        ),
        x: fc.integer({ min: -500, max: 500 }),
        z: fc.integer({ min: -500, max: 500 }),
        finish: fc.array(fc.nat(3), { maxLength: 4 }),
    });
    await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
            const world = createRuntime({ applyBudgetBytes: 1500 });
            const { runtime, executor, sink, viewer } = world;
            const view = { ...VIEW };
            const second = { position: { x: 900, y: 30, z: 900 }, radius: 700 };
            let hasSecond = false;
            let seed = Number(recipe.seed);
            let requests = 0;
            const answers: string[] = [];
            const other = new ListSink();
            const collider = { position: { x: 0, y: 0, z: 0 } };
            runtime.addSink(
                other,
                new NearChunks({ topology: new FlatTopology(recipe.chunkSize), radius: 100, viewers: [collider] }),
            );
            let before: Square[] = [];
            const upload = sink.upload.bind(sink);
            let breaks = false;
            sink.upload = (address, bytes) => {
                if (breaks) {
                    breaks = false;
                    throw new Error("planned");
                }
                return upload(address, bytes);
            };
            for (const { kind, x, z, finish } of steps) {
                runtime.isStreamingPaused = kind === "pause";
                runtime.isSelectionFrozen = kind === "freeze";
                if (kind === "fly" || kind === "pause" || kind === "freeze") {
                    viewer.position.x += x;
                    viewer.position.z += z;
                    second.position.z += x;
                } else if (kind === "jump") {
                    viewer.position.x += x * 1000;
                } else if (kind === "climb") {
                    viewer.position.y = Math.abs(x) * 8;
                } else if (kind === "zoom") {
                    view.verticalFov = 0.05 + Math.abs(x) / 400;
                } else if (kind === "error") {
                    runtime.settings.screenSpaceError = 1.5 + Math.abs(x) / 50;
                } else if (kind === "memory") {
                    runtime.settings.memoryLimitBytes = Math.abs(x) * 4000;
                } else if (kind === "distance") {
                    runtime.settings.viewDistance = RADIUS + Math.abs(x) * 4;
                } else if (kind === "break") {
                    breaks = true;
                } else if (kind === "second") {
                    hasSecond = !hasSecond;
                    if (hasSecond) {
                        runtime.addViewer(second);
                    } else {
                        runtime.removeViewer(second);
                    }
                } else if (kind === "invalidate") {
                    runtime.invalidate({ minimum: { x, y: 0, z }, maximum: { x: x + 300, y: 0, z: z + 300 } });
                } else if (kind === "recipe") {
                    runtime.setRecipe({ ...recipe, seed: Math.abs(x) }, { sampleHeight: () => 0 });
                    seed = Math.abs(x);
                } else if (kind === "request") {
                    runtime.requestChunk(flatAddress(0, x >> 4, z >> 4), "low", ({ status }) => answers.push(status));
                    requests++;
                } else if (kind === "collide") {
                    collider.position.x = x;
                } else if (kind === "lose" && executor.waiting.length > 0) {
                    executor.waiting.shift()!.reject(new Error("planned"));
                }
                runtime.updateFrame(view);
                runtime.assertAccounts();
                const shown = sink.shown.map(squareOf);
                for (const square of shown) {
                    const others = shown.filter((other) => other !== square && isWithin(square, other));
                    if (others.length > 0) {
                        throw new Error(`${kind}: ${JSON.stringify(square)} is drawn twice`);
                    }
                }
                const radius = runtime.settings.viewDistance;
                const viewers = [
                    { ...viewer.position, radius },
                    ...(hasSecond ? [{ ...second.position, radius: 700 }] : []),
                ];
                for (const square of before) {
                    if (kind !== "freeze" && reachShare(square, viewers) <= 1 && !isCovered(square, shown)) {
                        throw new Error(`${kind}: ${JSON.stringify(square)} is not covered any more`);
                    }
                }
                before = shown;
                for (const index of finish) {
                    await executor.finishAsync(Math.min(index, executor.waiting.length - 1));
                }
            }
            runtime.isStreamingPaused = false;
            runtime.isSelectionFrozen = false;
            runtime.settings.screenSpaceError = 3;
            view.verticalFov = 0.8;
            await settleWorldAsync(world);
            expect(runtime.isGroundReady(viewer.position, RADIUS)).toBe(true);
            // What was given up stays as it was.
            const outdated = [...sink.held].filter((handle) => handle.isShown && handle.seed !== seed);
            expect(outdated.length).toBeLessThanOrEqual(world.failed.length);
            runtime.assertAccounts();
            await runtime.disposeAsync();
            expect([sink.held.size, other.held.size, answers.length]).toEqual([0, 0, requests]);
            runtime.assertAccounts();
        }),
        { seed: SEED, numRuns: 15 },
    );
});

test("without memory the picture is coarse but whole, and what is shown is never evicted", async () => {
    const world = createRuntime({ memoryLimitBytes: 0 });
    for (let frame = 0; frame < 400; frame++) {
        await settleWorldAsync(world);
    }
    const { visibleChunks, cachedBytes, effectiveScreenSpaceError } = world.runtime.getStats();
    expect(visibleChunks).toBeGreaterThanOrEqual(16);
    expect(visibleChunks).toBeLessThan(100);
    expect(cachedBytes).toBe(0);
    expect(effectiveScreenSpaceError).toBe(3 * 64);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "without memory");
    await world.runtime.disposeAsync();
});

test.each([6, 12, 64])("with %d MiB, cache and pool and what is drawn come to stay within them", async (mebibytes) => {
    const memoryLimitBytes = mebibytes * 2 ** 20;
    const world = createRuntime({ memoryLimitBytes });
    for (let frame = 0; frame < 300; frame++) {
        await settleWorldAsync(world);
    }
    let most = 0;
    for (let leg = 0; leg < 30; leg++) {
        world.viewer.position.x += 300;
        await settleWorldAsync(world);
        const { pooledBytes, cachedBytes, visibleChunks } = world.runtime.getStats();
        expect(cachedBytes).toBeLessThanOrEqual(pooledBytes);
        most = Math.max(most, pooledBytes + visibleChunks * CHUNK_BYTES);
    }
    expect(most).toBeLessThanOrEqual(memoryLimitBytes);
    expect(most).toBeGreaterThan(memoryLimitBytes / 2);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "with little memory");
    await world.runtime.disposeAsync();
});
