// Simplex noise at points anywhere: four at once, each with the corners of its own simplex. Test oracle:
// test/oracle/simplexNoise.ts.
//
// A corner gives falloff^4 * (gradient . offset), where falloff = 1/2 - |offset|^2 vanishes, with three derivatives,
// before the corner's own simplices end. Cell and fraction are split in f64, once the axes are skewed; all else is f32
// on fractions, so that noise far from the origin is as smooth as at it.

import { reserve, reserveTable } from "../base/arena";
import { CONSTANTS, mix, MULTIPLIER_1, MULTIPLIER_2, NO_BYTE, SIGN } from "./gradients";

/** What takes the axes to those of the simplex lattice, and what takes them back. */
const SKEW_2D: f64 = 0.36602540378443865;
const UNSKEW_2D: f32 = 0.21132486540518713;
const SKEW_3D: f64 = 1.0 / 3.0;
const UNSKEW_3D: f32 = 1.0 / 6.0;

/**
 * Added to a whole number, this leaves it in the low 32 bits, wrapped as the hash takes it. For numbers below 2^51.
 */
const TO_INTEGER: f64 = 6755399441055744;

/**
 * Makes the greatest possible value 1: over the greatest sum of falloff^4 * |offset|, the longest gradient, and 2^24,
 * by which gradients are too large.
 */
const AMPLITUDE_2D: f32 = 0.8158681577892304 / 16777216;
const AMPLITUDE_3D: f32 = 0.851474752157478 / 16777216;

/** Sixteen directions of half a turn, none along an axis; their opposites follow from a sign. x, then z. */
const DIRECTIONS_2D: usize = memory.data<i8>([
    121, 116, 107, 94, 77, 57, 35, 12, -12, -35, -57, -77, -94, -107, -116, -121,
    12, 35, 57, 77, 94, 107, 116, 121, 121, 116, 107, 94, 77, 57, 35, 12,
], 16);

/**
 * The corners of an icosahedron and of its dodecahedron, one of each pair of opposites, turned so that none lies along
 * an axis. Together with their opposites they favour no direction, up to the fifth moment. x, then y, then z.
 */
const DIRECTIONS_3D: usize = memory.data<i8>([
    1, 34, 91, 35, 92, -112, 77, 100, 39, -61, -6, 30, 74, 12, 105, -119,
    -122, 27, -71, 82, -37, -55, -96, 5, 8, -109, -114, 50, -80, 88, -21, -41,
    -32, 118, 50, -89, -78, -15, -25, 77, -120, 17, -54, 112, 63, -89, -66, 3,
], 16);

const PRIME_X: i32 = 0x9e3779b1;
const PRIME_Y: i32 = 0xc2b2ae3d;
const PRIME_Z: i32 = 0x85ebca77;

/** What `corners` holds of a corner: offsets of four points from it, x, y and z, and its hashes before they are mixed. */
const CORNER_BYTES: usize = 64;
const CORNER_Y: usize = 16;
const CORNER_Z: usize = 32;
const CORNER_HASH: usize = 48;
const corners: usize = reserveTable(CORNER_BYTES * 4);

/** Bytes of an f32 for each point, in whole vectors. */
let planeBytes: usize = 0;

/**
 * Makes room for points in the present job. There are planes of one number a point: x, y, z in f64, then value and derivatives by x, y, z in
 * f32. In two dimensions y and its derivative are left alone.
 *
 * @returns the address of the first plane
 */
export function layoutPoints(count: i32): usize {
    planeBytes = <usize>((count + 3) & ~3) << 2;
    return reserve(planeBytes * 10);
}

/** Returns the bytes of one f32 for each point, in whole vectors. */
export function pointPlaneBytes(): usize {
    return planeBytes;
}

/** Returns whether all coordinates from `at` on are numbers within the limit. */
export function arePointsWithin(at: usize, count: i32, limit: f64): bool {
    const end = at + (<usize>count << 3);
    const most = f64x2.splat(limit);
    let are = i64x2.splat(-1);
    for (; at + 16 <= end; at += 16) {
        are = v128.and(are, f64x2.le(f64x2.abs(v128.load(at)), most));
    }
    return i64x2.all_true(are) && (at === end || abs(load<f64>(at)) <= limit);
}

