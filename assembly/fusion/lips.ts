// The lips of mouths, where a cave's wall and the ground round the edge where they meet: how much each of the two counts for the normal,
// and for the weights.

import { lastOne, mix, ones } from "../base/simd";
import { lipWidth } from "../caves/caveWorld";
import { ALONG_X, ALONG_Y } from "./fusionSlots";

/**
 * Samples from a cave's wall beyond which it does not count at all. Rock beside a cliff lies deep below the ground above it: all caves
 * were nearer.
 */
const LIP_REACH: f32 = 3;

/** What a vertex's weights gain with each sample of depth. */
let weightGains: v128 = f32x4.splat(0);

/** Least vertical part of the gradient of ground, beside horizontal parts of about 1. */
const LEAST_RISE: f32 = 0.1;

/**
 * Begins a chunk's lips.
 *
 * @param daylight, lip samples: see `meshVolume`
 */
export function beginLips(daylight: f32, lip: f32): void {
    weightGains = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 2, <f32>1 / lip), 3, <f32>-1 / daylight);
}

/** Returns what weights gain with each sample of depth, for `weightsBelow`. */
@inline
export function darkness(): v128 {
    return weightGains;
}

/**
 * Returns the weights of a vertex below the ground: from the lip inwards cave grows to 1, and the sky's light falls to 0, by its square.
 *
 * @param ground its weights as ground, both of those 0
 * @param depth in samples, in all lanes
 * @param gains what `darkness` returns
 * @param least of each weight
 */
@inline
export function weightsBelow(ground: v128, depth: v128, gains: v128, least: v128): v128 {
    const lines = f32x4.add(f32x4.add(ground, lastOne()), f32x4.mul(depth, gains));
    const held = f32x4.pmin(f32x4.pmax(lines, least), ones());
    return v128.shuffle<f32>(held, f32x4.mul(held, held), 0, 1, 2, 7);
}

/**
 * Returns how much a cave counts for the gradient of ground at a sample of rock, 0 to 1: from where it bends the ground at all up to
 * where both are as near. From there on the gradient of its distances, which are rounded, is that of the density.
 *
 * @param depth below the ground, in samples
 * @param distance to the cave's wall, in samples
 */
@inline
export function caveShare(depth: f32, distance: f32): f32 {
    const share = max<f32>(0, min<f32>(1, (depth - distance) * (4 / lipWidth)));
    return share * max<f32>(0, min<f32>(1, LIP_REACH - distance));
}

/**
 * Returns the gradient of ground towards air from a cave's, over two samples, and the ground's, given how much the cave's counts. It is
 * mapped from above, so it never looks down.
 */
@inline
export function lipGradient(cave: v128, ground: v128, share: f32): v128 {
    const mixed = f32x4.add(f32x4.mul(cave, f32x4.splat(share * 0.5)), f32x4.mul(ground, f32x4.splat(1 - share)));
    return f32x4.pmax(mixed, f32x4(-Infinity, LEAST_RISE, -Infinity, -Infinity));
}

/**
 * Returns the gradient of cave distance towards air on an edge, over two samples. Along the edge its own two tell most.
 *
 * @param here, next addresses of the distances at its ends
 * @param before, behind addresses of those a slice before and behind the low end
 * @param stride bytes from a column's distances to the next
 */
@inline
export function caveGradient(axis: i32, here: usize, next: usize, before: usize, behind: usize, stride: usize, t: v128): v128 {
    const along = f32x4.mul(f32x4.sub(v128.load32_splat(here), v128.load32_splat(next)), f32x4.splat(2));
    if (axis === ALONG_Y) {
        const slopeX = f32x4.sub(v128.load64_zero(here - stride), v128.load64_zero(here + stride));
        const slopeZ = f32x4.sub(v128.load64_zero(before), v128.load64_zero(behind));
        const low4 = v128.shuffle<f32>(slopeX, slopeZ, 0, 4, 0, 4);
        const high4 = v128.shuffle<f32>(slopeX, slopeZ, 1, 5, 1, 5);
        return v128.shuffle<f32>(mix(low4, high4, t), along, 0, 4, 1, 1);
    }
    const rows4 = mix(v128.load(here - 4), v128.load(next - 4), t);
    const slopeY = f32x4.sub(rows4, v128.shuffle<f32>(rows4, rows4, 2, 3, 2, 3));
    if (axis === ALONG_X) {
        const slopeZ = mix(
            f32x4.sub(v128.load32_zero(before), v128.load32_zero(behind)),
            f32x4.sub(v128.load32_zero(before + stride), v128.load32_zero(behind + stride)),
            t,
        );
        return v128.shuffle<f32>(v128.shuffle<f32>(along, slopeY, 0, 4, 0, 4), slopeZ, 0, 1, 4, 4);
    }
    const slopeX = mix(
        f32x4.sub(v128.load32_zero(here - stride), v128.load32_zero(here + stride)),
        f32x4.sub(v128.load32_zero(next - stride), v128.load32_zero(next + stride)),
        t,
    );
    return v128.shuffle<f32>(v128.shuffle<f32>(slopeX, slopeY, 0, 4, 0, 4), along, 0, 1, 4, 4);
}
