import { TerraneError } from "../base/errors.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ApplyBudget } from "./applyBudget.js";
import type { ViewSink } from "./chunkSink.js";

/** What may be changed while a world runs; read each frame. */
export interface RuntimeSettings {
    /** Metres: how far terrain is shown. */
    viewDistance: number;
    /** Pixels: how far what is drawn may lie from the finest level. */
    screenSpaceError: number;
    /** Bytes that pools, caches and GPU copies together may take. */
    memoryLimitBytes: number;
    /** Milliseconds a frame of 60 Hz for uploads; a longer frame has more in proportion. */
    applyBudgetMs: number;
    /** Bytes a frame of 60 Hz for uploads, likewise; one chunk always may. */
    applyBudgetBytes: number;
    /** Seconds: how far ahead viewers' motion is followed, so that chunks are there when they arrive; 0 for not at all. */
    prefetchTime: number;
}

/** The picture that levels are selected for. */
export interface RuntimeView {
    /** Radians. */
    verticalFov: number;
    /** Pixels. */
    viewportHeight: number;
}

/** Told within a frame, after the picture has changed. */
export interface RuntimeEvents<THandle> {
    onShown(address: ChunkAddress, handle: THandle): void;
    onHidden(address: ChunkAddress, handle: THandle): void;
    /** A chunk that is drawn has newer ground from this frame on: `handle` took the place of another. */
    onReplaced?(address: ChunkAddress, handle: THandle): void;
    /** A chunk was baked. Its bytes, which begin in `buffer` at 0, are valid during the call only. */
    onLoaded?(address: ChunkAddress, buffer: ArrayBuffer, byteLength: number): void;
    onFailed(address: ChunkAddress, error: Error): void;
}

/** What the ground is like, whatever is loaded. */
export interface Ground {
    /** Metres. */
    sampleHeight(x: number, z: number): number;
}

export interface RuntimeOptions<THandle> {
    readonly recipe: Recipe;
    readonly settings: RuntimeSettings;
    /** Draws. Null where there is no picture: chunks then go to those who ask for them, and to further sinks. */
    readonly sink: ViewSink<THandle> | null;
    readonly ground: Ground;
    readonly executor: BakeExecutor;
    readonly profiler: PerformanceProfiler;
    /** Where the steps of a frame are entered, for whoever hands it to the profiler. Default: nobody does. */
    readonly frame?: FrameRecord;
    readonly events: RuntimeEvents<THandle>;
    /** What the world holds in memory, under `settings.memoryLimitBytes`, with whatever others lease of it. Default: its own. */
    readonly buffers?: BufferPoolManager;
    /** Shared with others, whose owner begins each frame. Default: the runtime's own. */
    readonly budget?: ApplyBudget;
}

/** Throws a `TerraneError` that names the first setting that is no number, or too small. */
export function assertSettings(settings: RuntimeSettings): void {
    const { viewDistance, screenSpaceError } = settings;
    assertNumber("viewDistance", viewDistance, viewDistance > 0 && Number.isFinite(viewDistance), "metres above 0");
    assertNumber("screenSpaceError", screenSpaceError, screenSpaceError > 0, "pixels above 0");
    for (const field of ["memoryLimitBytes", "applyBudgetMs", "applyBudgetBytes", "prefetchTime"] as const) {
        assertNumber(field, settings[field], settings[field] >= 0, "a number of 0 or more");
    }
}

function assertNumber(field: string, value: number, isValid: boolean, allowed: string): void {
    if (!isValid) {
        throw new TerraneError(`settings.${field}`, value, allowed, "Correct the setting.");
    }
}
