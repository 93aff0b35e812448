import type { Material } from "@babylonjs/core/Materials/material.js";
import { TerraneError } from "../base/errors.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { RuntimeSettings } from "../runtime/terrainRuntime.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import type { Viewer } from "../runtime/view.js";

/** What `CreateTerrainWorldAsync` takes. All but the recipe may be left out. */
export interface TerrainWorldOptions {
    /** What the world is: from `Presets`, from JSON, or your own. Validated and completed by `parseRecipe`. */
    readonly recipe: Recipe | RecipeInput;
    /** Metres: how far terrain is shown, 50 to 1,000,000. Default 10,000. May be changed on the world. */
    readonly viewDistance?: number;
    /** Pixels: how far what is drawn may lie from the finest level, 0.25 to 64. Lower is finer. Default 3. May be changed on the world. */
    readonly screenSpaceError?: number;
    /** Bytes that pools, caches and GPU copies together may take, from 16 MiB up. Default 256 MiB. May be changed on the world. */
    readonly memoryLimitBytes?: number;
    /** Milliseconds a frame for bringing chunks to the GPU, 0.01 to 100. Default 2. May be changed on the world. */
    readonly applyBudgetMs?: number;
    /** Bytes a frame for bringing chunks to the GPU, from 64 KiB up; one chunk always may. Default 1 MiB. May be changed on the world. */
    readonly applyBudgetBytes?: number;
    /** Seconds: how far ahead viewers' motion is followed, 0 (not at all) to 30. Default 4. May be changed on the world. */
    readonly prefetchTime?: number;
    /** Threads that bake, 1 to 64; 0 bakes on the calling thread, for places that forbid workers. Default: by the device's cores. */
    readonly workers?: number;
    /** Address of `terrane.worker.js`. Default: beside the library. Must be of the page's origin. */
    readonly workerUrl?: string;
    /** Address of `terrane.wasm`. Default: beside the library. */
    readonly wasmUrl?: string;
    /** Milliseconds that `terrane.wasm` may take to load, and then the workers, before creation fails: 1 to 600,000. Default 30,000. */
    readonly loadTimeoutMs?: number;
    /** Draws the chunks; any Babylon material. Yours to dispose. Default: `createTerrainMaterial`, disposed with the world. */
    readonly material?: Material | null;
    /** Positions that need ground around them, beside the active camera. */
    readonly viewers?: readonly Viewer[];
    /** Whether the scene's active camera is a viewer. Default true. */
    readonly followActiveCamera?: boolean;
    /** Whether neighbouring chunks that stay are drawn by one call. Default true. Off, each mesh draws one chunk. */
    readonly mergeSiblings?: boolean;
    /**
     * Whether chunks' borders have skirts, which close the gaps between levels. Default true. Off, gaps are seen: for
     * translucent materials and views from below, where skirts are (`docs/materials.md`).
     */
    readonly skirts?: boolean;
    /** Whether chunks receive shadows. Default true; costs nothing while no light casts any. */
    readonly receiveShadows?: boolean;
    /** Whether `scene.isReady()` and `scene.whenReadyAsync()` wait for the world. Default false. */
    readonly blocksSceneReady?: boolean;
    /** Measures the world. Default: one of its own. Share one to see several worlds in one report. */
    readonly profiler?: PerformanceProfiler;
    /** Bakes in place of workers or the inline executor. Belongs to the world, which disposes it. */
    readonly executor?: BakeExecutor;
}

const KNOWN: Record<keyof TerrainWorldOptions, true> = {
    recipe: true,
    viewDistance: true,
    screenSpaceError: true,
    memoryLimitBytes: true,
    applyBudgetMs: true,
    applyBudgetBytes: true,
    prefetchTime: true,
    workers: true,
    workerUrl: true,
    wasmUrl: true,
    loadTimeoutMs: true,
    material: true,
    viewers: true,
    followActiveCamera: true,
    mergeSiblings: true,
    skirts: true,
    receiveShadows: true,
    blocksSceneReady: true,
    profiler: true,
    executor: true,
};

const MIB = 2 ** 20;

/** Least and greatest value of each number among the settings. */
const RANGES: Record<keyof RuntimeSettings, readonly [number, number]> = {
    viewDistance: [50, 1_000_000],
    screenSpaceError: [0.25, 64],
    memoryLimitBytes: [16 * MIB, 2 ** 40],
    applyBudgetMs: [0.01, 100],
    applyBudgetBytes: [64 * 1024, 1024 * MIB],
    prefetchTime: [0, 30],
};

/**
 * Good on a laptop and on a phone. 10 km is where haze ends most views, and each doubling adds but one ring of chunks.
 * 3 pixels are hard to see on ground and cost less than half of what 2 do. 256 MiB leave a phone's browser, which kills pages from about
 * 1 GiB on, room for the game. 2 ms are an eighth of a frame at 60 Hz; 1 MiB is about 20 chunks, which a phone's bus
 * takes within that time. 4 seconds are as long as a chunk takes to come on a slow machine with a full queue.
 */
export const DEFAULT_SETTINGS: Readonly<RuntimeSettings> = {
    viewDistance: 10_000,
    screenSpaceError: 3,
    memoryLimitBytes: 256 * MIB,
    applyBudgetMs: 2,
    applyBudgetBytes: MIB,
    prefetchTime: 4,
};

