import { defaultsOf } from "../base/fieldTable.js";
import type { Recipe } from "./recipe.js";
import { RECIPE } from "./recipeSchema.js";

/** What a recipe has where its author says nothing: the `endless` preset. Starting values of a look, free to be tuned. */
export const DEFAULT_RECIPE = defaultsOf(RECIPE.fields) as unknown as Recipe;
