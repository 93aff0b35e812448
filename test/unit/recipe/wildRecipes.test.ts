import { initHashAsync } from "../../../src/base/hash.js";
import { fuzzRecipesAsync } from "../../fuzz/recipeFuzz.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
/** The long form is `npm run test:fuzz`. */
const RECIPES = 240;

test(`chunks of ${RECIPES} wild recipes are whole, bounded and share their borders (seed ${seed})`, async () => {
    await initHashAsync();
    const { faults, ...counts } = await fuzzRecipesAsync(RECIPES, seed);
    expect(faults).toEqual([]);
    // All kinds must occur, or the test says little.
    expect(counts.recipes).toBe(RECIPES);
    expect(counts.atBound).toBeGreaterThan(15);
    expect(counts.fused).toBeGreaterThan(40);
    expect(counts.closed).toBeGreaterThan(2);
    expect(counts.borders).toBeGreaterThan(RECIPES * 0.9);
    expect(counts.heights).toBeGreaterThan(3000);
});
