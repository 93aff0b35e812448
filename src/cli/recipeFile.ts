import { BAKE_OPTIONS, BLOCK_FIELDS } from "../baker/bakerOptionTables.js";
import { levelProblems, type ChunkBlock } from "../baker/chunkBlock.js";
import { messageOf, TerraneError, type Problem } from "../base/errors.js";
import { sectionField, type FieldTable } from "../base/fieldTable.js";
import { readField } from "../base/readFields.js";
import type { RecipeInput } from "../recipe/recipe.js";
import { readTextFileAsync } from "./textFile.js";

/** What a recipe file may say, in a section `bake`, of how it is baked where the command line does not. */
export interface BakeSection {
    readonly chunks?: Partial<ChunkBlock>;
    readonly levels?: readonly [number, number];
    readonly chunkBatchSize?: number;
}

export interface RecipeFile {
    readonly recipe: RecipeInput;
    readonly bake: BakeSection;
}

const MAX_BYTES = 2 ** 20;

const BLOCK = Object.fromEntries(
    Object.entries<FieldTable[string]>(BLOCK_FIELDS).map(([key, field]) => [key, { ...field, isRequired: false }]),
);
const BAKE = sectionField({
    meaning: "how a recipe file is baked",
    remedy: "See the recipes in samples/recipes.",
    fields: {
        chunks: { ...BAKE_OPTIONS.chunks, fields: BLOCK },
        levels: BAKE_OPTIONS.levels,
        chunkBatchSize: BAKE_OPTIONS.chunkBatchSize,
    },
});

/**
 * Reads a recipe file: the recipe's fields, which are not checked, and beside them a section `bake`, completed by its
 * defaults. Adds what is wrong with that section to `problems`.
 *
 * @throws StoreError where the file cannot be read
 * @throws TerraneError where it is not a JSON object
 */
export async function readRecipeFileAsync(path: string, problems: Problem[]): Promise<RecipeFile> {
    return parseRecipeFile(await readTextFileAsync(path, "The recipe", MAX_BYTES), path, problems);
}

/**
 * Reads the text of a recipe file as `readRecipeFileAsync` does.
 *
 * @param name of the file, for messages
 */
export function parseRecipeFile(text: string, name: string, problems: Problem[]): RecipeFile {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch (error) {
        throw new TerraneError(name, messageOf(error), "JSON", "Mend the file's syntax.");
    }
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
        throw new TerraneError(name, json, "a JSON object", "Write the recipe's fields between braces.");
    }
    const { bake, ...recipe } = json as Record<string, unknown>;
    const before = problems.length;
    const section = (readField(BAKE, bake, "bake", problems) ?? {}) as BakeSection;
    if (problems.length === before) {
        const { chunks = {}, levels } = (bake ?? {}) as BakeSection;
        problems.push(...levelProblems(chunks, levels, undefined, "bake.chunks"));
    }
    return { recipe: recipe as RecipeInput, bake: section };
}
