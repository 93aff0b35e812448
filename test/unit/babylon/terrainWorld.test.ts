import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { jest } from "@jest/globals";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import type { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import type { TerrainWorldOptions } from "../../../src/babylon/worldOptions.js";
import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import type { BakeBatchRequest } from "../../../src/bake/protocol.js";
import {
    bakeStages,
    frameRows,
    memoryParts,
    memoryRows,
    streamingRows,
    threadParts,
    worldRows,
} from "../../../src/inspector/sections.js";
import { readChunkHeader } from "../../../src/format/chunkData.js";
import type { ChunkRequestResult } from "../../../src/runtime/terrainRuntime.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import { InlineExecutor } from "../../../src/scheduler/inlineExecutor.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { countsOf, createScene, PLAIN_RECIPE } from "./fixtures.js";
import { loadKernelsAsync, wasmFile } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

type Options = Partial<TerrainWorldOptions>;

async function createWorldAsync(options: Options = {}) {
    const host = createScene();
    // Babylon keeps one look-up texture a scene from the first PBR material on.
    new PBRMaterial("other", host.scene).dispose();
    host.scene.render();
    const before = countsOf(host.scene);
    const world = await CreateTerrainWorldAsync("world", host.scene, {
        recipe: PLAIN_RECIPE,
        viewDistance: 200,
        workers: 0,
        wasmUrl: wasmFile,
        ...options,
    });
    return { ...host, world, before };
}

/** Renders, and lets bakes run between frames, until `promise` settles. */
async function renderUntilAsync<T>(scene: Scene, promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    promise.then(settle, settle);
    while (!isSettled) {
        scene.render();
        await new Promise((resolve) => setImmediate(resolve));
    }
    return promise;
}

/** Bakes as the inline executor does, and tells what happened to it. */
class WatchedExecutor extends InlineExecutor {
    public isDisposed = false;

    public override disposeAsync(): Promise<void> {
        this.isDisposed = true;
        return super.disposeAsync();
    }
}

async function createExecutorAsync(): Promise<WatchedExecutor> {
    return new WatchedExecutor(createBatchBaker(kernels));
}

test("a world becomes ready: ground is shown, chunks are announced, stats and frames tell of it", async () => {
    const { scene, engine, world } = await createWorldAsync();
    const shown = new Set<string>();
    world.onChunkShownObservable.add((address) => shown.add(formatAddress(address)));
    world.onChunkHiddenObservable.add((address) => shown.delete(formatAddress(address)));

    await renderUntilAsync(scene, world.whenReadyAsync());

    const stats = world.getStats();
    expect(stats.visibleChunks).toBeGreaterThan(4);
    expect(shown.size).toBe(stats.visibleChunks);
    expect(world.shownMeshes().length).toBeGreaterThan(0);
    expect(world.shownMeshes().length).toBeLessThanOrEqual(stats.visibleChunks);
    expect(stats.bakedChunks).toBeGreaterThanOrEqual(stats.visibleChunks);
    expect(stats).toMatchObject({ pendingRequests: 0, failedChunks: 0, memoryLimitBytes: 256 * 2 ** 20 });
    expect(stats.drawCalls).toBeGreaterThan(0);
    expect(stats.triangles).toBeGreaterThan(0);
    for (const operation of ["updateWorld", "updateStreaming", "uploadChunk", "drawFrame"]) {
        expect(world.profiler.getOperationStats(operation)).toBeDefined();
    }
    expect(world.profiler.getFrameStats().chunkCount).toBe(stats.visibleChunks);
    // Memory is counted before a frame's uploads, and siblings that stay get a buffer of their own some frames later.
    for (let frame = 0; frame < 100; frame++) {
        scene.render();
    }
    const { usedBytes, pooledBytes, gpuBytes, textureBytes, kernelBytes, workingBytes } = world.getStats();
    expect(workingBytes).toBeGreaterThan(0);
    expect(usedBytes).toBe(pooledBytes + gpuBytes + textureBytes + kernelBytes + workingBytes);
    engine.dispose();
});

test("dispose leaves scene, engine and executor as they were, in the middle of everything", async () => {
    const executor = await createExecutorAsync();
    const { scene, engine, world, before } = await createWorldAsync({ executor });
    await renderUntilAsync(scene, world.whenReadyAsync());
    const waiting = world.groundReadyAsync(new Vector3(5000, 0, 5000), 50);
    const preloading = world.preload([new Vector3(9000, 0, 9000)]);
    const results: ChunkRequestResult[] = [];
    world.requestChunk("0/77/77", "low", (result) => results.push(result));
    scene.render();

    world.dispose();
    world.dispose();

    await expect(waiting).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    expect(await preloading).toBeLessThan(27);
    expect(results.map((result) => result.status)).toEqual(["cancelled"]);
    expect(countsOf(scene)).toEqual(before);
    expect([world.isDisposed, executor.isDisposed]).toEqual([true, true]);
    await expect(world.whenReadyAsync()).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    expect(() => scene.render()).not.toThrow();
    engine.dispose();
});

test("the scene's end ends its worlds, also one that is only just being made", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const executor = await createExecutorAsync();
    const waiting = world.whenReadyAsync();
    const late = CreateTerrainWorldAsync("late", scene, { recipe: PLAIN_RECIPE, workers: 0, wasmUrl: wasmFile });

    scene.dispose();

    expect(world.isDisposed).toBe(true);
    await expect(waiting).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    await expect(late).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    await expect(
        CreateTerrainWorldAsync("later", scene, { recipe: PLAIN_RECIPE, executor, wasmUrl: wasmFile }),
    ).rejects.toMatchObject({
        code: "TERRANE_DISPOSED",
    });
    expect(executor.isDisposed).toBe(true);
    engine.dispose();
});

