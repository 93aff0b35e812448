import type { Vec3Like } from "../../../src/base/vec3Like.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync } from "../../../src/runtime/createTerrainCore.js";
import { SeenBox, type Viewer } from "../../../src/runtime/view.js";
import { wasmFile } from "../../support/kernels.js";
import { ListSink, type Handle } from "./fakeWorld.js";

// Real ground: what a bake says of heights moves distances, by which levels are selected.

const FRAMES = 300;
const VIEW = { verticalFov: 0.8, viewportHeight: 720 };
const turnAsync = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Counts what changes. */
class CountingSink extends ListSink {
    public changes = 0;

    public override show(handle: Handle): void {
        this.changes++;
        super.show(handle);
    }

    public override hide(handle: Handle): void {
        this.changes++;
        super.hide(handle);
    }
}

async function createWorldAsync(viewers: readonly Viewer[]) {
    const sink = new CountingSink();
    const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });
    const core = await CreateTerrainCoreAsync({
        recipe,
        sink,
        viewers,
        workers: 0,
        wasmUrl: wasmFile,
        // Who has just moved is taken to go on for a moment, and what lies ahead is baked.
        prefetchTime: 0,
        viewDistance: 4000,
    });
    const settleAsync = async (): Promise<void> => {
        let isReady = false;
        void core.whenReadyAsync().then(() => (isReady = true));
        while (!isReady) {
            core.update(VIEW);
            await turnAsync();
        }
    };
    /** Returns what changes in 300 frames at rest: chunks shown and hidden, uploads, bakes, requests. */
    const restAsync = async (): Promise<number[]> => {
        const { changes, uploads } = sink;
        const { bakedChunks } = core.getStats();
        let requests = 0;
        for (let frame = 0; frame < FRAMES; frame++) {
            core.update(VIEW);
            await turnAsync();
            requests += core.getStats().pendingRequests;
        }
        return [sink.changes - changes, sink.uploads - uploads, core.getStats().bakedChunks - bakedChunks, requests];
    };
    /** Height of the ground. */
    const groundAt = (x: number, z: number): number => core.sampleHeight(x, z);
    return { core, sink, settleAsync, restAsync, groundAt };
}

const STILL = [0, 0, 0, 0];

test(`at rest nothing changes in ${FRAMES} frames: on the ground, at a mouth, in a cave, high up`, async () => {
    const position = { x: 300, y: 0, z: -700 };
    const { core, sink, settleAsync, restAsync, groundAt } = await createWorldAsync([{ position }]);
    const mouth = findMouth((x, z) => core.sampleDensity(x, groundAt(x, z) - 2, z) > 0);
    const poses: readonly (readonly [string, Vec3Like])[] = [
        ["ground", { x: 300, y: groundAt(300, -700) + 1.7, z: -700 }],
        ["a chunk's corner", { x: 0, y: groundAt(0, 0) + 1.7, z: 0 }],
        ["mouth", { ...mouth, y: groundAt(mouth.x, mouth.z) + 1.7 }],
        ["cave", { ...mouth, y: groundAt(mouth.x, mouth.z) - 6 }],
        ["high", { x: 4321, y: 1500, z: 1234 }],
        ["higher than anything is split for", { x: 4321, y: 30_000, z: 1234 }],
    ];
    for (const [name, pose] of poses) {
        Object.assign(position, pose);
        await settleAsync();
        expect([name, sink.shown.length > 0, ...(await restAsync())]).toEqual([name, true, ...STILL]);
    }
    await core.disposeAsync();
});

test(`at rest nothing changes in ${FRAMES} frames where one step more, or one back, changes levels`, async () => {
    const position = { x: 0, y: 60, z: 0 };
    const { core, sink, settleAsync, restAsync, groundAt } = await createWorldAsync([{ position }]);
    position.y += groundAt(0, 0);
    await settleAsync();
    for (let border = 0; border < 3; border++) {
        const { changes } = sink;
        while (sink.changes === changes) {
            position.x += 0.25;
            position.z += 0.1;
            await settleAsync();
        }
        expect(await restAsync()).toEqual(STILL);
        const there = { ...position };
        position.x -= 0.25;
        await settleAsync();
        expect(await restAsync()).toEqual(STILL);
        Object.assign(position, there);
        await settleAsync();
    }
    await core.disposeAsync();
});

test(`at rest nothing changes in ${FRAMES} frames with an orthographic picture, and with two viewers`, async () => {
    const seen = new SeenBox();
    // 1,600 m by 900 m, from above.
    seen.setPair(0, 1 / 800, 0, 0, 0);
    seen.setPair(1, 0, 0, 1 / 450, 0);
    seen.setPair(2, 0, 1 / 3000, 0, 0);
    seen.setOutlines();
    const above: Viewer = {
        position: { x: 500, y: 900, z: 200 },
        picture: { pixelsPerMetre: 0.8, isOrthographic: true, seen },
    };
    const map = await createWorldAsync([above]);
    await map.settleAsync();
    expect([map.sink.shown.length > 20, ...(await map.restAsync())]).toEqual([true, ...STILL]);
    await map.core.disposeAsync();
    const pair = await createWorldAsync([
        { position: { x: 0, y: 200, z: 0 } },
        { position: { x: 900, y: 80, z: -400 }, forward: { x: 1, y: 0, z: 0 }, radius: 3000, weight: 2 },
    ]);
    await pair.settleAsync();
    expect(await pair.restAsync()).toEqual(STILL);
    await pair.core.disposeAsync();
});

test(`at rest nothing changes in ${FRAMES} frames where memory allows less than the picture wants`, async () => {
    const { core, sink, settleAsync, restAsync } = await createWorldAsync([{ position: { x: 0, y: 150, z: 0 } }]);
    await settleAsync();
    const { heldBytes } = core.getStats();
    core.memoryLimitBytes = Math.max(16 * 2 ** 20, heldBytes);
    core.screenSpaceError = 0.5;
    await settleAsync();
    // The error has risen as far as it has to.
    let before = -1;
    while (before !== sink.changes) {
        before = sink.changes;
        await restAsync();
    }
    expect(core.getStats().effectiveScreenSpaceError).toBeGreaterThan(0.5);
    expect(await restAsync()).toEqual(STILL);
    await core.disposeAsync();
});

/** The first place of a grid that lies over a hole in the ground. */
function findMouth(isMouth: (x: number, z: number) => boolean): { x: number; z: number } {
    for (let z = 0; z < 4000; z += 16) {
        for (let x = 0; x < 4000; x += 16) {
            if (isMouth(x, z)) {
                return { x, z };
            }
        }
    }
    throw new Error("no mouth within 4 km");
}
