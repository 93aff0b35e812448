import type { Scene } from "@babylonjs/core/scene.js";
import type { TerrainWorld } from "../babylon/terrainWorld.js";
import { TerraneError } from "../base/errors.js";
import type { TerrainEnvironmentOptions } from "./environmentOptions.js";
import { readEnvironmentOptions } from "./environmentOptionTable.js";
import { TerrainEnvironment } from "./terrainEnvironment.js";

/** The environment that each scene is in, or was in last. */
const environments = new WeakMap<Scene, TerrainEnvironment>();

/**
 * Puts sun, sky, sea and air around a world, all in the light of one hour. Each part may be left out. A scene has one environment at
 * a time.
 *
 * @throws TerraneError naming every option that is wrong, where the world is none of the scene or has ended, and where the scene has
 *   an environment that is not disposed
 */
export async function CreateTerrainEnvironmentAsync(
    scene: Scene,
    world: TerrainWorld,
    options: TerrainEnvironmentOptions = {},
): Promise<TerrainEnvironment> {
    if (typeof scene?.onBeforeRenderObservable !== "object" || scene.isDisposed) {
        throw new TerraneError("scene", scene, "a Babylon scene", "Pass the scene that the world is in.");
    }
    if (typeof world?.sampleHeight !== "function" || world.scene !== scene || world.isDisposed) {
        throw new TerraneError("world", world, "a world of this scene", "Pass what CreateTerrainWorldAsync gave you.");
    }
    const completed = readEnvironmentOptions(options);
    const other = environments.get(scene);
    if (other !== undefined && !other.isDisposed) {
        throw new TerraneError(
            "scene",
            `in the environment of the world ${other.world.name}`,
            "a scene without an environment",
            "Call dispose() on the one that it has; the material of a second world comes in by its addMaterial.",
        );
    }
    const environment = new TerrainEnvironment(scene, world, completed);
    environments.set(scene, environment);
    await Promise.resolve();
    return environment;
}
