import { throwProblems, type Problem } from "../base/errors.js";
import { readField } from "../base/readFields.js";
import { DEFAULT_RECIPE } from "./defaultRecipe.js";
import type { MaterialsRecipe, Recipe } from "./recipe.js";
import { RECIPE } from "./recipeSchema.js";
import { relationProblems } from "./relations.js";

/**
 * Makes a whole recipe from partial input. What is left out, or undefined, takes the value of the `endless` preset. The
 * result is a frozen copy, survives JSON unchanged, and has its keys in a fixed order.
 *
 * @throws TerraneError naming everything that is wrong at once, each with its field, its value, what is allowed and a
 * remedy: wrong values and unknown fields, or, where each is right by itself, fields that do not go together
 */
export function parseRecipe(input: unknown): Recipe {
    const problems: Problem[] = [];
    const recipe = readRecipe(input, problems);
    throwProblems(problems);
    return recipe;
}

/**
 * Reads a recipe as `parseRecipe` does, and adds what is wrong to `problems` in place of throwing it; then what is returned
 * is of no use.
 *
 * @param base what is left out takes its value from here
 */
export function readRecipe(input: unknown, problems: Problem[], base: Recipe = DEFAULT_RECIPE): Recipe {
    const found: Problem[] = [];
    const recipe = readField(RECIPE, input, "recipe", found, base) as Recipe;
    if (found.length === 0) {
        dropEmptyBiomes(recipe.materials);
        found.push(...relationProblems(recipe));
    }
    for (const problem of found) {
        problems.push(problem);
    }
    return deepFreeze(recipe);
}

/** An empty table is none: both ways to write it are one world. */
function dropEmptyBiomes(materials: { biomes?: MaterialsRecipe["biomes"] }): void {
    if (materials.biomes?.length === 0) {
        delete materials.biomes;
    }
}

function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}
