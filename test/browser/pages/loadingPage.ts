// Bakes and makes worlds with whatever is at the addresses given, and tells what came of it; without a renderer.
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { WorldBaker, type WorldBakerOptions } from "../../../src/baker/worldBaker.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateWorkerpoolExecutorAsync } from "../../../src/scheduler/workerpoolExecutor.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";

type Loading = Pick<WorldBakerOptions, "workers" | "workerUrl" | "wasmUrl" | "loadTimeoutMs">;

/** What an error says of itself, or the root hash, or that a world was made. */
export interface Outcome {
    readonly done?: string;
    readonly name?: string;
    readonly code?: string;
    readonly message?: string;
}

declare global {
    interface Window {
        bakeAsync(options: Loading): Promise<Outcome>;
        createWorldAsync(options: Loading): Promise<Outcome>;
        /** Bakes in a worker, ends it as a leak does, and bakes in the one that takes its place. */
        replaceAsync(options: Loading): Promise<Outcome>;
    }
}

const recipe = Presets.endless({ seed: 3, terrain: { resolution: 16 } });

async function outcomeOf(run: () => Promise<string>): Promise<Outcome> {
    try {
        return { done: await run() };
    } catch (error) {
        const { name, code, message } = error as Error & { code?: string };
        return { name, code, message };
    }
}

window.bakeAsync = (options) =>
    outcomeOf(async () => {
        const { rootHash } = await new WorldBaker({ workers: 1, ...options }).bakeAsync(recipe, {
            chunks: { countX: 1, countZ: 1 },
        });
        return rootHash;
    });

window.createWorldAsync = (options) =>
    outcomeOf(async () => {
        const engine = new NullEngine();
        const scene = new Scene(engine);
        new FreeCamera("camera", new Vector3(0, 200, 0), scene);
        const world = await CreateTerrainWorldAsync("world", scene, {
            recipe,
            workers: 1,

            ...options,
        });
        const answer = await new Promise<string>((resolve) => {
            world.requestChunk(flatAddress(0, 0, 0), "immediate", ({ status }) => resolve(status));
            engine.runRenderLoop(() => scene.render());
        });
        engine.dispose();
        return answer;
    });

window.replaceAsync = (options) =>
    outcomeOf(async () => {
        const executor = await CreateWorkerpoolExecutorAsync({ workers: 1, ...options });
        const bakedAsync = async (): Promise<boolean> => {
            const { outcomes } = await executor.runBatchAsync({
                recipeJson: JSON.stringify(recipe),
                tasks: [{ id: 0, address: flatAddress(0, 0, 0), buffer: new ArrayBuffer(2 ** 16) }],
            });
            return outcomes[0]!.ok;
        };
        const first = await bakedAsync();
        executor.recycle!(0);
        const second = await bakedAsync();
        await executor.disposeAsync();
        return `${first} ${second}`;
    });
