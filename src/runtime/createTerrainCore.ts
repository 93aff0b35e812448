import { createBatchBakerAsync } from "../bake/bakeBatch.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { throwProblems, type Problem } from "../base/errors.js";
import { compileKernelsAsync } from "../kernels/kernelModule.js";
import { createKernelsAsync } from "../kernels/kernels.js";
import { CORE_OPTIONS, worldOptionProblems } from "../options/checkWorldOptions.js";
import { WORLD_OPTIONS, type WorldOptionTable } from "../options/worldOptionTable.js";
import { settingsFrom, type WorldSettings } from "../options/worldSettings.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { createExecutorAsync } from "../scheduler/createExecutor.js";
import { createTopology } from "../space/createTopology.js";
import type { Viewer } from "../streaming/viewer.js";
import type { ViewSink } from "./chunkSink.js";
import { assertSameRecipe, openStoresAsync, type WorldStoreOptions } from "./openStores.js";
import { StoreError } from "../store/chunkStore.js";
import type { StoreLink } from "./storeLink.js";
import { TerrainCore } from "./terrainCore.js";
import type { TerrainCoreParts } from "./terrainCoreParts.js";
import { WorldStores } from "./worldStores.js";

export type { BakeExecutor } from "../scheduler/bakeExecutor.js";

export type { StoreBakes } from "../options/storeOptions.js";
export type { ChunkStore } from "../store/chunkStore.js";
export type { Fetch } from "../store/httpClient.js";
export type { Store } from "../store/store.js";

/** What a world is, where its chunks come from and what bakes them, whatever draws it. */
export interface BakingOptions extends WorldStoreOptions {
    /** What the world is: from `Presets`, from JSON, or your own. Default: that of the bake at `bakedUrl` */
    readonly recipe?: Recipe | RecipeInput;
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
    const prepared = await prepareWorldAsync(options, CORE_OPTIONS);
    const { viewers, profiler, sink = null } = options;
    return new TerrainCore({ ...prepared, name: prepared.recipe.id, settings: options, viewers, profiler, sink });
}

/** What a world needs before it can begin. */
export type PreparedWorld = Pick<TerrainCoreParts<unknown>, "recipe" | "kernels" | "executor" | "stores">;

/**
 * Checks options, opens the stores that they name, loads the kernels and starts what bakes.
 *
 * @throws as `CreateTerrainCoreAsync` does
 */
export async function prepareWorldAsync(options: BakingOptions, table: WorldOptionTable): Promise<PreparedWorld> {
    const given = readWorldOptions(options, table);
    const link = await openStoresAsync(options);
    let executor: BakeExecutor | null = null;
    try {
        const baked = link?.bake ?? null;
        if (given !== null && baked !== null) {
            assertSameRecipe(given, baked.recipe);
        }
        const recipe = (given ?? baked?.recipe)!;
        throwProblems(topologyProblems(recipe));
        const module = await compileKernelsAsync(options.wasmUrl, { timeoutMs: options.loadTimeoutMs });
        executor = await executorOfAsync(options, module);
        const kernels = await createKernelsAsync(module);
        const hasPicture = table === WORLD_OPTIONS || (options as TerrainCoreOptions).sink !== undefined;
        const stores = link === null ? null : await startStoresAsync(link, recipe, options, hasPicture);
        return { recipe, kernels, executor, stores };
    } catch (error) {
        await Promise.all([link?.disposeAsync(), executor?.disposeAsync()]);
        throw error;
    }
}

/** Returns what is wrong with a recipe's topology: worlds run on flat ground alone so far. */
function topologyProblems({ topology }: Recipe): Problem[] {
    const remedy = "Bake planets by WorldBaker or `terrane bake`.";
    return topology === "flat"
        ? []
        : [{ field: "recipe.topology", value: topology, allowed: '"flat" in a world that runs', remedy }];
}

/** Checks options and the recipe in them at once. Returns the recipe, completed; null where the bake has to say it. */
function readWorldOptions(options: BakingOptions, table: WorldOptionTable): Recipe | null {
    const problems = worldOptionProblems(options, table);
    const isRecipeWrong = problems.some(({ field }) => field === "options" || field === "options.recipe");
    if (isRecipeWrong || options.recipe === undefined) {
        throwProblems(problems);
        return null;
    }
    const before = problems.length;
    const recipe = readRecipe(options.recipe, problems);
    if (problems.length === before) {
        problems.push(...topologyProblems(recipe));
    }
    throwProblems(problems);
    return recipe;
}

/** Starts what bakes; where nothing is to be baked, something that never has to. */
async function executorOfAsync(options: BakingOptions, kernels: WebAssembly.Module): Promise<BakeExecutor> {
    const { workers, workerUrl, loadTimeoutMs, bakes, executor } = options;
    if (executor !== undefined) {
        return executor;
    }
    const count = bakes === false ? 0 : workers;
    return createExecutorAsync({ workers: count, workerUrl, kernels, loadTimeoutMs }, createBatchBakerAsync);
}

/** Says to the stores whose chunks are meant. Where nothing is baked, waits until it is known which there are. */
async function startStoresAsync(
    link: StoreLink,
    recipe: Recipe,
    options: BakingOptions,
    hasPicture: boolean,
): Promise<WorldStores> {
    const { bakes = true, storeBakes = "auto", rootHash } = options;
    const { viewDistance } = settingsFrom(options as Partial<WorldSettings>);
    // What is proven by nothing is not read again, and all that is proven is worth keeping.
    const isPinned = rootHash !== undefined;
    const stores = new WorldStores({
        link,
        bakes,
        storeBakes: storeBakes === "auto" && isPinned ? true : storeBakes,
        isPinned,
    });
    const begun = stores.beginAsync(recipe, link.bake?.generatorVersion ?? GENERATOR_VERSION);
    if (!bakes) {
        await begun;
        if (stores.levels.size === 0 && stores.contents.isBlind) {
            const reason = "No store could tell what it has of this world, and without bakes there is nothing else.";
            throw new StoreError(reason, options.bakedUrl ?? "");
        }
        if (hasPicture || (options as Partial<WorldSettings>).viewDistance !== undefined) {
            stores.assertViewDistance(createTopology(recipe), viewDistance, "options.viewDistance");
        }
    }
    return stores;
}