/**
 * Fills values at the first `count` points, -1 to 1, and derivatives by cell where wanted. One unit of position is
 * `scale` cells, of which points are less than 2^50 from the origin.
 */
export function simplex2Points(at: usize, count: i32, seed: u32, scale: f64, withSlopes: bool): void {
    const zs = at + planeBytes * 4;
    const values = at + planeBytes * 6;
    const shiftX = f64x2.splat(shiftOf(seed, 1));
    const shiftZ = f64x2.splat(shiftOf(seed, 3));
    const scales = f64x2.splat(scale);
    const skew = f64x2.splat(SKEW_2D);
    const end = <usize>count << 2;
    for (let point: usize = 0; point < end; point += 16) {
        const x0 = f64x2.mul(v128.load(at + point * 2), scales);
        const x1 = f64x2.mul(v128.load(at + point * 2, 16), scales);
        const z0 = f64x2.mul(v128.load(zs + point * 2), scales);
        const z1 = f64x2.mul(v128.load(zs + point * 2, 16), scales);
        const skew0 = f64x2.mul(f64x2.add(x0, z0), skew);
        const skew1 = f64x2.mul(f64x2.add(x1, z1), skew);
        const u0 = f64x2.add(f64x2.add(x0, skew0), shiftX);
        const u1 = f64x2.add(f64x2.add(x1, skew1), shiftX);
        const w0 = f64x2.add(f64x2.add(z0, skew0), shiftZ);
        const w1 = f64x2.add(f64x2.add(z1, skew1), shiftZ);
        const cellU0 = f64x2.floor(u0);
        const cellU1 = f64x2.floor(u1);
        const cellW0 = f64x2.floor(w0);
        const cellW1 = f64x2.floor(w1);
        const u = demote(f64x2.sub(u0, cellU0), f64x2.sub(u1, cellU1));
        const w = demote(f64x2.sub(w0, cellW0), f64x2.sub(w1, cellW1));
        const productX = i32x4.mul(integers(cellU0, cellU1), i32x4.splat(PRIME_X));
        const productZ = i32x4.mul(integers(cellW0, cellW1), i32x4.splat(PRIME_Z));
        const unskew = f32x4.mul(f32x4.add(u, w), f32x4.splat(UNSKEW_2D));
        const x = f32x4.sub(u, unskew);
        const z = f32x4.sub(w, unskew);
        const isX = f32x4.ge(u, w);
        const all = i32x4.splat(-1);
        storeCorner2(0, x, z, productX, productZ, f32x4.splat(0), f32x4.splat(0), seed);
        storeCorner2(1, x, z, productX, productZ, isX, v128.not(isX), seed);
        storeCorner2(2, x, z, productX, productZ, all, all, seed);
        sumCorners2(values + point, withSlopes);
    }
}

/** Stores the corner that is one cell further along the axes whose masks are set. */
@inline
function storeCorner2(
    index: usize,
    x: v128,
    z: v128,
    productX: v128,
    productZ: v128,
    maskX: v128,
    maskZ: v128,
    seed: u32,
): void {
    const to = corners + index * CORNER_BYTES;
    const back = f32x4.splat(UNSKEW_2D * <f32>index);
    const one = f32x4.splat(1);
    v128.store(to, f32x4.add(f32x4.sub(x, v128.and(maskX, one)), back));
    v128.store(to, f32x4.add(f32x4.sub(z, v128.and(maskZ, one)), back), CORNER_Z);
    const hashX = i32x4.add(productX, v128.and(maskX, i32x4.splat(PRIME_X)));
    const hashZ = i32x4.add(productZ, v128.and(maskZ, i32x4.splat(PRIME_Z)));
    v128.store(to, v128.xor(v128.xor(hashX, hashZ), i32x4.splat(seed)), CORNER_HASH);
}

