import type { WorldFacts } from "../profiler/worldFacts.js";
import type { TerrainRuntime } from "../runtime/terrainRuntime.js";
import type { PooledChunk } from "./pooledChunk.js";

/** What a world tells the profiler of itself, for recommendations. */
export function factsOf(world: string, runtime: TerrainRuntime<PooledChunk>): WorldFacts {
    const stats = runtime.getStats();
    const { settings } = runtime;
    const cores = typeof navigator === "undefined" ? undefined : navigator.hardwareConcurrency;
    return {
        world,
        queueLength: stats.pendingRequests,
        workers: stats.workers,
        cores,
        inFlight: stats.bakingChunks,
        waitingForUpload: stats.waitingForUpload,
        applyBudgetMs: settings.applyBudgetMs,
        applyBudgetBytes: settings.applyBudgetBytes,
        chunkBytes: stats.cachedChunks > 0 ? stats.cachedBytes / stats.cachedChunks : undefined,
        memoryLimitBytes: settings.memoryLimitBytes,
        usedBytes: stats.usedBytes,
        poolHitRate: stats.poolHitRate,
        latency: {
            queuedMs: stats.queuedMs,
            bakingMs: stats.bakingMs,
            returningMs: stats.returningMs,
            waitingMs: stats.waitingMs,
            uploadMs: stats.uploadMs,
        },
        screenSpaceError: settings.screenSpaceError,
        effectiveScreenSpaceError: stats.effectiveScreenSpaceError,
        viewDistance: settings.viewDistance,
        prefetchTime: settings.prefetchTime,
    };
}
