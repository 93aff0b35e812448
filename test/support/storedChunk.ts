import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { encodeChunkFile, initChunkCodecAsync } from "../../src/format/chunkFile.js";
import { worldKeyOf } from "../../src/format/worldKey.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/** A chunk's data and its file. */
export interface StoredChunk {
    readonly chunk: Uint8Array;
    readonly file: Uint8Array;
    readonly world: string;
}

export async function bakeStoredAsync(
    kernels: Kernels,
    recipe: Recipe,
    addresses: readonly ChunkAddress[],
): Promise<StoredChunk[]> {
    await initChunkCodecAsync();
    const baker = new ChunkBaker(recipe, kernels);
    const world = worldKeyOf(recipe, GENERATOR_VERSION);
    return addresses.map((address) => {
        const { buffer, byteLength } = baker.bake(address, new ArrayBuffer(0));
        const chunk = new Uint8Array(buffer, 0, byteLength);
        return { chunk, file: encodeChunkFile(chunk, world), world };
    });
}