/** Sums what three corners give four points. */
@inline
function sumCorners2(to: usize, withSlopes: bool): void {
    const directionsX = v128.load(DIRECTIONS_2D);
    const directionsZ = v128.load(DIRECTIONS_2D, 16);
    const multiplier1 = v128.load(CONSTANTS, MULTIPLIER_1);
    const multiplier2 = v128.load(CONSTANTS, MULTIPLIER_2);
    let value = f32x4.splat(0);
    let slopeX = f32x4.splat(0);
    let slopeZ = f32x4.splat(0);
    let corner = corners;
    do {
        const x = v128.load(corner);
        const z = v128.load(corner, CORNER_Z);
        const hash = mix(v128.load(corner, CORNER_HASH), multiplier1, multiplier2);
        const entry = v128.or(i32x4.shr_u(hash, 4), v128.load(CONSTANTS, NO_BYTE));
        const gradientX = f32x4.convert_i32x4_s(i8x16.swizzle(directionsX, entry));
        const gradientZ = f32x4.convert_i32x4_s(i8x16.swizzle(directionsZ, entry));
        const left = f32x4.sub(f32x4.sub(f32x4.splat(0.5), f32x4.mul(x, x)), f32x4.mul(z, z));
        const falloff = f32x4.pmax(f32x4.splat(0), left);
        const dot = f32x4.add(f32x4.mul(gradientX, x), f32x4.mul(gradientZ, z));
        const squared = f32x4.mul(falloff, falloff);
        const signed = v128.xor(squared, signOf(hash));
        const weight = f32x4.mul(squared, signed);
        value = f32x4.add(value, f32x4.mul(weight, dot));
        if (withSlopes) {
            const pull = f32x4.mul(f32x4.mul(f32x4.mul(signed, falloff), dot), f32x4.splat(8));
            slopeX = f32x4.add(slopeX, f32x4.sub(f32x4.mul(weight, gradientX), f32x4.mul(pull, x)));
            slopeZ = f32x4.add(slopeZ, f32x4.sub(f32x4.mul(weight, gradientZ), f32x4.mul(pull, z)));
        }
        corner += CORNER_BYTES;
    } while (corner < corners + 3 * CORNER_BYTES);
    const amplitude = f32x4.splat(AMPLITUDE_2D);
    v128.store(to, f32x4.mul(value, amplitude));
    if (withSlopes) {
        v128.store(to + planeBytes, f32x4.mul(slopeX, amplitude));
        v128.store(to + planeBytes * 3, f32x4.mul(slopeZ, amplitude));
    }
}

/**
 * Fills values at the first `count` points in space, -1 to 1, and derivatives by cell where wanted. One unit of position is
 * `scale` cells, of which points are less than 2^50 from the origin.
 */
