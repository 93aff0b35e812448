import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { heightBoundOf } from "../../../src/recipe/heightBound.js";
import type { RecipeInput } from "../../../src/recipe/recipe.js";

const planet = (input: RecipeInput = {}): RecipeInput => ({ topology: "planet", radius: 6_371_000, ...input });

test("a planet has a radius, which stands behind its topology; a flat world's JSON has none", () => {
    const recipe = parseRecipe(planet({ seed: 3 }));
    expect(recipe).toMatchObject({ topology: "planet", radius: 6_371_000, seed: 3 });
    expect(Object.keys(recipe).slice(0, 5)).toEqual(["id", "seed", "topology", "radius", "chunkSize"]);
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect("radius" in parseRecipe({})).toBe(false);
    expect(() => parseRecipe({ radius: undefined })).not.toThrow();
});

test.each<[string, RecipeInput, string]>([
    ["none", planet({ radius: undefined }), "recipe.radius is undefined; allowed: a number from 1000 to 100000000"],
    ["one on a flat world", { radius: 5000 }, "recipe.radius is 5000; allowed: none on flat worlds"],
    ["one too short for its chunks", planet({ radius: 1500, chunkSize: 1024 }), "a number from 2048 to 100000000"],
    ["one too long for its chunks", planet({ radius: 3e7, chunkSize: 4, caves: { maxDepth: 8 } }), "to 20585"],
    ["one that its ground would turn inside out", planet({ radius: 1000 }), "allowed: more than 1067: the ground"],
])("%s is refused by name", (_, input, text) => {
    expect(() => parseRecipe(input)).toThrow(text);
});

test("planets of 1 km and of 6,371 km are allowed, with ground that suits them", () => {
    const small = { mountainHeight: 60, rangeHeight: 120, plainsHeight: 10 };
    expect(parseRecipe(planet({ radius: 1000, terrain: small, caves: { maxDepth: 30 } })).radius).toBe(1000);
    expect(parseRecipe(planet()).radius).toBe(6_371_000);
});

test("the noise of planets reaches farther, and so do the bounds of their heights", () => {
    const spline = [
        [-2, -200],
        [2, 200],
    ] as const;
    const terrain = { macro: { continentSpline: spline } };
    const flat = heightBoundOf(parseRecipe({ terrain }));
    const round = heightBoundOf(parseRecipe(planet({ terrain })));
    expect(round.lowest).toBeLessThan(flat.lowest - 10);
    expect(round.highest).toBeGreaterThan(flat.highest + 10);
});
