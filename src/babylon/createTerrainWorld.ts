import type { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../base/errors.js";
import { WORLD_OPTIONS } from "../options/worldOptionTable.js";
import { prepareWorldAsync } from "../runtime/createTerrainCore.js";
import { TerraneDisposedError } from "../runtime/readinessWaiters.js";
import { planGround } from "./material/ground/groundPlan.js";
import { TerrainWorld } from "./terrainWorld.js";
import type { TerrainWorldOptions } from "./worldOptions.js";

/**
 * Puts a world into `scene`: starts the workers, and from the next frame on streams ground around the active camera.
 *
 * @param name prefix of the names of all that the world adds to the scene
 * @throws TerraneError naming every option and every field of the recipe that is wrong
 * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
 * @throws ManifestError where the bake at `bakedUrl` is none that can be used, or not that of `rootHash`
 * @throws StoreError where it is not there, or out of reach
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
    const prepared = await prepareWorldAsync(options, WORLD_OPTIONS);
    try {
        if (scene.isDisposed) {
            throw new TerraneDisposedError(name);
        }
        if (options.material === undefined) {
            // Before the world is half made: its biomes may name what only a material of the host's has.
            planGround(prepared.recipe.materials);
        }
    } catch (error) {
        await Promise.all([prepared.executor.disposeAsync(), prepared.stores?.link.disposeAsync()]);
        throw error;
    }
    return new TerrainWorld(name, scene, prepared, options);
}