export function simplex3Points(at: usize, count: i32, seed: u32, scale: f64, withSlopes: bool): void {
    const ys = at + planeBytes * 2;
    const zs = at + planeBytes * 4;
    const values = at + planeBytes * 6;
    const shiftX = f64x2.splat(shiftOf(seed, 1));
    const shiftY = f64x2.splat(shiftOf(seed, 2));
    const shiftZ = f64x2.splat(shiftOf(seed, 3));
    const scales = f64x2.splat(scale);
    const skew = f64x2.splat(SKEW_3D);
    const end = <usize>count << 2;
    for (let point: usize = 0; point < end; point += 16) {
        const x0 = f64x2.mul(v128.load(at + point * 2), scales);
        const x1 = f64x2.mul(v128.load(at + point * 2, 16), scales);
        const y0 = f64x2.mul(v128.load(ys + point * 2), scales);
        const y1 = f64x2.mul(v128.load(ys + point * 2, 16), scales);
        const z0 = f64x2.mul(v128.load(zs + point * 2), scales);
        const z1 = f64x2.mul(v128.load(zs + point * 2, 16), scales);
        const skew0 = f64x2.mul(f64x2.add(f64x2.add(x0, y0), z0), skew);
        const skew1 = f64x2.mul(f64x2.add(f64x2.add(x1, y1), z1), skew);
        const u0 = f64x2.add(f64x2.add(x0, skew0), shiftX);
        const u1 = f64x2.add(f64x2.add(x1, skew1), shiftX);
        const v0 = f64x2.add(f64x2.add(y0, skew0), shiftY);
        const v1 = f64x2.add(f64x2.add(y1, skew1), shiftY);
        const w0 = f64x2.add(f64x2.add(z0, skew0), shiftZ);
        const w1 = f64x2.add(f64x2.add(z1, skew1), shiftZ);
        const cellU0 = f64x2.floor(u0);
        const cellU1 = f64x2.floor(u1);
        const cellV0 = f64x2.floor(v0);
        const cellV1 = f64x2.floor(v1);
        const cellW0 = f64x2.floor(w0);
        const cellW1 = f64x2.floor(w1);
        const u = demote(f64x2.sub(u0, cellU0), f64x2.sub(u1, cellU1));
        const v = demote(f64x2.sub(v0, cellV0), f64x2.sub(v1, cellV1));
        const w = demote(f64x2.sub(w0, cellW0), f64x2.sub(w1, cellW1));
        const productX = i32x4.mul(integers(cellU0, cellU1), i32x4.splat(PRIME_X));
        const productY = i32x4.mul(integers(cellV0, cellV1), i32x4.splat(PRIME_Y));
        const productZ = i32x4.mul(integers(cellW0, cellW1), i32x4.splat(PRIME_Z));
        const unskew = f32x4.mul(f32x4.add(f32x4.add(u, v), w), f32x4.splat(UNSKEW_3D));
        const x = f32x4.sub(u, unskew);
        const y = f32x4.sub(v, unskew);
        const z = f32x4.sub(w, unskew);
        // From corner to corner one steps along the axis of the largest fraction, then of the second, then of the last.
        const xy = f32x4.ge(u, v);
        const yz = f32x4.ge(v, w);
        const xz = f32x4.ge(u, w);
        const none = f32x4.splat(0);
        const all = i32x4.splat(-1);
        storeCorner3(0, x, y, z, productX, productY, productZ, none, none, none, seed);
        const firstX = v128.and(xy, xz);
        const firstY = v128.andnot(yz, xy);
        const firstZ = v128.not(v128.or(xz, yz));
        storeCorner3(1, x, y, z, productX, productY, productZ, firstX, firstY, firstZ, seed);
        const secondX = v128.or(xy, xz);
        const secondY = v128.or(v128.not(xy), yz);
        const secondZ = v128.not(v128.and(xz, yz));
        storeCorner3(2, x, y, z, productX, productY, productZ, secondX, secondY, secondZ, seed);
        storeCorner3(3, x, y, z, productX, productY, productZ, all, all, all, seed);
        sumCorners3(values + point, withSlopes);
    }
}

/**
 * Adds `weight` times the values at the first `count` points in space to a plane of sums, f32 in whole vectors. Leaves the values
 * where `simplex3Points` does.
 */
export function addSimplex3(at: usize, count: i32, seed: u32, scale: f64, weight: f32, sums: usize): void {
    simplex3Points(at, count, seed, scale, false);
    const values = at + planeBytes * 6;
    const weights = f32x4.splat(weight);
    const end = <usize>count << 2;
    for (let point: usize = 0; point < end; point += 16) {
        const added = f32x4.mul(weights, v128.load(values + point));
        v128.store(sums + point, f32x4.add(v128.load(sums + point), added));
    }
}

/** Stores the corner that is one cell further along the axes whose masks are set. */
@inline
function storeCorner3(
    index: usize,
    x: v128,
    y: v128,
    z: v128,
    productX: v128,
    productY: v128,
    productZ: v128,
    maskX: v128,
    maskY: v128,
    maskZ: v128,
    seed: u32,
): void {
    const to = corners + index * CORNER_BYTES;
    const back = f32x4.splat(UNSKEW_3D * <f32>index);
    const one = f32x4.splat(1);
    v128.store(to, f32x4.add(f32x4.sub(x, v128.and(maskX, one)), back));
    v128.store(to, f32x4.add(f32x4.sub(y, v128.and(maskY, one)), back), CORNER_Y);
    v128.store(to, f32x4.add(f32x4.sub(z, v128.and(maskZ, one)), back), CORNER_Z);
    const hashX = i32x4.add(productX, v128.and(maskX, i32x4.splat(PRIME_X)));
    const hashY = i32x4.add(productY, v128.and(maskY, i32x4.splat(PRIME_Y)));
    const hashZ = i32x4.add(productZ, v128.and(maskZ, i32x4.splat(PRIME_Z)));
    v128.store(to, v128.xor(v128.xor(hashX, hashY), v128.xor(hashZ, i32x4.splat(seed))), CORNER_HASH);
}

