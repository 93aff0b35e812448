import type { Recipe } from "../recipe/recipe.js";
import { chunkLimitsOf, type ChunkLimits } from "./chunkLimits.js";
import { worldKeyOf } from "./worldKey.js";

/** What a reader knows of the world whose chunk files it reads; plain data, which may cross to a worker. */
export interface StoredWorld {
    /** By `worldKeyOf`. */
    readonly key: string;
    readonly limits: ChunkLimits;
}

/** Of the world that a recipe and a generator make. Await `initHashAsync` before. */
export function storedWorldOf(recipe: Recipe, generatorVersion: number): StoredWorld {
    return { key: worldKeyOf(recipe, generatorVersion), limits: chunkLimitsOf(recipe) };
}