test("a world may be disposed from within its own observers", async () => {
    const { scene, engine, world, before } = await createWorldAsync();
    world.onChunkShownObservable.add(() => world.dispose());
    await expect(renderUntilAsync(scene, world.whenReadyAsync())).rejects.toMatchObject({ code: "TERRANE_DISPOSED" });
    scene.render();
    expect(countsOf(scene)).toEqual(before);
    engine.dispose();
});

test("a camera that turns NaN changes nothing of what is shown", async () => {
    const { scene, engine, world, camera } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const names = (): string[] => {
        const shown: string[] = [];
        world["_runtime"].forEachShown((address) => shown.push(formatAddress(address)));
        return shown.sort();
    };
    const shown = names();

    camera.position.x = Number.NaN;
    for (let i = 0; i < 5; i++) {
        scene.render();
    }

    expect(names()).toEqual(shown);
    expect(world.getStats().failedChunks).toBe(0);
    engine.dispose();
});

test("a chunk that cannot be baked is told of, and the world goes on without it", async () => {
    const bake = createBatchBaker(kernels);
    const executor: BakeExecutor = {
        maxBatchesInFlight: 1,
        workerCount: 0,
        runBatchAsync: async (request: BakeBatchRequest) => ({
            outcomes: request.tasks.map((task) =>
                task.address.level === 0 && task.address.x === 0
                    ? { id: task.id, ok: false as const, message: "broken", code: "TEST", buffer: task.buffer }
                    : bake({ ...request, encoding: "packed", tasks: [task] }).outcomes[0]!,
            ),
        }),
        disposeAsync: async () => {},
    };
    const { scene, engine, world } = await createWorldAsync({ executor });
    const failures: string[] = [];
    world.onChunkFailedObservable.add(({ address, error }) => {
        failures.push(formatAddress(address));
        expect(error.message).toContain("broken");
    });

    await renderUntilAsync(scene, world.whenReadyAsync());

    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every((text) => text.startsWith("0/0/"))).toBe(true);
    expect(world.getStats().failedChunks).toBe(failures.length);
    engine.dispose();
});

test("a material of one's own draws the chunks and outlives the world; Terrane's goes when another takes its place", async () => {
    const { scene, engine, world, before } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(scene.materials.map((material) => material.name)).toContain("world material");
    const mine = new StandardMaterial("mine", scene);

    world.material = mine;
    scene.render();

    expect(scene.materials.map((material) => material.name)).not.toContain("world material");
    expect(new Set(world.shownMeshes().map((mesh) => mesh.material))).toEqual(new Set([mine]));
    world.dispose();
    expect(countsOf(scene)).toEqual({ ...before, materials: before["materials"]! + 1 });
    engine.dispose();
});