/** Sums what four corners give four points. */
@inline
function sumCorners3(to: usize, withSlopes: bool): void {
    const directionsX = v128.load(DIRECTIONS_3D);
    const directionsY = v128.load(DIRECTIONS_3D, 16);
    const directionsZ = v128.load(DIRECTIONS_3D, 32);
    const multiplier1 = v128.load(CONSTANTS, MULTIPLIER_1);
    const multiplier2 = v128.load(CONSTANTS, MULTIPLIER_2);
    let value = f32x4.splat(0);
    let slopeX = f32x4.splat(0);
    let slopeY = f32x4.splat(0);
    let slopeZ = f32x4.splat(0);
    let corner = corners;
    do {
        const x = v128.load(corner);
        const y = v128.load(corner, CORNER_Y);
        const z = v128.load(corner, CORNER_Z);
        const hash = mix(v128.load(corner, CORNER_HASH), multiplier1, multiplier2);
        const entry = v128.or(i32x4.shr_u(hash, 4), v128.load(CONSTANTS, NO_BYTE));
        const gradientX = f32x4.convert_i32x4_s(i8x16.swizzle(directionsX, entry));
        const gradientY = f32x4.convert_i32x4_s(i8x16.swizzle(directionsY, entry));
        const gradientZ = f32x4.convert_i32x4_s(i8x16.swizzle(directionsZ, entry));
        const flat = f32x4.sub(f32x4.sub(f32x4.splat(0.5), f32x4.mul(x, x)), f32x4.mul(y, y));
        const falloff = f32x4.pmax(f32x4.splat(0), f32x4.sub(flat, f32x4.mul(z, z)));
        const flatDot = f32x4.add(f32x4.mul(gradientX, x), f32x4.mul(gradientY, y));
        const dot = f32x4.add(flatDot, f32x4.mul(gradientZ, z));
        const squared = f32x4.mul(falloff, falloff);
        const signed = v128.xor(squared, signOf(hash));
        const weight = f32x4.mul(squared, signed);
        value = f32x4.add(value, f32x4.mul(weight, dot));
        if (withSlopes) {
            const pull = f32x4.mul(f32x4.mul(f32x4.mul(signed, falloff), dot), f32x4.splat(8));
            slopeX = f32x4.add(slopeX, f32x4.sub(f32x4.mul(weight, gradientX), f32x4.mul(pull, x)));
            slopeY = f32x4.add(slopeY, f32x4.sub(f32x4.mul(weight, gradientY), f32x4.mul(pull, y)));
            slopeZ = f32x4.add(slopeZ, f32x4.sub(f32x4.mul(weight, gradientZ), f32x4.mul(pull, z)));
        }
        corner += CORNER_BYTES;
    } while (corner < corners + 4 * CORNER_BYTES);
    const amplitude = f32x4.splat(AMPLITUDE_3D);
    v128.store(to, f32x4.mul(value, amplitude));
    if (withSlopes) {
        v128.store(to + planeBytes, f32x4.mul(slopeX, amplitude));
        v128.store(to + planeBytes * 2, f32x4.mul(slopeY, amplitude));
        v128.store(to + planeBytes * 3, f32x4.mul(slopeZ, amplitude));
    }
}

/** Returns how far the lattice of a seed is shifted along an axis, in cells. Unshifted lattices would share their zeros. */
function shiftOf(seed: u32, axis: u32): f64 {
    let hash = seed + axis * <u32>PRIME_X;
    hash = (hash ^ (hash >> 15)) * 0x2c1b3c6d;
    hash = (hash ^ (hash >> 12)) * 0x297a2d39;
    return <f64>(hash >> 8) / 16777216;
}

/** Returns bit 27, behind the four that choose the direction, as a sign. */
@inline
function signOf(hash: v128): v128 {
    return v128.and(i32x4.shl(hash, 4), v128.load(CONSTANTS, SIGN));
}

/** Returns four f64 as f32. */
@inline
function demote(low: v128, high: v128): v128 {
    return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Returns four whole f64 as i32. */
@inline
function integers(low: v128, high: v128): v128 {
    const magic = f64x2.splat(TO_INTEGER);
    return v128.shuffle<i32>(f64x2.add(low, magic), f64x2.add(high, magic), 0, 2, 4, 6);
}
