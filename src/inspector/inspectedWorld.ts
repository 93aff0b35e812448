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
}