test("two worlds share a scene and go one by one", async () => {
    const { scene, engine, world, before } = await createWorldAsync();
    const second = await CreateTerrainWorldAsync("second", scene, {
        recipe: PLAIN_RECIPE,
        viewDistance: 100,
        workers: 0,
        wasmUrl: wasmFile,
    });
    await renderUntilAsync(scene, Promise.all([world.whenReadyAsync(), second.whenReadyAsync()]));
    const own = (of: TerrainWorld): number => of.shownMeshes().length;
    expect(own(world) + own(second)).toBeLessThanOrEqual(scene.meshes.length);

    world.dispose();
    scene.render();
    expect(own(second)).toBeGreaterThan(0);
    second.dispose();

    expect(countsOf(scene)).toEqual(before);
    engine.dispose();
});

test("ground far from the camera comes for who asks, and goes again", async () => {
    const { scene, engine, world } = await createWorldAsync();
    const place = new Vector3(3000, 0, -2000);
    await renderUntilAsync(scene, world.groundReadyAsync(place, 20));
    const covers = (): boolean =>
        world.shownMeshes().some((mesh) => {
            const { minimumWorld, maximumWorld } = mesh.getBoundingInfo().boundingBox;
            return (
                minimumWorld.x <= place.x &&
                maximumWorld.x >= place.x &&
                minimumWorld.z <= place.z &&
                maximumWorld.z >= place.z
            );
        });
    expect(covers()).toBe(true);

    await renderUntilAsync(scene, world.whenReadyAsync());
    scene.render();
    expect(covers()).toBe(false);
    engine.dispose();
});

test("a viewer of one's own streams ground without a camera; without either the world says so, once", async () => {
    const warn = jest.spyOn(Logger, "Warn").mockImplementation(() => {});
    const { scene, engine, world } = await createWorldAsync({ followActiveCamera: false });
    const ready = world.whenReadyAsync();
    void world.whenReadyAsync();
    expect(warn.mock.calls.filter(([message]) => String(message).includes("no viewer"))).toHaveLength(1);
    scene.render();
    expect(world.getStats().visibleChunks).toBe(0);
    const viewer = { position: { x: 500, y: 0, z: 500 }, radius: 100 };

    world.addViewer(viewer);
    await renderUntilAsync(scene, ready);

    expect(world.getStats().visibleChunks).toBeGreaterThan(0);
    warn.mockRestore();
    engine.dispose();
});

test("a chunk may be asked for by its text, and comes as chunk data; preloaded chunks answer at once", async () => {
    const { scene, engine, world } = await createWorldAsync();
    const result = await renderUntilAsync(
        scene,
        new Promise<ChunkRequestResult>((resolve) => {
            world.requestChunk("0/40/-7", "immediate", (answer) => {
                expect(answer.status === "done" && readChunkHeader(answer.bytes).address).toMatchObject({
                    x: 40,
                    z: -7,
                });
                resolve(answer);
            });
        }),
    );
    expect(result.status).toBe("done");

    const ready = await renderUntilAsync(scene, world.preload([{ x: 4000, y: 0, z: 0 }]));
    expect(ready).toBeGreaterThanOrEqual(27);
    expect(world.requestChunk({ face: -1, level: 0, x: 4000 / 32, z: 0 }, "low")).toBe(true);
    engine.dispose();
});

test("queries answer before anything is loaded and agree with each other", async () => {
    const { engine, world } = await createWorldAsync();
    const height = world.sampleHeight(12.5, -40);
    const hit = world.raycast(new Vector3(12.5, height + 50, -40), new Vector3(0, -3, 0), 200);
    expect(hit!.position.y).toBeCloseTo(height, 1);
    expect(hit!.distance).toBeCloseTo(50, 1);
    const normal = world.sampleNormalToRef(12.5, -40, new Vector3());
    expect(normal.length()).toBeCloseTo(1, 5);
    expect(world.sampleDensity(12.5, height + 5, -40)).toBeGreaterThan(0);
    expect(world.sampleDensity(12.5, height - 5, -40)).toBeLessThan(0);
    engine.dispose();
});

test("the inspector's panes can read a world", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    // Memory is counted once a frame, before chunks go to the GPU; siblings are merged there for some frames more.
    for (let frame = 0; frame < 200; frame++) {
        scene.render();
    }
    const stats = world.getStats();
    const texts = [
        ...[...worldRows(world), ...streamingRows(stats), ...memoryRows(stats), ...frameRows(world)],
        ...[...memoryParts(stats), ...bakeStages(world), ...threadParts(world, stats.workers)],
    ].map(({ value }) => value);
    expect(texts.some((text) => /undefined|NaN/.test(text))).toBe(false);
    // Whatever holds memory has a part in the bar.
    const parts = memoryParts(stats).reduce((sum, { share }) => sum + share, 0);
    expect(parts * stats.memoryLimitBytes).toBeCloseTo(stats.usedBytes, -1);
    engine.dispose();
});

