import { FieldSampler } from "../generators/fieldSampler.js";
import { chunkByteLength, readChunkHeader } from "../format/chunkData.js";
import { isGroundSettled } from "../lod/groundReadiness.js";
import { NodeList } from "../lod/nodeList.js";
import { chooseShown, rootLevelFor, selectLevels, type Selection } from "../lod/selectLevels.js";
import { fillSplitDistances } from "../lod/splitDistances.js";
import { NodeState, Quadtree, type QuadNode } from "../lod/quadtree.js";
import { BufferPool } from "../memory/bufferPool.js";
import { heightGridVertexCount } from "../meshing/heightGridIndices.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { BakeScheduler } from "../scheduler/bakeScheduler.js";
import { addressKey, MAX_CHUNK_COORDINATE, MAX_LEVEL, type ChunkAddress } from "../space/chunkAddress.js";
import { BANDS, type RequestBand } from "../streaming/bands.js";
import { nodePriority } from "../streaming/nodePriority.js";
import type { Viewer } from "../streaming/viewer.js";
import { ViewerTrack } from "../streaming/viewerTrack.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { ChunkCache } from "./chunkCache.js";
import { ChunkRequests, type ChunkRequestResult } from "./chunkRequests.js";
import type { ChunkSink } from "./chunkSink.js";
import {
    assertSettings,
    type RuntimeEvents,
    type RuntimeOptions,
    type RuntimeSettings,
    type RuntimeView,
} from "./runtimeOptions.js";
import { UploadQueue } from "./uploadQueue.js";
import { MemoryPressure } from "./memoryPressure.js";
import { createWorldStats, type WorldStats } from "./worldStats.js";

export type { ChunkRequestResult } from "./chunkRequests.js";
export type { RuntimeEvents, RuntimeOptions, RuntimeSettings, RuntimeView } from "./runtimeOptions.js";
export type { RequestBand } from "../streaming/bands.js";

