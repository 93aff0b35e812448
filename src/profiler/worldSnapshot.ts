import type { StoreStats } from "./storeStats.js";

/** Where a chunk's time goes from the request to the picture: recent means in milliseconds. */
export interface LatencyChain {
    /** From the request until it is sent to a worker. */
    readonly queuedMs: number;
    /** At the worker. */
    readonly bakingMs: number;
    /** From the bake's end until the main thread has it. */
    readonly returningMs: number;
    /** From then until its upload begins. */
    readonly waitingMs: number;
    /** The upload itself. */
    readonly uploadMs: number;
}

/**
 * What a world is set to and does at one moment, which times alone do not say: the rules for recommendations go by it.
 * Plain JSON.
 */
export interface WorldSnapshot {
    /** Tells worlds apart that share a profiler. */
    readonly world?: string;
    /** Requests that wait, not yet sent to a worker. */
    readonly queueLength: number;
    /** Threads that bake; 0 where the calling one does. */
    readonly workers: number;
    /** Threads that the device runs at once, where that is known. */
    readonly cores?: number;
    /** Chunks at the workers. */
    readonly inFlight: number;
    /** Chunks baked that wait for the apply budget. */
    readonly waitingForUpload: number;
    /** Milliseconds a frame for bringing chunks to the GPU. */
    readonly applyBudgetMs: number;
    /** Bytes a frame for bringing chunks to the GPU. */
    readonly applyBudgetBytes: number;
    /** Mean bytes of a chunk, where they are known; 50 KiB are assumed. */
    readonly chunkBytes?: number;
    /** The memory limit in bytes; 0 for none. */
    readonly memoryLimitBytes: number;
    /** Bytes that count against the limit. */
    readonly usedBytes: number;
    /** 0 to 1: share of buffers that were not allocated anew. */
    readonly poolHitRate: number;
    /** Where a chunk's time goes. */
    readonly latency: LatencyChain;
    /** Pixels: the error as it is set. */
    readonly screenSpaceError: number;
    /** Pixels: the error that levels are chosen by, above the setting while memory is short. */
    readonly effectiveScreenSpaceError: number;
    /** Metres: how far terrain is shown. */
    readonly viewDistance: number;
    /** Seconds: how far ahead viewers' motion is followed. */
    readonly prefetchTime?: number;
    /** What each store did, in the order in which they are asked. */
    readonly stores?: readonly StoreStats[];
}

/** Takes a snapshot of a world. Called only when a report or an analysis is made. */
export type SnapshotSource = () => WorldSnapshot;

/** Returns a copy that JSON can hold: NaN and Infinity become 0. */
export function cleanSnapshot(snapshot: WorldSnapshot): WorldSnapshot {
    const clean = (value: unknown): unknown => {
        if (typeof value === "number") {
            return Number.isFinite(value) ? value : 0;
        }
        if (Array.isArray(value)) {
            return value.map(clean);
        }
        if (typeof value === "object" && value !== null) {
            const entries = Object.entries(value).filter(([, part]) => part !== undefined);
            return Object.fromEntries(entries.map(([key, part]) => [key, clean(part)]));
        }
        return value;
    };
    return clean(snapshot) as WorldSnapshot;
}