test("the map has every chunk that is drawn, once, and the viewers", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const { chunkSize, chunks, viewers } = world.readMap();
    expect(chunkSize).toBe(world.recipe.chunkSize);
    expect(viewers).toHaveLength(1);
    const shown = chunks.filter(({ state }) => state === "shown");
    expect(shown).toHaveLength(world.getStats().visibleChunks);
    const area = shown.reduce((sum, { level }) => sum + 4 ** level, 0);
    const covered = new Set(shown.map(({ level, x, z }) => `${level}/${x}/${z}`));
    expect(covered.size).toBe(shown.length);
    expect(area * chunkSize ** 2).toBeGreaterThan(Math.PI * world.viewDistance ** 2);
    world.requestChunk("0/500/500", "high");
    expect(world.readMap().chunks).toContainEqual(expect.objectContaining({ x: 500, z: 500, band: "high" }));
    engine.dispose();
});

test("another recipe takes the ground's place chunk by chunk, with a material of its own; what was shown stays until then", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const { material } = world;
    let isDisposed = false;
    material!.onDisposeObservable.addOnce(() => (isDisposed = true));
    const before = world.getStats().visibleChunks;
    const height = world.sampleHeight(3, 4);
    const replaced: string[] = [];
    let hidden = 0;
    world.onChunkReplacedObservable.add((address) => replaced.push(formatAddress(address)));
    world.onChunkHiddenObservable.add(() => hidden++);
    const recipe = { ...world.recipe, seed: 4711 };
    world.setRecipe(recipe);
    expect(world.recipe).toEqual(recipe);
    expect(world.sampleHeight(3, 4)).not.toBe(height);
    expect(isDisposed).toBe(true);
    expect(world.material).not.toBe(material);
    let fewest = before;
    world.onChunkReplacedObservable.add(() => (fewest = Math.min(fewest, world.getStats().visibleChunks)));
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(new Set(replaced).size).toBe(before);
    expect([fewest, hidden, world.getStats().visibleChunks]).toEqual([before, 0, before]);
    for (const mesh of world.shownMeshes()) {
        expect(mesh.material).toBe(world.material);
    }
    expect(() => world.setRecipe({ ...recipe, chunkSize: 128 })).toThrow(/chunkSize/);
    world.invalidate({ minimum: { x: 0, y: 0, z: 0 }, maximum: { x: 1, y: 0, z: 1 } });
    replaced.length = 0;
    await renderUntilAsync(scene, world.whenReadyAsync());
    scene.render();
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(replaced.length).toBeGreaterThan(0);
    expect(replaced.length).toBeLessThan(before);
    engine.dispose();
});

test("regenerating bakes all ground anew, and the same; flushing leaves what is drawn", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const before = world.getStats();
    const shown = () =>
        world
            .readMap()
            .chunks.filter(({ state }) => state === "shown")
            .map(({ level, x, z }) => `${level}/${x}/${z}`)
            .sort();
    const chunks = shown();
    const hidden: string[] = [];
    world.onChunkHiddenObservable.add(({ level, x, z }) => hidden.push(`${level}/${x}/${z}`));

    world.flushCache();
    expect(world.getStats()).toMatchObject({ visibleChunks: before.visibleChunks, cachedChunks: 0, idleBytes: 0 });

    world.regenerate({ cold: true });
    scene.render();
    expect(hidden.sort()).toEqual(chunks);
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(shown()).toEqual(chunks);
    expect(world.getStats().bakedChunks).toBeGreaterThanOrEqual(before.bakedChunks + before.visibleChunks);
    engine.dispose();
});

