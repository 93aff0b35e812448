import { makeNoise2D } from "open-simplex-noise";

import { MacroPoints, POINTS_AT_ONCE } from "../../../src/generators/macroPoints.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroShape.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { planetMacroAt } from "../../oracle/planetMacro.js";
import { simplex3 } from "../../oracle/simplexNoise.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();

function randomDirection(random: Random): Float64Array {
    for (;;) {
        const direction = Float64Array.from({ length: 3 }, () => random.between(-1, 1));
        const length = Math.hypot(...direction);
        if (length > 0.1 && length < 1) {
            return direction.map((part) => part / length);
        }
    }
}

/** Fields of points, a batch of their own. */
function evaluate(recipe: Recipe, radius: number, directions: readonly Float64Array[]): Float32Array {
    const points = new MacroPoints(recipe, kernels, radius);
    kernels.exports.layoutGrid(8, 8);
    points.layOut();
    directions.forEach((direction, i) => points.setPoint(i, direction));
    points.evaluate(directions.length);
    return points.fields.slice(0, directions.length * MACRO_CHANNELS);
}

test(`fields are the oracle's but for the kernels' f32, at every radius (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let world = 0; world < 40; world++) {
        const recipe = randomRecipe(random);
        const radius = random.pick([1_000, 123_000, 6_371_000]);
        const directions = Array.from({ length: 20 }, () => randomDirection(random));
        const fields = evaluate(recipe, radius, directions);
        const { rangeHeight, mountainHeight } = recipe.terrain;
        directions.forEach((direction, i) => {
            const [x, y, z] = direction.map((part) => part * radius) as unknown as [number, number, number];
            const expected = planetMacroAt(recipe, [x, y, z]);
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                const isMetres = channel === MacroChannel.base || channel === MacroChannel.amplitude;
                const scale = isMetres ? 200 + rangeHeight + mountainHeight : 1;
                const error = Math.abs(fields[i * MACRO_CHANNELS + channel]! - expected[channel]!) / scale;
                if (!(error < 1e-4)) {
                    throw new Error(`world ${world}, channel ${channel}: off by ${error}`);
                }
            }
        });
    }
});

test(`a point's fields are the same wherever in a batch it is, and zeros have no sign (seed ${seed})`, () => {
    const random = new Random(seed);
    const recipe = randomRecipe(random);
    const directions = Array.from({ length: POINTS_AT_ONCE }, () => randomDirection(random));
    const together = evaluate(recipe, 6_371_000, directions);
    for (let run = 0; run < 50; run++) {
        const at = random.whole(0, POINTS_AT_ONCE - 1);
        const alone = evaluate(recipe, 6_371_000, [directions[at]!]);
        expect(together.subarray(at * MACRO_CHANNELS, (at + 1) * MACRO_CHANNELS)).toEqual(alone);
    }
    expect(together.some((value) => Object.is(value, -0))).toBe(false);
});

test(`over a wavelength, noise rises as that of flat worlds does (seed ${seed})`, () => {
    const random = new Random(seed);
    const flat = makeNoise2D(seed);
    let [ours, theirs] = [0, 0];
    for (let i = 0; i < 50_000; i++) {
        const [x, y, z] = [random.between(-500, 500), random.between(-500, 500), random.between(-500, 500)];
        // Two cells a wavelength: `planetMacroAt`, which the kernels follow, says so.
        ours += (simplex3(seed, x, y, z)[1] / 2) ** 2;
        theirs += ((flat(x + 1e-4, z) - flat(x, z)) / 1e-4) ** 2;
    }
    expect(Math.sqrt(ours / theirs)).toBeGreaterThan(0.95);
    expect(Math.sqrt(ours / theirs)).toBeLessThan(1.05);
});
