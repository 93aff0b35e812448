import { FieldSampler } from "../generators/fieldSampler.js";
import { chunkByteLength, readChunkHeader } from "../format/chunkData.js";
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
import { bandAt, BANDS, priorityOf, type RequestBand } from "../streaming/bands.js";
import type { Viewer } from "../streaming/viewer.js";
import { ViewerTrack } from "../streaming/viewerTrack.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { ChunkCache } from "./chunkCache.js";
import { ChunkRequests, type ChunkRequestResult } from "./chunkRequests.js";
import type { ChunkSink } from "./chunkSink.js";
import { createWorldStats, type WorldStats } from "./worldStats.js";

export type { ChunkRequestResult } from "./chunkRequests.js";
export type { RequestBand } from "../streaming/bands.js";

/** What may be changed while a world runs; read each frame. */
export interface RuntimeSettings {
    /** Metres: how far terrain is shown. */
    viewDistance: number;
    /** Pixels: how far what is drawn may lie from the finest level. */
    screenSpaceError: number;
    /** Bytes that pools, caches and GPU copies together may take. */
    memoryLimitBytes: number;
    /** Milliseconds a frame of 60 Hz for uploads; a longer frame has more in proportion. */
    applyBudgetMs: number;
    /** Bytes a frame of 60 Hz for uploads, likewise; one chunk always may. */
    applyBudgetBytes: number;
}

/** The picture that levels are selected for. */
export interface RuntimeView {
    /** Radians. */
    verticalFov: number;
    /** Pixels. */
    viewportHeight: number;
}

/** Told within a frame, after the picture has changed. */
export interface RuntimeEvents<THandle> {
    onShown(address: ChunkAddress, handle: THandle): void;
    onHidden(address: ChunkAddress, handle: THandle): void;
    onFailed(address: ChunkAddress, error: Error): void;
}

export interface RuntimeOptions<THandle> {
    readonly recipe: Recipe;
    readonly settings: RuntimeSettings;
    readonly sink: ChunkSink<THandle>;
    readonly executor: BakeExecutor;
    readonly profiler: PerformanceProfiler;
    readonly events: RuntimeEvents<THandle>;
}

