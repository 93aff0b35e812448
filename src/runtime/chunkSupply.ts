import { movingMean } from "../base/movingMean.js";
import { chunkByteLength, readChunkHeightsToRef } from "../format/chunkData.js";
import { NodeState, type QuadNode, type Quadtree } from "../lod/quadtree.js";
import { squareDistance } from "../lod/wantedDetail.js";
import { BUFFER_KINDS } from "../memory/bufferKinds.js";
import type { BufferPool } from "../memory/bufferPool.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { heightGridVertexCount, largestGridLayout } from "../meshing/heightGridIndices.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { createTiming } from "../profiler/timing.js";
import { BakeScheduler } from "../scheduler/bakeScheduler.js";
import { addressKey, levelOfKey, xOfKey, zOfKey, type ChunkAddress } from "../space/chunkAddress.js";
import { BANDS, type RequestBand } from "../streaming/bands.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";
import { ApplyBudget } from "./applyBudget.js";
import { ChunkCache } from "./chunkCache.js";
import { Predictions } from "./predictions.js";
import { ChunkRequests, type ChunkRequestCallback } from "./chunkRequests.js";
import type { ChunkSink } from "./chunkSink.js";
import type { RuntimeEvents, RuntimeOptions, RuntimeSettings } from "./runtimeOptions.js";
import { UploadQueue } from "./uploadQueue.js";
import type { WorldStats } from "./worldStats.js";

/** A chunk that is drawn is held twice: in memory, for lost contexts and the cache, and by the GPU. */
const COPIES = 2;
/** Share of the memory limit that idle buffers may take. */
const IDLE_SHARE = 0.1;
/** Share of the memory limit that stays free for what replaces what is shown. */
const RESERVED_SHARE = 0.1;

/** Pools of what generators and the sink work with on the calling thread. */
const WORKING_KINDS = BUFFER_KINDS.filter((kind) => kind !== "serialization");

const timing = createTiming();

/** Brings nodes their chunks, from the cache or a bake, and on to the sink within the budget; and takes them away again. */
export class ChunkSupply<THandle> {
    private readonly _sink: ChunkSink<THandle>;
    private readonly _profiler: PerformanceProfiler;
    private readonly _events: RuntimeEvents<THandle>;
    /** All that the world holds, under one limit. */
    private readonly _memory: BufferPoolManager;
    private readonly _pool: BufferPool;
    private readonly _cache: ChunkCache;
    private readonly _scheduler: BakeScheduler;
    private readonly _requests: ChunkRequests;
    /** Takes what `predictLevels` finds. */
    public readonly predictions: Predictions;
    private readonly _uploads: UploadQueue<THandle>;
    /** Null where somebody else begins the frames of a shared budget. */
    private readonly _ownBudget: ApplyBudget | null;
    /** Chunks that the sink could not take. */
    private readonly _refused = new Set<number>();
    /** Chunks held for the sink or by it, and their bytes. */
    private _heldCount = 0;
    private _heldBytes = 0;
    /** Bytes of the chunks themselves in those buffers. */
    private _heldDataBytes = 0;
    private readonly _chunkSize: number;
    private _frameMs = 0;
    /** Means of late: from a chunk's arrival to its upload, and the upload. */
    private _waitingMs = 0;
    private _uploadMs = 0;
    private _isDisposed = false;

    /** Whether someone other than a prediction wants a chunk: a node of the tree, or who asked for it by address. */
    private readonly _isWanted = (key: number): boolean =>
        this._tree.findByKey(key)?.state === NodeState.requested || this._requests.isAskedFor(key);

    public constructor(
        { recipe, sink, executor, profiler, events, budget, buffers }: RuntimeOptions<THandle>,
        private readonly _tree: Quadtree<THandle>,
        private readonly _viewers: readonly ViewerPose[],
    ) {
        this._memory = buffers ?? new BufferPoolManager({ memoryLimitBytes: Infinity });
        this._pool = this._memory.poolOf("serialization");
        this._chunkSize = recipe.chunkSize;
        this._ownBudget = budget === undefined ? new ApplyBudget() : null;
        this._uploads = new UploadQueue<THandle>(budget ?? this._ownBudget!);
        this._sink = sink;
        this._profiler = profiler;
        this._events = events;
        this._cache = new ChunkCache(this._pool, (key, ref) => this._distanceToRef(key, ref));
        this._scheduler = new BakeScheduler({
            executor,
            recipeJson: JSON.stringify(recipe),
            pool: this._pool,
            bufferBytes: chunkByteLength(heightGridVertexCount(largestGridLayout(recipe)), 0, false),
            profiler,
            hasRoomFor: (bytes) => this._countMemory() + bytes <= this._memory.ledger.limitBytes,
            onBaked: (address, key, buffer, byteLength) => this._onBaked(address, key, buffer, byteLength),
            onFailed: (address, key, error) => this._onFailed(address, key, error),
        });
        this._requests = new ChunkRequests(this._scheduler, this._cache);
        this.predictions = new Predictions(this._scheduler, this._cache, this._isWanted);
    }

