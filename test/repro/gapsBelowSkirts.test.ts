import { readFileSync } from "node:fs";
import path from "node:path";
import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { Presets } from "../../src/recipe/presets.js";
import type { Recipe, RecipeInput } from "../../src/recipe/recipe.js";
import { parseAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh } from "../support/bakedMesh.js";
import { createGapCounts, lookThroughGaps } from "../support/borderGaps.js";
import type { BorderAxis } from "../support/borderLines.js";
import { loadKernelsAsync } from "../support/kernels.js";
import { Random } from "../support/randomRecipe.js";

// Gaps between levels that went deeper than what hung there. Skirts of fused chunks were two samples deep, and none hung where a tunnel
// of the other chunk's had no counterpart; those of height grids were a sixteenth of the chunk's side, whatever the other level was.

const kernels = await loadKernelsAsync();

beforeAll(initHashAsync);

/** Looks through all gaps of a border. */
function expectNoHoles(recipe: Recipe, low: string, high: string, axis: BorderAxis): void {
    const baker = new ChunkBaker(recipe, kernels);
    const [ofGrids, ofFused] = [createGapCounts(), createGapCounts()];
    const border = { low: bakeMesh(baker, parseAddress(low)), high: bakeMesh(baker, parseAddress(high)), axis };
    lookThroughGaps(border, 100, 4, new Random(1), ofGrids, ofFused);
    expect(ofGrids.rays + ofFused.rays).toBeGreaterThan(100);
    expect([...ofGrids.holes, ...ofFused.holes]).toEqual([]);
}

test.each([
    ["a height grid beside one six levels coarser, 38 m lower", "endless", 342792661, "2/29/-65", "8/0/-1", 2],
    ["a fused chunk beside a height grid six levels coarser", "endless", 1308304852, "1/-1/-191", "7/0/-3", 0],
    ["caves of two fused chunks, one level apart", "caves", 3499679517, "1/-15977/33002", "0/-31954/66006", 2],
    ["others", "caves", 1874078986, "1/-347/95", "0/-692/190", 0],
    ["caves of two fused chunks, two levels apart", "caves", 3215602162, "0/760/135", "2/190/34", 2],
] as const)("%s", (_, preset, seed, low, high, axis) => {
    expectNoHoles(Presets[preset]({ seed }), low, high, axis);
});

test("a tunnel that a coarser chunk lacks altogether, in a wild recipe", () => {
    const file = path.join(import.meta.dirname, "gapsBelowSkirts.json");
    const recipe = JSON.parse(readFileSync(file, "utf8")) as RecipeInput;
    expectNoHoles(parseRecipe(recipe), "0/94/-49", "2/23/-12", 2);
});
