// The two-dimensional noise of the package `open-simplex-noise` at points anywhere, to the last bit: two at once, in f64. The package is the
// definition; here are its sums in its own order (lib/2d.js), with tables that the host makes. Test oracle: the package itself.
//
// A point lies in a cell of a skewed lattice, in one of six regions. Each region sums four corners: (1, 0), (0, 1), then the nearer one of
// (0, 0) and (1, 1), then one that the region names.

/** What takes the axes to those of the lattice, and what takes them back, as the package reckons them. */
const STRETCH: f64 = (0.5773502691896258 - 1) / 2;
const SQUISH: f64 = (1.7320508075688772 - 1) / 2;
const SCALE: f64 = 1.0 / 47.0;
/** Added to a whole number, this leaves it in the low 32 bits. For numbers below 2^51. */
const TO_INTEGER: f64 = 6755399441055744;

/** Regions, and one that has no corners: rounding leads there, once in 2^50 points. */
const NONE: u8 = 6;
/** By the package's hash of where a point lies in its cell. */
const REGIONS: usize = memory.data<u8>([
    1, 0, 6, 6, 1, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 0, 6, 6, 2, 2, 5, 5, 6, 6, 4, 6, 6, 6, 6, 6,
    6, 6, 6, 6, 6, 6, 6, 3, 6, 6, 4, 3, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
]);

/** By region: the last corner in cells along both axes, and its offset. */
const LAST_X: usize = memory.data<i32>([1, -1, 1, 2, 0, 0, 0]);
const LAST_Y: usize = memory.data<i32>([-1, 1, 1, 0, 2, 0, 0]);
const TO_LAST_X: usize = memory.data<f64>([-1, 1, -1 - 2 * SQUISH, -2 - 2 * SQUISH, -2 * SQUISH, 0, 0]);
const TO_LAST_Y: usize = memory.data<f64>([1, -1, -1 - 2 * SQUISH, -2 * SQUISH, -2 - 2 * SQUISH, 0, 0]);

/** By entry of a table, which is even: x and y of a gradient. */
const GRADIENTS: usize = memory.data<f64>([5, 2, 2, 5, -5, 2, -2, 5, 5, -2, 2, -5, -5, -2, -2, -5], 16);

/**
 * Adds noise at the first `count` points to sums, f64 a point.
 *
 * @param xs, ys f64 a point, in whole vectors
 * @param table 256 bytes: the permutation that the package makes of a seed
 * @param times, over coordinates are multiplied by the one, then divided by the other
 * @param weight what the noise counts
 * @param sums f64 a point, in whole vectors
 */
