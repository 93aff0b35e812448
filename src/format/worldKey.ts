import { hash64Hex } from "../base/hash.js";
import type { Recipe } from "../recipe/recipe.js";
import { CHUNK_FORMAT_VERSION } from "./chunkData.js";

const encoder = new TextEncoder();

/**
 * All that decides a chunk's bytes beside its address, as one line of JSON: format, generator, and the recipe with its
 * defaults filled in and its fields in the order of the schema.
 */
export function worldIdentity(recipe: Recipe, generatorVersion: number): string {
    return JSON.stringify({ chunkFormatVersion: CHUNK_FORMAT_VERSION, generatorVersion, recipe });
}

/** xxHash64 of `worldIdentity`, as 16 hexadecimal digits: tells worlds apart. Await `initHashAsync` before. */
export function worldKeyOf(recipe: Recipe, generatorVersion: number): string {
    return hash64Hex(encoder.encode(worldIdentity(recipe, generatorVersion)));
}