test("the profiler knows all that a world does on the main thread", async () => {
    const { scene, engine, world, camera } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    camera.position.x += 5000;
    await renderUntilAsync(scene, world.whenReadyAsync());
    camera.position.x -= 5000;
    await renderUntilAsync(scene, world.whenReadyAsync());
    const names = world.profiler.getOperationNames();
    for (const name of [
        ...["bakeTerrain", "bakeNoise", "serializeBuffer", "hashBuffer"],
        ...["loadBuffer", "storeBuffer", "uploadChunk", "selectLevels", "updateStreaming", "drawTerrain", "drawFrame"],
    ]) {
        expect(names).toContain(name);
    }
    const drawn = world.profiler.getOperationStats("drawTerrain")!;
    expect(drawn.recent.maxMs).toBeLessThanOrEqual(world.profiler.getOperationStats("drawFrame")!.recent.maxMs);
    expect(world.profiler.getFrameStats().allocations.heapBytes).toBe(0);
    world.profiler.tracksHeap = true;
    scene.render();
    // Told with the frame's length, which the next one's begin tells.
    await new Promise((resolve) => setTimeout(resolve, 2));
    scene.render();
    expect(world.profiler.getFrameStats().allocations.heapBytes).toBeGreaterThan(2 ** 20);
    const { count } = world.profiler.getOperationStats("drawTerrain")!;
    world.profiler.isEnabled = false;
    scene.render();
    expect(world.profiler.getOperationStats("drawTerrain")!.count).toBe(count);
    engine.dispose();
});

test("each mesh that is drawn tells its level", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const levels = new Set(world.readMap().chunks.map(({ level }) => level));
    const told = world.shownMeshes().map((mesh) => world.levelOf(mesh));
    expect(told.every((level) => levels.has(level))).toBe(true);
    expect(new Set(told).size).toBeGreaterThan(1);
    expect(world.levelOf(new Mesh("another", scene))).toBe(-1);
    engine.dispose();
});

test("settings change what the next frames do; what is wrong is named", async () => {
    const { scene, engine, world } = await createWorldAsync();
    await renderUntilAsync(scene, world.whenReadyAsync());
    const near = world.getStats().visibleChunks;

    world.viewDistance = 600;
    scene.render();
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(world.getStats().visibleChunks).toBeGreaterThan(near);

    const named = (field: string) => expect.objectContaining({ code: "TERRANE_INVALID", field });
    expect(() => (world.viewDistance = Number.NaN)).toThrow(named("options.viewDistance"));
    expect(() => (world.applyBudgetMs = 0)).toThrow(named("options.applyBudgetMs"));
    expect(() => world.sampleHeight(Number.NaN, 0)).toThrow(named("x"));
    expect(() => world.raycast(Vector3.Zero(), Vector3.Zero(), 10)).toThrow(named("direction"));
    expect(() => world.requestChunk("0/0", "low")).toThrow(named("address"));
    expect(() => world.requestChunk("0/0/0", "soon" as "low")).toThrow(named("priority"));
    expect(() => world.preload([{ x: 0, y: 0 } as Vector3])).toThrow(named("points[0]"));
    await expect(world.groundReadyAsync(Vector3.Zero(), -1)).rejects.toEqual(named("radius"));
    await expect(CreateTerrainWorldAsync("", scene, { recipe: PLAIN_RECIPE })).rejects.toEqual(named("name"));
    await expect(
        CreateTerrainWorldAsync("w", scene, { recipe: { ...PLAIN_RECIPE, chunkSize: -4 }, workers: 0 }),
    ).rejects.toMatchObject({ code: "TERRANE_INVALID" });
    // Options, what is in them, and the recipe: one error names it all.
    const wrong = {
        recipe: { chunkSize: 5, caves: { octave: 3 } },
        viewers: [{ position: Vector3.Zero(), weight: -1 }],
        predictionTime: 3,
    };
    await expect(CreateTerrainWorldAsync("w", scene, wrong as never)).rejects.toMatchObject({
        problems: [
            { field: "options.viewers[0].weight", value: -1 },
            { field: "options.predictionTime", value: 3, remedy: "It is called options.prefetchTime now." },
            { field: "recipe.chunkSize", value: 5 },
            { field: "recipe.caves.octave", value: 3, remedy: "Did you mean recipe.caves.octaves?" },
        ],
    });
    engine.dispose();
});

test("a scene may wait for its world", async () => {
    const { scene, engine, world } = await createWorldAsync({ blocksSceneReady: true, material: null });
    expect(scene.isReady()).toBe(false);
    await renderUntilAsync(scene, world.whenReadyAsync());
    expect(scene.isReady()).toBe(true);
    engine.dispose();
});
