import { movingMean } from "../base/movingMean.js";
import { runAll } from "../base/runAll.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { pixelsPerMetre } from "../lod/splitDistances.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { FrameRecord, FrameStep } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkRecord } from "../residency/chunkRecord.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkAvailability } from "../space/chunkAvailability.js";
import { createTopology } from "../space/createTopology.js";
import type { Topology } from "../space/topology.js";
import { ApplyBudget } from "./applyBudget.js";
import { bandOfPriority, type RequestBand } from "../streaming/bands.js";
import type { Viewer } from "../streaming/viewer.js";
import { ViewerTrack } from "../streaming/viewerTrack.js";
import { ChunkLoader } from "./chunkLoader.js";
import type { ChunkRequestCallback } from "./chunkRequests.js";
import type { ChunkSink, SinkMemory } from "./chunkSink.js";
import { FramePace } from "./framePace.js";
import { MemoryPressure } from "./memoryPressure.js";
import { PictureWait } from "./pictureWait.js";
import {
    assertSettings,
    type Ground,
    type RuntimeOptions,
    type RuntimeSettings,
    type RuntimeView,
} from "./runtimeOptions.js";
import type { SinkRule, SinkStream } from "./sinkStream.js";
import { SinkStreams } from "./sinkStreams.js";
import { UploadBudget } from "./uploadBudget.js";
import { ViewStream } from "./viewStream.js";
import { readWorldMap, type WorldMap } from "./worldMap.js";
import { createWorldStats, type WorldStats } from "./worldStats.js";
import type { WorldStores } from "./worldStores.js";

export type { ChunkRequestResult } from "./chunkRequests.js";
export type { RuntimeEvents, RuntimeOptions, RuntimeSettings, RuntimeView } from "./runtimeOptions.js";
export type { RequestBand } from "../streaming/bands.js";

/** A box in world metres. Only x and z count, for chunks reach from the deepest cave to the sky. */
export interface WorldBounds {
    /** The corner with the least x and z. */
    readonly minimum: Vec3Like;
    /** The corner with the greatest x and z. */
    readonly maximum: Vec3Like;
}

/**
 * Ties viewers, the picture, further sinks, loading and memory together; knows no engine. Everything happens in
 * `updateFrame`; between frames only finished bakes come in.
 */
export class TerrainRuntime<THandle = unknown> {
    public readonly settings: RuntimeSettings;
    /** How chunks lie in space, whatever recipes follow. */
    public readonly topology: Topology;
    /** What chunks there are; null where every chunk can be had. */
    public readonly available: ChunkAvailability | null;
    /** While true nothing new is requested, uploaded or shown. */
    public isStreamingPaused = false;
    /** While true the wanted levels stay as they are, wherever viewers go. */
    public isSelectionFrozen = false;

    private _recipe: Recipe;
    private readonly _profiler: PerformanceProfiler;
    private readonly _frame: FrameRecord;
    private readonly _executor: BakeExecutor;
    private readonly _stores: WorldStores | null;
    private _ground: Ground;
    private readonly _viewers = new ViewerTrack();
    private readonly _sinks: SinkMemory[] = [];
    private readonly _loader: ChunkLoader;
    private readonly _view: ViewStream<THandle> | null;
    private readonly _streams: SinkStreams;
    /** Null where somebody else begins the frames of a shared budget. */
    private readonly _ownBudget: ApplyBudget | null;
    private readonly _budget: UploadBudget;
    private readonly _pace = new FramePace();
    private readonly _viewOfSelection = { verticalFov: 0, viewportHeight: 0, screenSpaceError: 0 };
    private readonly _pressure = new MemoryPressure();
    /** Recent means: from a chunk's arrival to its upload, and the upload. */
    private _waitingMs = 0;
    private _uploadMs = 0;
    private _hasViewer = false;
    private _isReset = false;
    private _isDisposed = false;

