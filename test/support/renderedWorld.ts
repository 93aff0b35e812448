import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../src/babylon/createTerrainWorld.js";
import type { TerrainWorldOptions } from "../../src/babylon/worldOptions.js";
import { PLAIN_RECIPE } from "../unit/babylon/fixtures.js";
import { wasmFile } from "./kernels.js";

const LONGEST_MS = 3000;

/** A small world without workers in a scene of an engine that draws nothing; there is no camera yet. */
export async function createRenderedWorldAsync(options: Partial<TerrainWorldOptions> = {}) {
    const engine = new NullEngine({
        renderWidth: 640,
        renderHeight: 360,
        textureSize: 256,
        deterministicLockstep: false,
        lockstepMaxSteps: 1,
    });
    const scene = new Scene(engine);
    const world = await CreateTerrainWorldAsync("world", scene, {
        recipe: PLAIN_RECIPE,
        viewDistance: 200,
        workers: 0,
        wasmUrl: wasmFile,
        ...options,
    });
    return { engine, scene, world };
}

/**
 * Calls `renderFrame` and lets bakes run between frames, until `isDone`. Throws where that takes too many frames and, since a frame may
 * take microseconds while levels fade by the clock, too long.
 */
export async function renderWhileAsync(
    renderFrame: () => void,
    isDone: () => boolean,
    mostFrames = 2000,
): Promise<void> {
    const endMs = performance.now() + LONGEST_MS;
    for (let frame = 0; !isDone(); frame++) {
        if (frame >= mostFrames && performance.now() > endMs) {
            throw new Error(`not done after ${frame} frames and ${LONGEST_MS} ms`);
        }
        renderFrame();
        await new Promise((resolve) => setImmediate(resolve));
    }
}
