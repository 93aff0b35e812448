import { runAll } from "../base/runAll.js";
import { isGroundSettled } from "../lod/groundReadiness.js";
import { NodeList } from "../lod/nodeList.js";
import { chooseShown, rootLevelFor, selectLevels, type Selection } from "../lod/selectLevels.js";
import { fillSplitDistances, pixelsPerMetre } from "../lod/splitDistances.js";
import { NodeState, Quadtree, type QuadNode } from "../lod/quadtree.js";
import { FrameRecord, FrameStep } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { MAX_CHUNK_COORDINATE, MAX_LEVEL, type ChunkAddress } from "../space/chunkAddress.js";
import { bandOfPriority, type RequestBand } from "../streaming/bands.js";
import { nodePriority } from "../streaming/nodePriority.js";
import type { Viewer } from "../streaming/viewer.js";
import { ViewerTrack } from "../streaming/viewerTrack.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkRequestResult } from "./chunkRequests.js";
import type { ChunkSink } from "./chunkSink.js";
import { ChunkSupply } from "./chunkSupply.js";
import { Foresight } from "./foresight.js";
import { MemoryPressure } from "./memoryPressure.js";
import {
    assertSettings,
    type Ground,
    type RuntimeEvents,
    type RuntimeOptions,
    type RuntimeSettings,
    type RuntimeView,
} from "./runtimeOptions.js";
import { readWorldMap, type WorldMap } from "./worldMap.js";
import { createWorldStats, type WorldStats } from "./worldStats.js";

export type { ChunkRequestResult } from "./chunkRequests.js";
export type { RuntimeEvents, RuntimeOptions, RuntimeSettings, RuntimeView } from "./runtimeOptions.js";
export type { RequestBand } from "../streaming/bands.js";

/**
 * Ties viewers, level selection, scheduler, cache and sink together; knows no engine. Everything happens in
 * `updateFrame`; between frames only finished bakes come in.
 */
export class TerrainRuntime<THandle = unknown> {
    public readonly settings: RuntimeSettings;
    /** While true nothing new is requested, uploaded or shown. */
    public isStreamingPaused = false;
    /** While true the wanted levels stay as they are, wherever viewers go. */
    public isSelectionFrozen = false;

    private readonly _recipe: Recipe;
    private readonly _sink: ChunkSink<THandle>;
    private readonly _profiler: PerformanceProfiler;
    private readonly _frame: FrameRecord;
    private readonly _events: RuntimeEvents<THandle>;
    private readonly _executor: BakeExecutor;
    private readonly _ground: Ground;
    private readonly _viewers = new ViewerTrack();
    private readonly _tree = new Quadtree<THandle>();
    private readonly _selection: Selection<THandle>;
    private readonly _supply: ChunkSupply<THandle>;
    private readonly _foresight: Foresight<THandle>;
    private readonly _shown: QuadNode<THandle>[] = [];
    /** What the present frame shows and hides, to be told once the picture is whole. */
    private readonly _nowShown = new NodeList<THandle>();
    private readonly _nowHidden = new NodeList<THandle>();
    private readonly _viewOfSelection = { verticalFov: 0, viewportHeight: 0, screenSpaceError: 0 };
    private readonly _pressure = new MemoryPressure();
    private _hasViewer = false;
    private _isReset = false;
    private _isReady = false;
    private _isDisposed = false;

    /** Throws a `TerraneError` where a setting is no number or too small. */
    public constructor(options: RuntimeOptions<THandle>) {
        const { recipe, sink, executor, profiler, events, settings, ground } = options;
        assertSettings(settings);
        this._recipe = recipe;
        this._sink = sink;
        this._profiler = profiler;
        this._frame = options.frame ?? new FrameRecord();
        this._events = events;
        this._executor = executor;
        this.settings = { ...settings };
        this._ground = ground;
        this._selection = {
            tree: this._tree,
            chunkSize: recipe.chunkSize,
            splitDistances: new Float64Array(MAX_LEVEL + 1),
            frame: 0,
            pass: 0,
            rootLevel: rootLevelFor(settings.viewDistance, recipe.chunkSize, MAX_LEVEL),
            leafCount: 0,
            roots: new NodeList(),
            chosen: new NodeList(),
            needed: new NodeList(),
            unsettled: 0,
        };
        this._supply = new ChunkSupply(options, this._tree, this._viewers.poses);
        this._foresight = new Foresight(this._selection, this._supply, profiler);
    }

    public addViewer(viewer: Viewer): void {
        this._viewers.add(viewer);
    }