    /** Throws a `TerraneError` where a setting is no number or too small. */
    public constructor(options: RuntimeOptions<THandle>) {
        const { recipe, sink, executor, profiler, events, settings, ground, budget } = options;
        assertSettings(settings);
        this._recipe = recipe;
        this.topology = createTopology(recipe);
        this.available = options.available ?? null;
        this._profiler = profiler;
        this._frame = options.frame ?? new FrameRecord();
        this._executor = executor;
        this._stores = options.stores ?? null;
        this.settings = { ...settings };
        this._ground = ground;
        this._ownBudget = budget === undefined ? new ApplyBudget() : null;
        this._budget = new UploadBudget(budget ?? this._ownBudget!);
        this._loader = new ChunkLoader({
            recipe,
            topology: this.topology,
            executor,
            stores: this._stores,
            profiler,
            buffers: options.buffers ?? new BufferPoolManager({ memoryLimitBytes: Infinity }),
            events: {
                onLoaded: ({ address, bytes }) => events.onLoaded?.(address, bytes!.buffer, bytes!.byteLength),
                onFailed: ({ address }, error) => events.onFailed(address, error),
            },
            sinks: this._sinks,
            poses: this._viewers.poses,
        });
        const onFailed = (address: ChunkAddress, error: Error): void => events.onFailed(address, error);
        const { residency } = this._loader;
        this._streams = new SinkStreams(residency, this._sinks, onFailed, this.available);
        this._view = null;
        if (sink !== null) {
            this._sinks.push(sink);
            const { topology, available } = this;
            this._view = new ViewStream(topology, settings.viewDistance, residency, sink, events, profiler, available);
        }
    }

    public addViewer(viewer: Viewer): void {
        this._viewers.add(viewer);
    }

    public removeViewer(viewer: Viewer): void {
        this._viewers.remove(viewer);
    }

    /**
     * Brings a sink beside the picture the chunks that `rule` names, each frame anew, and each newer revision of them.
     * Returns what ends that.
     */
    public addSink<TSinkHandle>(sink: ChunkSink<TSinkHandle>, rule: SinkRule): { dispose(): void } {
        return this._streams.add(sink, rule);
    }

    /** Whether the last frame had a viewer with a position. */
    public get hasViewer(): boolean {
        return this._hasViewer;
    }

    /** One frame, in five steps. In steady flight it allocates nothing. */
    public updateFrame(view: RuntimeView): void {
        this.beginFrame(view);
        while (this.applyNext());
    }

    /** The first four steps. The fifth is `applyNext`, as often as it returns true: of several worlds, the most urgent's first. */
    public beginFrame(view: RuntimeView): void {
        if (this._isDisposed) {
            return;
        }
        const startedMs = this._profiler.now();
        this._ownBudget?.begin();
        this._pace.begin(startedMs);
        this._readViewers(startedMs);
        this._selectLevels(view);
        const selectedMs = this._profiler.now();
        this._frame.setStep(FrameStep.selectLevels, startedMs, selectedMs);
        // Also while streaming is paused: a fade must not stay half-way.
        this._view?.updateFades(startedMs, this._fadeMs);
        if (!this.isStreamingPaused && !this._isDisposed) {
            this._resetIfAsked();
            this._diffShown(startedMs);
            this._requestMissing(startedMs);
        }
        const { applyBudgetMs, applyBudgetBytes } = this.settings;
        this._budget.beginFrame(this._pace.lastMs, applyBudgetMs, applyBudgetBytes, this._view?.isNewView);
        this._frame.setStep(FrameStep.updateStreaming, selectedMs, this._profiler.now());
    }

    /** How urgent the next result is that waits to be applied, lower first; Infinity where none does. */
    public get applyPriority(): number {
        if (this.isStreamingPaused || this._isDisposed) {
            return Number.POSITIVE_INFINITY;
        }
        return this._mostUrgent()?.uploads.priority ?? Number.POSITIVE_INFINITY;
    }

    /** Step 5, once: applies the most urgent result. Returns false where there is none, or the budget is spent. */
    public applyNext(): boolean {
        if (this.isStreamingPaused || this._isDisposed) {
            return false;
        }
        const stream = this._mostUrgent();
        const item = stream?.uploads.peek() ?? null;
        if (item === null || !this._budget.allows(item.record.bytes!.byteLength)) {
            return false;
        }
        const { byteLength } = item.record.bytes!;
        const startedMs = this._profiler.now();
        this._waitingMs = movingMean(this._waitingMs, startedMs - item.record.readyMs);
        stream!.upload(item as never);
        const ms = this._profiler.now() - startedMs;
        this._budget.spend(byteLength, ms);
        this._uploadMs = movingMean(this._uploadMs, ms);
        this._profiler.record("uploadChunk", startedMs, ms);
        return true;
    }

