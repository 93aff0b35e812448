import type { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { Observable, type Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Observer as CoreObserver } from "../base/observable.js";
import { runAll } from "../base/runAll.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { WORLD_OPTIONS } from "../options/worldOptionTable.js";
import { defineSettings, type WorldSettings } from "../options/worldSettings.js";
import { FrameRecord } from "../profiler/frameRecord.js";
import { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { parseRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { DownloadProgress, DownloadResult } from "../runtime/downloads.js";
import { GroundQueries } from "../runtime/groundQueries.js";
import type { LoadedChunk } from "../runtime/loadedChunk.js";
import {
    TerrainCore,
    type ChunkFailure,
    type NearbyOptions,
    type RegenerateOptions,
    type TerrainCoreParts,
} from "../runtime/terrainCore.js";
import type { ChunkRequestResult, RequestBand, TerrainRuntime, WorldBounds } from "../runtime/terrainRuntime.js";
import type { ChunkSink } from "../runtime/chunkSink.js";
import type { Viewer } from "../runtime/view.js";
import type { WorldMap } from "../runtime/worldMap.js";
import type { WorldStats } from "../runtime/worldStats.js";
import type { WorldStore } from "../runtime/worldStore.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { ChunkMeshPool } from "./chunkMeshPool.js";
import type { ChunkMeshPoolStats } from "./chunkMeshStats.js";
import { FrameRecorder } from "./frameRecorder.js";
import { assertQuality, chooseQuality, type TerrainQuality } from "./material/quality.js";
import { planGround } from "./material/ground/groundPlan.js";
import { createTerrainMaterial, TerrainMaterialPlugin } from "./material/terrainMaterialPlugin.js";
import type { PooledChunk } from "./pooledChunk.js";
import { takeSnapshot } from "./takeSnapshot.js";
import { TerrainSceneComponent } from "./terrainSceneComponent.js";
import { assertShadowGenerator, type TerrainShadows } from "./terrainShadows.js";
import { WorldFrames } from "./worldFrames.js";
import { WorldMaterial } from "./worldMaterial.js";
import type { TerrainWorldOptions } from "./worldOptions.js";

export type { ChunkFailure } from "../runtime/terrainCore.js";
export type { MapChunk, MapState, MapViewer, WorldMap } from "../runtime/worldMap.js";

/** What `TerrainWorld.getStats` returns: a plain object of this moment. */
export interface TerrainWorldStats extends WorldStats, ChunkMeshPoolStats {
    /**
     * Draw calls of the last frame for this world's chunks in the views of the active cameras, render targets and
     * shadow maps apart.
     */
    drawCalls: number;
    /** Chunks that these drew: one that two cameras see counts twice. */
    chunksInView: number;
    /** Triangles of those, skirts included where these are drawn. */
    triangles: number;
}

// The accessors that `defineSettings` makes.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- the accessors are there
export interface TerrainWorld extends WorldSettings {}

/**
 * A recipe that runs in a scene: bakes, streams and draws the ground around its viewers. `CreateTerrainWorldAsync`
 * makes one. Goes with its scene, or by `dispose()`. Several may live in one scene.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export class TerrainWorld extends GroundQueries {
    static {
        defineSettings(
            TerrainWorld.prototype,
            (world) => world._runtime.settings,
            WORLD_OPTIONS,
            (world, key, value) => world._core.assertSetting(key, value),
        );
    }

    /** Notifies of each chunk that has come, whoever asked for it. Its data is valid during the call only. */
    public readonly onChunkLoadedObservable = new Observable<LoadedChunk>(() => this._hearOfLoaded());
    /** Notifies of each chunk that is drawn from this frame on, or fades in from it on. */
    public readonly onChunkShownObservable = new Observable<ChunkAddress>();
    /** Notifies of each chunk that is no longer drawn, and has faded out; what replaces it was shown before. */
    public readonly onChunkHiddenObservable = new Observable<ChunkAddress>();
    /**
     * Notifies of each drawn chunk that has newer ground from this frame on: see `invalidate`, `setRecipe`,
     * `regenerate`.
     */
    public readonly onChunkReplacedObservable = new Observable<ChunkAddress>();
    /** Notifies of each chunk that is given up after its retries. Coarser ground stays in its place. */
    public readonly onChunkFailedObservable = new Observable<ChunkFailure>();
    /** Notifies once, as the world ends, before anything of it is gone. */
    public readonly onDisposeObservable = new Observable<TerrainWorld>();

    private readonly _buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    private readonly _core: TerrainCore<PooledChunk>;
    private readonly _pool: ChunkMeshPool;
    private readonly _runtime: TerrainRuntime<PooledChunk>;
    private readonly _component: TerrainSceneComponent;
    private readonly _driven: WorldFrames;
    private readonly _recorder: FrameRecorder;
    private readonly _sceneDisposed: Observer<Scene> | null;
    private readonly _readyCheck: { isReady(): boolean } | null;
    private readonly _removeSnapshotSource: () => void;
    private readonly _material: WorldMaterial;
    private _loadedObserver: CoreObserver<LoadedChunk> | null = null;
    private _quality: TerrainQuality;
    private _isDisposed = false;

    /** @internal Use `CreateTerrainWorldAsync`, which checks the options and brings the rest. */
    public constructor(
        /** Prefix of the names of all that the world adds to the scene. */
        public readonly name: string,
        /** The scene that it draws in. */
        public readonly scene: Scene,
        parts: Pick<TerrainCoreParts<PooledChunk>, "recipe" | "executor" | "kernels" | "stores">,
        options: Omit<TerrainWorldOptions, "recipe"> = {},
    ) {
        super();
        const { recipe } = parts;
        const buffers = this._buffers;
        const frame = new FrameRecord();
        this.profiler = options.profiler ?? new PerformanceProfiler();
        this._quality = options.quality ?? chooseQuality(scene.getEngine());
        this._material = new WorldMaterial(() => {
            const { executor, workerUrl, loadTimeoutMs } = options;
            // Who brings an executor may not have workers.
            const workers = executor === undefined ? options.workers : 0;
            const look = { quality: this._quality, workers, workerUrl, loadTimeoutMs };
            return createTerrainMaterial(`${name} material`, scene, this._core?.recipe ?? recipe, look);
        }, options.material);
        this._pool = new ChunkMeshPool(scene, {
            name,
            resolution: recipe.terrain.resolution,
            material: this._material.current,
            receiveShadows: options.receiveShadows ?? true,
            hasSkirts: options.skirts ?? true,
            mergesSiblings: options.mergeSiblings ?? true,
            profiler: this.profiler,
            frame,
            buffers,
        });
        const component = TerrainSceneComponent.GetOrCreate(scene);
        this._core = new TerrainCore<PooledChunk>({
            ...parts,
            name,
            sink: this._pool,
            settings: options,
            viewers: options.viewers,
            profiler: this.profiler,
            frame,
            buffers,
            budget: component.budget,
            events: {
                onShown: (address) => this.onChunkShownObservable.notifyObservers(address),
                onHidden: (address) => this.onChunkHiddenObservable.notifyObservers(address),
                onReplaced: (address) => this.onChunkReplacedObservable.notifyObservers(address),
            },
        });
        this._core.onChunkFailedObservable.add((failure) => this.onChunkFailedObservable.notifyObservers(failure));
        this._runtime = this._core.runtime;
        this._recorder = new FrameRecorder(this._pool, this.profiler, frame);
        this._driven = new WorldFrames({
            name,
            scene,
            core: this._core,
            pool: this._pool,
            material: this._material,
            recorder: this._recorder,
            followsActiveCamera: options.followActiveCamera ?? true,
            endWorld: () => this.dispose(),
        });
        this._component = component;
        this._component.addWorld(this._driven);
        this._readyCheck = options.blocksSceneReady === true ? { isReady: this._runtime.createReadyCheck() } : null;
        if (this._readyCheck !== null) {
            scene.addIsReadyCheck(this._readyCheck);
        }
        this._removeSnapshotSource = this.profiler.addSnapshotSource(() => takeSnapshot(name, this._runtime));
        this._sceneDisposed = scene.onDisposeObservable.addOnce(() => this.dispose());
    }

    /**
     * Measures this world: `updateWorld`, of which `selectLevels` and `updateStreaming` are parts, `uploadChunk`,
     * `loadBuffer` from the cache, `drawTerrain`, `drawFrame`, the stages of bakes, and frames.
     */
    public readonly profiler: PerformanceProfiler;

    /** @internal */
    public get sampler(): TerrainCore["sampler"] {
        return this._core.sampler;
    }

    /** @internal Counts what an environment around the world holds against the memory limit. */
    public countEnvironment(bytes: number): void {
        this._buffers.ledger.set("environment", bytes);
    }

    /** The stores that chunks come from and go to; null where `bakedUrl` and `store` were left out. */
    public get store(): WorldStore | null {
        return this._core.store;
    }

    /** The recipe that holds now, with all defaults filled in. Changing it does nothing: see `setRecipe`. */
    public get recipe(): Recipe {
        return this._core.recipe;
    }

    /** Version of the generator: rises when the same recipe gives other ground than before. */
    public get generatorVersion(): number {
        return this._core.generatorVersion;
    }

    /** Whether the world has ended. */
    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /** Whether streaming pauses: nothing new is requested, uploaded or shown. */
    public get isStreamingPaused(): boolean {
        return this._runtime.isStreamingPaused;
    }

    public set isStreamingPaused(value: boolean) {
        this._runtime.isStreamingPaused = value;
    }

    /** Whether the levels stay as they are, wherever the viewers go. */
    public get isSelectionFrozen(): boolean {
        return this._runtime.isSelectionFrozen;
    }

    public set isSelectionFrozen(value: boolean) {
        this._runtime.isSelectionFrozen = value;
    }

    /**
     * Material of the chunks. One that is set here is yours to dispose; Terrane's own goes when another takes its
     * place.
     */
    public get material(): Material | null {
        return this._material.current;
    }

    public set material(material: Material | null) {
        this._pool.material = material;
        this._material.current = material;
    }

    /**
     * How much Terrane's look of the ground may cost. Setting it compiles another shader. Means nothing for materials
     * that are not `createTerrainMaterial`'s.
     */
    public get quality(): TerrainQuality {
        return this._quality;
    }

    public set quality(quality: TerrainQuality) {
        assertQuality(quality, "world.quality");
        this._quality = quality;
        const plugin = TerrainMaterialPlugin.Of(this.material);
        if (plugin !== null) {
            plugin.quality = quality;
        }
    }

    /** Whether chunks receive shadows. */
    public get receiveShadows(): boolean {
        return this._pool.receiveShadows;
    }

    public set receiveShadows(value: boolean) {
        this._pool.receiveShadows = value;
    }

    /**
     * Returns the meshes that draw the chunks shown now, in no order. They are recycled, so keep none beyond this
     * frame.
     */
    public shownMeshes(): Mesh[] {
        return this._pool.shownMeshes();
    }

    /**
     * Lets the ground cast shadows by `generator`, a `ShadowGenerator` or `CascadedShadowGenerator` of this scene: its
     * render list has the chunks that are shown, whichever these are, until `dispose()` of what is returned, of the
     * generator or of the world. Other casters in the list stay. The same generator again gives the same object.
     * `docs/shadows.md` has the biases that suit the ground.
     *
     * @throws TerraneError where `generator` is none, is disposed, or belongs to another scene
     */
    public castShadows(generator: ShadowGenerator): TerrainShadows {
        this._core.assertAlive();
        assertShadowGenerator(generator, this.scene);
        return this._driven.castShadows(generator);
    }

    /** Returns the level of the chunks that one of `shownMeshes` draws; -1 for other meshes. */
    public levelOf(mesh: AbstractMesh): number {
        return this._pool.levelOf(mesh);
    }

    /** Throws away the chunks that nobody uses, and the buffers that rest in the pools. */
    public flushCache(): void {
        this._core.flushCache();
    }

    /**
     * Bakes the ground again wherever a chunk touches `bounds`, or everywhere. What is drawn stays until the new ground
     * is there, and what is nearest comes first. Chunks there that failed are tried again.
     *
     * @param bounds two corners in metres; heights (y) do not matter
     */
    public invalidate(bounds?: WorldBounds): void {
        this._core.invalidate(bounds);
    }

    /**
     * Brings chunks into `store`, for play without a network: from the bake, or by baking them. What is there already stays.
     *
     * @param bounds two corners in metres; heights (y) do not matter
     * @param levels the lowest and the highest, as in `[0, 6]`
     * @param onProgress called after each chunk; `store.onDownloadProgressObservable` notifies as well
     * @param signal ends it early; what has come stays
     * @throws TerraneError where an argument is wrong, no store takes anything, or the store has no room for all
     * @throws TerraneDisposedError where the world is disposed meanwhile
     * @throws the signal's reason where that ended it
     */
    public downloadAsync(
        bounds: WorldBounds,
        levels: readonly [number, number],
        onProgress?: (progress: DownloadProgress) => void,
        signal?: AbortSignal,
    ): Promise<DownloadResult> {
        return this._core.downloadAsync(bounds, levels, onProgress, signal);
    }

    /**
     * Changes the recipe: queries are answered by the new one at once, and all ground is baked again while the old
     * stays drawn. Terrane's own material is replaced, too.
     *
     * @throws TerraneError naming every field that is wrong; chunk size, resolution and topology must be those of the
     *   world
     */
    public setRecipe(recipe: Recipe | RecipeInput): void {
        if (this._material.isOwn) {
            planGround(parseRecipe(recipe).materials);
        }
        this._core.setRecipe(recipe);
        if (this._material.renew()) {
            this._pool.material = this._material.current;
        }
    }

    /**
     * Bakes all ground again. What is drawn stays until the new ground is there. Chunks that failed are tried again.
     *
     * @param options with `cold`, everything is thrown away with the next frame, and the world begins from nothing,
     *   coarse before fine
     */
    public regenerate(options?: RegenerateOptions): void {
        this._core.regenerate(options);
    }

    /** Returns every chunk that is here or on its way, from above, and the viewers: new plain data. */
    public readMap(): WorldMap {
        return this._core.readMap();
    }

    /** Returns what the world does at this moment: a new plain object. */
    public getStats(): TerrainWorldStats {
        return { ...this._runtime.getStats(), ...this._pool.stats, ...this._recorder.drawn };
    }

    /**
     * Resolves in the first frame in which everything that the present view needs is shown, and has faded in. The scene
     * must be rendering and have an active camera, or the world a viewer; without one it warns and waits. Rejects with a
     * `TerraneDisposedError` when the world is disposed.
     */
    public async whenReadyAsync(): Promise<void> {
        this._core.assertAlive();
        this._driven.warnWithoutViewer();
        await this._core.whenReadyAsync();
    }

    /**
     * Resolves when the ground within `radius` metres of `position` is shown as finely as the viewers want it there.
     * Asks for it, too: use it before a teleport. Rejects as `whenReadyAsync` does.
     *
     * @throws TerraneError where an argument is wrong
     */
    public async groundReadyAsync(position: Vec3Like, radius: number): Promise<void> {
        await this._core.groundReadyAsync(position, radius);
    }

    /** Streams ground around `viewer` from the next frame on. It is read each frame: move it as you like. */
    public addViewer(viewer: Viewer): void {
        this._core.addViewer(viewer);
    }

    /** Removes a viewer. Does nothing with one that was never added. */
    public removeViewer(viewer: Viewer): void {
        this._core.removeViewer(viewer);
    }

    /**
     * Adds a sink beside the picture. It gets the chunks of one level around viewers of its own, whatever the screen
     * shows, and each newer revision of them: for colliders, path finding and the like.
     *
     * @returns what ends it
     * @throws TerraneError where an option is wrong
     */
    public addSink<TSinkHandle>(sink: ChunkSink<TSinkHandle>, nearby: NearbyOptions): { dispose(): void } {
        return this._core.addSink(sink, nearby);
    }

    /**
     * Requests one chunk, whatever the viewers need: for path finding, physics, or to be early. It has at least
     * `priority` until it is there; of several requests, and what viewers need, the most urgent counts.
     *
     * @param address may be text such as `"0/12/-7"`
     * @param callback is given the chunk's bytes, valid during the call only, or what went wrong
     * @returns whether memory answered at once
     * @throws TerraneError where address or priority is wrong
     */
    public requestChunk(
        address: ChunkAddress | string,
        priority: RequestBand = "normal",
        callback?: (result: ChunkRequestResult) => void,
    ): boolean {
        return this._core.requestChunk(address, priority, callback);
    }

    /**
     * Loads the chunks along a route from point to point into memory, after everything that viewers need: for a
     * teleport or a flight that is known beforehand. Heights (y) do not matter. Resolves with how many are ready, also
     * when the world is disposed meanwhile; never rejects. A route is cut off at 4,096 chunks.
     */
    public preload(points: readonly Vec3Like[]): Promise<number> {
        return this._core.preload(points);
    }

    /**
     * Takes meshes, buffers, Terrane's own material and everything else out of the scene at once; workers end a moment
     * later. Whoever waits is rejected. A second call does nothing.
     */
    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        // Whatever one of them throws, the others still happen.
        runAll([
            () => this.onDisposeObservable.notifyObservers(this),
            () => this.onDisposeObservable.clear(),
            () => this._sceneDisposed?.remove(),
            () => this._readyCheck !== null && this.scene.removeIsReadyCheck(this._readyCheck),
            () => this._removeSnapshotSource(),
            () => this._component.removeWorld(this._driven),
            () => this._driven.end(),
            // Before the core gives back each chunk, which nobody is to see drawn alone.
            () => this._pool.dispose(),
            () => this._core.dispose(),
            () => this._material.dispose(),
            () => this.onChunkLoadedObservable.clear(),
            () => this.onChunkShownObservable.clear(),
            () => this.onChunkHiddenObservable.clear(),
            () => this.onChunkReplacedObservable.clear(),
            () => this.onChunkFailedObservable.clear(),
        ]);
    }

    /** The core makes nothing of loaded chunks while nobody listens to it. */
    private _hearOfLoaded(): void {
        if (this._loadedObserver === null) {
            this._loadedObserver = this._core.onChunkLoadedObservable.add((chunk) => {
                if (this.onChunkLoadedObservable.hasObservers()) {
                    this.onChunkLoadedObservable.notifyObservers(chunk);
                } else {
                    this._core.onChunkLoadedObservable.remove(this._loadedObserver!);
                    this._loadedObserver = null;
                }
            });
        }
    }
}
