import { gullyOctavesOf, GULLY_TURN, LEAST_CARVED_RELIEF, CARVED_RELIEF_RANGE } from "../../src/recipe/carving.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { seedFrom, subSeed } from "../../src/seed/seed.js";
import { mix32 } from "./gradientNoise.js";

/** Slope up to which there are no gullies, and what it rises by until they are in full. */
const LEAST_SLOPE = 0.06;
const SLOPE_RANGE = 0.25;
/** Slope below which stripes fade, where those before have turned it away. */
const LOST_SLOPE = 0.25;
/** Share of their depth that gullies have on level land; it grows by the slope, up to all of it. */
const LEVEL_SHARE = 0.35;
/** Distance in cells at which a point's share of a stripe ends, and how far points lie from the middle of their cells. */
const REACH = 1.2;
const SCATTER = 0.3;
/** Share of weights below which stripes that disagree fade. */
const AGREED = 0.45;

interface Gully {
    readonly seed: number;
    /** Metres. */
    readonly wavelength: number;
    readonly depth: number;
}

export type Gullies = readonly Gully[];

export function createGullies(recipe: Recipe): Gullies {
    const seed = seedFrom(recipe.seed);
    return gullyOctavesOf(recipe).map((octave, i) => ({ ...octave, seed: subSeed(seed, "terrain", "gullies", i) }));
}

/** Share of gullies and beds at a place, by its relief alone. */
export function shareOfRelief(relief: number): number {
    return ramp(relief, LEAST_CARVED_RELIEF, CARVED_RELIEF_RANGE);
}

/** Share of gullies and beds at a place, by the slope of its wide shapes alone. */
export function shareOfSlope(slope: number): number {
    return ramp(slope, LEAST_SLOPE, SLOPE_RANGE);
}

/**
 * Metres that gullies add at (x, z), metres.
 *
 * @param spacing metres between samples: gullies of less than four are left out
 * @param slopeX, slopeZ of the land's wide shapes
 * @param share of gullies in full
 */
export function gulliesAt(
    gullies: Gullies,
    spacing: number,
    x: number,
    z: number,
    slopeX: number,
    slopeZ: number,
    share: number,
): number {
    let sum = 0;
    let [gx, gz] = [slopeX, slopeZ];
    const deep = share * Math.min(1, LEVEL_SHARE + Math.sqrt(gx * gx + gz * gz));
    for (const { seed, wavelength, depth } of gullies) {
        if (wavelength < 4 * spacing) {
            break;
        }
        const slope = Math.sqrt(gx * gx + gz * gz);
        // Along the contour.
        const alongX = -gz / (slope + 1e-5);
        const alongZ = gx / (slope + 1e-5);
        const wave = waveAt(seed, x / wavelength, z / wavelength, alongX, alongZ);
        const metres = deep * depth * Math.min(1, slope / LOST_SLOPE) * wave.agreement;
        sum += metres * (0.7 - 1.25 * Math.sqrt((1 - wave.cosine) / 2 + 0.004));
        const turn = (-metres * wave.sine * GULLY_TURN) / wavelength;
        gx += turn * alongX;
        gz += turn * alongZ;
    }
    return sum;
}

/** Phase of the stripes around a place, given in cells, and how far those of the points around agree. */
function waveAt(seed: number, x: number, z: number, alongX: number, alongZ: number) {
    const [cellX, cellZ] = [Math.floor(x), Math.floor(z)];
    let [cosines, sines, weights] = [0, 0, 0];
    for (let row = -1; row <= 1; row++) {
        for (let column = -1; column <= 1; column++) {
            const hash = hashOf(seed, cellX + column, cellZ + row);
            const ex = x - cellX - column - placeOf(hash & 0xffff);
            const ez = z - cellZ - row - placeOf(hash >>> 16);
            const weight = Math.max(0, 1 - (ex * ex + ez * ez) / (REACH * REACH)) ** 2;
            const turns = ex * alongX + ez * alongZ;
            sines += weight * sineOf(turns);
            cosines += weight * sineOf(turns + 0.25);
            weights += weight;
        }
    }
    const length = Math.sqrt(cosines * cosines + sines * sines);
    return {
        cosine: cosines / (length + 1e-5),
        sine: sines / (length + 1e-5),
        agreement: Math.min(1, (length + 1e-5) / (AGREED * weights + 1e-5)),
    };
}

function hashOf(seed: number, x: number, z: number): number {
    return mix32(seed ^ Math.imul(x | 0, 0x9e3779b1) ^ Math.imul(z | 0, 0x85ebca77));
}

function placeOf(bits: number): number {
    return 0.5 + SCATTER * (bits / 32_768 - 1);
}

/** About the sine of an angle in turns: two parabolas. */
function sineOf(turns: number): number {
    const rest = turns - Math.round(turns);
    return rest * (8 - 16 * Math.abs(rest));
}

function ramp(value: number, least: number, range: number): number {
    const t = Math.min(1, Math.max(0, (value - least) / range));
    return t * t * (3 - 2 * t);
}
