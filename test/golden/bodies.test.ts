import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { hash64Hex, initHashAsync } from "../../src/base/hash.js";
import { CHUNK_HEADER_BYTES, ChunkFlags, readChunkHeader } from "../../src/format/chunkData.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import type { RecipeInput } from "../../src/recipe/recipe.js";
import { formatAddress, parseAddress } from "../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../support/kernels.js";
import { GOLDEN_ADDRESSES, GOLDEN_RECIPE } from "./goldenChunks.js";

interface BodiesFile {
    /** How it was made. */
    readonly note: string;
    readonly generatorVersion: number;
    readonly worlds: readonly { readonly recipe: RecipeInput; readonly chunks: Record<string, string> }[];
}

const file = path.join(import.meta.dirname, "bodies.json");
const { generatorVersion, worlds } = JSON.parse(readFileSync(file, "utf8")) as BodiesFile;
const kernels = await loadKernelsAsync();
beforeAll(initHashAsync);

/** Bakes the file's chunks anew, and hashes what follows their headers. */
function bakeBodies(): { baked: BodiesFile["worlds"]; flagsFound: Set<number> } {
    const flagsFound = new Set<number>();
    const baked = worlds.map(({ recipe, chunks }) => {
        const baker = new ChunkBaker(parseRecipe(recipe), kernels);
        const hashes = Object.keys(chunks).map((name) => {
            const { buffer, byteLength } = baker.bake(parseAddress(name), new ArrayBuffer(0));
            flagsFound.add(readChunkHeader(new Uint8Array(buffer, 0, byteLength)).flags);
            const body = new Uint8Array(buffer, CHUNK_HEADER_BYTES, byteLength - CHUNK_HEADER_BYTES);
            return [name, hash64Hex(body)] as const;
        });
        return { recipe, chunks: Object.fromEntries(hashes) };
    });
    return { baked, flagsFound };
}

if (process.env.TERRANE_UPDATE_GOLDEN === "1" && generatorVersion !== GENERATOR_VERSION) {
    test("the bodies' file is written anew", () => {
        const note = `xxHash64 of the vertices and indices of chunks, without headers. Made by generator version ${GENERATOR_VERSION}.`;
        const content: BodiesFile = { note, generatorVersion: GENERATOR_VERSION, worlds: bakeBodies().baked };
        writeFileSync(file, `${JSON.stringify(content, null, 4)}\n`);
    });
} else {
    // Hashes of whole chunks move with the layout of headers, too. These tell whether ground and caves are what they were.
    test("chunks of many worlds have the vertices and indices that they had when the file was made", () => {
        expect(generatorVersion).toBe(GENERATOR_VERSION);
        const { baked, flagsFound } = bakeBodies();
        expect(baked).toEqual(worlds);
        const { fused, index32, walled } = ChunkFlags;
        expect(flagsFound).toEqual(new Set([0, walled, fused, fused | index32]));
        const [golden] = worlds;
        expect([parseRecipe(golden!.recipe), Object.keys(golden!.chunks)]).toEqual([
            GOLDEN_RECIPE,
            GOLDEN_ADDRESSES.map(formatAddress),
        ]);
    });
}
