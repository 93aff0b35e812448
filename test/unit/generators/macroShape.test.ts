import {
    createMacroShape,
    MACRO_CHANNELS,
    MACRO_NOISES,
    MacroChannel,
    MacroNoise,
    shapeMacro,
} from "../../../src/generators/macroShape.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

test(`fields keep to their ranges, whatever the noises, and only they are written (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let world = 0; world < 20; world++) {
        const recipe = randomRecipe(random);
        const shape = createMacroShape(recipe);
        for (let node = 0; node < 20; node++) {
            const noises = Float64Array.from({ length: MACRO_NOISES + 2 }, () => random.between(-1.5, 1.5));
            const before = noises.slice();
            const fields = new Float32Array(MACRO_CHANNELS + 3).fill(NaN);
            shapeMacro(shape, noises, 1, fields, 2);
            expect(noises).toEqual(before);
            expect([...fields].map((value) => !Number.isNaN(value))).toEqual(
                [...fields].map((_, at) => at >= 2 && at < 2 + MACRO_CHANNELS),
            );
            const field = (channel: number) => fields[2 + channel]!;
            for (const channel of [
                MacroChannel.ridge,
                MacroChannel.relief,
                MacroChannel.moisture,
                MacroChannel.caves,
                MacroChannel.mouths,
            ]) {
                expect(field(channel)).toBeGreaterThanOrEqual(channel === MacroChannel.caves ? -1 : 0);
                expect(field(channel)).toBeLessThanOrEqual(1);
            }
            expect(field(MacroChannel.amplitude)).toBeGreaterThanOrEqual(0);
        }
    }
});

test(`a valley takes the mountains away along its line, and a range raises them along its own (seed ${seed})`, () => {
    const random = new Random(seed);
    const recipe = randomRecipe(random);
    const shape = createMacroShape({ ...recipe, terrain: { ...recipe.terrain, rangeHeight: 1_000, valleyDepth: 1 } });
    const fieldsOf = (range: number, valley: number) => {
        const noises = new Float64Array(MACRO_NOISES);
        noises[MacroNoise.continent] = 1;
        noises[MacroNoise.erosion] = -1;
        noises[MacroNoise.range] = range;
        noises[MacroNoise.valley] = valley;
        const fields = new Float32Array(MACRO_CHANNELS);
        shapeMacro(shape, noises, 0, fields, 0);
        return fields;
    };
    expect(fieldsOf(0, 1)[MacroChannel.base]).toBeGreaterThan(fieldsOf(0.5, 1)[MacroChannel.base]! + 100);
    expect(fieldsOf(0, 1)[MacroChannel.relief]).toBeGreaterThan(0.5);
    expect(fieldsOf(0, 0)[MacroChannel.relief]).toBe(0);
});