    /** Bytes that drawing one more chunk takes, by the mean of those that are drawn; 0 while there are none. */
    public get drawnBytesEach(): number {
        return (COPIES * this._heldBytes) / Math.max(1, this._heldCount);
    }

    /** See `UploadQueue.beginFrame`. */
    public beginFrame(frameMs: number, { applyBudgetMs, applyBudgetBytes }: RuntimeSettings): void {
        this._frameMs = frameMs;
        this._ownBudget?.begin();
        this._uploads.beginFrame(frameMs, applyBudgetMs, applyBudgetBytes);
    }

    /** Brings a needed node's chunk one step nearer: asks for it, or says how urgent it has become. */
    public advance(node: QuadNode<THandle>, priority: number): void {
        node.priority = priority;
        if (node.state === NodeState.absent) {
            this._fetch(node);
        }
        if (node.state === NodeState.requested) {
            this._scheduler.request(node.key, node.address, priority);
        }
    }

    /** Sends what waits, after memory was shared out. Call it once a frame. */
    public pump(memoryLimitBytes: number): void {
        this._memory.ledger.limitBytes = Math.max(1, memoryLimitBytes);
        // What kernels, pool, transit, drawn chunks and their GPU copies leave of the limit.
        const others = this._countMemory() - this._cache.bytes;
        // Whole bytes: fractions would be objects, two a frame.
        this._cache.limitBytes = Math.max(0, Math.floor(memoryLimitBytes * (1 - RESERVED_SHARE)) - others);
        // What was evicted rests in the pool.
        this._pool.trim(Math.floor(memoryLimitBytes * IDLE_SHARE));
        // Of use only while GPU buffers are being made.
        this._memory.poolOf("vertex").trim(0);
        this._memory.poolOf("index").trim(0);
        if (this._countMemory() > memoryLimitBytes) {
            this._memory.forceCleanup();
        }
        // Last, since they are the dearest to make anew.
        if (this._countMemory() > memoryLimitBytes) {
            this._sink.trim?.();
        }
        this._scheduler.pump();
    }

    /** Takes from a node that is not drawn all it has: its mesh goes to the sink's pool, its bytes to the cache. */
    public drop(node: QuadNode<THandle>): void {
        node.requestedMs = Number.NaN;
        if (node.state === NodeState.uploaded) {
            this._sink.release(node.handle!);
            node.handle = null;
            this._giveToCache(node);
        } else if (node.state === NodeState.ready) {
            this._uploads.remove(node);
            this._giveToCache(node);
        } else if (node.state === NodeState.requested) {
            this._scheduler.cancel(node.key);
            // What is under way already goes to the cache when it comes.
            node.state = NodeState.absent;
        }
    }

    /** Priority of what waits for the budget: see `UploadQueue`. */
    public get applyPriority(): number {
        return this._uploads.priority;
    }

    /** Uploads the most urgent of what is ready. Returns false where nothing is, or the budget is spent. */
    public applyNext(): boolean {
        const node = this._uploads.next();
        if (node === null) {
            return false;
        }
        const startedMs = this._profiler.now();
        const { byteLength } = node;
        this._waitingMs = movingMean(this._waitingMs, startedMs - node.readyMs);
        this._upload(node);
        const ms = this._profiler.now() - startedMs;
        this._uploads.spend(byteLength, ms);
        this._uploadMs = movingMean(this._uploadMs, ms);
        this._profiler.record("uploadChunk", startedMs, ms);
        return true;
    }

