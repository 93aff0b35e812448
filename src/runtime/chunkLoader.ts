import { chunkByteLength, readChunkHeightsToRef } from "../format/chunkData.js";
import { BUFFER_KINDS } from "../memory/bufferKinds.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { heightGridVertexCount, largestGridLayout } from "../meshing/heightGridIndices.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkRecord } from "../residency/chunkRecord.js";
import type { ChunkSource } from "../residency/chunkSource.js";
import { Residency, type ResidencyEvents } from "../residency/residency.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { faceOfKey, levelOfKey, xOfKey, zOfKey } from "../space/chunkKey.js";
import type { Topology } from "../space/topology.js";
import { BANDS, type RequestBand } from "../streaming/bands.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";
import { BakeSource } from "./bakeSource.js";
import { ChunkRequests, type ChunkRequestCallback } from "./chunkRequests.js";
import type { SinkMemory } from "./chunkSink.js";
import type { WorldStats } from "./worldStats.js";
import type { WorldStores } from "./worldStores.js";

/** A chunk that a sink has is held twice: in memory, for lost contexts and the cache, and by the sink. */
const COPIES = 2;
/** Share of the memory limit that idle buffers may take. */
const IDLE_SHARE = 0.1;
/** Share of the memory limit that stays free for what replaces what is shown. */
const RESERVED_SHARE = 0.1;

/** Pools of what generators and sinks work with on the calling thread. */
const WORKING_KINDS = BUFFER_KINDS.filter((kind) => kind !== "serialization");

/** Scratch: metres from a viewer to a chunk. */
const measured = new Float64Array(1);

export interface ChunkLoaderOptions {
    readonly recipe: Recipe;
    readonly topology: Topology;
    readonly executor: BakeExecutor;
    /** Stores that are asked before the bake, or in its place; null for none. */
    readonly stores: WorldStores | null;
    readonly profiler: PerformanceProfiler;
    /** All that the world holds, under one limit. */
    readonly buffers: BufferPoolManager;
    readonly events: ResidencyEvents;
    /** Read each frame. */
    readonly sinks: readonly SinkMemory[];
    readonly poses: readonly ViewerPose[];
}

/** Gets chunks for whoever claims them, from memory or a bake, within the memory limit. */
export class ChunkLoader {
    public readonly residency: Residency;
    private readonly _pool: BufferPool;
    private readonly _bake: BakeSource;
    private readonly _requests: ChunkRequests;

    public constructor(private readonly _options: ChunkLoaderOptions) {
        const { recipe, executor, profiler, buffers, events, stores } = _options;
        const pool = buffers.poolOf("serialization");
        const bufferBytes = chunkByteLength(heightGridVertexCount(largestGridLayout(recipe)), 0, false);
        const hasRoomFor = (bytes: number): boolean => this._countMemory() + bytes <= buffers.ledger.limitBytes;
        this._pool = pool;
        this._bake = new BakeSource({
            executor,
            recipeJson: JSON.stringify(recipe),
            pool,
            bufferBytes,
            profiler,
            hasRoomFor,
        });
        const sources: ChunkSource[] = stores?.bakes === false ? [] : [this._bake];
        if (stores !== null) {
            const find = (key: number): ChunkRecord | undefined => this.residency.records.find(key);
            const request = (address: ChunkAddress, callback: ChunkRequestCallback): void => {
                this.request(address, "low", callback);
                this.residency.pump();
            };
            sources.unshift(stores.attach({ pool, profiler, bufferBytes, hasRoomFor, find, request }));
            this._bake.onBakedChunk = ({ record }, ms) => this._offer(record, ms);
        }
        this.residency = new Residency({
            pool,
            sources,
            profiler,
            events,
            costOf: (key, ref) => this._distanceToRef(key, ref),
            readHeightsToRef: readChunkHeightsToRef,
        });
        this._requests = new ChunkRequests(this.residency);
    }

    /** Bytes that drawing one more chunk takes, by the mean of those that are drawn; 0 while there are none. */
    public get drawnBytesEach(): number {
        return (COPIES * this.residency.held.bytes) / Math.max(1, this.residency.held.count);
    }

    /** See `TerrainRuntime.requestChunk`. */
    public request(address: ChunkAddress, band: RequestBand, callback?: ChunkRequestCallback): boolean {
        if (this.residency.isDisposed) {
            callback?.({ status: "cancelled", address });
            return false;
        }
        return this._requests.request(address, BANDS.indexOf(band), callback);
    }

    /**
     * Sends what waits, after memory was shared out. Call it once a frame.
     *
     * @param frameMs milliseconds between two calls; 0 where they do not come in frames
     * @param isHurried whether the picture was not whole yet from where viewers are now
     */
    public pump(memoryLimitBytes: number, frameMs = 0, isHurried = false): void {
        const { hold } = this._bake.scheduler;
        hold.frameMs = frameMs;
        hold.isHurried = isHurried;
        const { buffers, sinks } = this._options;
        const { cache } = this.residency;
        buffers.ledger.limitBytes = Math.max(1, memoryLimitBytes);
        // What kernels, pool, transit, drawn chunks and their GPU copies leave of the limit.
        const others = this._countMemory() - cache.bytes;
        // Whole bytes: fractions would be objects, two a frame.
        cache.limitBytes = Math.max(0, Math.floor(memoryLimitBytes * (1 - RESERVED_SHARE)) - others);
        // What was evicted rests in the pool.
        this._pool.trim(Math.floor(memoryLimitBytes * IDLE_SHARE));
        // Of use only while GPU buffers are being made.
        buffers.poolOf("vertex").trim(0);
        buffers.poolOf("index").trim(0);
        if (this._countMemory() > memoryLimitBytes) {
            buffers.forceCleanup();
        }
        // Last, since they are the dearest to make anew.
        if (this._countMemory() > memoryLimitBytes) {
            for (let i = 0; i < sinks.length; i++) {
                sinks[i]!.trim?.();
            }
        }
        this.residency.pump();
    }