    /** True when everything that the present view needs is shown, and has faded in, or is given up. */
    public isReady(): boolean {
        return this._canBeReady && this._view!.isSettled;
    }

    /**
     * Returns what tells, asked once a frame or now and then, whether everything is shown and has faded in since it was asked
     * first, although viewers may move on meanwhile.
     */
    public createReadyCheck(): () => boolean {
        const wait = new PictureWait();
        return () => this._canBeReady && wait.isOver(this._view!);
    }

    /** True when the ground within `radius` metres of a position is shown as finely as wanted, or given up. */
    public isGroundReady(position: Vec3Like, radius: number): boolean {
        return this._view !== null && this._view.isGroundSettled(position, radius);
    }

    /**
     * Gets one chunk whatever the viewers need. Calls back with its bytes, valid during the call only, or with what went
     * wrong. Returns whether memory answered at once.
     */
    public requestChunk(address: ChunkAddress, band: RequestBand, callback?: ChunkRequestCallback): boolean {
        return this._loader.request(address, band, callback);
    }

    /** Sends what was asked for, between frames or where there are none. */
    public pump(): void {
        if (!this._isDisposed && !this.isStreamingPaused) {
            this._loader.pump(this.settings.memoryLimitBytes);
        }
    }

    /** Throws away the chunks that nobody uses, and buffers that rest. */
    public flushCache(): void {
        this._loader.flushCache();
    }

    /** Throws away everything with the next frame that streams, and begins anew. */
    public regenerate(): void {
        this._isReset = true;
    }

    /**
     * Gets new ground wherever a chunk touches `bounds`, everywhere without; what is drawn stays until the new is there.
     * Chunks there that failed have another chance.
     */
    public invalidate(bounds?: WorldBounds): void {
        this._loader.residency.invalidate((record) => bounds === undefined || this._isInBounds(record, bounds));
        this._view?.invalidated();
        this._streams.invalidated();
    }

    /** Gets all ground anew by another recipe, of the same chunk size and resolution. */
    public setRecipe(recipe: Recipe, ground: Ground): void {
        this._recipe = recipe;
        this._ground = ground;
        this._loader.setRecipe(recipe);
        this.invalidate();
    }

    /** What is where at this moment. */
    public readMap(): WorldMap {
        const { residency } = this._loader;
        return readWorldMap(residency, this._view?.tree ?? null, this._viewers.poses, this.topology);
    }

    /** Calls back with every chunk that is shown. */
    public forEachShown(visit: (address: ChunkAddress, handle: THandle) => void): void {
        for (const { record, handle } of this._view?.shown ?? []) {
            visit(record.address, handle!);
        }
    }

    public getStats(): WorldStats {
        const stats = createWorldStats();
        this.fillStats(stats);
        stats.stores = (this._stores?.link.stats ?? []).map((store) => ({ ...store }));
        this._loader.residency.forEachFlight((_, priority, isLoading) => {
            if (!isLoading) {
                stats.pendingByBand[bandOfPriority(priority)]!++;
            }
        });
        return stats;
    }

    /** Writes the present numbers into `ref`, but for `pendingByBand` and `stores`, which are nothing for a frame to count. */
    public fillStats(ref: WorldStats): void {
        this._loader.fillStats(ref);
        ref.memoryLimitBytes = this.settings.memoryLimitBytes;
        ref.effectiveScreenSpaceError = this.settings.screenSpaceError * this._pressure.factor;
        ref.workers = this._executor.workerCount;
        ref.waitingMs = this._waitingMs;
        ref.uploadMs = this._uploadMs;
        ref.visibleByLevel.fill(0);
        if (this._view !== null) {
            this._view.fillStats(ref);
        }
        ref.waitingForUpload += this._streams.waitingCount;
    }

    /** @internal Throws where a chunk's buffer stands in no account, or in two. */
    public assertAccounts(): void {
        this._loader.residency.assertAccounts();
    }

