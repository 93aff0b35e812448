import { createBatchBakerAsync } from "../bake/bakeBatch.js";
import { throwProblems } from "../base/errors.js";
import { compileKernelsAsync } from "../kernels/kernelModule.js";
import { createKernelsAsync, type Kernels } from "../kernels/kernels.js";
import { CORE_OPTIONS, worldOptionProblems } from "../options/checkWorldOptions.js";
import type { WorldOptionTable } from "../options/worldOptionTable.js";
import type { WorldSettings } from "../options/worldSettings.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { createExecutorAsync } from "../scheduler/createExecutor.js";
import type { Viewer } from "../streaming/viewer.js";
import type { ViewSink } from "./chunkSink.js";
import { TerrainCore } from "./terrainCore.js";

export type { BakeExecutor } from "../scheduler/bakeExecutor.js";

/** What a world bakes, and with what, whatever draws it. */
export interface BakingOptions {
    /** What the world is: from `Presets`, from JSON, or your own. */
    readonly recipe: Recipe | RecipeInput;
    /** Threads that bake, 0 to 64. 0 bakes on the calling thread. Default: by the device's cores. */
    readonly workers?: number;
    /** Address of `terrane.worker.js`. Default: beside the library. */
    readonly workerUrl?: string;
    /** Address of `terrane.wasm`. Default: beside the library. */
    readonly wasmUrl?: string;
    /** Milliseconds that `terrane.wasm`, and then the workers, may take to load, 1 to 600,000. Default: 30,000. */
    readonly loadTimeoutMs?: number;
    /** Bakes in place of workers or the inline executor. Belongs to the world, which disposes it. */
    readonly executor?: BakeExecutor;
}

/**
 * What `CreateTerrainCoreAsync` takes: the options of a `TerrainWorld` that are not about a scene, and a sink. All but the
 * recipe may be left out.
 */
export interface TerrainCoreOptions<THandle = unknown> extends BakingOptions, Partial<Readonly<WorldSettings>> {
    /** Positions that need ground around them. Default: none. */
    readonly viewers?: readonly Viewer[];
    /** Measures the world. Default: one of its own. */
    readonly profiler?: PerformanceProfiler;
    /** Draws what viewers see. Default: none; chunks then go to those who ask, and to sinks that are added. */
    readonly sink?: ViewSink<THandle>;
}

/**
 * Makes a world without an engine, for servers, tools and renderers of your own: heights, density, rays and chunks.
 *
 * @throws TerraneError naming every option and every field of the recipe that is wrong
 * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
 */
export async function CreateTerrainCoreAsync<THandle = unknown>(
    options: TerrainCoreOptions<THandle>,
): Promise<TerrainCore<THandle>> {
    const recipe = readWorldOptions(options, CORE_OPTIONS);
    const { kernels, executor } = await loadBakingAsync(options);
    const { viewers, profiler, sink = null } = options;
    return new TerrainCore({ name: recipe.id, recipe, kernels, executor, settings: options, viewers, profiler, sink });
}

/** Checks options and the recipe in them at once. Returns the recipe, completed. */
export function readWorldOptions(options: BakingOptions, table: WorldOptionTable): Recipe {
    const problems = worldOptionProblems(options, table);
    if (problems.some(({ field }) => field === "options" || field === "options.recipe")) {
        throwProblems(problems);
    }
    const recipe = readRecipe(options.recipe, problems);
    throwProblems(problems);
    return recipe;
}

/** Loads the kernels and starts what bakes with them. */
export async function loadBakingAsync(options: BakingOptions): Promise<{ kernels: Kernels; executor: BakeExecutor }> {
    const { workers, workerUrl, wasmUrl, loadTimeoutMs } = options;
    const module = await compileKernelsAsync(wasmUrl, { timeoutMs: loadTimeoutMs });
    const kernels = await createKernelsAsync(module);
    const executor =
        options.executor ??
        (await createExecutorAsync({ workers, workerUrl, kernels: module, loadTimeoutMs }, createBatchBakerAsync));
    return { kernels, executor };
}