/** A chunk that is drawn is held twice: in memory, for lost contexts and the cache, and by the GPU. */
const COPIES = 2;
/** Share of the memory limit that idle buffers may take. */
const IDLE_SHARE = 0.1;
/** Share of the memory limit that stays free for what replaces what is shown. */
const RESERVED_SHARE = 0.1;

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
    private readonly _events: RuntimeEvents<THandle>;
    private readonly _executor: BakeExecutor;
    private readonly _sampler: FieldSampler;
    private readonly _viewers = new ViewerTrack();
    private readonly _tree = new Quadtree<THandle>();
    private readonly _selection: Selection<THandle>;
    private readonly _pool = new BufferPool();
    private readonly _cache: ChunkCache;
    private readonly _scheduler: BakeScheduler;
    private readonly _requests: ChunkRequests;
    private readonly _uploads = new UploadQueue<THandle>();
    private readonly _shown: QuadNode<THandle>[] = [];
    /** What the present frame shows and hides, to be told once the picture is whole. */
    private readonly _nowShown = new NodeList<THandle>();
    private readonly _nowHidden = new NodeList<THandle>();
    /** Chunks that the sink could not take. */
    private readonly _refused = new Set<number>();
    private readonly _viewOfSelection = { verticalFov: 0, viewportHeight: 0, screenSpaceError: 0 };
    private readonly _pressure = new MemoryPressure();
    /** Chunks held for the sink or by it, and their bytes. */
    private _heldCount = 0;
    private _heldBytes = 0;
    private _hasViewer = false;
    private _isReady = false;
    private _isDisposed = false;

    /** Throws a `TerraneError` where a setting is no number or too small. */
    public constructor(options: RuntimeOptions<THandle>) {
        const { recipe, sink, executor, profiler, events, settings } = options;
        assertSettings(settings);
        this._recipe = recipe;
        this._sink = sink;
        this._profiler = profiler;
        this._events = events;
        this._executor = executor;
        this.settings = { ...settings };
        this._sampler = new FieldSampler(recipe);
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
        this._cache = new ChunkCache(this._pool);
        this._scheduler = new BakeScheduler({
            executor,
            recipeJson: JSON.stringify(recipe),
            pool: this._pool,
            bufferBytes: chunkByteLength(heightGridVertexCount(recipe.terrain.resolution), 0, false),
            profiler,
            onBaked: (address, key, buffer, byteLength) => this._onBaked(address, key, buffer, byteLength),
            onFailed: (address, key, error) => this._onFailed(address, key, error),
        });
        this._requests = new ChunkRequests(this._scheduler, this._cache);
    }

    public addViewer(viewer: Viewer): void {
        this._viewers.add(viewer);
    }

    public removeViewer(viewer: Viewer): void {
        this._viewers.remove(viewer);
    }

    /** One frame, in five steps. In steady flight it allocates nothing. */
    public updateFrame(view: RuntimeView): void {
        if (this._isDisposed) {
            return;
        }
        const { settings } = this;
        const startedMs = this._profiler.now();
        this._uploads.beginFrame(startedMs, settings.applyBudgetMs, settings.applyBudgetBytes);
        this._readViewers();
        this._selectLevels(view);
        const selectedMs = this._profiler.now();
        this._profiler.record("selectLevels", startedMs, selectedMs - startedMs);
        if (!this.isStreamingPaused) {
            this._diffShown();
            this._requestMissing();
            this._applyReady();
        }
        this._profiler.record("updateStreaming", selectedMs, this._profiler.now() - selectedMs);
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
        if (this._isDisposed) {
            callback?.({ status: "cancelled", address });
            return false;
        }
        const key = addressKey(address.level, address.x, address.z);
        const node = this._tree.findByKey(key);
        const buffer = node?.buffer ?? null;
        if (buffer !== null) {
            callback?.({ status: "done", address, bytes: new Uint8Array(buffer, 0, node!.byteLength) });
            return true;
        }
        return this._requests.request(key, address, BANDS.indexOf(band), callback);
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
        return stats;
    }

    /** Writes the present numbers into `ref`. */
    public fillStats(ref: WorldStats): void {
        const { _scheduler: scheduler, _pool: pool } = this;
        ref.visibleChunks = this._shown.length;
        ref.visibleByLevel.fill(0);
        for (let i = 0; i < this._shown.length; i++) {
            const { level } = this._shown[i]!;
            ref.visibleByLevel[level] = (ref.visibleByLevel[level] ?? 0) + 1;
        }
        ref.pendingRequests = scheduler.pendingCount;
        ref.bakingChunks = scheduler.inFlightCount;
        ref.waitingForUpload = this._uploads.count;
        ref.cachedChunks = this._cache.count;
        ref.cachedBytes = this._cache.bytes;
        ref.pooledBytes = pool.bytesTotal;
        ref.memoryLimitBytes = this.settings.memoryLimitBytes;
        ref.effectiveScreenSpaceError = this.settings.screenSpaceError * this._pressure.factor;
        ref.bakedChunks = scheduler.bakedCount;
        ref.cancelledRequests = scheduler.cancelledCount;
        ref.failedChunks = scheduler.failedCount;
        ref.cacheHits = this._cache.hits;
        ref.cacheMisses = this._cache.misses;
        ref.workers = this._executor.workerCount;
    }

    /** Gives every handle back at once; resolves when the executor has ended. Requests that wait settle as cancelled. */
    public async disposeAsync(): Promise<void> {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        for (const node of this._tree.nodes) {
            if (node.handle !== null) {
                if (node.isShown) {
                    this._sink.hide(node.handle);
                }
                this._sink.release(node.handle);
                node.handle = null;
            }
        }
        this._isReady = false;
        this._selection.roots.clear();
        this._shown.length = 0;
        this._nowShown.clear();
        this._nowHidden.clear();
        this._uploads.clear();
        this._requests.cancelAll();
        this._scheduler.dispose();
        this._cache.clear();
        await this._executor.disposeAsync();
    }

    // Step 1
    private _readViewers(): void {
        const limit = (MAX_CHUNK_COORDINATE * this._recipe.chunkSize) / 2;
        this._hasViewer = this._viewers.read(this.settings.viewDistance, limit);
        this._viewers.sampleGround(this._sampler);
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
        selectLevels(selection, this._viewers.poses);
        const bytesEach = this._heldBytes / Math.max(1, this._heldCount);
        this._pressure.update(COPIES * selection.leafCount * bytesEach, this.settings.memoryLimitBytes);
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

    // Step 3
    private _diffShown(): void {
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
                this._drop(node);
            }
        }
        // Backwards, and a removal moves only a later node into the gap: none is left out.
        for (let i = nodes.length - 1; i >= 0; i--) {
            if (i < nodes.length) {
                this._tree.prune(nodes[i]!, frame);
            }
        }
    }

    private _drop(node: QuadNode<THandle>): void {
        if (node.state === NodeState.uploaded) {
            this._sink.release(node.handle!);
            node.handle = null;
            this._giveToCache(node);
        } else if (node.state === NodeState.ready) {
            this._uploads.remove(node);
            this._giveToCache(node);
        } else if (node.state === NodeState.requested) {
            if (!this._requests.isAskedFor(node.key)) {
                this._scheduler.cancel(node.key);
            }
            // What is under way already goes to the cache when it comes.
            node.state = NodeState.absent;
        }
    }

    private _giveToCache(node: QuadNode<THandle>): void {
        node.state = NodeState.absent;
        this._heldCount--;
        this._heldBytes -= node.buffer!.byteLength;
        this._cache.put(node.key, node.buffer!, node.byteLength);
        node.buffer = null;
    }

    // Step 4
    private _requestMissing(): void {
        if (this._isDisposed) {
            return;
        }
        const { settings, _selection: selection } = this;
        const { needed } = selection;
        for (let i = 0; i < needed.count; i++) {
            const node = needed.at(i);
            if (node.state === NodeState.absent) {
                this._fetch(node);
            }
            if (node.state === NodeState.requested || node.state === NodeState.ready) {
                node.priority = nodePriority(node, this._viewers.poses, selection.chunkSize);
                if (node.state === NodeState.requested) {
                    this._scheduler.request(node.key, node.address, node.priority);
                }
            }
        }
        this._pool.trim(settings.memoryLimitBytes * IDLE_SHARE);
        this._cache.limitBytes = this._cacheLimit();
        this._scheduler.pump();
    }

    private _fetch(node: QuadNode<THandle>): void {
        if (this._scheduler.isQuarantined(node.key) || this._refused.has(node.key)) {
            node.state = NodeState.failed;
            return;
        }
        const cached = this._cache.take(node.key);
        if (cached === null) {
            node.state = NodeState.requested;
        } else {
            this._receive(node, cached.buffer, cached.byteLength);
        }
    }

    /** What pool, transit, drawn chunks and their GPU copies leave of the limit. */
    private _cacheLimit(): number {
        const limit = this.settings.memoryLimitBytes * (1 - RESERVED_SHARE);
        const others = this._pool.bytesTotal - this._cache.bytes + this._heldBytes;
        return Math.max(0, limit - others);
    }

    // Step 5
    private _applyReady(): void {
        if (this._uploads.count === 0) {
            return;
        }
        let nowMs = this._profiler.now();
        this._uploads.beginUploads(nowMs);
        for (let node = this._uploads.next(nowMs); node !== null; node = this._uploads.next(nowMs)) {
            this._upload(node);
            const endedMs = this._profiler.now();
            this._profiler.record("uploadChunk", nowMs, endedMs - nowMs);
            nowMs = endedMs;
        }
    }

    private _upload(node: QuadNode<THandle>): void {
        try {
            node.handle = this._sink.upload(node.address, new Uint8Array(node.buffer!, 0, node.byteLength));
            node.state = NodeState.uploaded;
        } catch (error) {
            // It would fail again with each frame, and what waits behind it would never come.
            this._giveToCache(node);
            node.state = NodeState.failed;
            this._refused.add(node.key);
            this._events.onFailed(node.address, error instanceof Error ? error : new Error(String(error)));
        }
    }

    private _receive(node: QuadNode<THandle>, buffer: ArrayBuffer, byteLength: number): void {
        const header = readChunkHeader(new Uint8Array(buffer, 0, byteLength));
        node.minY = header.minY;
        node.maxY = header.maxY;
        node.buffer = buffer;
        node.byteLength = byteLength;
        node.state = NodeState.ready;
        this._heldCount++;
        this._heldBytes += buffer.byteLength;
        this._uploads.add(node);
    }

    private _onBaked(address: ChunkAddress, key: number, buffer: ArrayBuffer, byteLength: number): void {
        try {
            this._requests.settle(key, { status: "done", address, bytes: new Uint8Array(buffer, 0, byteLength) });
        } finally {
            const node = this._tree.findByKey(key);
            if (this._isDisposed) {
                this._pool.takeBack(buffer);
            } else if (node?.state === NodeState.requested) {
                this._receive(node, buffer, byteLength);
            } else {
                this._cache.put(key, buffer, byteLength);
            }
        }
    }

    private _onFailed(address: ChunkAddress, key: number, error: Error): void {
        const node = this._tree.findByKey(key);
        if (node?.state === NodeState.requested) {
            node.state = NodeState.failed;
        }
        try {
            this._requests.settle(key, { status: "failed", address, error });
        } finally {
            this._events.onFailed(address, error);
        }
    }
}
