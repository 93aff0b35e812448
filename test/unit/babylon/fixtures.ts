import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { NullEngine } from "@babylonjs/core/Engines/nullEngine.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import type { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { readChunkHeader } from "../../../src/format/chunkData.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { findChunks } from "../../support/bakedMesh.js";

/** Small chunks that bake fast. Without caves every chunk is a height grid. */
export const PLAIN_RECIPE = parseRecipe({
    id: "test",
    seed: 7,
    chunkSize: 32,
    terrain: { resolution: 16, octaves: 3 },
    caves: { enabled: false },
});

export function createScene(): { engine: NullEngine; scene: Scene; camera: FreeCamera } {
    const engine = new NullEngine({
        renderWidth: 640,
        renderHeight: 360,
        textureSize: 256,
        deterministicLockstep: false,
        lockstepMaxSteps: 1,
    });
    const scene = new Scene(engine);
    const camera = new FreeCamera("camera", new Vector3(0, 60, 0), scene);
    return { engine, scene, camera };
}

/** What a scene and its engine hold, to compare before and after. */
export function countsOf(scene: Scene): Record<string, number> {
    return {
        meshes: scene.meshes.length,
        geometries: scene.geometries.length,
        materials: scene.materials.length,
        textures: scene.textures.length,
        loadedTextures: scene.getEngine().getLoadedTexturesCache().length,
        beforeRender: scene.onBeforeRenderObservable.observers.length,
        afterRender: scene.onAfterRenderObservable.observers.length,
        onDispose: scene.onDisposeObservable.observers.length,
        components: scene._components.length,
    };
}

/** Bakes a chunk of `recipe`. Await `initHashAsync` before. */
export function bakeChunk(baker: ChunkBaker, address: ChunkAddress): Uint8Array {
    const { buffer, byteLength } = baker.bake(address, new ArrayBuffer(0));
    return new Uint8Array(buffer, 0, byteLength);
}

/** Metres: the lowest and the highest vertex, as the header says. */
export function heightsOf(bytes: Uint8Array): [low: number, high: number] {
    const { origin, minimum, maximum, quantum } = readChunkHeader(bytes);
    return [origin.y + minimum.y * quantum, origin.y + maximum.y * quantum];
}

export interface FusedChunk {
    address: ChunkAddress;
    bytes: Uint8Array;
}

/** Addresses and bytes of `count` fused chunks of `caveRecipe()`. */
export function bakeFusedChunks(baker: ChunkBaker, count: number): FusedChunk[] {
    const { fused } = findChunks(baker, 1, 0, 12);
    return fused.slice(0, count).map((address) => ({ address, bytes: bakeChunk(baker, address) }));
}
