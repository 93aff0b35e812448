import type { Recipe } from "../recipe/recipe.js";
import { createSpline, evaluateSpline, mix, smoothstep, type Spline } from "../recipe/spline.js";

/** The noises that macro fields are shaped from, each about -1 to 1, in the order in which `shapeMacro` reads them. */
export const MacroNoise = {
    /** Low under the sea, high inland. */
    continent: 0,
    /** Low where mountains may stand. */
    erosion: 1,
    /** 0 along main valleys. */
    valley: 2,
    /** 0 along mountain ranges, along the spurs of those, and along ribs of spurs. */
    range: 3,
    spur: 4,
    rib: 5,
    moisture: 6,
    /** High where the ground is hollow. */
    caves: 7,
    mouths: 8,
} as const;
export const MACRO_NOISES = 9;

/** The macro fields of one node, in the order in which `shapeMacro` writes them. */
export const MacroChannel = {
    /** Metres: height before detail. */
    base: 0,
    /** Metres: amplitude of detail. */
    amplitude: 1,
    /** 0 to 1: how far detail turns into ridges. */
    ridge: 2,
    /** 0 plains to 1 high mountains. */
    relief: 3,
    /** 0 dry to 1 wet. */
    moisture: 4,
    /** -1 to 1: caves lie where it is positive. */
    caves: 5,
    /** 0 to 1: how readily caves break through the surface. */
    mouths: 6,
} as const;
export const MACRO_CHANNELS = 7;

/** Metres: wavelength of the noise that says where the ground is hollow, and of that which opens caves. */
export const CAVE_COUNTRY_WAVELENGTH = 1800;
export const MOUTH_WAVELENGTH = 700;
/** How many times finer than ranges their spurs are, and the ribs of those. */
export const SPUR_FREQUENCY = 2.3;
export const RIB_FREQUENCY = 5.1;
/** What a sum of octaves is scaled by, over the sum of their amplitudes: it seldom comes near that. */
export const FRACTAL_SCALE = 1.5;

/** What of a recipe shapes macro fields. */
export interface MacroShape {
    readonly recipe: Recipe;
    readonly continentSpline: Spline;
    readonly reliefSpline: Spline;
}

export function createMacroShape(recipe: Recipe): MacroShape {
    const { continentSpline, reliefSpline } = recipe.terrain.macro;
    return { recipe, continentSpline: createSpline(continentSpline), reliefSpline: createSpline(reliefSpline) };
}

/**
 * Writes the macro fields that follow from a node's noises.
 *
 * @param noises `MACRO_NOISES` values from `from` on
 * @param fields takes `MACRO_CHANNELS` values from `to` on
 */
export function shapeMacro(
    { recipe, continentSpline, reliefSpline }: MacroShape,
    noises: Float64Array,
    from: number,
    fields: Float32Array,
    to: number,
): void {
    const { terrain, caves, water } = recipe;
    const continent = noises[from + MacroNoise.continent]!;
    const inland = smoothstep(-0.15, 0.3, continent);
    const relief = evaluateSpline(reliefSpline, noises[from + MacroNoise.erosion]!) * mix(0.25, 1, inland);

    // A range follows the line where its noise changes sign: lines that wander and branch off, where folding the
    // noise twice closes them into horseshoes. Finer octaves lay spurs along it, the more the higher it stands.
    const main = ridge(noises[from + MacroNoise.range]!);
    const spur = ridge(noises[from + MacroNoise.spur]!);
    const rib = ridge(noises[from + MacroNoise.rib]!);
    const crest = main * (0.5 + spur * (0.32 + 0.18 * rib)) + 0.14 * spur;
    // Main valleys follow another such line. Along it the relief vanishes, so their floors keep the continent's own
    // gentle fall and lead to the sea.
    const besideValley = smoothstep(0.015, 0.42, Math.abs(noises[from + MacroNoise.valley]!));
    const openness = 1 - terrain.valleyDepth * (1 - besideValley);
    const mountains = relief * openness;

    const ground = evaluateSpline(continentSpline, continent);
    fields[to + MacroChannel.base] = ground + terrain.rangeHeight * mountains * mix(0.08, 1, crest);
    fields[to + MacroChannel.amplitude] =
        terrain.plainsHeight * mix(0.5, 1, inland) * mix(0.3, 1, openness) +
        terrain.mountainHeight * mountains * mix(0.45, 1, crest);
    fields[to + MacroChannel.ridge] = smoothstep(0.12, 0.45, mountains);
    fields[to + MacroChannel.relief] = mountains;
    const wet = 0.55 + 0.8 * noises[from + MacroNoise.moisture]! + 0.35 * (1 - openness) - 0.25 * mountains;
    fields[to + MacroChannel.moisture] = Math.min(1, Math.max(0, wet));
    const country = noises[from + MacroNoise.caves]! + mix(-0.75, 0.75, caves.complexity);
    const dry = water.enabled ? smoothstep(0, 12, ground - water.level) : 1;
    fields[to + MacroChannel.caves] = Math.min(1, Math.max(-1, (country + 0.35 * mountains) * 3)) * dry - (1 - dry);
    fields[to + MacroChannel.mouths] = smoothstep(
        0.55 - caves.mouths,
        0.95 - caves.mouths,
        noises[from + MacroNoise.mouths]!,
    );
}

/** Returns 1 where a noise changes sign, and less to both sides: a sharp crest with concave flanks. */
function ridge(value: number): number {
    const height = Math.max(0, 1 - RIDGE_SHARPNESS * Math.abs(value));
    return height * height;
}

/** Reciprocal of the noise value at which a ridge's flank ends. */
const RIDGE_SHARPNESS = 1.35;
