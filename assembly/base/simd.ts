// Vector helpers. Constants that hot code needs lie in memory: engines build a vector constant from four instructions and
// more each time, and load one with a single instruction.

const CONSTANTS: usize = memory.data<f32>([
    // 1.5 x 2^23, four times: added to a number below 2^22, it leaves the nearest whole number in the low bits.
    12_582_912, 12_582_912, 12_582_912, 12_582_912,
    127, 127, 127, 127,
    255, 255, 255, 255,
    1, 1, 1, 1,
    // What unit vectors and weights start from.
    0, 1e-9, 0, 0,
    0, 0, 0, 1,
]);

/** Returns entry i of `CONSTANTS`. */
@inline
function constant(i: usize): v128 {
    return v128.load(CONSTANTS + (i << 4));
}

/** Returns (1, 1, 1, 1). */
@inline
export function ones(): v128 {
    return constant(3);
}

/** Returns (0, 0, 0, 1). */
@inline
export function lastOne(): v128 {
    return constant(5);
}

/** Rounds numbers below 2^22 to the nearest whole ones, ties to even, and returns them as i32. */
@inline
export function roundToInt(values: v128): v128 {
    const magic = constant(0);
    return i32x4.sub(f32x4.add(values, magic), magic);
}

/** Rounds numbers below 2^22 to the nearest whole ones, ties to even, and returns them as f32. */
@inline
export function roundToFloat(values: v128): v128 {
    const magic = constant(0);
    return f32x4.sub(f32x4.add(values, magic), magic);
}

/** Turns -1 to 1 into -127 to 127 as i32. */
@inline
export function toSnorm8(values: v128): v128 {
    return roundToInt(f32x4.mul(values, constant(1)));
}

/** Turns 0 to 1 into 0 to 255 as i32. Does not clamp what lies outside. */
@inline
export function toUnorm8(values: v128): v128 {
    return roundToInt(f32x4.mul(values, constant(2)));
}

/** Interpolates linearly: returns a where t is 0, b where it is 1. */
@inline
export function mix(a: v128, b: v128, t: v128): v128 {
    return f32x4.add(a, f32x4.mul(t, f32x4.sub(b, a)));
}

/** Returns the sum of all four lanes, in each lane. */
@inline
export function sumOfLanes(values: v128): v128 {
    const pairs = f32x4.add(values, v128.shuffle<f32>(values, values, 2, 3, 0, 1));
    return f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}

/** Returns the unit vector along `vector`, whose fourth lane is 0; straight up where that has no length. */
@inline
export function unit(vector: v128): v128 {
    const biased = f32x4.add(vector, constant(4));
    return f32x4.div(biased, f32x4.sqrt(sumOfLanes(f32x4.mul(biased, biased))));
}

/** Stores four vectors, one quantity each, as one vector a column. */
@inline
export function storeTransposed(to: usize, a: v128, b: v128, c: v128, d: v128): void {
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 16);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), 32);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), 48);
}
