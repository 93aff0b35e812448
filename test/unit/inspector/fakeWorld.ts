import type { InspectedWorld } from "../../../src/inspector/inspectedWorld.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

/** A world with numbers that can all be told apart; `stats` may be changed under way. */
export function createFakeWorld(over: Partial<InspectedWorld> = {}) {
    const stats = {
        visibleChunks: 101,
        pendingRequests: 102,
        bakingChunks: 103,
        cachedChunks: 104,
        cachedBytes: 105 * 2 ** 20,
        pooledBytes: 106 * 2 ** 20,
        memoryLimitBytes: 107 * 2 ** 20,
        triangles: 1234567,
        bakedChunks: 109,
        cancelledRequests: 110,
        failedChunks: 111,
        drawCalls: 12,
        chunksInView: 34,
        waitingForUpload: 112,
        cacheHits: 3,
        cacheMisses: 1,
        shownChunks: 10,
        shownPredicted: 9,
        chunkLatencyMs: 33.5,
        queuedMs: 1,
        bakingMs: 2,
        returningMs: 3,
        waitingMs: 4,
        uploadMs: 5,
        gpuBytes: 113 * 2 ** 20,
        idleGpuBytes: 114 * 2 ** 20,
        idleBytes: 115 * 2 ** 20,
        usedBytes: 53.5 * 2 ** 20,
        peakBytes: 117 * 2 ** 20,
        pressureEvents: 118,
        workers: 2,
        effectiveScreenSpaceError: 3.25,
    };
    const world: InspectedWorld = {
        name: "world",
        recipe: { id: "endless", seed: "rock", topology: "flat", chunkSize: 64, terrain: { resolution: 32 } },
        profiler: new PerformanceProfiler({ now: () => 0 }),
        isDisposed: false,
        getStats: () => ({ ...stats }),
        ...over,
    };
    return { stats, world };
}
