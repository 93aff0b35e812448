import type { ChunkBlock } from "../baker/chunkBlock.js";
import { messageOf, TerraneError } from "../base/errors.js";
import type { RecipeInput } from "../recipe/recipe.js";
import { readTextFileAsync } from "./textFile.js";

/** What a recipe file may say, in a section `bake`, of how it is baked where the command line does not. */
export interface BakeSection {
    readonly chunks?: ChunkBlock;
    readonly chunkBatchSize?: number;
}

export interface RecipeFile {
    readonly recipe: RecipeInput;
    readonly bake: BakeSection;
}

const MAX_BYTES = 2 ** 20;
const BAKE_KEYS = ["chunks", "chunkBatchSize"];
const CHUNKS_KEYS = ["countX", "countZ", "level", "centerX", "centerZ"];

/**
 * Reads a recipe file: the recipe's fields, and beside them a section `bake`.
 *
 * @throws StoreError where it cannot be read
 * @throws TerraneError where it is no JSON object, or its section `bake` holds what it does not know
 */
export async function readRecipeFileAsync(path: string): Promise<RecipeFile> {
    return parseRecipeFile(await readTextFileAsync(path, "The recipe", MAX_BYTES), path);
}

/** @param name of the file, for messages */
export function parseRecipeFile(text: string, name: string): RecipeFile {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch (error) {
        throw new TerraneError(name, messageOf(error), "JSON", "Mend the file's syntax.");
    }
    if (!isObject(json)) {
        throw new TerraneError(name, json, "a JSON object", "Write the recipe's fields between braces.");
    }
    const { bake = {}, ...recipe } = json;
    assertKeys("bake", bake, BAKE_KEYS);
    if (bake.chunks !== undefined) {
        assertKeys("bake.chunks", bake.chunks, CHUNKS_KEYS);
    }
    return { recipe: recipe as RecipeInput, bake: bake as BakeSection };
}

function assertKeys(field: string, value: unknown, keys: readonly string[]): asserts value is Record<string, unknown> {
    if (!isObject(value)) {
        throw new TerraneError(field, value, "an object", "See the recipes in samples/recipes.");
    }
    for (const key of Object.keys(value)) {
        if (!keys.includes(key)) {
            throw new TerraneError(`${field}.${key}`, value[key], keys.join(", "), "Remove it, or correct its name.");
        }
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
