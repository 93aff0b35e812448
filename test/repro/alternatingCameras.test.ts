import { Camera } from "@babylonjs/core/Cameras/camera.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Viewport } from "@babylonjs/core/Maths/math.viewport.js";
import type { TerrainWorld } from "../../src/babylon/terrainWorld.js";
import { createRenderedWorldAsync, renderWhileAsync } from "../support/renderedWorld.js";

// Viewers were held by their index: two cameras that took turns moved one viewer to and fro, and nothing was ever shown.

const FAR = 50_000;

/** Whether the ground below a place is drawn at the finest level. */
function isShownAt(world: TerrainWorld, place: number): boolean {
    const { chunks, chunkSize } = world.readMap();
    const [x, z] = [Math.floor((place + 1) / chunkSize), Math.floor(1 / chunkSize)];
    return chunks.some((chunk) => chunk.state === "shown" && chunk.level === 0 && chunk.x === x && chunk.z === z);
}

async function createAsync() {
    const made = await createRenderedWorldAsync();
    const near = new FreeCamera("near", new Vector3(0, 60, 0), made.scene);
    const far = new FreeCamera("far", new Vector3(FAR, 60, 0), made.scene);
    return { ...made, near, far };
}

test("cameras that take turns with each frame, however wide they see, both have their ground, and the world is ready", async () => {
    const { engine, scene, world, near, far } = await createAsync();
    near.fov = 0.4;
    far.fov = 0.9;
    let frame = 0;
    const renderFrame = (): void => {
        scene.activeCamera = frame++ % 2 === 0 ? near : far;
        scene.render();
    };
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(renderFrame, () => isReady);
    const baked = world.getStats().bakedChunks;
    for (let i = 0; i < 50; i++) {
        renderFrame();
        expect([isShownAt(world, 0), isShownAt(world, FAR)]).toEqual([true, true]);
        await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.getStats().bakedChunks).toBe(baked);
    expect(world.getStats().visibleChunks).toBe(world.readMap().chunks.filter(({ state }) => state === "shown").length);
    far.dispose();
    await renderWhileAsync(
        () => scene.render(),
        () => !isShownAt(world, FAR),
        3,
    );
    expect(isShownAt(world, 0)).toBe(true);
    engine.dispose();
});

test("a camera that sees orthographically in every other frame has the ground for both, and the world is ready", async () => {
    const { engine, scene, world, near } = await createAsync();
    near.position.y = 900;
    near.setTarget(new Vector3(0.1, 0, 0));
    [near.orthoLeft, near.orthoRight, near.orthoBottom, near.orthoTop] = [-20, 20, -12, 12];
    scene.activeCamera = near;
    let frame = 0;
    const renderFrame = (): void => {
        near.mode = frame++ % 2 === 0 ? Camera.ORTHOGRAPHIC_CAMERA : Camera.PERSPECTIVE_CAMERA;
        scene.render();
    };
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(renderFrame, () => isReady && frame > 100);
    const { bakedChunks, cancelledRequests } = world.getStats();
    for (let i = 0; i < 50; i++) {
        renderFrame();
        // From this high only the orthographic picture wants it.
        expect(isShownAt(world, 0)).toBe(true);
        await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.getStats()).toMatchObject({ bakedChunks, cancelledRequests });
    near.mode = Camera.PERSPECTIVE_CAMERA;
    await renderWhileAsync(
        () => scene.render(),
        () => !isShownAt(world, 0),
        200,
    );
    engine.dispose();
});

test("both halves of a split screen have their ground", async () => {
    const { engine, scene, world, near, far } = await createAsync();
    near.viewport = new Viewport(0, 0, 0.5, 1);
    far.viewport = new Viewport(0.5, 0, 0.5, 1);
    scene.activeCameras = [near, far];
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(
        () => scene.render(),
        () => isReady,
    );
    expect([isShownAt(world, 0), isShownAt(world, FAR)]).toEqual([true, true]);
    engine.dispose();
});
