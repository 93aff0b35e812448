import type { WorldSnapshot } from "../profiler/worldSnapshot.js";
import type { TerrainRuntime } from "../runtime/terrainRuntime.js";
import type { PooledChunk } from "./pooledChunk.js";

/** Takes the snapshot of a world that the profiler goes by in its recommendations. */
export function takeSnapshot(world: string, runtime: TerrainRuntime<PooledChunk>): WorldSnapshot {
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
        stores: stats.stores,
    };
}
