import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { Observable, type Observer } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { TerraneError } from "../base/errors.js";
import { runAll } from "../base/runAll.js";
import { PRIORITY_BANDS } from "../base/priorityBands.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { FieldSampler } from "../generators/fieldSampler.js";
import type { Kernels } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { assertViewer } from "../options/checkWorldOptions.js";
import { defineSettings, settingsFrom, type WorldSettings } from "../options/worldSettings.js";
import { FrameRecord } from "../profiler/frameRecord.js";
import { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import {
    TerrainRuntime,
    type ChunkRequestResult,
    type RequestBand,
    type RuntimeView,
} from "../runtime/terrainRuntime.js";
import type { WorldMap } from "../runtime/worldMap.js";
import type { WorldStats } from "../runtime/worldStats.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { assertAddress, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import type { Viewer } from "../runtime/view.js";
import { ActiveCameraViewers } from "./activeCameraViewers.js";
import { verticalFovOf } from "./cameraPicture.js";
import { mainCameraOf } from "./cameraViewer.js";
import { ChunkMeshPool } from "./chunkMeshPool.js";
import type { ChunkMeshPoolStats } from "./chunkMeshStats.js";
import type { PooledChunk } from "./pooledChunk.js";
import { FrameRecorder } from "./frameRecorder.js";
import { FrozenScene } from "./frozenScene.js";
import { GroundQueries } from "./groundQueries.js";
import { LoadedChunk } from "./loadedChunk.js";
import { factsOf } from "./worldFacts.js";
import { WorldMaterial } from "./worldMaterial.js";
import { createTerrainMaterial } from "./material/terrainMaterialPlugin.js";
import { addressesAlongRoute, bakeAllAsync } from "./preloadRoute.js";
import { PlaceViewer, ReadinessWaiters, TerraneDisposedError } from "./readinessWaiters.js";
import { TerrainSceneComponent, type FrameDriven } from "./terrainSceneComponent.js";
import { assertShadowGenerator, TerrainShadows } from "./terrainShadows.js";
import { assertNumber, assertPosition, type TerrainWorldOptions } from "./worldOptions.js";

export type { MapChunk, MapState, MapViewer, WorldMap } from "../runtime/worldMap.js";

/** A chunk that could not be baked and is given up. */
export interface ChunkFailure {
    readonly address: ChunkAddress;
    readonly error: Error;
}

/** What `TerrainWorld.getStats` answers: a plain object of this moment. */
export interface TerrainWorldStats extends WorldStats, ChunkMeshPoolStats {
    /**
     * Draw calls of the last frame for this world's chunks in the views of the active cameras, render targets and shadow
     * maps apart, and how many chunks they drew: one that two cameras see counts twice.
     */
    drawCalls: number;
    chunksInView: number;
    /** Triangles of those, skirts included where these are drawn. */
    triangles: number;
}

/** Frames without any viewer after which the world says that it waits for one. */
const PATIENT_FRAMES = 60;

/** The accessors that `defineSettings` makes. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- the accessors are there
export interface TerrainWorld extends WorldSettings {}

/**
 * A recipe that runs in a scene: bakes, streams and draws the ground around its viewers. `CreateTerrainWorldAsync` makes
 * one. Goes with its scene, or by `dispose()`. Several may live in one scene.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export class TerrainWorld extends GroundQueries {
    static {
        defineSettings(TerrainWorld.prototype, (world) => world._runtime.settings);
    }

    /** A chunk has been baked, whoever asked for it. What it is told with is valid during the call only. */
    public readonly onChunkLoadedObservable = new Observable<LoadedChunk>();
    /** A chunk is drawn from this frame on. */
    public readonly onChunkShownObservable = new Observable<ChunkAddress>();
    /** A chunk is no longer drawn; what replaces it was shown before. */
    public readonly onChunkHiddenObservable = new Observable<ChunkAddress>();
    /** A chunk is given up after its retries. Coarser ground stays in its place. */
    public readonly onChunkFailedObservable = new Observable<ChunkFailure>();
    /** Rises when the same recipe gives other ground than before. */
    public readonly generatorVersion = GENERATOR_VERSION;

    private readonly _pool: ChunkMeshPool;
    private readonly _runtime: TerrainRuntime<PooledChunk>;
    private readonly _component: TerrainSceneComponent;
    private readonly _driven: FrameDriven;
    private readonly _cameras: ActiveCameraViewers | null;
    private readonly _recorder: FrameRecorder;
    private readonly _waiters = new ReadinessWaiters();
    private readonly _view = { verticalFov: 0.8, viewportHeight: 720 } satisfies RuntimeView;
    private readonly _frameStats: WorldStats;
    private readonly _sceneDisposed: Observer<Scene> | null;
    private readonly _readyCheck: { isReady(): boolean } | null;
    private readonly _removeFacts: () => void;
    private readonly _material: WorldMaterial;
    private readonly _addedViewers = new Set<Viewer>();
    private _framesWithoutViewer = 0;
    private readonly _shadows: TerrainShadows[] = [];
    private readonly _frozenScene: FrozenScene;
    private _hasWarnedOfNoViewer = false;
    private _hasWarnedOfLoss = false;
    private _isDisposed = false;

    /** @internal Use `CreateTerrainWorldAsync`, which checks the options and brings an executor. */
    public constructor(
        public readonly name: string,
        public readonly scene: Scene,
        /** With all defaults filled in. Changing it does nothing: workers have their own copy. */
        public readonly recipe: Recipe,
        executor: BakeExecutor,
        kernels: Kernels,
        options: Omit<TerrainWorldOptions, "recipe" | "executor"> = {},
    ) {
        const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
        const sampler = new FieldSampler(recipe, kernels, buffers);
        super(sampler);
        this.profiler = options.profiler ?? new PerformanceProfiler();
        this._material = new WorldMaterial(
            () => createTerrainMaterial(`${name} material`, scene, recipe),
            options.material,
        );
        const frame = new FrameRecord();
        this._pool = new ChunkMeshPool(scene, {
            name,
            chunkSize: recipe.chunkSize,
            resolution: recipe.terrain.resolution,
            material: this._material.current,
            receiveShadows: options.receiveShadows ?? true,
            hasSkirts: options.skirts ?? true,
            mergesSiblings: options.mergeSiblings ?? true,
            profiler: this.profiler,
            frame,
            buffers,
        });
        this._frozenScene = new FrozenScene(scene, this._pool.context, name);
        const component = TerrainSceneComponent.GetOrCreate(scene);
        this._runtime = new TerrainRuntime<PooledChunk>({
            recipe,
            settings: settingsFrom(options),
            ground: sampler,
            sink: this._pool,
            executor,
            profiler: this.profiler,
            frame,
            buffers,
            budget: component.budget,
            events: {
                onLoaded: (address, buffer, byteLength) => this._tellLoaded(address, buffer, byteLength),
                onShown: (address) => this.onChunkShownObservable.notifyObservers(address),
                onHidden: (address) => this.onChunkHiddenObservable.notifyObservers(address),
                onFailed: (address, error) => this.onChunkFailedObservable.notifyObservers({ address, error }),
            },
        });
        this._frameStats = this._runtime.getStats();
        this._recorder = new FrameRecorder(this._pool, this.profiler, frame);
        this._cameras = (options.followActiveCamera ?? true) ? new ActiveCameraViewers(scene, this._runtime) : null;
        for (const viewer of options.viewers ?? []) {
            this.addViewer(viewer);
        }
        const runtime = this._runtime;
        this._driven = {
            onBeforeFrame: () => this._onBeforeFrame(),
            get applyPriority() {
                return runtime.applyPriority;
            },
            applyNext: () => this._applyNext(),
            onApplied: () => this._onApplied(),
            onAfterFrame: () => this._onAfterFrame(),
            onContextRestored: () => this._pool.rebuild(),
            dispose: () => this.dispose(),
        };
        this._component = component;
        this._component.addWorld(this._driven);
        this._readyCheck = options.blocksSceneReady === true ? { isReady: () => this._runtime.isReady() } : null;
        if (this._readyCheck !== null) {
            scene.addIsReadyCheck(this._readyCheck);
        }
        this._removeFacts = this.profiler.addFactsSource(() => factsOf(name, this._runtime));
        this._sceneDisposed = scene.onDisposeObservable.addOnce(() => this.dispose());
    }

    /** Measures this world: `updateWorld`, of which `selectLevels` and `updateStreaming` are parts, `uploadChunk`, `loadBuffer` from the cache, `drawTerrain`, `drawFrame`, the stages of bakes, and frames. */
    public readonly profiler: PerformanceProfiler;

    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /** While true nothing new is requested, uploaded or shown. */
    public get isStreamingPaused(): boolean {
        return this._runtime.isStreamingPaused;
    }

    public set isStreamingPaused(value: boolean) {
        this._runtime.isStreamingPaused = value;
    }

    /** While true the levels stay as they are, wherever the viewers go. */
    public get isSelectionFrozen(): boolean {
        return this._runtime.isSelectionFrozen;
    }

    public set isSelectionFrozen(value: boolean) {
        this._runtime.isSelectionFrozen = value;
    }

    /** Draws the chunks. One that is set here is yours to dispose; Terrane's own goes when another takes its place. */
    public get material(): Material | null {
        return this._material.current;
    }

    public set material(material: Material | null) {
        this._pool.material = material;
        this._material.current = material;
    }

    public get receiveShadows(): boolean {
        return this._pool.receiveShadows;
    }

    public set receiveShadows(value: boolean) {
        this._pool.receiveShadows = value;
    }

    /** Meshes that draw the chunks shown now, in no order: a new array. They are recycled, so keep none beyond this frame. */
    public shownMeshes(): Mesh[] {
        return this._pool.shownMeshes();
    }

    /**
     * Lets the ground cast shadows by `generator`, a `ShadowGenerator` or `CascadedShadowGenerator` of this scene: its render
     * list has the chunks that are shown, whichever these are, until `dispose()` of what is returned, of the generator or of
     * the world. Other casters in the list stay. The same generator again gives the same object. `docs/shadows.md` has the
     * biases that suit the ground.
     *
     * @throws TerraneError where `generator` is none, is disposed, or belongs to another scene
     */
    public castShadows(generator: ShadowGenerator): TerrainShadows {
        this._assertAlive();
        assertShadowGenerator(generator, this.scene);
        for (const shadows of this._shadows) {
            if (shadows.generator === generator && !shadows.isDisposed) {
                return shadows;
            }
        }
        const shadows = new TerrainShadows(generator, this._pool.context);
        this._shadows.push(shadows);
        return shadows;
    }

    /** Level of the chunks that one of `shownMeshes` draws; -1 for other meshes. */
    public levelOf(mesh: AbstractMesh): number {
        return this._pool.levelOf(mesh);
    }

    /** Throws away the chunks that nobody draws, and the buffers that rest in the pools. */
    public flushCache(): void {
        this._assertAlive();
        this._runtime.flushCache();
    }

    /**
     * Throws away all ground with the next frame and bakes it anew, coarse before fine: for measuring a cold start. Chunks
     * that failed have another chance.
     */
    public regenerate(): void {
        this._assertAlive();
        this._runtime.regenerate();
    }

    /** Every chunk that is here or on its way, from above, and the viewers: new plain data. */
    public readMap(): WorldMap {
        return this._runtime.readMap();
    }

    /** A new plain object. */
    public getStats(): TerrainWorldStats {
        return { ...this._runtime.getStats(), ...this._pool.stats, ...this._recorder.drawn };
    }

    /**
     * Resolves in the first frame in which everything that the present view needs is shown. The scene must be rendering
     * and have an active camera, or the world a viewer; without one it warns and waits. Rejects with a
     * `TerraneDisposedError` when the world is disposed.
     */
    public async whenReadyAsync(): Promise<void> {
        this._assertAlive();
        this._warnWithoutViewer();
        await this._waiters.waitAsync(() => this._runtime.isReady());
    }

    /**
     * Resolves when the ground within `radius` metres of `position` is shown as finely as the viewers want it there. Asks
     * for it, too: use it before a teleport. Rejects as `whenReadyAsync` does.
     */
    public async groundReadyAsync(position: Vec3Like, radius: number): Promise<void> {
        this._assertAlive();
        assertPosition("position", position);
        assertNumber("radius", radius, 0, 1_000_000);
        const place = new PlaceViewer(position, Math.max(radius, 1));
        this._runtime.addViewer(place);
        try {
            await this._waiters.waitAsync(() => this._runtime.isGroundReady(place.position, radius));
        } finally {
            if (!this._isDisposed) {
                this._runtime.removeViewer(place);
            }
        }
    }

    /** Streams ground around `viewer` from the next frame on. It is read each frame: move it as you like. */
    public addViewer(viewer: Viewer): void {
        this._assertAlive();
        assertViewer(viewer);
        if (!this._addedViewers.has(viewer)) {
            this._addedViewers.add(viewer);
            this._runtime.addViewer(viewer);
        }
    }

    /** Does nothing with a viewer that was never added. */
    public removeViewer(viewer: Viewer): void {
        if (this._addedViewers.delete(viewer) && !this._isDisposed) {
            this._runtime.removeViewer(viewer);
        }
    }

    /**
     * Bakes one chunk whatever the viewers need: for path finding, physics, or to be early. `address` may be text such as
     * `"0/12/-7"`. It has at least `priority` until it is there; of several requests, and what viewers need, the most urgent
     * counts. The callback's bytes are valid during the call only. Returns whether the cache answered at once.
     */
    public requestChunk(
        address: ChunkAddress | string,
        priority: RequestBand = "normal",
        callback?: (result: ChunkRequestResult) => void,
    ): boolean {
        this._assertAlive();
        const parsed = typeof address === "string" ? parseAddress(address) : address;
        assertAddress(parsed);
        if (!PRIORITY_BANDS.includes(priority)) {
            throw new TerraneError("priority", priority, PRIORITY_BANDS.join(", "), "Choose one of these.");
        }
        return this._runtime.requestChunk(parsed, priority, callback);
    }

    /**
     * Bakes the chunks along a route from point to point into the cache, after everything that viewers need: for a
     * teleport or a flight that is known beforehand. Heights (y) do not matter. Resolves with how many are ready, also
     * when the world is disposed meanwhile; never rejects. A route is cut off at 4,096 chunks.
     */
    public preload(points: readonly Vec3Like[]): Promise<number> {
        this._assertAlive();
        points.forEach((point, i) => assertPosition(`points[${i}]`, point));
        const addresses = addressesAlongRoute(points, this.recipe.chunkSize, this.viewDistance);
        return bakeAllAsync(addresses, (address, settle) => this._runtime.requestChunk(address, "low", settle));
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
            () => this._sceneDisposed?.remove(),
            () => this._readyCheck !== null && this.scene.removeIsReadyCheck(this._readyCheck),
            () => this._removeFacts(),
            () => this._component.removeWorld(this._driven),
            () => this._cameras?.clear(),
            () => this._shadows.splice(0).forEach((shadows) => shadows.dispose()),
            // Before the runtime gives back each chunk, which nobody is to see drawn alone.
            () => this._pool.dispose(),
            () =>
                void this._runtime.disposeAsync().catch((error: unknown) => {
                    Logger.Warn(`Terrane world "${this.name}" did not end cleanly: ${String(error)}`);
                }),
            () => this._material.dispose(),
            () => this._waiters.rejectAll(new TerraneDisposedError(this.name)),
            () => this.onChunkLoadedObservable.clear(),
            () => this.onChunkShownObservable.clear(),
            () => this.onChunkHiddenObservable.clear(),
            () => this.onChunkFailedObservable.clear(),
        ]);
    }

    private _tellLoaded(address: ChunkAddress, buffer: ArrayBuffer, byteLength: number): void {
        if (this.onChunkLoadedObservable.hasObservers()) {
            const bytes = new Uint8Array(buffer, 0, byteLength);
            this.onChunkLoadedObservable.notifyObservers(new LoadedChunk(address, bytes));
        }
    }

    private _onBeforeFrame(): void {
        this._repair();
        if (this._isDisposed) {
            return;
        }
        this._recorder.begin();
        this._cameras?.update();
        const camera = mainCameraOf(this.scene);
        if (camera !== null) {
            this._readView(camera);
        }
        this._runtime.beginFrame(this._view);
        this._framesWithoutViewer = this._runtime.hasViewer ? 0 : this._framesWithoutViewer + 1;
        if (this._framesWithoutViewer >= PATIENT_FRAMES) {
            this._warnOfNoViewer();
        }
        this._recorder.pause();
    }

    /** Makes anew what somebody else has disposed of what the world draws with. Where that cannot be, the world ends. */
    private _repair(): void {
        let meshes: number;
        let isMaterialLost: boolean;
        try {
            meshes = this._pool.repair();
            isMaterialLost = this._material.replaceLost();
            if (isMaterialLost) {
                this._pool.material = this._material.current;
            }
        } catch (error) {
            Logger.Error(
                `Terrane world "${this.name}" ends: somebody else has disposed what it draws with, ` +
                    `and it cannot make that anew: ${String(error)}`,
            );
            this.dispose();
            return;
        }
        // The host may dispose its own material as it likes.
        const isLoss = meshes > 0 || (isMaterialLost && this._material.current !== null);
        if (isLoss && !this._hasWarnedOfLoss) {
            this._hasWarnedOfLoss = true;
            Logger.Warn(
                `Terrane world "${this.name}": somebody else has disposed its ${meshes > 0 ? "meshes" : "material"}. ` +
                    "They belong to the world, which has made them anew; to be rid of them call world.dispose().",
            );
        }
    }

    private _applyNext(): boolean {
        this._recorder.resume();
        const isApplied = this._runtime.applyNext();
        this._recorder.pause();
        return isApplied;
    }

    private _onApplied(): void {
        this._recorder.resume();
        this._pool.update();
        this._frozenScene.update();
        this._updateShadows();
        this._recorder.pause();
    }

    private _updateShadows(): void {
        const { _shadows: all } = this;
        for (let i = all.length - 1; i >= 0; i--) {
            all[i]!.update();
            if (all[i]!.isDisposed) {
                all.splice(i, 1);
            }
        }
    }

    private _onAfterFrame(): void {
        this._runtime.fillStats(this._frameStats);
        const { pooledBytes, poolMisses } = this._frameStats;
        this._recorder.end(pooledBytes, poolMisses);
        // After the frame, so that whoever waits finds it drawn.
        this._waiters.settle();
    }

    private _readView(camera: Camera): void {
        const engine = this.scene.getEngine();
        const height = engine.getRenderHeight() * camera.viewport.height;
        const width = engine.getRenderWidth() * camera.viewport.width;
        const verticalFov = verticalFovOf(camera, width / height);
        if (height > 0 && verticalFov > 0) {
            this._view.viewportHeight = height;
            this._view.verticalFov = verticalFov;
        }
    }

    private _warnWithoutViewer(): void {
        const followsCamera = this._cameras !== null && mainCameraOf(this.scene) !== null;
        if (!followsCamera && this._addedViewers.size === 0) {
            this._warnOfNoViewer();
        }
    }

    private _warnOfNoViewer(): void {
        if (!this._hasWarnedOfNoViewer) {
            this._hasWarnedOfNoViewer = true;
            const camera = this._cameras === null ? "" : "set scene.activeCamera, or ";
            Logger.Warn(
                `Terrane world "${this.name}" has no viewer yet, so it shows no ground and cannot become ready: ` +
                    `${camera}call world.addViewer({ position }).`,
            );
        }
    }

    private _assertAlive(): void {
        if (this._isDisposed) {
            throw new TerraneDisposedError(this.name);
        }
    }
}