export function addOpenSimplex2(
    xs: usize,
    ys: usize,
    count: i32,
    table: usize,
    times: f64,
    over: f64,
    weight: f64,
    sums: usize,
): void {
    const factor = f64x2.splat(times);
    const divisor = f64x2.splat(over);
    const one = f64x2.splat(1);
    const weights = f64x2.splat(weight);
    const end = <usize>count << 3;
    for (let at: usize = 0; at < end; at += 16) {
        const x = f64x2.div(f64x2.mul(v128.load(xs + at), factor), divisor);
        const y = f64x2.div(f64x2.mul(v128.load(ys + at), factor), divisor);
        const stretched = f64x2.mul(f64x2.add(x, y), f64x2.splat(STRETCH));
        const u = f64x2.add(x, stretched);
        const v = f64x2.add(y, stretched);
        const cellX = f64x2.floor(u);
        const cellY = f64x2.floor(v);
        const squished = f64x2.mul(f64x2.add(cellX, cellY), f64x2.splat(SQUISH));
        const dx = f64x2.sub(x, f64x2.add(cellX, squished));
        const dy = f64x2.sub(y, f64x2.add(cellY, squished));
        const inX = f64x2.sub(u, cellX);
        const inY = f64x2.sub(v, cellY);
        const sum = f64x2.add(inX, inY);
        const a = whole(f64x2.add(f64x2.sub(inX, inY), one));
        const b = i32x4.shl(whole(sum), 1);
        const c = i32x4.shl(whole(f64x2.add(sum, inY)), 2);
        const d = i32x4.shl(whole(f64x2.add(sum, inX)), 4);
        const hash = v128.or(v128.or(a, b), v128.or(c, d));
        const region0 = <usize>load<u8>(REGIONS + <usize>(i32x4.extract_lane(hash, 0) & 63));
        const region1 = <usize>load<u8>(REGIONS + <usize>(i32x4.extract_lane(hash, 1) & 63));
        const x0 = low32(f64x2.extract_lane(cellX, 0));
        const x1 = low32(f64x2.extract_lane(cellX, 1));
        const y0 = low32(f64x2.extract_lane(cellY, 0));
        const y1 = low32(f64x2.extract_lane(cellY, 1));

        let value = corner(
            f64x2.add(dx, f64x2.splat(-1 - SQUISH)), f64x2.add(dy, f64x2.splat(-SQUISH)),
            entryOf(table, x0 + 1, y0), entryOf(table, x1 + 1, y1),
        );
        value = f64x2.add(value, corner(
            f64x2.add(dx, f64x2.splat(-SQUISH)), f64x2.add(dy, f64x2.splat(-1 - SQUISH)),
            entryOf(table, x0, y0 + 1), entryOf(table, x1, y1 + 1),
        ));
        const far0 = region0 >= 3;
        const far1 = region1 >= 3;
        const toFar = f64x2(far0 ? -1 - 2 * SQUISH : 0, far1 ? -1 - 2 * SQUISH : 0);
        value = f64x2.add(value, corner(
            f64x2.add(dx, toFar), f64x2.add(dy, toFar),
            entryOf(table, x0 + <i32>far0, y0 + <i32>far0), entryOf(table, x1 + <i32>far1, y1 + <i32>far1),
        ));
        const last0 = <usize>region0 << 3;
        const last1 = <usize>region1 << 3;
        value = f64x2.add(value, corner(
            f64x2.add(dx, f64x2(load<f64>(TO_LAST_X + last0), load<f64>(TO_LAST_X + last1))),
            f64x2.add(dy, f64x2(load<f64>(TO_LAST_Y + last0), load<f64>(TO_LAST_Y + last1))),
            entryOf(table, x0 + load<i32>(LAST_X + (last0 >> 1)), y0 + load<i32>(LAST_Y + (last0 >> 1))),
            entryOf(table, x1 + load<i32>(LAST_X + (last1 >> 1)), y1 + load<i32>(LAST_Y + (last1 >> 1))),
        ));
        let noise = f64x2.mul(value, f64x2.splat(SCALE));
        if (region0 === NONE) {
            noise = f64x2.replace_lane(noise, 0, 0);
        }
        if (region1 === NONE) {
            noise = f64x2.replace_lane(noise, 1, 0);
        }
        v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(weights, noise)));
    }
}

/** Returns what a corner gives two points, given their offsets from it and the gradients' entries there. */
@inline
function corner(dx: v128, dy: v128, entry0: usize, entry1: usize): v128 {
    const gradient0 = v128.load(GRADIENTS + (entry0 << 3));
    const gradient1 = v128.load(GRADIENTS + (entry1 << 3));
    const gradientX = v128.shuffle<f64>(gradient0, gradient1, 0, 2);
    const gradientY = v128.shuffle<f64>(gradient0, gradient1, 1, 3);
    const left = f64x2.sub(f64x2.sub(f64x2.splat(2), f64x2.mul(dx, dx)), f64x2.mul(dy, dy));
    const falloff = f64x2.pmax(f64x2.splat(0), left);
    const dot = f64x2.add(f64x2.mul(gradientX, dx), f64x2.mul(gradientY, dy));
    return f64x2.mul(f64x2.mul(f64x2.mul(f64x2.mul(falloff, falloff), falloff), falloff), dot);
}

/** Returns the even entry of the gradient at a corner of the lattice. */
@inline
function entryOf(table: usize, x: i32, y: i32): usize {
    const row = <i32>load<u8>(table + <usize>(x & 0xff));
    return <usize>load<u8>(table + <usize>((row + y) & 0xff)) & 0x0e;
}

/** Returns two numbers without their fractions, as i32. */
@inline
function whole(numbers: v128): v128 {
    return i32x4.trunc_sat_f64x2_s_zero(numbers);
}

/** Returns the low 32 bits of a whole number. */
@inline
function low32(cell: f64): i32 {
    return <i32>reinterpret<i64>(cell + TO_INTEGER);
}
