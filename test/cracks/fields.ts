import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { loadKernelsAsync } from "../support/kernels.js";
import type { Field } from "./places.js";
import { createRecipe } from "./recipes.js";
import type { Sample } from "./views.js";

/** Returns what opens the field of a world; one is open at a time. */
export async function createFieldsAsync(): Promise<(sample: Sample, recipeSeed: number) => Field> {
    const kernels = await loadKernelsAsync();
    let open: FieldSampler | null = null;
    return (sample, recipeSeed) => {
        open?.dispose();
        return (open = new FieldSampler(createRecipe(sample, recipeSeed), kernels));
    };
}
