import { TerraneError } from "../../../src/base/errors.js";
import { highestGround } from "../../../src/generators/groundBounds.js";
import { heightBoundOf, riseWithin } from "../../../src/recipe/heightBound.js";
import { latticeOf, quantumAt } from "../../../src/recipe/lattice.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import { wildRecipe } from "../../fuzz/wildRecipe.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

test(`the rise within a square grows with it, up to the whole range of heights (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x415e);
    for (let i = 0; i < 100; i++) {
        const { recipe } = wildRecipe(random, 0.4);
        const { lowest, highest } = heightBoundOf(recipe);
        let before = 0;
        for (let side = 0.25; side < 1e7; side *= 4) {
            const rise = riseWithin(recipe, side);
            expect(rise).toBeGreaterThanOrEqual(before);
            expect(rise).toBeLessThanOrEqual(highest - lowest);
            before = rise;
        }
        // Rays are stopped by another bound of the same heights.
        expect(highest).toBeLessThanOrEqual(highestGround(recipe));
    }
});

test(`a level's quanta are whole multiples of the finer level's, and siblings fit int16 (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x9a17);
    for (let i = 0; i < 100; i++) {
        const { recipe } = wildRecipe(random, 0.4);
        expect(latticeOf(recipe).spacing / quantumAt(recipe, 0)).toBeGreaterThanOrEqual(4);
        for (let level = 0; level < 20; level++) {
            const quantum = quantumAt(recipe, level);
            const ratio = quantumAt(recipe, level + 1) / quantum;
            expect([1, 2, 4, 8]).toContain(ratio);
            const side = (recipe.chunkSize * 2 ** level) / quantum;
            expect(side).toBeLessThanOrEqual(8192);
            expect(riseWithin(recipe, recipe.chunkSize * 2 ** level) / quantum).toBeLessThan(65_536);
        }
    }
});

/** High relief everywhere, no detail: gullies and beds alone, on slopes of macro fields. */
const CARVED = { octaves: 0, macro: { reliefSpline: [[-1, 1] as const, [1, 1] as const] } };

test("gullies and beds may add to a rise, and to heights", () => {
    const rounded = Presets.endless({ terrain: { ...CARVED, gullies: { strength: 0 }, beds: { strength: 0 } } });
    for (const carving of [{ gullies: { strength: 0.3 } }, { beds: { strength: 1, thickness: 400 } }]) {
        const carved = Presets.endless({ ...rounded, terrain: { ...rounded.terrain, ...carving } });
        expect(riseWithin(carved, 64)).toBeGreaterThan(riseWithin(rounded, 64) + 5);
        expect(heightBoundOf(carved).highest).toBeGreaterThan(heightBoundOf(rounded).highest + 20);
        expect(heightBoundOf(carved).lowest).toBeLessThan(heightBoundOf(rounded).lowest - 40);
    }
});

test("the presets keep quanta of a 64th of a metre", () => {
    expect(quantumAt(Presets.endless(), 0)).toBe(1 / 64);
    expect(quantumAt(Presets.caves(), 0)).toBe(1 / 64);
});

const LEVEL = {
    resolution: 128,
    mountainHeight: 0,
    plainsHeight: 0,
    rangeHeight: 0,
    gullies: { strength: 0 },
    beds: { strength: 0 },
};

test.each([
    [{ chunkSize: 4, terrain: { octaves: 12, gain: 1 } }, "recipe.terrain.mountainHeight"],
    [
        { chunkSize: 4, terrain: { ...LEVEL, wavelength: 2, plainsHeight: 4000, octaves: 12, gain: 1 } },
        "recipe.terrain.plainsHeight",
    ],
    [
        {
            chunkSize: 4,
            terrain: {
                ...LEVEL,
                macro: {
                    continentSpline: [
                        [-1, -9000],
                        [-0.9999, 9000],
                    ] as const,
                },
            },
        },
        "recipe.terrain.macro.continentSpline",
    ],
    [
        { chunkSize: 4, terrain: { ...LEVEL, gullies: { strength: 0.5, wavelength: 2048 } } },
        "recipe.terrain.gullies.strength",
    ],
] as const)("%j is refused by what has to change least, and the most that works does", (input, field) => {
    const refusalOf = (recipe: unknown): TerraneError | null => {
        try {
            parseRecipe(recipe);
            return null;
        } catch (error) {
            return error as TerraneError;
        }
    };
    const refusal = refusalOf(input)!;
    expect(refusal).toBeInstanceOf(TerraneError);
    expect(refusal.field).toBe(field);
    const most = Number(/at most ([\d.e-]+)/.exec(refusal.allowed)![1]);
    const { terrain } = input;
    const name = field.split(".").at(-1)!;
    const amended =
        name === "continentSpline" && "macro" in terrain
            ? { ...terrain, macro: { continentSpline: terrain.macro.continentSpline.map(([x, y]) => [x, y * most]) } }
            : name === "strength" && "gullies" in terrain
              ? { ...terrain, gullies: { ...terrain.gullies, strength: most } }
              : { ...terrain, [name]: most };
    expect(refusalOf({ ...input, terrain: amended })).toBeNull();
});
