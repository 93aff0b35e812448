import { parseRecipe } from "./parseRecipe.js";
import type { Recipe, RecipeInput } from "./recipe.js";

/** Under most of the land, wide enough to walk through in groups, often open to the sky. */
const CAVES: RecipeInput = {
    id: "caves",
    caves: { complexity: 0.85, radius: 9, maxDepth: 90, octaves: 5, mouths: 0.8 },
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
        return parseRecipe(mergeDeep(CAVES, input));
    },
} as const;

/** `over` laid on `base`. Whatever is no section replaces, wrong values too, so that `parseRecipe` can name them. */
function mergeDeep(base: unknown, over: unknown): unknown {
    if (over === undefined) {
        return base;
    }
    if (!isSection(base) || !isSection(over)) {
        return over;
    }
    // Without a prototype: a field named __proto__ stays a field and is found to be unknown.
    const merged: Record<string, unknown> = Object.assign(Object.create(null), base);
    for (const [key, value] of Object.entries(over)) {
        merged[key] = mergeDeep(merged[key], value);
    }
    return merged;
}

function isSection(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
