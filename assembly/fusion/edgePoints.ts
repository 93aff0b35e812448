// Points on crossed edges: what vertices of the ground and of caves reckon alike.

import { roundToFloat } from "../base/simd";
import { lineBytes } from "../heightfield/grid";
import { ALONG_X, ALONG_Y, ALONG_Z } from "./fusionSlots";
import { groundWeights } from "./groundSlices";

/** Quanta from row 0 to the positions' y = 0. */
let originY: f32 = 0;

/**
 * Sets how high the positions' y = 0 lies.
 *
 * @param origin quanta from row 0 to the positions' y = 0
 */
export function setOrigin(origin: f32): void {
    originY = origin;
}

/** Returns the positions' origin, in quanta from the chunk's corner in row 0. */
@inline
export function originOfPositions(): v128 {
    return f32x4.replace_lane(f32x4.splat(0), 1, originY);
}

/**
 * Returns the point `t` along an edge, in quanta. Only the way from the edge's low end is rounded, so that chunks that count
 * their rows from elsewhere get the same.
 *
 * @param quanta of the whole edge
 */
@inline
export function quantaAt(axis: i32, low: v128, t: v128, quanta: v128, scale: v128, origin: v128): v128 {
    const way = roundToFloat(f32x4.mul(t, quanta));
    const start = f32x4.sub(f32x4.mul(low, scale), origin);
    if (axis === ALONG_X) {
        return f32x4.add(start, v128.and(way, i32x4(-1, 0, 0, 0)));
    }
    return f32x4.add(start, v128.and(way, axis === ALONG_Y ? i32x4(0, -1, 0, 0) : i32x4(0, 0, -1, 0)));
}

/** Returns the bytes from a column to the next along an axis, in planes of the grid. */
@inline
export function nextColumn(axis: i32): usize {
    return axis === ALONG_X ? 4 : axis === ALONG_Z ? lineBytes : 0;
}

/**
 * Returns the bytes from a column to the next along an axis in the ground's slices, 16 a column. They lie in a ring, so it
 * may be less than 0.
 *
 * @param step samples an edge
 */
@inline
export function besideGround(axis: i32, z: i32, step: i32): usize {
    if (axis === ALONG_X) {
        return <usize>step << 4;
    }
    return axis === ALONG_Z ? groundWeights(z + step) - groundWeights(z) : 0;
}
