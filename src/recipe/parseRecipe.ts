import * as v from "valibot";

import { TerraneError } from "../base/errors.js";
import { DEFAULT_RECIPE } from "./defaultRecipe.js";
import { nearestField } from "./nearestField.js";
import type { Recipe } from "./recipe.js";
import { recipeSchema } from "./recipeSchema.js";
import { assertRelations } from "./relations.js";

/**
 * A whole recipe from partial input. What is left out, or undefined, takes the value of the `endless` preset. The result
 * is a frozen copy, survives JSON unchanged, and has its keys in a fixed order.
 *
 * Throws a `TerraneError` that names the field, its value, what is allowed and a remedy, where a value is wrong, where a
 * field is unknown, or where two fields do not go together.
 */
export function parseRecipe(input: unknown): Recipe {
    const result = v.safeParse(recipeSchema, input, { abortEarly: true });
    if (!result.success) {
        throw errorOf(result.issues[0]);
    }
    const recipe: Recipe = result.output;
    assertRelations(recipe);
    return deepFreeze(recipe);
}

type PathKeys = readonly (string | number)[];

function errorOf(issue: v.BaseIssue<unknown>): TerraneError {
    const keys = (issue.path ?? []).map((item) => item.key as string | number);
    const field = fieldName(keys);
    if (issue.type === "strict_object") {
        const siblings = Object.keys(valueAt(DEFAULT_RECIPE, keys.slice(0, -1)) as object);
        const guess = nearestField(keys as readonly string[], DEFAULT_RECIPE);
        const remedy = guess === undefined ? "Remove it." : `Did you mean ${fieldName(guess)}?`;
        return new TerraneError(field, issue.path!.at(-1)!.value, `only the fields ${siblings.join(", ")}`, remedy);
    }
    return new TerraneError(field, issue.input, issue.message, remedyFor(keys));
}

function fieldName(keys: PathKeys): string {
    return keys.reduce<string>(
        (name, key) => (typeof key === "number" ? `${name}[${key}]` : `${name}.${key}`),
        "recipe",
    );
}

function remedyFor(keys: PathKeys): string {
    if (keys.length === 0) {
        return 'Pass a recipe such as { id: "world", seed: 1 }.';
    }
    // Inside a spline there are no defaults, only for the spline as a whole.
    const named = keys.filter((key) => typeof key === "string");
    const fallback = valueAt(DEFAULT_RECIPE, named);
    return typeof fallback === "object"
        ? `Correct it, or leave out ${fieldName(named)} for its defaults.`
        : `Correct it, or leave it out for the default ${JSON.stringify(fallback)}.`;
}

function valueAt(root: unknown, keys: PathKeys): unknown {
    return keys.reduce((value, key) => (value as Record<string | number, unknown>)[key], root);
}

function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}
