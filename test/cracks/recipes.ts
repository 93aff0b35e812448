import { Presets } from "../../src/recipe/presets.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import type { Sample } from "./views.js";

/** Makes the recipe of a sample, as the sample does. */
export function createRecipe(sample: Sample, seed: number): Recipe {
    return sample === "caves" ? Presets.caves({ seed, caves: { radius: 8 } }) : Presets.endless({ seed });
}