    /** See `TerrainRuntime.requestChunk`. */
    public request(address: ChunkAddress, band: RequestBand, callback?: ChunkRequestCallback): boolean {
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

    /** Throws away the chunks that nobody draws, and buffers that rest. */
    public flushCache(): void {
        this._cache.clear();
        this._pool.trim(0);
        this._sink.trim?.();
    }

    /**
     * Throws away every chunk, drawn ones too, which must be hidden by then, and gives those that failed another chance. What
     * is being baked still comes.
     */
    public reset(): void {
        for (const node of this._tree.nodes) {
            node.requestedMs = Number.NaN;
            if (node.handle !== null) {
                this._sink.release(node.handle);
                node.handle = null;
            }
            if (node.buffer !== null) {
                this._giveToCache(node);
            }
            if (node.state !== NodeState.requested) {
                node.state = NodeState.absent;
            }
        }
        this._uploads.clear();
        this._refused.clear();
        this._scheduler.forgive();
        this.flushCache();
    }

    /** Calls back with each chunk that waits or is being baked. */
    public forEachRequested(visit: (address: ChunkAddress, priority: number, isBaking: boolean) => void): void {
        this._scheduler.forEach(visit);
    }

    /** Keys of the chunks in the cache. */
    public cachedKeys(): IterableIterator<number> {
        return this._cache.keys();
    }

    public fillStats(ref: WorldStats): void {
        const { _scheduler: scheduler, _cache: cache } = this;
        ref.pendingRequests = scheduler.pendingCount;
        ref.bakingChunks = scheduler.inFlightCount;
        ref.waitingForUpload = this._uploads.count;
        ref.cachedChunks = cache.count;
        ref.cachedBytes = cache.bytes;
        ref.pooledBytes = this._pool.bytesTotal;
        ref.heldBytes = this._heldBytes;
        ref.transitBytes = this._pool.bytesInTransit;
        ref.kernelBytes = scheduler.kernelBytes;
        ref.workingBytes = 0;
        for (let i = 0; i < WORKING_KINDS.length; i++) {
            ref.workingBytes += this._memory.poolOf(WORKING_KINDS[i]!).bytesTotal;
        }
        ref.usedBytes = this._memory.ledger.usedBytes;
        ref.peakBytes = this._memory.ledger.peakBytes;
        ref.pressureEvents = this._memory.ledger.pressureEvents;
        ref.idleBytes = this._pool.bytesIdle;
        ref.roundingBytes = this._heldBytes - this._heldDataBytes + cache.bytes - cache.dataBytes;
        ref.bakedChunks = scheduler.bakedCount;
        ref.cancelledRequests = scheduler.cancelledCount;
        ref.failedChunks = scheduler.failedCount + this._refused.size;
        ref.cacheHits = cache.hits;
        ref.cacheMisses = cache.misses;
        ref.queuedMs = scheduler.latency.queuedMs;
        ref.bakingMs = scheduler.latency.bakingMs;
        ref.returningMs = scheduler.latency.returningMs;
        ref.waitingMs = this._waitingMs;
        ref.uploadMs = this._uploadMs;
        const { hits, misses } = this._pool;
        ref.poolMisses = misses;
        ref.poolHitRate = hits + misses > 0 ? hits / (hits + misses) : 1;
        const { counts } = this.predictions;
        ref.predictedChunks = counts.predicted;
        ref.predictedUsed = counts.used;
        ref.predictedWasted = counts.wasted;
        ref.shownChunks = counts.shown;
        ref.shownPredicted = counts.shownPredicted;
    }

    /** Requests that wait settle as cancelled; nothing comes from now on. Handles are the caller's to give back. */
    public dispose(): void {
        this._isDisposed = true;
        this._uploads.clear();
        this._scheduler.dispose();
        this._cache.clear();
        this._requests.cancelAll();
    }

    /** Enters into the ledger what all hold now. Returns the sum in bytes. */
    private _countMemory(): number {
        const { ledger } = this._memory;
        this._memory.settle();
        ledger.set("gpu", this._sink.gpuBytes ?? this._heldBytes);
        ledger.set("kernels", this._scheduler.kernelBytes);
        return ledger.usedBytes;
    }

    /** Sides of its own that a chunk lies away from the nearest viewer: fine ground far off is wanted least. */
    private _distanceToRef(key: number, ref: Float64Array): void {
        const side = this._chunkSize * 2 ** levelOfKey(key);
        ref[0] = Number.POSITIVE_INFINITY;
        for (let i = 0; i < this._viewers.length; i++) {
            const { x, z, isKnown } = this._viewers[i]!;
            if (isKnown) {
                const distance = squareDistance(xOfKey(key) * side, zOfKey(key) * side, side, x, z) / side;
                ref[0] = Math.min(ref[0]!, distance);
            }
        }
    }

    private _fetch(node: QuadNode<THandle>): void {
        if (this._scheduler.isQuarantined(node.key) || this._refused.has(node.key)) {
            node.state = NodeState.failed;
            return;
        }
        this._profiler.startTiming(timing);
        const cached = this._cache.take(node.key);
        if (cached === null) {
            node.state = NodeState.requested;
            node.requestedMs = this._frameMs;
        } else {
            this._receive(node, cached.buffer, cached.byteLength);
            this._profiler.endTiming("loadBuffer", timing);
        }
    }

    private _giveToCache(node: QuadNode<THandle>): void {
        node.state = NodeState.absent;
        this._heldCount--;
        this._heldBytes -= node.buffer!.byteLength;
        this._heldDataBytes -= node.byteLength;
        this._profiler.startTiming(timing);
        this._cache.put(node.key, node.buffer!, node.byteLength);
        this._profiler.endTiming("storeBuffer", timing);
        node.buffer = null;
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
        // The sink looks at the rest.
        readChunkHeightsToRef(buffer, node);
        node.buffer = buffer;
        node.byteLength = byteLength;
        node.state = NodeState.ready;
        node.readyMs = this._profiler.now();
        this._heldCount++;
        this._heldBytes += buffer.byteLength;
        this._heldDataBytes += byteLength;
        this._uploads.add(node);
    }

    private _onBaked(address: ChunkAddress, key: number, buffer: ArrayBuffer, byteLength: number): void {
        try {
            // Hardly any chunk is asked for by address: what would be handed over is made for those that are.
            if (this._requests.isAskedFor(key)) {
                const bytes = new Uint8Array(buffer, 0, byteLength);
                this._requests.settle(key, { status: "done", address, bytes });
            }
            if (!this._isDisposed) {
                this._events.onLoaded?.(address, buffer, byteLength);
            }
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
