import type { Recipe } from "../recipe/recipe.js";
import { seedFrom, subSeed } from "../seed/seed.js";
import {
    CAVE_COUNTRY_WAVELENGTH,
    FRACTAL_SCALE,
    MACRO_NOISES,
    MacroNoise,
    MOUTH_WAVELENGTH,
    RIB_FREQUENCY,
    SPUR_FREQUENCY,
} from "./macroShape.js";

/** One octave of a noise that macro fields are shaped from, or of the warp that moves places before. */
export interface MacroOctave {
    /** The noise, or `MACRO_NOISES` plus the axis that the warp moves along: x, y, z, or on flat worlds x, z. */
    readonly plane: number;
    readonly seed: number;
    /** Metres: wavelength at a frequency of 1. */
    readonly wavelength: number;
    readonly frequency: number;
    readonly amplitude: number;
    /** Sum of the amplitudes of all octaves of its noise. */
    readonly total: number;
    /** What the noise's mean by amplitude is multiplied by. */
    readonly scale: number;
}

export interface MacroOctaves {
    /** Of the place itself; the warp's among them. */
    readonly still: readonly MacroOctave[];
    /** Of the place that the warp has moved. */
    readonly warped: readonly MacroOctave[];
}

/** @param axes that the warp moves along */
export function macroOctavesOf(recipe: Recipe, axes: number): MacroOctaves {
    const { macro } = recipe.terrain;
    const octave = (plane: number, domain: string, context: string, i: number, wavelength: number, frequency = 1) => ({
        ...{ plane, wavelength, frequency, amplitude: 1, total: 1, scale: 1 },
        seed: subSeed(seedFrom(recipe.seed), domain, context, i),
    });
    const fractal = (plane: number, domain: string, context: string, count: number, wavelength: number) =>
        Array.from({ length: count }, (_, i) => ({
            ...octave(plane, domain, context, i, wavelength, 2 ** i),
            ...{ amplitude: 0.5 ** i, total: 2 - 0.5 ** (count - 1), scale: FRACTAL_SCALE },
        }));
    const { rangeWavelength } = macro;
    return {
        still: [
            ...fractal(MacroNoise.moisture, "materials", "moisture", 3, macro.moistureWavelength),
            ...fractal(MacroNoise.caves, "caves", "country", 2, CAVE_COUNTRY_WAVELENGTH),
            octave(MacroNoise.mouths, "caves", "mouths", 0, MOUTH_WAVELENGTH),
            ...Array.from({ length: axes }, (_, axis) => ({
                ...octave(MACRO_NOISES + axis, "terrain", "warp", axis, macro.warpWavelength),
                scale: macro.warpStrength,
            })),
        ],
        warped: [
            ...fractal(MacroNoise.continent, "terrain", "continent", 4, macro.continentWavelength),
            ...fractal(MacroNoise.erosion, "terrain", "erosion", 2, macro.erosionWavelength),
            ...fractal(MacroNoise.valley, "terrain", "valleys", 2, macro.valleyWavelength),
            octave(MacroNoise.range, "terrain", "ranges", 0, rangeWavelength),
            octave(MacroNoise.spur, "terrain", "ranges", 1, rangeWavelength, SPUR_FREQUENCY),
            octave(MacroNoise.rib, "terrain", "ranges", 2, rangeWavelength, RIB_FREQUENCY),
        ],
    };
}
