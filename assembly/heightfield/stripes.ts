// Stripes: what gullies are made of. Around points that lie scattered, one to a cell, waves run along the contour of the land, so that
// their crests and troughs run down its slope. Near a place the waves of several points overlap; what counts is the
// phase of their sum.
//
// A place is told by how far it is from a point, squared, and how far along the contour, both in cells: nothing here knows axes, or
// how many there are. Four places at once.

import { ones } from "../base/simd";

/** Reciprocal of the squared distance in cells at which a point's share ends: points in cells two away never come nearer. */
export const REACH: f32 = 1.0 / (1.2 * 1.2);
/** How far a point may lie from the middle of its cell, along an axis, in cells. */
export const SCATTER: f32 = 0.3;

/** Share of the points' weights below which the stripes of a place disagree so much that they fade. */
const AGREED: f32 = 0.45;
/** Rounds crests, which else are sharp. */
const CREST: f32 = 0.004;
/** Height of a crest over the land around, and of crests over floors, in amplitudes. */
export const RISE: f32 = 0.7;
export const RANGE: f32 = 1.25;

/** Returns a point's weight, given 1 - `REACH` times its squared distance: it vanishes with its derivative. */
@inline
export function weightOf(left: v128): v128 {
    const within = f32x4.pmax(f32x4.splat(0), left);
    return f32x4.mul(within, within);
}

/** Returns turns less whole ones: -1/2 to 1/2. */
@inline
export function fractionOf(turns: v128): v128 {
    return f32x4.sub(turns, f32x4.nearest(turns));
}

/**
 * Returns about the sine of an angle, by parabolas: only where sine and cosine stand to each other matters.
 *
 * @param turns -1/2 to 1/2
 * @param size without the sign
 */
@inline
export function sineOf(turns: v128, size: v128): v128 {
    return f32x4.mul(turns, f32x4.sub(f32x4.splat(8), f32x4.mul(f32x4.splat(16), size)));
}

/** Returns the cosine that goes with `sineOf`. */
@inline
export function cosineOf(size: v128): v128 {
    const turns = f32x4.sub(f32x4.splat(0.25), size);
    return sineOf(turns, f32x4.abs(turns));
}

/** Returns how far the stripes of a place agree, 0 to 1, from the length of their sum and of their weights. */
@inline
export function agreement(length: v128, weights: v128): v128 {
    const wanted = f32x4.add(f32x4.mul(weights, f32x4.splat(AGREED)), f32x4.splat(1e-5));
    return f32x4.pmin(ones(), f32x4.div(length, wanted));
}

/** Returns the height of a stripe in amplitudes, from the cosine of its phase: sharp crests and round floors. */
@inline
export function stripeOf(cosine: v128): v128 {
    const half = f32x4.mul(f32x4.sub(ones(), cosine), f32x4.splat(0.5));
    const fold = f32x4.sqrt(f32x4.add(half, f32x4.splat(CREST)));
    return f32x4.sub(f32x4.splat(RISE), f32x4.mul(f32x4.splat(RANGE), fold));
}
