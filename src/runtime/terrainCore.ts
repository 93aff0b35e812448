import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { assertBounds, assertNumber, assertPosition } from "../base/assertPlace.js";
import { TerraneError, type Problem, throwProblems } from "../base/errors.js";
import { Observable } from "../base/observable.js";
import { PRIORITY_BANDS } from "../base/priorityBands.js";
import { runAll } from "../base/runAll.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { FieldSampler } from "../generators/fieldSampler.js";
import type { Kernels } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { problemsOf } from "../base/readFields.js";
import { assertViewer } from "../options/checkWorldOptions.js";
import { WORLD_OPTIONS } from "../options/worldOptionTable.js";
import { defineSettings, settingsFrom, type WorldSettings } from "../options/worldSettings.js";
import { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import { assertAddress, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import type { Viewer } from "../streaming/viewer.js";
import { NEARBY, REGENERATE, SINK } from "./callOptions.js";
import type { ChunkRequestResult } from "./chunkRequests.js";
import type { ChunkSink } from "./chunkSink.js";
import { chunksToDownload } from "./downloadRequest.js";
import type { DownloadProgress, DownloadResult } from "./downloads.js";
import { GroundQueries } from "./groundQueries.js";
import { LoadedChunk } from "./loadedChunk.js";
import { MOST_SIDES, NearChunks } from "./nearChunks.js";
import { preloadRouteAsync } from "./preloadRoute.js";
import { PlaceViewer, ReadinessWaiters, TerraneDisposedError } from "./readinessWaiters.js";
import type { RuntimeView } from "./runtimeOptions.js";
import type { ChunkFailure, NearbyOptions, RegenerateOptions, TerrainCoreParts } from "./terrainCoreParts.js";
import { TerrainRuntime, type RequestBand, type WorldBounds } from "./terrainRuntime.js";
import type { WorldMap } from "./worldMap.js";
import type { WorldStats } from "./worldStats.js";
import { WorldStore } from "./worldStore.js";
import type { WorldStores } from "./worldStores.js";

export type { ChunkFailure, NearbyOptions, RegenerateOptions, TerrainCoreParts } from "./terrainCoreParts.js";

// The accessors that `defineSettings` makes.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- the accessors are there, and merged declarations have the same parameters
export interface TerrainCore<THandle> extends WorldSettings {}

/**
 * A recipe that runs without an engine: answers questions about the ground, bakes chunks for who asks, and streams them
 * around viewers into sinks. `CreateTerrainCoreAsync` makes one; a `TerrainWorld` is a face of one.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export class TerrainCore<THandle = unknown> extends GroundQueries {
    static {
        defineSettings(
            TerrainCore.prototype,
            (core) => core.runtime.settings,
            WORLD_OPTIONS,
            (core, key, value) => core.assertSetting(key, value),
        );
    }

    /** Notifies of each chunk that has come, whoever asked for it. Its data is valid during the call only. */
    public readonly onChunkLoadedObservable = new Observable<LoadedChunk>();
    /** Notifies of each chunk that is given up after its retries. */
    public readonly onChunkFailedObservable = new Observable<ChunkFailure>();
    /** Version of the generator: rises when the same recipe gives other ground than before. */
    public readonly generatorVersion = GENERATOR_VERSION;
    /** The stores that chunks come from and go to; null where `bakedUrl` and `store` were left out. */
    public readonly store: WorldStore | null;
    /** Measures the world. */
    public readonly profiler: PerformanceProfiler;
    /** @internal Streams; for whoever drives its frames. */
    public readonly runtime: TerrainRuntime<THandle>;

    private readonly _name: string;
    private readonly _kernels: Kernels;
    private readonly _buffers: BufferPoolManager;
    private readonly _hasPicture: boolean;
    private readonly _viewers = new Set<Viewer>();
    private readonly _waiters = new ReadinessWaiters();
    private readonly _stores: WorldStores | null;
    private readonly _ending = new AbortController();
    private _sampler: FieldSampler;
    private _isPumping = false;
    private _isDisposed = false;

    /** @internal Use `CreateTerrainCoreAsync`, which checks the options and brings the parts. */
    public constructor(parts: TerrainCoreParts<THandle>) {
        super();
        const { recipe, kernels, executor, sink, frame, budget, stores = null, events = {} } = parts;
        this._name = parts.name;
        this._kernels = kernels;
        this._buffers = parts.buffers ?? new BufferPoolManager({ memoryLimitBytes: Infinity });
        this._hasPicture = sink !== null;
        this._stores = stores;
        this.profiler = parts.profiler ?? new PerformanceProfiler();
        this._sampler = new FieldSampler(recipe, kernels, this._buffers);
        this.runtime = new TerrainRuntime<THandle>({
            recipe,
            settings: settingsFrom(parts.settings ?? {}),
            ground: this._sampler,
            sink,
            executor,
            stores,
            available: stores?.bakes === false ? stores.contents.blocks : null,
            profiler: this.profiler,
            frame,
            buffers: this._buffers,
            budget,
            events: {
                onShown: (address, handle) => events.onShown?.(address, handle),
                onHidden: (address, handle) => events.onHidden?.(address, handle),
                onReplaced: (address, handle) => events.onReplaced?.(address, handle),
                onLoaded: (address, buffer, byteLength) => this._tellLoaded(address, buffer, byteLength),
                onFailed: (address, error) => this.onChunkFailedObservable.notifyObservers({ address, error }),
            },
        });
        this.store = stores === null ? null : new WorldStore(stores);
        for (const viewer of parts.viewers ?? []) {
            this.addViewer(viewer);
        }
    }

    /** @internal */
    public get sampler(): FieldSampler {
        const version = this._stores?.generatorVersion ?? GENERATOR_VERSION;
        if (version !== GENERATOR_VERSION) {
            throw new TerraneError(
                "bakedUrl",
                `a bake of generator version ${version}`,
                `generator version ${GENERATOR_VERSION}, to ask for heights, density and rays`,
                "Bake it again, use the library that baked it, or ask chunks by onChunkLoadedObservable.",
            );
        }
        return this._sampler;
    }

    /** The recipe that holds now, with all defaults filled in. */
    public get recipe(): Recipe {
        return this._sampler.recipe;
    }

    /** Whether the core has ended. */
    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /** Number of viewers that were added and not removed. */
    public get viewerCount(): number {
        return this._viewers.size;
    }

    /** Streams ground around `viewer` from the next frame on. It is read each frame: move it as you like. */
    public addViewer(viewer: Viewer): void {
        this.assertAlive();
        assertViewer(viewer);
        if (!this._viewers.has(viewer)) {
            this._viewers.add(viewer);
            this.runtime.addViewer(viewer);
        }
    }

    /** Removes a viewer. Does nothing with one that was never added. */
    public removeViewer(viewer: Viewer): void {
        if (this._viewers.delete(viewer) && !this._isDisposed) {
            this.runtime.removeViewer(viewer);
        }
    }

    /**
     * Adds a sink beside the picture. It gets the chunks of one level around viewers of its own, whatever the screen
     * shows, and each newer revision of them: for colliders, path finding and the like. Frames drive it (`update`).
     *
     * @returns what ends it
     * @throws TerraneError where an option is wrong
     */
    public addSink<TSinkHandle>(sink: ChunkSink<TSinkHandle>, nearby: NearbyOptions): { dispose(): void } {
        this.assertAlive();
        const { topology } = this.runtime;
        throwProblems([...problemsOf(SINK, sink, "sink"), ...problemsOf(NEARBY, nearby, "nearby")]);
        const { radius, level = 0, viewers } = nearby;
        assertNumber("nearby.radius", radius, 0, MOST_SIDES * topology.sides[level]!);
        return this.runtime.addSink(sink, new NearChunks({ topology, radius, level, viewers }));
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
        this.assertAlive();
        const parsed = typeof address === "string" ? parseAddress(address) : address;
        assertAddress(parsed);
        if (!PRIORITY_BANDS.includes(priority)) {
            throw new TerraneError("priority", priority, PRIORITY_BANDS.join(", "), "Choose one of these.");
        }
        this._pumpSoon();
        return this.runtime.requestChunk(parsed, priority, callback);
    }

    /**
     * Loads the chunks along a route from point to point into memory, after everything that viewers need: for a
     * teleport or a flight that is known beforehand. Heights (y) do not matter. Resolves with how many are ready, also
     * when the world is disposed meanwhile; never rejects. A route is cut off at 4,096 chunks.
     */
    public preload(points: readonly Vec3Like[]): Promise<number> {
        this.assertAlive();
        points.forEach((point, i) => assertPosition(`points[${i}]`, point));
        const { topology, available } = this.runtime;
        this._pumpSoon();
        return preloadRouteAsync(
            { points, topology, viewDistance: this.viewDistance, available },
            (address, settle) => {
                this._pumpSoon();
                this.runtime.requestChunk(address, "low", settle);
            },
        );
    }

    /**
     * Bakes the ground again wherever a chunk touches `bounds`, or everywhere. What is drawn stays until the new ground
     * is there, and what is nearest comes first. Chunks there that failed are tried again.
     *
     * @param bounds two corners in metres; heights (y) do not matter
     */
    public invalidate(bounds?: WorldBounds): void {
        this.assertAlive();
        if (bounds !== undefined) {
            assertBounds("bounds", bounds);
        }
        this._pumpSoon();
        this.runtime.invalidate(bounds);
    }

    /**
     * Changes the recipe: queries are answered by the new one at once, and all ground is baked again while the old
     * stays drawn.
     *
     * @throws TerraneError naming every field that is wrong; chunk size, resolution and topology must be those of the
     *   world
     */
    public setRecipe(recipe: Recipe | RecipeInput): void {
        this.assertAlive();
        const problems: Problem[] = [];
        const next = readRecipe(recipe, problems);
        throwProblems(problems);
        assertSameGrid(this.recipe, next);
        if (this._stores?.bakes === false) {
            const remedy = "Make a world that bakes, or one of another bake.";
            throw new TerraneError("recipe", next.id, `${this.recipe.id}, which was baked: bakes is false`, remedy);
        }
        const last = this._sampler;
        this._sampler = new FieldSampler(next, this._kernels, this._buffers);
        last.dispose();
        this._pumpSoon();
        this.runtime.setRecipe(next, this._sampler);
    }

    /**
     * Bakes all ground again. What is drawn stays until the new ground is there. Chunks that failed are tried again.
     *
     * @param options with `cold`, everything is thrown away with the next frame, and the world begins from nothing,
     *   coarse before fine
     */
    public regenerate(options: RegenerateOptions = {}): void {
        this.assertAlive();
        throwProblems(problemsOf(REGENERATE, options, "options"));
        if (options.cold === true) {
            this.runtime.regenerate();
        } else {
            this.invalidate();
        }
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
    public async downloadAsync(
        bounds: WorldBounds,
        levels: readonly [number, number],
        onProgress?: (progress: DownloadProgress) => void,
        signal?: AbortSignal,
    ): Promise<DownloadResult> {
        this.assertAlive();
        const { _stores: stores, store } = this;
        if (stores === null || !stores.link.isWritable) {
            const remedy = 'Create the world with store: "browser", or in Node with a DirectoryStore.';
            throw new TerraneError("store", null, "a store that can be written to, to download into", remedy);
        }
        if (stores.link.isStandIn) {
            const remedy = "Private windows and sandboxed frames have none: what came would be gone with the page.";
            throw new TerraneError("store", "browser", "a database of the browser, to download into", remedy);
        }
        const addresses = chunksToDownload(bounds, levels, this.runtime.topology);
        const isEnded = this._ending.signal;
        const tell = (progress: DownloadProgress): void => {
            onProgress?.(progress);
            store!.onDownloadProgressObservable.notifyObservers(progress);
        };
        return stores.downloads.runAsync(
            addresses,
            tell,
            signal === undefined ? isEnded : AbortSignal.any([isEnded, signal]),
        );
    }

    /** Throws away the chunks that nobody uses, and the buffers that rest in the pools. */
    public flushCache(): void {
        this.assertAlive();
        this.runtime.flushCache();
    }

    /** Returns every chunk that is here or on its way, from above, and the viewers: new plain data. */
    public readMap(): WorldMap {
        return this.runtime.readMap();
    }

    /** Returns what the world does at this moment: a new plain object. */
    public getStats(): WorldStats {
        return this.runtime.getStats();
    }

    /**
     * Resolves in the first frame in which everything that the present view needs is shown, and has faded in. Rejects
     * with a `TerraneDisposedError` when the world is disposed.
     *
     * @throws TerraneError where there is no sink that draws
     */
    public async whenReadyAsync(): Promise<void> {
        this._assertPicture();
        await this._waiters.waitAsync(this.runtime.createReadyCheck());
    }

    /**
     * Resolves when the ground within `radius` metres of `position` is shown as finely as the viewers want it there.
     * Asks for it, too: use it before a teleport. Rejects as `whenReadyAsync` does.
     *
     * @throws TerraneError where an argument is wrong, or there is no sink that draws
     */
    public async groundReadyAsync(position: Vec3Like, radius: number): Promise<void> {
        this._assertPicture();
        assertPosition("position", position);
        assertNumber("radius", radius, 0, 1_000_000);
        const place = new PlaceViewer(position, Math.max(radius, 1));
        this.runtime.addViewer(place);
        try {
            await this._waiters.waitAsync(() => this.runtime.isGroundReady(place.position, radius));
        } finally {
            if (!this._isDisposed) {
                this.runtime.removeViewer(place);
            }
        }
    }

    /**
     * Runs one frame: reads viewers, selects, requests, and hands sinks what has come. Call it from your loop.
     *
     * @param view the picture that levels are selected for; of no matter where no sink draws
     */
    public update(view: RuntimeView = DEFAULT_VIEW): void {
        this.assertAlive();
        this.runtime.updateFrame(view);
        this.endFrame();
    }

    /** @internal The frame is drawn: whoever waits finds it so. */
    public endFrame(): void {
        this._waiters.settle();
        this.store?.endFrame();
    }

    /** Ends everything; workers end a moment later. Whoever waits is rejected. A second call does nothing. */
    public dispose(): void {
        void this.disposeAsync().catch((error: unknown) => {
            // The only way to reach a developer: `dispose` has returned.
            globalThis.console?.warn(`Terrane world "${this._name}" did not end cleanly: ${String(error)}`);
        });
    }

    /** Does what `dispose` does, and resolves when no worker is left. Rejects with the first error on the way. */
    public async disposeAsync(): Promise<void> {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        let ended = Promise.resolve();
        runAll([
            () => void (ended = this.runtime.disposeAsync()),
            () => this._waiters.rejectAll(new TerraneDisposedError(this._name)),
            () => this._ending.abort(new TerraneDisposedError(this._name)),
            () => this.store?.dispose(),
            () => this.onChunkLoadedObservable.clear(),
            () => this.onChunkFailedObservable.clear(),
        ]);
        await ended;
    }

    /** @internal Throws a `TerraneError` where a setting asks for more than stores have. */
    public assertSetting(key: string, value: unknown): void {
        if (key === "viewDistance") {
            this._stores?.assertViewDistance(this.runtime.topology, value as number, "viewDistance");
        }
    }

    /** @internal Throws a `TerraneDisposedError` after dispose. */
    public assertAlive(): void {
        if (this._isDisposed) {
            throw new TerraneDisposedError(this._name);
        }
    }

    /** Without a picture nobody may be calling `update`: what was asked for is sent all the same. */
    private _pumpSoon(): void {
        if (this._hasPicture || this._isPumping) {
            return;
        }
        this._isPumping = true;
        queueMicrotask(() => {
            this._isPumping = false;
            this.runtime.pump();
        });
    }

    private _tellLoaded(address: ChunkAddress, buffer: ArrayBuffer, byteLength: number): void {
        if (this.onChunkLoadedObservable.hasObservers()) {
            this.onChunkLoadedObservable.notifyObservers(
                new LoadedChunk(address, new Uint8Array(buffer, 0, byteLength)),
            );
        }
    }

    private _assertPicture(): void {
        this.assertAlive();
        if (!this._hasPicture) {
            const remedy = "Create the core with a sink, or wait for chunks by requestChunk or addSink.";
            throw new TerraneError("sink", null, "a sink that draws, to wait for its picture", remedy);
        }
    }
}

const DEFAULT_VIEW: RuntimeView = { verticalFov: 0.8, viewportHeight: 720 };

function assertSameGrid(last: Recipe, next: Recipe): void {
    const problems: Problem[] = [];
    const compare = (field: string, value: unknown, allowed: unknown): void => {
        if (value !== allowed) {
            const remedy = "Make a new world for another, and dispose this one.";
            problems.push({ field, value, allowed: `${String(allowed)}, as the world has it`, remedy });
        }
    };
    compare("recipe.topology", next.topology, last.topology);
    compare("recipe.chunkSize", next.chunkSize, last.chunkSize);
    compare("recipe.terrain.resolution", next.terrain.resolution, last.terrain.resolution);
    throwProblems(problems);
}
