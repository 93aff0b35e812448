import type { Scene } from "@babylonjs/core/scene.js";
import { createBatchBakerAsync } from "../bake/bakeBatch.js";
import { TerraneError, throwProblems } from "../base/errors.js";
import { compileKernelsAsync } from "../kernels/kernelModule.js";
import { createKernelsAsync } from "../kernels/kernels.js";
import { worldOptionProblems } from "../options/checkWorldOptions.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import type { Recipe } from "../recipe/recipe.js";
import { createExecutorAsync } from "../scheduler/createExecutor.js";
import { TerraneDisposedError } from "./readinessWaiters.js";
import { TerrainWorld } from "./terrainWorld.js";
import type { TerrainWorldOptions } from "./worldOptions.js";

/**
 * Puts a world into `scene`: starts the workers, and from the next frame on streams ground around the active camera.
 *
 * @param name prefix of the names of all that the world adds to the scene
 * @throws TerraneError naming every option and every field of the recipe that is wrong
 * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
 * @throws TerraneDisposedError where the scene is disposed before the workers have started
 */
export async function CreateTerrainWorldAsync(
    name: string,
    scene: Scene,
    options: TerrainWorldOptions,
): Promise<TerrainWorld> {
    if (typeof name !== "string" || name === "") {
        throw new TerraneError("name", name, "a text", 'Pass a name such as "world".');
    }
    if (typeof scene?.onBeforeRenderObservable !== "object") {
        throw new TerraneError("scene", scene, "a Babylon scene", "Pass the scene that the world belongs to.");
    }
    const recipe = readOptions(options);
    const { workers, workerUrl, wasmUrl, loadTimeoutMs } = options;
    const module = await compileKernelsAsync(wasmUrl, { timeoutMs: loadTimeoutMs });
    const kernels = await createKernelsAsync(module);
    const executor =
        options.executor ??
        (await createExecutorAsync({ workers, workerUrl, kernels: module, loadTimeoutMs }, createBatchBakerAsync));
    if (scene.isDisposed) {
        await executor.disposeAsync();
        throw new TerraneDisposedError(name);
    }
    return new TerrainWorld(name, scene, recipe, executor, kernels, options);
}

/** Checks the options and the recipe in them at once. Returns the recipe, completed. */
function readOptions(options: TerrainWorldOptions): Recipe {
    const problems = worldOptionProblems(options);
    if (problems.some(({ field }) => field === "options" || field === "options.recipe")) {
        throwProblems(problems);
    }
    const recipe = readRecipe(options.recipe, problems);
    throwProblems(problems);
    return recipe;
}