/** Throws a `TerraneError` that names the first option that is wrong. The recipe's own content is not looked at. */
export function assertWorldOptions(options: TerrainWorldOptions): void {
    if (typeof options !== "object" || options === null) {
        throw new TerraneError("options", options, "an object with a recipe", "Pass { recipe: Presets.endless() }.");
    }
    for (const key of Object.keys(options)) {
        if (!Object.hasOwn(KNOWN, key)) {
            throw new TerraneError(
                `options.${key}`,
                "unknown",
                Object.keys(KNOWN).join(", "),
                "Remove it or correct its name.",
            );
        }
    }
    if (typeof options.recipe !== "object" || options.recipe === null) {
        throw new TerraneError(
            "options.recipe",
            options.recipe,
            "a recipe",
            "Pass Presets.endless() or a recipe of your own.",
        );
    }
    for (const key of Object.keys(RANGES) as (keyof RuntimeSettings)[]) {
        if (options[key] !== undefined) {
            assertSetting(key, options[key]);
        }
    }
    const { workers } = options;
    if (workers !== undefined && !(Number.isInteger(workers) && workers >= 0 && workers <= 64)) {
        throw new TerraneError("options.workers", workers, "an integer from 0 to 64", "Use 0 to bake without workers.");
    }
    assertText("workerUrl", options.workerUrl);
    assertText("wasmUrl", options.wasmUrl);
    if (options.loadTimeoutMs !== undefined) {
        assertNumber("options.loadTimeoutMs", options.loadTimeoutMs, 1, 600_000);
    }
    assertFlag("followActiveCamera", options.followActiveCamera);
    assertFlag("mergeSiblings", options.mergeSiblings);
    assertFlag("skirts", options.skirts);
    assertFlag("receiveShadows", options.receiveShadows);
    assertFlag("blocksSceneReady", options.blocksSceneReady);
    assertHas(
        "material",
        options.material ?? undefined,
        "getEffect",
        "a Babylon material",
        "Leave it out for Terrane's own.",
    );
    assertHas(
        "profiler",
        options.profiler,
        "recordFrameMetrics",
        "a PerformanceProfiler",
        "Leave it out for one of the world's own.",
    );
    assertHas("executor", options.executor, "runBatchAsync", "a BakeExecutor", "Leave it out for workers.");
    if (options.viewers !== undefined && !Array.isArray(options.viewers)) {
        throw new TerraneError("options.viewers", options.viewers, "an array of viewers", "Pass [{ position }].");
    }
    options.viewers?.forEach((viewer, i) => assertViewer(viewer, `options.viewers[${i}]`));
}

/** Throws where `value` is outside what the setting `key` may be. */
export function assertSetting(key: keyof RuntimeSettings, value: unknown): asserts value is number {
    const [least, greatest] = RANGES[key];
    if (typeof value !== "number" || !(value >= least && value <= greatest)) {
        throw new TerraneError(
            `options.${key}`,
            value,
            `a number from ${least} to ${greatest}`,
            "Choose one in that range.",
        );
    }
}

/** Throws where `value` is no number from `least` to `greatest`. */
export function assertNumber(field: string, value: unknown, least: number, greatest: number): asserts value is number {
    if (typeof value !== "number" || !(value >= least && value <= greatest)) {
        const isAnyFinite = greatest === Number.MAX_VALUE;
        const allowed = isAnyFinite ? "a finite number" : `a number from ${least} to ${greatest}`;
        throw new TerraneError(field, value, allowed, "Check where it comes from.");
    }
}

/** Throws where `position` is not three finite numbers. */
export function assertPosition(field: string, position: Vec3Like): void {
    const isPosition = Number.isFinite(position?.x) && Number.isFinite(position.y) && Number.isFinite(position.z);
    if (!isPosition) {
        throw new TerraneError(field, position, "an object with finite numbers x, y and z", "A Vector3 will do.");
    }
}

/** Throws where `viewer` has no position of numbers. It may become NaN later: the last finite one then stays. */
export function assertViewer(viewer: Viewer, field = "viewer"): void {
    assertPosition(`${field}.position`, viewer?.position);
    const { radius } = viewer;
    if (radius !== undefined && !(typeof radius === "number" && radius > 0 && radius <= RANGES.viewDistance[1])) {
        throw new TerraneError(
            `${field}.radius`,
            radius,
            "metres above 0",
            "Leave it out for the world's view distance.",
        );
    }
    const { weight } = viewer;
    if (weight !== undefined && !(typeof weight === "number" && weight > 0 && Number.isFinite(weight))) {
        throw new TerraneError(`${field}.weight`, weight, "a number above 0", "Leave it out for 1.");
    }
}

function assertText(key: string, value: unknown): void {
    if (value !== undefined && (typeof value !== "string" || value === "")) {
        throw new TerraneError(
            `options.${key}`,
            value,
            "an address as text",
            "Leave it out for the file beside the library.",
        );
    }
}

function assertFlag(key: string, value: unknown): void {
    if (value !== undefined && typeof value !== "boolean") {
        throw new TerraneError(`options.${key}`, value, "true or false", "Leave it out for the default.");
    }
}

function assertHas(key: string, value: unknown, method: string, allowed: string, remedy: string): void {
    if (value !== undefined && typeof (value as Record<string, unknown> | null)?.[method] !== "function") {
        throw new TerraneError(`options.${key}`, value, allowed, remedy);
    }
}
