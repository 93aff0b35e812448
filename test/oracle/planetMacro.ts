import { simplex3 } from "./simplexNoise.js";
import {
    createMacroShape,
    MACRO_CHANNELS,
    MACRO_NOISES,
    MacroNoise,
    shapeMacro,
} from "../../src/generators/macroShape.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { seedFrom, subSeed } from "../../src/seed/seed.js";

type Vector = readonly [number, number, number];

/** Macro fields of a planet at a place, metres from its middle, as src/generators/macroPoints.ts has them: plainly and in f64. */
export function planetMacroAt(recipe: Recipe, place: Vector): Float32Array {
    const { macro } = recipe.terrain;
    const noise = (domain: string, context: string, octave: number, [x, y, z]: Vector, wavelength: number) => {
        const seed = subSeed(seedFrom(recipe.seed), domain, context, octave);
        const cells = wavelength * 2;
        return simplex3(seed, x / cells, y / cells, z / cells)[0];
    };
    const fractal = (domain: string, context: string, count: number, at: Vector, wavelength: number) => {
        let [sum, total] = [0, 0];
        for (let octave = 0; octave < count; octave++) {
            sum += noise(domain, context, octave, at, wavelength / 2 ** octave) / 2 ** octave;
            total += 1 / 2 ** octave;
        }
        return (1.5 * sum) / total;
    };
    const warped = place.map(
        (value, axis) => value + macro.warpStrength * noise("terrain", "warp", axis, place, macro.warpWavelength),
    ) as unknown as Vector;

    const noises = new Float64Array(MACRO_NOISES);
    noises[MacroNoise.continent] = fractal("terrain", "continent", 4, warped, macro.continentWavelength);
    noises[MacroNoise.erosion] = fractal("terrain", "erosion", 2, warped, macro.erosionWavelength);
    noises[MacroNoise.valley] = fractal("terrain", "valleys", 2, warped, macro.valleyWavelength);
    noises[MacroNoise.range] = noise("terrain", "ranges", 0, warped, macro.rangeWavelength);
    noises[MacroNoise.spur] = noise("terrain", "ranges", 1, warped, macro.rangeWavelength / 2.3);
    noises[MacroNoise.rib] = noise("terrain", "ranges", 2, warped, macro.rangeWavelength / 5.1);
    noises[MacroNoise.moisture] = fractal("materials", "moisture", 3, place, macro.moistureWavelength);
    noises[MacroNoise.caves] = fractal("caves", "country", 2, place, 1800);
    noises[MacroNoise.mouths] = noise("caves", "mouths", 0, place, 700);
    const fields = new Float32Array(MACRO_CHANNELS);
    shapeMacro(createMacroShape(recipe), noises, 0, fields, 0);
    return fields;
}
