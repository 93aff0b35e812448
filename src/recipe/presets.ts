import { throwProblems, type Problem } from "../base/errors.js";
import { parseRecipe, readRecipe } from "./parseRecipe.js";
import type { Recipe, RecipeInput } from "./recipe.js";

/** Under most of the land, wide enough to walk through in groups, often open to the sky. */
const CAVES: RecipeInput = {
    id: "caves",
    caves: { complexity: 0.85, radius: 9, maxDepth: 90, octaves: 5, ledges: 0.8, mouths: 0.8 },
};

/**
 * Recipes to start from. What a caller passes is laid over the preset, section by section; arrays replace. Each throws a
 * `TerraneError` as `parseRecipe` does.
 */
export const Presets = {
    /** Continents, mountains and valleys with some caves: the defaults of every recipe. */
    endless(input: RecipeInput = {}): Recipe {
        return parseRecipe(input);
    },

    /** Land full of caves. */
    caves(input: RecipeInput = {}): Recipe {
        const problems: Problem[] = [];
        const recipe = readRecipe(input, problems, parseRecipe(CAVES));
        throwProblems(problems);
        return recipe;
    },
} as const;
