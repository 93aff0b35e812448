import { WorldBaker, type BakeOptions, type WorldBakerOptions } from "../../../src/baker/worldBaker.js";
import type { Manifest } from "../../../src/format/manifest.js";
import type { RecipeInput } from "../../../src/recipe/recipe.js";
import { wasmFile } from "../../support/kernels.js";

/** Chunks of a few kilobytes, some of them fused. */
export const recipe: RecipeInput = {
    id: "baker-test",
    seed: 5,
    chunkSize: 16,
    terrain: { resolution: 16 },
    caves: { complexity: 0.9, radius: 4, wavelength: 32, maxDepth: 24, latticeStep: 1, mouths: 1 },
};

export const block = { countX: 4, countZ: 3 };
export const CHUNKS = 12;

export function makeBaker(options: WorldBakerOptions = {}): WorldBaker {
    return new WorldBaker({ workers: 0, wasmUrl: wasmFile, ...options });
}

export function bakeAsync(options: Partial<BakeOptions> = {}, baker = makeBaker()): Promise<Manifest> {
    return baker.bakeAsync(recipe, { chunks: block, ...options });
}
