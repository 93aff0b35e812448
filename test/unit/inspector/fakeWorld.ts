import type { InspectedWorld, TerrainWorldStats, WorldMap } from "../../../src/inspector/inspectedWorld.js";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import { createMeshPoolStats } from "../../../src/babylon/chunkMeshStats.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { Presets } from "../../../src/recipe/presets.js";
import { createWorldStats } from "../../../src/runtime/worldStats.js";

const MIB = 2 ** 20;

/** A world with numbers that can all be told apart; `stats` and `map` may be changed under way. */
export function createFakeWorld(over: Partial<InspectedWorld> = {}) {
    const stats: TerrainWorldStats = {
        ...createWorldStats(),
        ...createMeshPoolStats(),
        visibleChunks: 101,
        pendingRequests: 102,
        pendingByBand: [1, 2, 3, 96],
        bakingChunks: 103,
        cachedChunks: 104,
        cachedBytes: 5 * MIB,
        pooledBytes: 106 * MIB,
        memoryLimitBytes: 100 * MIB,
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
        shownPrefetched: 9,
        poolHitRate: 0.875,
        chunkLatencyMs: 33.5,
        queuedMs: 1,
        bakingMs: 2,
        returningMs: 3,
        waitingMs: 4,
        uploadMs: 10,
        gpuBytes: 20 * MIB,
        idleGpuBytes: 4 * MIB,
        gpuBuffersCreated: 77,
        idleBytes: 2 * MIB,
        heldBytes: 10 * MIB,
        transitBytes: MIB,
        kernelBytes: 3 * MIB,
        textureBytes: 4 * MIB,
        environmentBytes: 2 * MIB,
        workingBytes: MIB,
        usedBytes: 50 * MIB,
        peakBytes: 60 * MIB,
        pressureEvents: 118,
        workers: 2,
        effectiveScreenSpaceError: 3.25,
    };
    const map: WorldMap = { chunkSize: 64, chunks: [], viewers: [] };
    const calls: string[] = [];
    const world: InspectedWorld = {
        name: "world",
        recipe: Presets.endless({ seed: "rock" }),
        generatorVersion: GENERATOR_VERSION,
        profiler: new PerformanceProfiler({ now: () => 0 }),
        isDisposed: false,
        material: null,
        isStreamingPaused: false,
        isSelectionFrozen: true,
        viewDistance: 10_000,
        screenSpaceError: 3,
        memoryLimitBytes: 256 * MIB,
        applyBudgetMs: 2,
        applyBudgetBytes: MIB,
        prefetchTime: 4,
        levelFadeTime: 0.4,
        getStats: () => ({ ...stats }),
        readMap: () => map,
        levelOf: () => -1,
        flushCache: () => void calls.push("flushCache"),
        regenerate: () => void calls.push("regenerate"),
        ...over,
    };
    return { stats, world, calls };
}