    public removeViewer(viewer: Viewer): void {
        this._viewers.remove(viewer);
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
        this._supply.beginFrame(startedMs, this.settings);
        this._readViewers(startedMs);
        this._selectLevels(view);
        const selectedMs = this._profiler.now();
        this._frame.setStep(FrameStep.selectLevels, startedMs, selectedMs);
        if (!this.isStreamingPaused) {
            this._resetIfAsked();
            this._diffShown(startedMs);
            this._requestMissing();
            this._foresight.update(startedMs, this._viewers.poses, this.settings.predictionTime);
        }
        this._frame.setStep(FrameStep.updateStreaming, selectedMs, this._profiler.now());
    }

    /** How urgent the next result is that waits to be applied, lower first; Infinity where none does. */
    public get applyPriority(): number {
        return this.isStreamingPaused || this._isDisposed ? Number.POSITIVE_INFINITY : this._supply.applyPriority;
    }

    /** Step 5, once: applies the most urgent result. Returns false where there is none, or the budget is spent. */
    public applyNext(): boolean {
        return !this.isStreamingPaused && !this._isDisposed && this._supply.applyNext();
    }

    /** True when everything that the present view needs is shown or given up. */
    public isReady(): boolean {
        return this._isReady;
    }

    /** True when the ground within `radius` metres of a position is shown as finely as wanted, or given up. */
    public isGroundReady(position: Vec3Like, radius: number): boolean {
        return isGroundSettled(this._selection, position, radius);
    }

    /**
     * Bakes one chunk whatever the viewers need. Calls back with its bytes, valid during the call only, or with what went
     * wrong. Returns whether the cache answered at once.
     */
    public requestChunk(
        address: ChunkAddress,
        band: RequestBand,
        callback?: (result: ChunkRequestResult) => void,
    ): boolean {
        return this._supply.request(address, band, callback);
    }

    /** Throws away the chunks that nobody draws, and buffers that rest. */
    public flushCache(): void {
        this._supply.flushCache();
    }

    /** Throws away everything with the next frame that streams, and begins anew. */
    public regenerate(): void {
        this._isReset = true;
    }

    /** What is where at this moment. */
    public readMap(): WorldMap {
        return readWorldMap(this._tree, this._supply, this._viewers.poses, this._recipe.chunkSize);
    }

    /** Calls back with every chunk that is shown. */
    public forEachShown(visit: (address: ChunkAddress, handle: THandle) => void): void {
        for (const node of this._shown) {
            visit(node.address, node.handle!);
        }
    }

    public getStats(): WorldStats {
        const stats = createWorldStats();
        this.fillStats(stats);
        this._supply.forEachRequested((_, priority, isBaking) => {
            if (!isBaking) {
                stats.pendingByBand[bandOfPriority(priority)]!++;
            }
        });
        return stats;
    }

    /** Writes the present numbers into `ref`, but for `pendingByBand`, which is nothing for a frame to count. */
    public fillStats(ref: WorldStats): void {
        ref.visibleChunks = this._shown.length;
        ref.visibleByLevel.fill(0);
        for (let i = 0; i < this._shown.length; i++) {
            const { level } = this._shown[i]!;
            ref.visibleByLevel[level] = (ref.visibleByLevel[level] ?? 0) + 1;
        }
        ref.memoryLimitBytes = this.settings.memoryLimitBytes;
        ref.effectiveScreenSpaceError = this.settings.screenSpaceError * this._pressure.factor;
        ref.workers = this._executor.workerCount;
        ref.chunkLatencyMs = this._foresight.latencyMs;
        this._supply.fillStats(ref);
    }

    /**
     * Gives every handle back at once; resolves when the executor has ended. Requests that wait settle as cancelled. Rejects
     * with the first error of sink, callbacks or executor, but not before all the rest is done.
     */
    public async disposeAsync(): Promise<void> {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        this._isReady = false;
        this._selection.roots.clear();
        this._shown.length = 0;
        this._nowShown.clear();
        this._nowHidden.clear();
        try {
            runAll([...this._tree.nodes.map((node) => () => this._giveBack(node)), () => this._supply.dispose()]);
        } finally {
            await this._executor.disposeAsync();
        }
    }

    private _giveBack(node: QuadNode<THandle>): void {
        const { handle } = node;
        node.handle = null;
        if (handle !== null) {
            try {
                if (node.isShown) {
                    this._sink.hide(handle);
                }
            } finally {
                this._sink.release(handle);
            }
        }
    }

    // Step 1
    private _readViewers(nowMs: number): void {
        const limit = (MAX_CHUNK_COORDINATE * this._recipe.chunkSize) / 2;
        this._hasViewer = this._viewers.read(this.settings.viewDistance, limit, nowMs);
        this._viewers.sampleGround(this._ground);
    }

