import { BED_TILT_X, BED_TILT_Z } from "../../src/recipe/carving.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { seedFrom, subSeed } from "../../src/seed/seed.js";
import { mix32 } from "./gradientNoise.js";

export interface Beds {
    readonly seed: number;
    /** Metres. */
    readonly thickness: number;
    readonly strength: number;
}

/** Null where the recipe has none. */
export function createBeds({ seed, terrain: { beds } }: Recipe): Beds | null {
    return beds.strength === 0 ? null : { ...beds, seed: subSeed(seedFrom(seed), "terrain", "beds") };
}

/** Metres that beds add at (x, height, z), metres, where they are in full. */
export function bedsAt({ seed, thickness, strength }: Beds, x: number, height: number, z: number): number {
    const place = (height + BED_TILT_X * x + BED_TILT_Z * z) / thickness;
    const bed = Math.floor(place);
    const t = place - bed;
    const hardness = (mix32(Math.imul(bed | 0, 0x9e3779b1) ^ seed) >>> 24) / 255;
    const fade = t * t * t * (t * (t * 6 - 15) + 10);
    return (fade * (0.35 + 0.65 * fade) - t) * thickness * strength * hardness;
}
