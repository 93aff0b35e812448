import { AssetContainer } from "@babylonjs/core/assetContainer.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { jest } from "@jest/globals";
import type { TerrainWorldOptions } from "../../src/babylon/worldOptions.js";
import { createBatchBaker } from "../../src/bake/bakeBatch.js";
import { InlineExecutor } from "../../src/scheduler/inlineExecutor.js";
import { caveRecipe } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";
import { createRenderedWorldAsync, renderWhileAsync } from "../support/renderedWorld.js";

// Every frame after somebody had disposed chunk meshes threw, and so did `world.dispose()`, before it ended its workers.

const kernels = await loadKernelsAsync();

class WatchedExecutor extends InlineExecutor {
    public isDisposed = false;

    public override disposeAsync(): Promise<void> {
        this.isDisposed = true;
        return super.disposeAsync();
    }
}

afterEach(() => {
    jest.restoreAllMocks();
});

const CAVES = { recipe: caveRecipe() };

async function createAsync(options: Partial<TerrainWorldOptions> = {}) {
    const warn = jest.spyOn(Logger, "Warn").mockImplementation(() => {});
    const warnings = (): string[] =>
        warn.mock.calls.map(([message]) => String(message)).filter((m) => m.includes("Terrane"));
    const executor = new WatchedExecutor(createBatchBaker(kernels));
    const made = await createRenderedWorldAsync({ executor, ...options });
    const { scene, world } = made;
    const camera = new FreeCamera("camera", new Vector3(0, 60, 0), scene);
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    const render = (): void => scene.render();
    await renderWhileAsync(render, () => isReady);
    // Until siblings are merged.
    let frame = 0;
    await renderWhileAsync(render, () => frame++ > 120);
    expect(Object.keys(options).length > 0 || world.getStats().mergedMeshesShown > 0).toBe(true);
    return { ...made, camera, executor, render, warnings };
}

/** What is drawn, and what that takes. */
function pictureOf({ world, scene }: Awaited<ReturnType<typeof createAsync>>): unknown {
    const { visibleChunks, meshesShown, trianglesShown, verticesShown } = world.getStats();
    const shown = world.readMap().chunks.filter(({ state }) => state === "shown");
    const material = world
        .shownMeshes()
        .every((mesh) => mesh.material === world.material && scene.meshes.includes(mesh));
    return { visibleChunks, meshesShown, trianglesShown, verticesShown, shown: shown.length, material };
}

const WAYS: [string, (scene: Scene) => void][] = [
    ["meshes", (scene) => scene.meshes.slice().forEach((mesh) => mesh.dispose())],
    [
        "meshes with materials and textures",
        (scene) => scene.meshes.slice().forEach((mesh) => mesh.dispose(false, true)),
    ],
    ["geometries", (scene) => scene.geometries.slice().forEach((geometry) => geometry.dispose())],
    ["materials", (scene) => scene.materials.slice().forEach((material) => material.dispose(true, true))],
    [
        "textures of materials",
        (scene) => {
            const textures = scene.materials.flatMap((material) => material.getActiveTextures());
            textures.forEach((texture) => texture.dispose());
        },
    ],
    ["every other mesh", (scene) => scene.meshes.filter((_, i) => i % 2 === 1).forEach((mesh) => mesh.dispose())],
    [
        "a container of meshes, geometries, materials and textures",
        (scene) => {
            const container = new AssetContainer(scene);
            container.meshes.push(...scene.meshes);
            container.geometries.push(...scene.geometries);
            container.materials.push(...scene.materials);
            container.textures.push(...scene.textures);
            container.removeAllFromScene();
            container.dispose();
        },
    ],
];

describe.each([
    ["merged siblings", {}],
    ["caves", CAVES],
    ["single meshes", { mergeSiblings: false }],
] as [string, Partial<TerrainWorldOptions>][])("%s", (_name, options) => {
    test.each(WAYS)(
        "somebody disposes %s: the picture is right with the next frame, and the world says so once",
        async (_way, dispose) => {
            const made = await createAsync(options);
            const { world, scene, render, executor, warnings } = made;
            const before = pictureOf(made);
            const merged = world.getStats().mergedMeshesShown;
            dispose(scene);
            render();
            expect(pictureOf(made)).toEqual(before);
            expect(
                world.shownMeshes().every((mesh) => mesh.geometry !== null && mesh.isEnabled() && !mesh.isDisposed()),
            ).toBe(true);
            // Siblings are merged again.
            await renderWhileAsync(render, () => world.getStats().mergedMeshesShown === merged);
            dispose(scene);
            render();
            expect(pictureOf(made)).toEqual(before);
            expect(warnings()).toHaveLength(1);
            // The accounts are right.
            const { meshes, meshesInUse } = world.getStats();
            expect(meshes).toBeGreaterThanOrEqual(meshesInUse);

            dispose(scene);
            world.dispose();
            expect(executor.isDisposed).toBe(true);
            expect([scene.meshes.length, scene.geometries.length, world.getStats().gpuBytes]).toEqual([0, 0, 0]);
            made.engine.dispose();
        },
    );
});

