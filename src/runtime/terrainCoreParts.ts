import type { Kernels } from "../kernels/kernels.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { WorldSettings } from "../options/worldSettings.js";
import type { FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { Viewer } from "../streaming/viewer.js";
import type { ApplyBudget } from "./applyBudget.js";
import type { ViewSink } from "./chunkSink.js";
import type { RuntimeEvents } from "./runtimeOptions.js";
import type { WorldStores } from "./worldStores.js";

/** A chunk that could not be had and is given up. */
export interface ChunkFailure {
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** Why it is given up. */
    readonly error: Error;
}

/** Which chunks a sink beside the picture gets: those of one level around viewers of its own. */
export interface NearbyOptions {
    /** Metres around each viewer that does not say so itself, over the ground: 0 to 32 sides of a chunk. */
    readonly radius: number;
    /** The level of the chunks, 0 to 24. Default: 0, the finest. */
    readonly level?: number;
    /** Viewers around which the chunks lie. Read each frame: move them, add some, take some out. */
    readonly viewers: readonly Viewer[];
}

/** What `regenerate` takes. */
export interface RegenerateOptions {
    /** Whether all ground goes at once, as before the start: for measuring a cold one. Default: false. */
    readonly cold?: boolean;
}

/** What a core is made of. */
export interface TerrainCoreParts<THandle> {
    /** In messages. */
    readonly name: string;
    readonly recipe: Recipe;
    readonly kernels: Kernels;
    /** Bakes. Belongs to the core, which disposes it. */
    readonly executor: BakeExecutor;
    /** Where chunks come from beside the bake, and go to. Belong to the core, which ends them. Default: nowhere. */
    readonly stores?: WorldStores | null;
    /** Draws; null where there is no picture. */
    readonly sink: ViewSink<THandle> | null;
    readonly settings?: Partial<WorldSettings>;
    readonly viewers?: readonly Viewer[];
    /** Default: one of its own. */
    readonly profiler?: PerformanceProfiler;
    /** Where the steps of a frame are entered. Default: nowhere. */
    readonly frame?: FrameRecord;
    /** What the world holds in memory. Default: its own. */
    readonly buffers?: BufferPoolManager;
    /** Shared with others, whose owner begins each frame. Default: its own. */
    readonly budget?: ApplyBudget;
    readonly events?: Partial<Pick<RuntimeEvents<THandle>, "onShown" | "onHidden" | "onReplaced">>;
}
