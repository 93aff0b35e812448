import type { Recipe } from "./recipe.js";

/** Turns of the slope by a stripe of one metre and one metre from crest to crest: how far a gully leads finer ones into it. */
export const GULLY_TURN = 0.55 * 2 * Math.PI;
/** Metres by which beds rise for each metre along x and z. */
export const BED_TILT_X = 0.045;
export const BED_TILT_Z = 0.03;

/** Relief up to which land is not carved, and what it rises by until gullies and beds are in full. */
export const LEAST_CARVED_RELIEF = 0.04;
export const CARVED_RELIEF_RANGE = 0.4;
/** Share of the octaves of detail finer than what gullies follow that gives way to them. */
export const REPLACED_DETAIL = 0.6;

/** Amplitudes by which a stripe's crest stands above the land, and its floor lies below: see `stripeOf` of the kernels. */
const CREST_HEIGHT = 0.622;
export const FLOOR_DEPTH = 0.553;
/** Thicknesses by which steps of a bed of full hardness stand above the ground as it was, and its ledges lie below. */
const STEP_HEIGHT = 0.11;
export const LEDGE_DEPTH = 0.24;

/** One octave of gullies. */
export interface GullyOctave {
    /** Metres from one gully to the next. */
    readonly wavelength: number;
    /** Metres: amplitude. */
    readonly depth: number;
}

/** Returns the octaves of gullies that level 0 can show, of four samples and more, the widest first. */
export function gullyOctavesOf({ chunkSize, terrain }: Recipe): GullyOctave[] {
    const { gullies, resolution } = terrain;
    const octaves: GullyOctave[] = [];
    let { wavelength, strength } = gullies;
    for (let i = 0; i < gullies.octaves && strength > 0 && wavelength >= (4 * chunkSize) / resolution; i++) {
        octaves.push({ wavelength, depth: strength * wavelength });
        wavelength /= 2;
        strength *= gullies.gain;
    }
    return octaves;
}

/** Returns the wavelength in metres below which octaves of detail give way to gullies; 0 where there are none. */
export function replacedFrom(recipe: Recipe): number {
    return gullyOctavesOf(recipe).length > 0 ? 2 * recipe.terrain.gullies.wavelength : 0;
}

/** Returns the share, 0 to 1, of gullies and beds that land of a relief has where it is steep. */
export function carvedShare(relief: number): number {
    const t = Math.min(1, Math.max(0, (relief - LEAST_CARVED_RELIEF) / CARVED_RELIEF_RANGE));
    return t * t * (3 - 2 * t);
}

/** Returns the most metres that gullies and beds add to the ground, and take from it, where they are in full. */
export function carvedRange(recipe: Recipe): { readonly lowest: number; readonly highest: number } {
    const { beds } = recipe.terrain;
    const depth = gullyOctavesOf(recipe).reduce((sum, octave) => sum + octave.depth, 0);
    const steps = beds.strength * beds.thickness;
    return {
        lowest: -(FLOOR_DEPTH * depth + LEDGE_DEPTH * steps),
        highest: CREST_HEIGHT * depth + STEP_HEIGHT * steps,
    };
}