test("GPU memory is counted right through many losses", async () => {
    const made = await createAsync(CAVES);
    const { world, scene, camera, render } = made;
    for (let round = 0; round < 30; round++) {
        scene.meshes.filter((_, i) => (i * 7 + round) % 3 === 0).forEach((mesh) => mesh.dispose());
        camera.position.x += 40;
        render();
        await new Promise((resolve) => setImmediate(resolve));
    }
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(render, () => isReady);
    const stats = world.getStats();
    expect(stats.meshesInUse).toBeLessThanOrEqual(stats.meshes);
    expect(stats.idleGpuBytes).toBeGreaterThanOrEqual(0);
    expect(stats.roundingGpuBytes).toBeGreaterThanOrEqual(0);
    expect(stats.gpuBytes).toBeGreaterThan(stats.idleGpuBytes + stats.roundingGpuBytes);
    expect(scene.meshes).toHaveLength(scene.geometries.length);
    made.engine.dispose();
});

test("within the world's own observers, too, and while it goes on streaming", async () => {
    const made = await createAsync();
    const { world, scene, camera, render, warnings } = made;
    let left = 6;
    const disposeAll = (): void => {
        if (left > 0) {
            left--;
            scene.meshes.slice().forEach((mesh) => mesh.dispose());
        }
    };
    world.onChunkShownObservable.add(disposeAll);
    world.onChunkHiddenObservable.add(disposeAll);
    for (let i = 0; i < 200; i++) {
        camera.position.x += 4;
        render();
        await new Promise((resolve) => setImmediate(resolve));
    }
    expect(left).toBe(0);
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(render, () => isReady);
    expect(world.shownMeshes().every((mesh) => mesh.geometry !== null)).toBe(true);
    expect(world.getStats().meshesShown).toBe(world.getStats().visibleChunks);
    expect(warnings()).toHaveLength(1);
    made.engine.dispose();
});

test("a material of the host's own that the host disposes leaves the scene's default, without a word", async () => {
    const made = await createAsync();
    const { world, scene, render, warnings } = made;
    const own = new StandardMaterial("own", scene);
    world.material = own;
    render();
    own.dispose();
    render();
    expect(world.material).toBeNull();
    expect(world.shownMeshes().every((mesh) => mesh.material === null)).toBe(true);
    expect(warnings()).toEqual([]);
    made.engine.dispose();
});

test("where nothing can be made anew the world ends with one clear error, and its workers with it", async () => {
    const made = await createAsync();
    const { world, scene, executor, engine } = made;
    const tell = jest.spyOn(Logger, "Error").mockImplementation(() => {});
    const waiting = world.groundReadyAsync(new Vector3(5000, 0, 5000), 50);
    const create = jest.spyOn(engine, "createDynamicVertexBuffer").mockImplementation(() => {
        throw new Error("planned");
    });
    scene.meshes.slice().forEach((mesh) => mesh.dispose());
    for (let frame = 0; frame < 3; frame++) {
        scene.render();
    }
    expect(tell.mock.calls.map(([message]) => message)).toEqual([
        expect.stringMatching(/"world" ends.*disposed.*planned/),
    ]);
    expect([world.isDisposed, executor.isDisposed]).toEqual([true, true]);
    await expect(waiting).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    create.mockRestore();
    made.engine.dispose();
});

test("whatever throws while a world ends, its workers end, and the rest is cleaned up", async () => {
    const made = await createAsync();
    const { world, scene, executor } = made;
    const waiting = world.groundReadyAsync(new Vector3(5000, 0, 5000), 50);
    const dispose = jest.spyOn(scene.meshes[0]!, "dispose").mockImplementation(() => {
        throw new Error("planned");
    });
    expect(() => world.dispose()).toThrow("planned");
    expect(executor.isDisposed).toBe(true);
    await expect(waiting).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    dispose.mockRestore();
    made.engine.dispose();
});
