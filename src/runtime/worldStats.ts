import type { StoreStats } from "../profiler/storeStats.js";

/** What a world does at one moment: a plain object. */
export interface WorldStats {
    /** Chunks that are drawn, in view or not. */
    visibleChunks: number;
    /** Visible chunks by level, index 0 the finest. */
    visibleByLevel: number[];
    /** Exchanges of levels that fade now: of chunks that give way to finer or coarser ones. */
    fadingExchanges: number;
    /** Requests that wait, not yet sent to a worker. */
    pendingRequests: number;
    /** Requests that wait, by band: immediate, high, normal, low. */
    pendingByBand: [number, number, number, number];
    /** Chunks at the workers. */
    bakingChunks: number;
    /** Chunks that are being loaded from stores. */
    loadingChunks: number;
    /** Chunks that came from stores, since the world began. */
    loadedChunks: number;
    /** Chunks baked that wait for the apply budget. */
    waitingForUpload: number;
    /** Chunks that rest in memory: nobody uses them. */
    cachedChunks: number;
    /** Bytes of their buffers. */
    cachedBytes: number;
    /** Bytes of buffers in the pool: idle, leased, and in transit to workers. */
    pooledBytes: number;
    /** Bytes of buffers that wait in the pool. */
    idleBytes: number;
    /** Bytes by which buffers of chunks are longer than their chunks. */
    roundingBytes: number;
    /** Bytes of buffers whose chunks are drawn or wait to be. */
    heldBytes: number;
    /** Bytes of buffers at the workers. */
    transitBytes: number;
    /** Bytes of the workers' kernels. */
    kernelBytes: number;
    /** Bytes of the textures on the GPU that the ground is drawn with; those of a material of yours do not count. */
    textureBytes: number;
    /** Bytes of what an environment holds: maps of horizons, and a noise for sky and sea. */
    environmentBytes: number;
    /**
     * Bytes of what the calling thread works with: tiles of heights, of cave distance and of macro fields, which answer
     * `sampleHeight` and its like, and vertices on their way into a buffer that siblings share.
     */
    workingBytes: number;
    /**
     * All that counts against the limit: pools, caches, transit, GPU buffers, textures, an environment, working bytes,
     * the workers' kernels.
     */
    usedBytes: number;
    /** The most bytes that ever counted against the limit. */
    peakBytes: number;
    /** The limit in bytes. */
    memoryLimitBytes: number;
    /** How often nine tenths of the limit were reached. */
    pressureEvents: number;
    /** Pixels: the error that levels are chosen by, above the setting while memory is short. */
    effectiveScreenSpaceError: number;
    /** Chunks that were baked, since the world began. */
    bakedChunks: number;
    /** Requests that nobody claimed any more before they were sent, since the world began. */
    cancelledRequests: number;
    /** Chunks that were given up, since the world began. */
    failedChunks: number;
    /** Chunks that the view began to want and that were in memory, since the world began. */
    cacheHits: number;
    /** Chunks that the view began to want and that were not in memory, since the world began. */
    cacheMisses: number;
    /** Chunks that were prefetched, since the world began. */
    prefetchedChunks: number;
    /** Prefetched chunks that were shown later. */
    prefetchedUsed: number;
    /** Prefetched chunks that were not shown within seconds of the last claim, or became useless by a jump. */
    prefetchedWasted: number;
    /** Chunks that were shown, since the world began. */
    shownChunks: number;
    /** Those of them that had been prefetched. */
    shownPrefetched: number;
    /** Milliseconds from the request to the picture: a recent mean, as those below are. */
    chunkLatencyMs: number;
    /** Of that: in the queue. */
    queuedMs: number;
    /** Of that: at the worker. */
    bakingMs: number;
    /** Of that: coming back from the worker. */
    returningMs: number;
    /** Of that: waiting for the apply budget. */
    waitingMs: number;
    /** Of that: being uploaded. */
    uploadMs: number;
    /** Share of buffers that were not allocated anew, 0 to 1. */
    poolHitRate: number;
    /** Buffers that had to be allocated. */
    poolMisses: number;
    /** Threads that bake; 0 where the calling one does. */
    workers: number;
    /** What each store did, in the order in which they are asked; empty without stores. Filled by `getStats` alone. */
    stores: readonly StoreStats[];
}

export function createWorldStats(): WorldStats {
    return {
        visibleChunks: 0,
        visibleByLevel: [],
        fadingExchanges: 0,
        pendingRequests: 0,
        pendingByBand: [0, 0, 0, 0],
        bakingChunks: 0,
        loadingChunks: 0,
        loadedChunks: 0,
        waitingForUpload: 0,
        cachedChunks: 0,
        cachedBytes: 0,
        pooledBytes: 0,
        idleBytes: 0,
        roundingBytes: 0,
        heldBytes: 0,
        transitBytes: 0,
        kernelBytes: 0,
        textureBytes: 0,
        environmentBytes: 0,
        workingBytes: 0,
        usedBytes: 0,
        peakBytes: 0,
        memoryLimitBytes: 0,
        pressureEvents: 0,
        effectiveScreenSpaceError: 0,
        bakedChunks: 0,
        cancelledRequests: 0,
        failedChunks: 0,
        cacheHits: 0,
        cacheMisses: 0,
        prefetchedChunks: 0,
        prefetchedUsed: 0,
        prefetchedWasted: 0,
        shownChunks: 0,
        shownPrefetched: 0,
        chunkLatencyMs: 0,
        queuedMs: 0,
        bakingMs: 0,
        returningMs: 0,
        waitingMs: 0,
        uploadMs: 0,
        poolHitRate: 1,
        poolMisses: 0,
        workers: 0,
        stores: [],
    };
}
