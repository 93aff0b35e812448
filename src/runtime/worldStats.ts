/** What a world does at this moment: a plain object. */
export interface WorldStats {
    visibleChunks: number;
    /** Visible chunks by level, index 0 the finest. */
    visibleByLevel: number[];
    /** Requests that wait, not yet sent to a worker. */
    pendingRequests: number;
    /** Of those by band: immediate, high, normal, low. */
    pendingByBand: [number, number, number, number];
    /** Chunks at the workers. */
    bakingChunks: number;
    /** Chunks baked that wait for the apply budget. */
    waitingForUpload: number;
    cachedChunks: number;
    cachedBytes: number;
    /** Bytes of buffers in the pool: idle, leased, and in transit to workers. */
    pooledBytes: number;
    /** Of those: idle ones, and what buffers of chunks are longer than their chunks. */
    idleBytes: number;
    roundingBytes: number;
    /** Bytes of buffers whose chunks are drawn or wait to be, and of those that are at workers. */
    heldBytes: number;
    transitBytes: number;
    /** Bytes of the workers' kernels. */
    kernelBytes: number;
    /**
     * Bytes of what the calling thread works with: tiles of heights, of cave distance and of macro fields, which answer
     * `sampleHeight` and its like, and vertices on their way into a buffer that siblings share.
     */
    workingBytes: number;
    /**
     * All that counts against the limit: pools, caches, transit, GPU buffers, working bytes, the workers' kernels; and the
     * most there ever was.
     */
    usedBytes: number;
    peakBytes: number;
    memoryLimitBytes: number;
    /** Times that nine tenths of the limit were reached. */
    pressureEvents: number;
    /** Pixels: the error that levels are chosen by, above the setting while memory is short. */
    effectiveScreenSpaceError: number;
    /** Since the world began. */
    bakedChunks: number;
    cancelledRequests: number;
    failedChunks: number;
    cacheHits: number;
    cacheMisses: number;
    /** Chunks that the motion of viewers foretold; those of them that were shown later, or never. */
    predictedChunks: number;
    predictedUsed: number;
    predictedWasted: number;
    /** Chunks that were shown, and those of them that had been predicted. */
    shownChunks: number;
    shownPredicted: number;
    /** Mean milliseconds from the request to the picture, of late. */
    chunkLatencyMs: number;
    /** Its parts, means of late as well: in the queue, at the worker, coming back, waiting for the apply budget, uploading. */
    queuedMs: number;
    bakingMs: number;
    returningMs: number;
    waitingMs: number;
    uploadMs: number;
    /** 0 to 1: the share of buffers that were not allocated anew; and how many were. */
    poolHitRate: number;
    poolMisses: number;
    workers: number;
}

export function createWorldStats(): WorldStats {
    return {
        visibleChunks: 0,
        visibleByLevel: [],
        pendingRequests: 0,
        pendingByBand: [0, 0, 0, 0],
        bakingChunks: 0,
        waitingForUpload: 0,
        cachedChunks: 0,
        cachedBytes: 0,
        pooledBytes: 0,
        idleBytes: 0,
        roundingBytes: 0,
        heldBytes: 0,
        transitBytes: 0,
        kernelBytes: 0,
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
        predictedChunks: 0,
        predictedUsed: 0,
        predictedWasted: 0,
        shownChunks: 0,
        shownPredicted: 0,
        chunkLatencyMs: 0,
        queuedMs: 0,
        bakingMs: 0,
        returningMs: 0,
        waitingMs: 0,
        uploadMs: 0,
        poolHitRate: 1,
        poolMisses: 0,
        workers: 0,
    };
}