/** Metres that a viewer moves before the ground below it is asked for again. */
const GROUND_STEP = 16;
/** A sharper turn than this (cosine) is out of view for the purpose of priorities. */
const IN_VIEW_COSINE = 0.5;
/** Milliseconds: the frame that budgets are meant for. */
const BUDGET_FRAME_MS = 1000 / 60;
/** A longer frame than this many has no larger budget: what blocked it is not known to be slow drawing. */
const MOST_BUDGET_FRAMES = 30;
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
    /** Nodes whose bytes are here and wait for the budget. */
    private readonly _ready: QuadNode<THandle>[] = [];
    private readonly _shown: QuadNode<THandle>[] = [];
    private readonly _groundX: number[] = [];
    private readonly _groundZ: number[] = [];
    private readonly _groundY: number[] = [];
    private readonly _fovOfSelection = { verticalFov: 0, viewportHeight: 0, screenSpaceError: 0 };
    private _heldBytes = 0;
    private _lastFrameMs = Number.POSITIVE_INFINITY;
    /** Frames of 60 Hz that the last frame took, at least 1: slow drawing must not slow down streaming as well. */
    private _budgetFrames = 1;
    private _hasViewer = false;
    private _isReady = false;
    private _isDisposed = false;

    public constructor(options: RuntimeOptions<THandle>) {
        const { recipe, sink, executor, profiler, events, settings } = options;
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
            roots: [],
            chosen: [],
            needed: [],
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
        const startedMs = this._profiler.now();
        this._budgetFrames = Math.min(
            MOST_BUDGET_FRAMES,
            Math.max(1, (startedMs - this._lastFrameMs) / BUDGET_FRAME_MS),
        );
        this._lastFrameMs = startedMs;
        this._readViewers();
        this._selectLevels(view);
        const selectedMs = this._profiler.now();
        this._profiler.record("selectLevels", startedMs, selectedMs - startedMs);
        this._diffShown();
        if (!this.isStreamingPaused) {
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
        const { frame, roots } = this._selection;
        let isAny = false;
        for (const root of roots) {
            if (root.wantedFrame === frame && this._touches(root, position, radius)) {
                isAny = true;
                if (!this._isSettled(root, position, radius)) {
                    return false;
                }
            }
        }
        return isAny;
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
        const key = addressKey(address.level, address.x, address.z);
        const node = this._tree.findByKey(key);
        if (node?.buffer != null) {
            callback?.({ status: "done", address, bytes: new Uint8Array(node.buffer, 0, node.byteLength) });
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
        ref.waitingForUpload = this._ready.length;
        ref.cachedChunks = this._cache.count;
        ref.cachedBytes = this._cache.bytes;
        ref.pooledBytes = pool.bytesTotal;
        ref.memoryLimitBytes = this.settings.memoryLimitBytes;
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
        this._shown.length = 0;
        this._ready.length = 0;
        this._requests.cancelAll();
        this._scheduler.dispose();
        this._cache.clear();
        await this._executor.disposeAsync();
    }

    // Step 1
    private _readViewers(): void {
        const limit = (MAX_CHUNK_COORDINATE * this._recipe.chunkSize) / 2;
        this._hasViewer = this._viewers.read(this.settings.viewDistance, limit);
        const { poses } = this._viewers;
        for (let i = 0; i < poses.length; i++) {
            const { x, z, isKnown } = poses[i]!;
            const movedX = Math.abs(x - (this._groundX[i] ?? Number.POSITIVE_INFINITY));
            const movedZ = Math.abs(z - (this._groundZ[i] ?? Number.POSITIVE_INFINITY));
            if (isKnown && !(movedX + movedZ < GROUND_STEP)) {
                this._groundX[i] = x;
                this._groundZ[i] = z;
                this._groundY[i] = this._sampler.sampleHeight(x, z);
            }
        }
    }

    // Step 2
    private _selectLevels({ verticalFov, viewportHeight }: RuntimeView): void {
        const { _selection: selection, _fovOfSelection: last, settings } = this;
        if (this.isSelectionFrozen && selection.frame > 0) {
            return;
        }
        const { screenSpaceError } = settings;
        const isSame =
            last.verticalFov === verticalFov &&
            last.viewportHeight === viewportHeight &&
            last.screenSpaceError === screenSpaceError;
        if (!isSame) {
            last.verticalFov = verticalFov;
            last.viewportHeight = viewportHeight;
            last.screenSpaceError = screenSpaceError;
            const spacing = this._recipe.chunkSize / this._recipe.terrain.resolution;
            fillSplitDistances(spacing, verticalFov, viewportHeight, screenSpaceError, selection.splitDistances);
        }
        this._growRoots();
        selection.frame++;
        selectLevels(selection, this._viewers.poses, this._groundY);
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
        const { _selection: selection, _shown: shown } = this;
        if (this.isStreamingPaused) {
            return;
        }
        chooseShown(selection);
        const { pass, chosen } = selection;
        for (let i = 0; i < chosen.length; i++) {
            const node = chosen[i]!;
            node.chosenPass = pass;
            if (!node.isShown) {
                node.isShown = true;
                shown.push(node);
                this._sink.show(node.handle!);
                this._events.onShown(node.address, node.handle!);
            }
        }
        for (let i = shown.length - 1; i >= 0; i--) {
            const node = shown[i]!;
            if (node.chosenPass !== pass) {
                node.isShown = false;
                shown[i] = shown[shown.length - 1]!;
                shown.pop();
                this._sink.hide(node.handle!);
                this._events.onHidden(node.address, node.handle!);
            }
        }
        this._isReady = this._hasViewer && selection.roots.length > 0 && selection.unsettled === 0;
        this._dropUnneeded();
    }

    /** What is neither shown nor needed goes: meshes to their pool, bytes to the cache, nodes to theirs. */
    private _dropUnneeded(): void {
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
        switch (node.state) {
            case NodeState.uploaded:
                this._sink.release(node.handle!);
                node.handle = null;
                this._giveToCache(node);
                break;
            case NodeState.ready:
                this._ready.splice(this._ready.indexOf(node), 1);
                this._giveToCache(node);
                break;
            case NodeState.requested:
                if (!this._requests.isAskedFor(node.key)) {
                    this._scheduler.cancel(node.key);
                }
                // What is under way already goes to the cache when it comes.
                node.state = NodeState.absent;
                break;
            default:
        }
    }

    private _giveToCache(node: QuadNode<THandle>): void {
        node.state = NodeState.absent;
        this._heldBytes -= node.buffer!.byteLength;
        this._cache.put(node.key, node.buffer!, node.byteLength);
        node.buffer = null;
    }

    // Step 4
    private _requestMissing(): void {
        const { settings, _selection: selection } = this;
        const { needed } = selection;
        for (let i = 0; i < needed.length; i++) {
            const node = needed[i]!;
            if (node.state === NodeState.absent) {
                this._fetch(node);
            }
            if (node.state === NodeState.requested || node.state === NodeState.ready) {
                node.priority = this._priorityOf(node);
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
        if (this._scheduler.isQuarantined(node.key)) {
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

    private _priorityOf(node: QuadNode<THandle>): number {
        const { poses } = this._viewers;
        const side = this._recipe.chunkSize * 2 ** node.level;
        const x = (node.x + 0.5) * side;
        const z = (node.z + 0.5) * side;
        let band = BANDS.length - 1;
        let isInView = false;
        for (let i = 0; i < poses.length; i++) {
            const pose = poses[i]!;
            band = Math.min(band, bandAt(node.distance / pose.radius));
            const dx = x - pose.x;
            const dz = z - pose.z;
            const length = Math.hypot(dx, dz);
            const ahead = dx * pose.forwardX + dz * pose.forwardZ;
            const flat = Math.hypot(pose.forwardX, pose.forwardZ);
            isInView ||= !pose.hasForward || length < side || ahead >= IN_VIEW_COSINE * length * flat;
        }
        return priorityOf(!isUnderShown(node), band, isInView, node.level, node.distance);
    }

    /** What pool, transit, drawn chunks and their GPU copies leave of the limit. */
    private _cacheLimit(): number {
        const limit = this.settings.memoryLimitBytes * (1 - RESERVED_SHARE);
        const others = this._pool.bytesTotal - this._cache.bytes + this._heldBytes;
        return Math.max(0, limit - others);
    }

    // Step 5
    private _applyReady(): void {
        const { _ready: ready, settings } = this;
        if (ready.length === 0) {
            return;
        }
        const budgetMs = settings.applyBudgetMs * this._budgetFrames;
        const budgetBytes = settings.applyBudgetBytes * this._budgetFrames;
        const startedMs = this._profiler.now();
        let bytes = 0;
        let nowMs = startedMs;
        while (ready.length > 0) {
            const index = mostUrgent(ready);
            const node = ready[index]!;
            const isOver = bytes + node.byteLength > budgetBytes || nowMs - startedMs > budgetMs;
            if (bytes > 0 && isOver) {
                return;
            }
            ready[index] = ready[ready.length - 1]!;
            ready.pop();
            node.handle = this._sink.upload(node.address, new Uint8Array(node.buffer!, 0, node.byteLength));
            node.state = NodeState.uploaded;
            bytes += node.byteLength;
            const endedMs = this._profiler.now();
            this._profiler.record("uploadChunk", nowMs, endedMs - nowMs);
            nowMs = endedMs;
        }
    }

    private _receive(node: QuadNode<THandle>, buffer: ArrayBuffer, byteLength: number): void {
        const header = readChunkHeader(new Uint8Array(buffer, 0, byteLength));
        node.minY = header.minY;
        node.maxY = header.maxY;
        node.buffer = buffer;
        node.byteLength = byteLength;
        node.state = NodeState.ready;
        this._heldBytes += buffer.byteLength;
        this._ready.push(node);
    }

    private _onBaked(address: ChunkAddress, key: number, buffer: ArrayBuffer, byteLength: number): void {
        this._requests.settle(key, { status: "done", address, bytes: new Uint8Array(buffer, 0, byteLength) });
        const node = this._tree.findByKey(key);
        if (node?.state === NodeState.requested) {
            this._receive(node, buffer, byteLength);
        } else {
            this._cache.put(key, buffer, byteLength);
        }
    }

    private _onFailed(address: ChunkAddress, key: number, error: Error): void {
        this._requests.settle(key, { status: "failed", address, error });
        const node = this._tree.findByKey(key);
        if (node?.state === NodeState.requested) {
            node.state = NodeState.failed;
        }
        this._events.onFailed(address, error);
    }

    private _touches(node: QuadNode<THandle>, { x, z }: Vec3Like, radius: number): boolean {
        const side = this._recipe.chunkSize * 2 ** node.level;
        const dx = Math.max(0, node.x * side - x, x - (node.x + 1) * side);
        const dz = Math.max(0, node.z * side - z, z - (node.z + 1) * side);
        return dx * dx + dz * dz <= radius * radius;
    }

    private _isSettled(node: QuadNode<THandle>, position: Vec3Like, radius: number): boolean {
        if (!node.isSplit) {
            return node.isShown || node.state === NodeState.failed || node.state === NodeState.uploaded;
        }
        return node.children.every(
            (child) => !this._touches(child, position, radius) || this._isSettled(child, position, radius),
        );
    }
}

/** Whether something coarser is drawn in a node's place, or part of it is drawn finer. */
function isUnderShown<THandle>(node: QuadNode<THandle>): boolean {
    for (let at: QuadNode<THandle> | null = node; at !== null; at = at.parent) {
        if (at.isShown) {
            return true;
        }
    }
    return node.children.length > 0 && node.children[0]!.isShown;
}

function mostUrgent<THandle>(ready: readonly QuadNode<THandle>[]): number {
    let best = 0;
    for (let i = 1; i < ready.length; i++) {
        if (ready[i]!.priority < ready[best]!.priority) {
            best = i;
        }
    }
    return best;
}
