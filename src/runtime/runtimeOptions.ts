import { throwProblems, type Problem } from "../base/errors.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { SETTING_KEYS, type WorldSettings } from "../options/worldSettings.js";
import type { FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkAvailability } from "../space/chunkAvailability.js";
import type { ApplyBudget } from "./applyBudget.js";
import type { ViewSink } from "./chunkSink.js";
import type { WorldStores } from "./worldStores.js";

/** What may be changed while a world runs; read each frame. */
export type RuntimeSettings = WorldSettings;

/** The picture that levels are selected for. */
export interface RuntimeView {
    /** Vertical field of view in radians. */
    verticalFov: number;
    /** Height of the viewport in pixels. */
    viewportHeight: number;
}

/** Told within a frame, after the picture has changed. */
export interface RuntimeEvents<THandle> {
    onShown(address: ChunkAddress, handle: THandle): void;
    /** A chunk is no longer drawn, and has faded out. The sink may have been given its handle back already. */
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
    /** What chunks there are, where not all can be had. Default: all can. */
    readonly available?: ChunkAvailability | null;
    readonly executor: BakeExecutor;
    /** Where chunks come from beside the bake, and go to. Default: nowhere. */
    readonly stores?: WorldStores | null;
    readonly profiler: PerformanceProfiler;
    /** Where the steps of a frame are entered, for whoever hands it to the profiler. Default: nobody does. */
    readonly frame?: FrameRecord;
    readonly events: RuntimeEvents<THandle>;
    /** What the world holds in memory, under `settings.memoryLimitBytes`, with whatever others lease of it. Default: its own. */
    readonly buffers?: BufferPoolManager;
    /** Shared with others, whose owner begins each frame. Default: the runtime's own. */
    readonly budget?: ApplyBudget;
}

/** Settings by which something is divided or bounded: neither 0 nor without end. */
const POSITIVE: readonly (keyof RuntimeSettings)[] = ["viewDistance", "screenSpaceError"];

/**
 * Throws a `TerraneError` that names every setting with which a runtime cannot run. What is worth setting is narrower:
 * options are checked by their table before they come here.
 */
export function assertSettings(settings: RuntimeSettings): void {
    const problems: Problem[] = [];
    for (const key of SETTING_KEYS) {
        const value = settings[key];
        const isPositive = POSITIVE.includes(key);
        if (!(isPositive ? value > 0 && value < Infinity : value >= 0)) {
            const allowed = isPositive ? "a number above 0" : "a number of 0 or more";
            problems.push({ field: `settings.${key}`, value, allowed, remedy: "Correct the setting." });
        }
    }
    throwProblems(problems);
}
