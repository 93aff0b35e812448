import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";

/** What the panes read of a world, and the switches that they offer where the world has them. */
export interface InspectedWorld {
    readonly name: string;
    readonly recipe: {
        readonly id: string;
        readonly seed: number | string;
        readonly topology: string;
        readonly chunkSize: number;
        readonly terrain: { readonly resolution: number };
    };
    readonly profiler: PerformanceProfiler;
    readonly isDisposed: boolean;
    readonly generatorVersion?: number;
    isStreamingPaused?: boolean;
    isSelectionFrozen?: boolean;
    readonly material?: { wireframe: boolean } | null;
    getStats(): InspectedStats;
}

export interface InspectedStats {
    readonly visibleChunks: number;
    readonly pendingRequests: number;
    readonly bakingChunks: number;
    readonly cachedChunks: number;
    readonly cachedBytes: number;
    readonly pooledBytes: number;
    readonly memoryLimitBytes: number;
    readonly triangles: number;
    readonly bakedChunks: number;
    readonly cancelledRequests: number;
    readonly failedChunks: number;
    readonly drawCalls: number;
    readonly chunksInView: number;
    readonly waitingForUpload: number;
    readonly cacheHits: number;
    readonly cacheMisses: number;
    readonly shownChunks: number;
    readonly shownPredicted: number;
    /** Milliseconds, means of late: from the request to the picture, and its parts. */
    readonly chunkLatencyMs: number;
    readonly queuedMs: number;
    readonly bakingMs: number;
    readonly returningMs: number;
    readonly waitingMs: number;
    readonly uploadMs: number;
    readonly gpuBytes: number;
    readonly idleGpuBytes: number;
    readonly idleBytes: number;
    readonly usedBytes: number;
    readonly peakBytes: number;
    readonly pressureEvents: number;
    readonly workers: number;
    /** Pixels. */
    readonly effectiveScreenSpaceError: number;
}
