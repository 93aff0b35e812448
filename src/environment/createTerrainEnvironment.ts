import type { Scene } from "@babylonjs/core/scene.js";
import type { TerrainWorld } from "../babylon/terrainWorld.js";
import { TerraneError } from "../base/errors.js";
import type { TerrainEnvironmentOptions } from "./environmentOptions.js";
import { readEnvironmentOptions } from "./environmentOptionTable.js";
import { TerrainEnvironment } from "./terrainEnvironment.js";

/**
 * Puts sun, sky, sea and air around a world, all in the light of one hour. Each part may be left out.
 *
 * @throws TerraneError naming every option that is wrong, and where the world is none of the scene or has ended
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
    await Promise.resolve();
    return new TerrainEnvironment(scene, world, completed);
}
