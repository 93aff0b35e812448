import type { Material } from "@babylonjs/core/Materials/material.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { BakeExecutor, ChunkStore, Fetch, Store, StoreBakes } from "../runtime/createTerrainCore.js";
import type { TerrainQuality } from "./material/quality.js";
import type { Viewer } from "../runtime/view.js";

/**
 * What `CreateTerrainWorldAsync` takes. All but the recipe may be left out. `npm run settings` writes what is said of each
 * option from `WORLD_OPTIONS`.
 */
export interface TerrainWorldOptions {
    /**
     * What the world is: from `Presets`, from JSON, or your own. Checked and completed by `parseRecipe`. Beside
     * `bakedUrl` it must be that of the bake. Default: that of the bake at `bakedUrl`.
     */
    readonly recipe?: Recipe | RecipeInput;
    /** Metres: how far terrain is shown, 50 to 1,000,000. Default: 10,000. May change while the world runs. */
    readonly viewDistance?: number;
    /**
     * Pixels: how far what is drawn may lie from the finest level, 0.25 to 64. Lower is finer. Default: 3. May change
     * while the world runs.
     */
    readonly screenSpaceError?: number;
    /**
     * Bytes: what pools, caches and GPU copies may take together, 16 MiB to 1 TiB. Default: 256 MiB. May change while
     * the world runs.
     */
    readonly memoryLimitBytes?: number;
    /**
     * Milliseconds: time a frame for bringing chunks to the GPU, 0.01 to 100. Default: 2. May change while the world
     * runs.
     */
    readonly applyBudgetMs?: number;
    /**
     * Bytes: what may be brought to the GPU in a frame, 64 KiB to 1 GiB. One chunk always may. Default: 1 MiB. May
     * change while the world runs.
     */
    readonly applyBudgetBytes?: number;
    /**
     * Seconds: how far ahead viewers' motion is followed, 0 to 30. Chunks that they will need are baked before they
     * come; 0 prefetches nothing. Default: 4. May change while the world runs.
     */
    readonly prefetchTime?: number;
    /**
     * Seconds: how long chunks take to fade into finer or coarser ones, 0 to 10. Those with caves take three times as
     * long. 0 switches at once, as do materials other than Standard and PBR ones. Default: 0.4. May change while the
     * world runs.
     */
    readonly levelFadeTime?: number;
    /**
     * Threads that bake, 0 to 64. 0 bakes on the calling thread, for places that forbid workers. Default: by the
     * device's cores.
     */
    readonly workers?: number;
    /**
     * Address of `terrane.worker.js`. Must be of the page's origin. Workers that start later, with the server out of
     * reach, get a copy from a `blob:`, where `worker-src` allows that. Default: beside the library.
     */
    readonly workerUrl?: string;
    /** Address of `terrane.wasm`. Default: beside the library. */
    readonly wasmUrl?: string;
    /**
     * Milliseconds: how long `terrane.wasm`, and then the workers, may take to load before creation fails, 1 to
     * 600,000. Default: 30,000.
     */
    readonly loadTimeoutMs?: number;
    /**
     * Draws the chunks: any Babylon material, which stays yours to dispose. Default: `createTerrainMaterial`'s,
     * disposed with the world. May change while the world runs.
     */
    readonly material?: Material | null;
    /**
     * How much Terrane's look of the ground may cost. `docs/materials.md` has what each level leaves out. Materials of
     * your own have no levels. Default: by the device. May change while the world runs.
     */
    readonly quality?: TerrainQuality;
    /** Positions that need ground around them, beside the active camera. Default: none. */
    readonly viewers?: readonly Viewer[];
    /** Whether the scene's active camera is a viewer. Default: true. */
    readonly followActiveCamera?: boolean;
    /** Whether neighbouring chunks that stay are drawn by one call. Off, each mesh draws one chunk. Default: true. */
    readonly mergeSiblings?: boolean;
    /**
     * Whether chunks' borders have skirts, which close the gaps between levels. Off, gaps are seen: for translucent
     * materials and views from below (`docs/materials.md`). Default: true.
     */
    readonly skirts?: boolean;
    /**
     * Whether chunks receive shadows. Costs nothing while no light casts any. Default: true. May change while the world
     * runs.
     */
    readonly receiveShadows?: boolean;
    /** Whether `scene.isReady()` and `scene.whenReadyAsync()` wait for the world. Default: false. */
    readonly blocksSceneReady?: boolean;
    /** Measures the world. Share one to see several worlds in one report. Default: one of the world's own. */
    readonly profiler?: PerformanceProfiler;
    /**
     * Address of a world that was baked ahead of time: the folder that `terrane bake` wrote, a packed archive of it, or
     * with `{block}` in its path those of its blocks. Its recipe need not be given. What it does not hold is baked,
     * unless `bakes` is false. In Node it may be a path. Default: everything is baked.
     */
    readonly bakedUrl?: string;
    /**
     * Root hash that the bake must have: then everything that comes from it is checked to be what was published.
     * Default: the host of the bake is trusted.
     */
    readonly rootHash?: string;
    /**
     * Where chunks are kept and looked for first: `"browser"` for the browser's database, or a `Store`, which may be a
     * chain of them. A store of yours stays yours to close. Default: none.
     */
    readonly store?: "browser" | Store | ChunkStore;
    /**
     * Whether chunks that no store has are baked. Off, ground stays as coarse as what stores hold, and ends where they
     * end. Default: true.
     */
    readonly bakes?: boolean;
    /**
     * Whether baked chunks are put into `store`: `true`, `false`, or `"auto"` for those that load sooner than they bake
     * on this device. Default: "auto".
     */
    readonly storeBakes?: StoreBakes;
    /** Sends the requests for a bake: for headers, signed addresses and the like. Default: the global `fetch`. */
    readonly fetch?: Fetch;
    /**
     * Bytes: what `store: "browser"` keeps at most, 1 MiB to 1 TiB. What was used longest ago makes room. Default: 512
     * MiB.
     */
    readonly storeLimitBytes?: number;
    /**
     * Bakes in place of workers or the inline executor. Belongs to the world, which disposes it. Default: workers, or
     * the inline executor.
     */
    readonly executor?: BakeExecutor;
}