    /**
     * Gives every handle back at once; resolves when the executor has ended. Requests that wait settle as cancelled. Rejects
     * with the first error of sinks, callbacks or executor, but not before all the rest is done.
     */
    public async disposeAsync(): Promise<void> {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        try {
            runAll([...(this._view?.end() ?? []), ...this._streams.end(), () => this._loader.dispose()]);
        } finally {
            await Promise.all([this._executor.disposeAsync(), this._stores?.link.disposeAsync()]);
        }
    }

    private get _canBeReady(): boolean {
        return !this._isDisposed && this._hasViewer && this._view !== null;
    }

    private get _fadeMs(): number {
        return 1000 * this.settings.levelFadeTime;
    }

    private _mostUrgent(): ViewStream<THandle> | SinkStream<unknown> | null {
        const { _view: view } = this;
        const other = this._streams.mostUrgent();
        return other !== null && (view === null || other.uploads.priority < view.uploads.priority) ? other : view;
    }

    // Step 1
    private _readViewers(nowMs: number): void {
        this._hasViewer = this._viewers.read(this.settings.viewDistance, this.topology.viewerExtent, nowMs);
        this._viewers.sampleGround(this._ground);
    }

    // Step 2
    private _selectLevels(view: RuntimeView): void {
        if (this._view === null) {
            return;
        }
        this._readView(view, this._view);
        const isFrozen = this.isSelectionFrozen && this._view.selection.frame > 0;
        // While paused, nodes that the selection finds would only pile up.
        if (isFrozen || this.isStreamingPaused || this._viewOfSelection.viewportHeight === 0) {
            return;
        }
        const { verticalFov, viewportHeight } = this._viewOfSelection;
        this._viewers.compare(pixelsPerMetre(verticalFov, viewportHeight));
        this._view.select(this._viewers.poses, this.settings.viewDistance);
        const wantedBytes = this._view.selection.leafCount * this._loader.drawnBytesEach;
        this._pressure.update(wantedBytes, this.settings.memoryLimitBytes);
    }

    /** A view that shows nothing, of a canvas without height for instance, is passed over: the last good one holds. */
    private _readView({ verticalFov, viewportHeight }: RuntimeView, stream: ViewStream<THandle>): void {
        const { _viewOfSelection: last, _recipe: recipe, settings } = this;
        const screenSpaceError = settings.screenSpaceError * this._pressure.factor;
        const isSane =
            verticalFov > 0 && verticalFov < Math.PI && viewportHeight > 0 && Number.isFinite(viewportHeight);
        const isSame =
            last.verticalFov === verticalFov &&
            last.viewportHeight === viewportHeight &&
            last.screenSpaceError === screenSpaceError;
        if (isSane && !isSame) {
            last.verticalFov = verticalFov;
            last.viewportHeight = viewportHeight;
            last.screenSpaceError = screenSpaceError;
            stream.setSplitDistances(recipe.terrain.resolution, verticalFov, viewportHeight, screenSpaceError);
        }
    }

    private _resetIfAsked(): void {
        if (this._isReset) {
            this._isReset = false;
            this._view?.clear();
            if (!this._isDisposed) {
                this._loader.residency.reset();
                this._streams.invalidated();
                this._loader.flushCache();
            }
        }
    }

    // Step 3
    private _diffShown(startedMs: number): void {
        if (this._view !== null && !this._isDisposed) {
            this._view.diffShown(this._viewers.poses, startedMs, this._fadeMs);
        }
    }

    // Step 4
    private _requestMissing(nowMs: number): void {
        if (this._isDisposed) {
            return;
        }
        const { poses } = this._viewers;
        if (this._view !== null) {
            this._view.claimNeeded(poses, nowMs);
            this._view.prefetch.update(nowMs, poses, this.settings.prefetchTime, this._view.latencyMs);
        }
        this._streams.update();
        this._loader.pump(this.settings.memoryLimitBytes, this._pace.steadyMs, this._view?.isNewView);
    }

    /** A chunk that only touches the box counts: vertices on a border are both sides'. */
    private _isInBounds({ address }: ChunkRecord, { minimum, maximum }: WorldBounds): boolean {
        const { face, level, x, z } = address;
        return this.topology.isInBox(face, level, x, z, minimum, maximum);
    }
}