    /** Throws away the chunks that nobody uses, and buffers that rest. */
    public flushCache(): void {
        this.residency.cache.clear();
        this._pool.trim(0);
        for (const sink of this._options.sinks) {
            sink.trim?.();
        }
    }

    /** Bakes by another recipe from now on. Whoever calls it invalidates what was baked by the last. */
    public setRecipe(recipe: Recipe): void {
        this._bake.scheduler.recipeJson = JSON.stringify(recipe);
        void this._options.stores?.beginAsync(recipe, GENERATOR_VERSION);
    }

    public fillStats(ref: WorldStats): void {
        const { residency, _pool: pool } = this;
        const { scheduler } = this._bake;
        const { buffers } = this._options;
        const { cache, counts } = residency;
        const store = this._options.stores?.source ?? null;
        ref.pendingRequests = scheduler.pendingCount + (store?.pendingCount ?? 0);
        ref.bakingChunks = scheduler.inFlightCount;
        ref.loadingChunks = store?.loadingCount ?? 0;
        ref.loadedChunks = store?.loadedCount ?? 0;
        ref.cachedChunks = cache.count;
        ref.cachedBytes = cache.bytes;
        ref.pooledBytes = pool.bytesTotal;
        ref.heldBytes = residency.held.bytes;
        ref.transitBytes = pool.bytesInTransit;
        ref.kernelBytes = scheduler.kernelBytes;
        ref.textureBytes = buffers.ledger.accounts.get("textures") ?? 0;
        ref.environmentBytes = buffers.ledger.accounts.get("environment") ?? 0;
        ref.workingBytes = 0;
        for (let i = 0; i < WORKING_KINDS.length; i++) {
            ref.workingBytes += buffers.poolOf(WORKING_KINDS[i]!).bytesTotal;
        }
        ref.usedBytes = buffers.ledger.usedBytes;
        ref.peakBytes = buffers.ledger.peakBytes;
        ref.pressureEvents = buffers.ledger.pressureEvents;
        ref.idleBytes = pool.bytesIdle;
        ref.roundingBytes = residency.held.bytes - residency.held.dataBytes + cache.bytes - cache.dataBytes;
        ref.bakedChunks = scheduler.bakedCount;
        ref.cancelledRequests = counts.cancelled;
        ref.failedChunks = counts.failed;
        ref.cacheHits = counts.hits;
        ref.cacheMisses = counts.misses;
        ref.queuedMs = scheduler.latency.queuedMs;
        ref.bakingMs = scheduler.latency.bakingMs;
        ref.returningMs = scheduler.latency.returningMs;
        const { hits, misses } = pool;
        ref.poolMisses = misses;
        ref.poolHitRate = hits + misses > 0 ? hits / (hits + misses) : 1;
    }

    /** Requests that wait settle as cancelled; nothing comes from now on. Handles are the caller's to give back. */
    public dispose(): void {
        this._options.stores?.dispose();
        this.residency.dispose();
        this._requests.cancelAll();
    }

    /** Has a chunk stored that was baked, where that is worth it. */
    private _offer(record: ChunkRecord, bakeMs: number): void {
        const stores = this._options.stores!;
        if (stores.writer.offer(record, bakeMs)) {
            stores.source.pumpSoon();
        }
    }

    /** Enters into the ledger what all hold now. Returns the sum in bytes. */
    private _countMemory(): number {
        const { buffers, sinks } = this._options;
        const { ledger } = buffers;
        buffers.settle();
        let bytes = 0;
        let textureBytes = 0;
        for (let i = 0; i < sinks.length; i++) {
            bytes += sinks[i]!.gpuBytes ?? this.residency.held.bytes;
            textureBytes += sinks[i]!.textureBytes ?? 0;
        }
        ledger.set("gpu", bytes);
        ledger.set("textures", textureBytes);
        ledger.set("kernels", this._bake.scheduler.kernelBytes);
        return ledger.usedBytes;
    }

    /** Sides of its own that a chunk lies away from the nearest viewer: fine ground far off is wanted least. */
    private _distanceToRef(key: number, ref: Float64Array): void {
        const { poses, topology } = this._options;
        const face = faceOfKey(key);
        const level = levelOfKey(key);
        const x = xOfKey(key);
        const z = zOfKey(key);
        const side = topology.sides[level]!;
        ref[0] = Number.POSITIVE_INFINITY;
        for (let i = 0; i < poses.length; i++) {
            const pose = poses[i]!;
            if (pose.isKnown) {
                topology.groundDistanceToRef(face, level, x, z, pose, measured, 0);
                ref[0] = Math.min(ref[0]!, measured[0]! / side);
            }
        }
    }
}
