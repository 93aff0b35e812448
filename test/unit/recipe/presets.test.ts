import { TerraneError } from "../../../src/base/errors.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { RecipeInput } from "../../../src/recipe/recipe.js";

const names = Object.keys(Presets) as (keyof typeof Presets)[];

describe("Presets", () => {
    test.each(names)("%s is a whole, valid recipe of its own name", (name) => {
        const recipe = Presets[name]();
        expect(recipe.id).toBe(name);
        expect(parseRecipe(recipe)).toStrictEqual(recipe);
        expect(Object.isFrozen(recipe.terrain.macro)).toBe(true);
    });

    test.each(names)("%s keeps all its values but those that are passed", (name) => {
        const plain = Presets[name]();
        const recipe = Presets[name]({ seed: "terra", caves: { maxDepth: 40 }, water: {} });
        expect(recipe).toEqual({ ...plain, seed: "terra", caves: { ...plain.caves, maxDepth: 40 } });
    });

    test.each(names)("%s takes undefined for left out", (name) => {
        expect(Presets[name]({ id: undefined, caves: { radius: undefined } } as RecipeInput)).toEqual(Presets[name]());
    });

    test.each(names)("%s replaces arrays and does not mix their points", (name) => {
        const continentSpline: [number, number][] = [
            [-1, 0],
            [1, 10],
        ];
        const recipe = Presets[name]({ terrain: { macro: { continentSpline } } });
        expect(recipe.terrain.macro.continentSpline).toEqual(continentSpline);
    });

    test.each(names)("%s refuses wrong values, wrong sections and unknown fields", (name) => {
        const make = (input: unknown) => () => Presets[name](input as RecipeInput);
        expect(make({ caves: { octaves: 9 } })).toThrow(TerraneError);
        expect(make({ caves: { octaves: 9 } })).toThrow("recipe.caves.octaves is 9");
        expect(make({ caves: 5 })).toThrow("recipe.caves is 5");
        expect(make({ caves: [] })).toThrow("recipe.caves is an array");
        expect(make(null)).toThrow("recipe is null");
        expect(make({ cavez: {} })).toThrow("Did you mean recipe.caves?");
        expect(make(JSON.parse('{ "__proto__": {} }'))).toThrow("recipe.__proto__");
    });

    test("a preset is not changed by what is laid over it", () => {
        const before = JSON.stringify(Presets.caves());
        Presets.caves({ caves: { radius: 3 } });
        expect(JSON.stringify(Presets.caves())).toBe(before);
    });

    test("caves has more, wider and more open caves than endless", () => {
        const [caves, endless] = [Presets.caves().caves, Presets.endless().caves];
        expect(caves.complexity).toBeGreaterThan(endless.complexity);
        expect(caves.radius).toBeGreaterThan(endless.radius);
        expect(caves.mouths).toBeGreaterThan(endless.mouths);
    });
});
