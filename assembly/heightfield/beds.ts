// Beds: rock lies in tilted layers, some harder than others, which stand out as ledges and steps.

import { CONSTANTS, mix, MULTIPLIER_1, MULTIPLIER_2 } from "../noise/gradients";

/** Metres from a bed to the next; 0 where there are none. */
let bedThickness: f32 = 0;
/** Metres by which steps of the hardest beds move the ground. */
let bedDepth: f32 = 0;
/** Metres by which their ledges lie below the ground as it was. */
let ledgeDepth: f32 = 0;
let bedSeed: u32 = 0;
// In beds: by metre of height, and by level-0 sample along x and z.
let bedsUp: f64 = 0;
let bedsAlongX: f64 = 0;
let bedsAlongZ: f64 = 0;

/** Added to a whole number, this leaves it in the low 32 bits. */
const TO_INTEGER: f64 = 6755399441055744;

/**
 * Sets the beds of the world.
 *
 * @param thickness metres from a bed to the next; 0 is none
 * @param strength how far ground follows the steps of the hardest bed, 0 to 1
 * @param ledge how far its ledges lie below the ground as it was, in thicknesses at full strength
 * @param alongX, alongZ beds by level-0 sample: how they are tilted
 */
export function setBeds(thickness: f32, strength: f32, ledge: f32, seed: u32, alongX: f64, alongZ: f64): void {
    bedThickness = thickness;
    bedDepth = thickness * strength;
    ledgeDepth = ledge * bedDepth;
    bedSeed = seed;
    bedsUp = 1 / <f64>thickness;
    bedsAlongX = alongX;
    bedsAlongZ = alongZ;
}

/** Tells whether there are beds of a thickness, metres, or more. */
export function haveBeds(least: f32): bool {
    return bedThickness > 0 && bedThickness >= least;
}

/** Returns the metres by which ledges of the hardest beds lie below the ground as it was. */
export function depthOfLedges(): f32 {
    return ledgeDepth;
}

/** Returns the metres that beds add to a sample at x and z, level-0 samples, and a height in metres. */
export function bedAt(x: f64, z: f64, height: f32): f32 {
    return f32x4.extract_lane(bedsOf(x, z, 0, f32x4.splat(height)), 0);
}

/**
 * Returns the metres that beds add to four samples.
 *
 * @param x, z the first of them in level-0 samples
 * @param step level-0 samples between them
 * @param height metres
 */
@inline
export function bedsOf(x: f64, z: f64, step: f64, height: v128): v128 {
    const low = f64x2.mul(f64x2(x, x + step), f64x2.splat(bedsAlongX));
    const high = f64x2.mul(f64x2(x + 2 * step, x + 3 * step), f64x2.splat(bedsAlongX));
    const across = f64x2.splat(z * bedsAlongZ);
    const up = f64x2.splat(bedsUp);
    const at0 = f64x2.add(f64x2.add(low, across), f64x2.mul(f64x2.promote_low_f32x4(height), up));
    const upper = v128.shuffle<f64>(height, height, 1, 1);
    const at1 = f64x2.add(f64x2.add(high, across), f64x2.mul(f64x2.promote_low_f32x4(upper), up));
    const bed0 = f64x2.floor(at0);
    const bed1 = f64x2.floor(at1);
    const t = v128.shuffle<f32>(
        f32x4.demote_f64x2_zero(f64x2.sub(at0, bed0)),
        f32x4.demote_f64x2_zero(f64x2.sub(at1, bed1)),
        0, 1, 4, 5,
    );
    const magic = f64x2.splat(TO_INTEGER);
    const bed = v128.shuffle<i32>(f64x2.add(bed0, magic), f64x2.add(bed1, magic), 0, 2, 4, 6);
    const hardness = hardness4(bed, bedSeed);
    return f32x4.mul(f32x4.mul(bedStep4(t), hardness), f32x4.splat(bedDepth));
}

/** Returns how far four places in beds are moved, 0 to 1 from a bed's floor: in thicknesses of the hardest. */
@inline
function bedStep4(t: v128): v128 {
    // From ledge to ledge: a fade, steeper towards the top.
    const inner = f32x4.add(f32x4.mul(t, f32x4.sub(f32x4.mul(t, f32x4.splat(6)), f32x4.splat(15))), f32x4.splat(10));
    const fade = f32x4.mul(f32x4.mul(f32x4.mul(t, t), t), inner);
    const step = f32x4.mul(fade, f32x4.add(f32x4.splat(0.35), f32x4.mul(f32x4.splat(0.65), fade)));
    return f32x4.sub(step, t);
}

/** Returns how far a place in a bed is moved, 0 to 1 from its floor: in thicknesses of the hardest. */
export function bedStep(t: f32): f32 {
    return f32x4.extract_lane(bedStep4(f32x4.splat(t)), 0);
}

/** Returns how hard a bed is, 0 to 1. */
export function hardnessOf(bed: i32, seed: u32): f32 {
    return f32x4.extract_lane(hardness4(i32x4.splat(bed), seed), 0);
}

/** Returns how hard four beds are, 0 to 1. */
@inline
function hardness4(bed: v128, seed: u32): v128 {
    const product = v128.xor(i32x4.mul(bed, i32x4.splat(0x9e3779b1)), i32x4.splat(seed));
    const hash = mix(product, v128.load(CONSTANTS, MULTIPLIER_1), v128.load(CONSTANTS, MULTIPLIER_2));
    return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(hash, 24)), f32x4.splat(1.0 / 255.0));
}