    // Step 2
    private _selectLevels(view: RuntimeView): void {
        const { _selection: selection } = this;
        this._readView(view);
        const isFrozen = this.isSelectionFrozen && selection.frame > 0;
        // While paused, nodes that the selection finds would only pile up.
        if (isFrozen || this.isStreamingPaused || this._viewOfSelection.viewportHeight === 0) {
            return;
        }
        this._growRoots();
        selection.frame++;
        const { verticalFov, viewportHeight } = this._viewOfSelection;
        this._viewers.compare(pixelsPerMetre(verticalFov, viewportHeight));
        selectLevels(selection, this._viewers.poses);
        this._pressure.update(selection.leafCount * this._supply.drawnBytesEach, this.settings.memoryLimitBytes);
    }

    /** A view that shows nothing, of a canvas without height for instance, is passed over: the last good one holds. */
    private _readView({ verticalFov, viewportHeight }: RuntimeView): void {
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
            const spacing = recipe.chunkSize / recipe.terrain.resolution;
            const { splitDistances } = this._selection;
            fillSplitDistances(spacing, verticalFov, viewportHeight, screenSpaceError, splitDistances);
        }
    }

    /** Roots only ever grow: what is there becomes part of larger ones, and nothing has to go. */
    private _growRoots(): void {
        const { _selection: selection, settings } = this;
        let radius = settings.viewDistance;
        for (let i = 0; i < this._viewers.poses.length; i++) {
            radius = Math.max(radius, this._viewers.poses[i]!.radius);
        }
        const level = rootLevelFor(radius, this._recipe.chunkSize, MAX_LEVEL);
        while (selection.rootLevel < level) {
            this._tree.growRoots(selection.rootLevel);
            selection.rootLevel++;
        }
    }

    private _resetIfAsked(): void {
        if (!this._isReset) {
            return;
        }
        this._isReset = false;
        this._nowShown.clear();
        this._nowHidden.clear();
        for (let i = 0; i < this._shown.length; i++) {
            const node = this._shown[i]!;
            node.isShown = false;
            this._sink.hide(node.handle!);
            this._nowHidden.add(node);
        }
        this._shown.length = 0;
        this._tellChanges();
        if (!this._isDisposed) {
            this._supply.reset();
        }
    }

    // Step 3
    private _diffShown(startedMs: number): void {
        const { _selection: selection, _shown: shown, _nowShown: nowShown, _nowHidden: nowHidden } = this;
        chooseShown(selection);
        const { pass, chosen } = selection;
        nowShown.clear();
        nowHidden.clear();
        for (let i = 0; i < chosen.count; i++) {
            const node = chosen.at(i);
            node.chosenPass = pass;
            if (!node.isShown) {
                node.isShown = true;
                shown.push(node);
                nowShown.add(node);
                this._foresight.shown(node, startedMs);
                this._sink.show(node.handle!);
            }
        }
        for (let i = shown.length - 1; i >= 0; i--) {
            const node = shown[i]!;
            if (node.chosenPass !== pass) {
                node.isShown = false;
                shown[i] = shown[shown.length - 1]!;
                shown.pop();
                nowHidden.add(node);
                this._sink.hide(node.handle!);
            }
        }
        this._isReady = this._hasViewer && selection.roots.count > 0 && selection.unsettled === 0;
        this._tellChanges();
        this._dropUnneeded();
    }

    /** Who is told may end the world: then both lists are empty. */
    private _tellChanges(): void {
        const { _nowShown: nowShown, _nowHidden: nowHidden } = this;
        for (let i = 0; i < nowShown.count; i++) {
            this._events.onShown(nowShown.at(i).address, nowShown.at(i).handle!);
        }
        for (let i = 0; i < nowHidden.count; i++) {
            this._events.onHidden(nowHidden.at(i).address, nowHidden.at(i).handle!);
        }
    }

    /** What is neither shown nor needed goes: meshes to their pool, bytes to the cache, nodes to theirs. */
    private _dropUnneeded(): void {
        if (this._isDisposed) {
            return;
        }
        const { frame, pass } = this._selection;
        const { nodes } = this._tree;
        for (let i = nodes.length - 1; i >= 0; i--) {
            const node = nodes[i]!;
            if (node.neededPass !== pass && !node.isShown) {
                this._supply.drop(node);
            }
        }
        // Backwards, and a removal moves only a later node into the gap: none is left out.
        for (let i = nodes.length - 1; i >= 0; i--) {
            if (i < nodes.length) {
                this._tree.prune(nodes[i]!, frame);
            }
        }
    }

    // Step 4
    private _requestMissing(): void {
        if (this._isDisposed) {
            return;
        }
        const { needed, chunkSize } = this._selection;
        for (let i = 0; i < needed.count; i++) {
            const node = needed.at(i);
            if (node.state !== NodeState.uploaded && node.state !== NodeState.failed) {
                this._supply.advance(node, nodePriority(node, this._viewers.poses, chunkSize));
            }
        }
        this._supply.pump(this.settings.memoryLimitBytes);
    }
}
