// What triangles add to the tangents of their vertices: the direction in which u grows, weighted by the triangle's angle at
// the vertex. A face has no part of it along v's axis, so a sum is two numbers: along the axis of u, and along the one that
// the mapping faces. They lie in the vertices' links.
//
// Four triangles at once: each vector holds one quantity of four.

import { reserve } from "../base/arena";
import { ones } from "../base/simd";
import { INDEX_MASK, MAPPING_SHIFT, UNTURNED_BIT, vertexOf } from "./packedIndex";
import { loadPosition, loadTangentSign, storeTangentSign } from "./packedVertex";
import { addToTangentSum, linkAt, mappingOf, vertexAt, vertexCount } from "./surface";
import { FACING_X, indexOf, mapped, MIRRORED } from "./uvMapping";

const CONSTANTS: usize = memory.data<f32>([
    // Arc tangent: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.47, within 1e-5.
    0.9998660, 0.9998660, 0.9998660, 0.9998660,
    -0.3302995, -0.3302995, -0.3302995, -0.3302995,
    0.1801410, 0.1801410, 0.1801410, 0.1801410,
    -0.0851330, -0.0851330, -0.0851330, -0.0851330,
    0.0208351, 0.0208351, 0.0208351, 0.0208351,
    1.57079633, 1.57079633, 1.57079633, 1.57079633,
    3.14159265, 3.14159265, 3.14159265, 3.14159265,
    // Quanta are whole numbers: what has a length at all has a square of 1 and more.
    1e-6, 1e-6, 1e-6, 1e-6,
], 16);
const MASKS: usize = memory.data<u32>([
    INDEX_MASK, INDEX_MASK, INDEX_MASK, INDEX_MASK,
    3, 3, 3, 3,
    0x80000000, 0x80000000, 0x80000000, 0x80000000,
    FACING_X, FACING_X, FACING_X, FACING_X,
], 16);

/** Returns entry i of `CONSTANTS`. */
@inline
function constant(i: usize): v128 {
    return v128.load(CONSTANTS + (i << 4));
}

/** Returns entry i of `MASKS`. */
@inline
function mask(i: usize): v128 {
    return v128.load(MASKS + (i << 4));
}

/** Returns less than the square of any length in quanta, which are whole numbers. */
@inline
export function tiny(): v128 {
    return constant(7);
}

/** Returns the planes of four mappings: `FLAT` is 0. */
@inline
export function planesOf(mappings: v128): v128 {
    return v128.and(mappings, mask(1));
}

/** Returns which of four planes are `FACING_X`. */
@inline
export function isFacingX(planes: v128): v128 {
    return i32x4.eq(planes, mask(3));
}

/** u8 a vertex: 1 on ground that a triangle joins to a cave. 0 while the surface is being made. */
export let marks: usize = 0;

/** Lays out marks, all 0. */
export function layoutMarks(): void {
    // A vertex is mirrored once at most.
    marks = reserve(<usize>vertexCount * 2);
    memory.fill(marks, 0, <usize>vertexCount * 2);
}

/** Forgets the marks. */
export function endMarks(): void {
    marks = 0;
}

/** Returns two vertices' positions as int16, in turn. */
@inline
function pairOf(a: i32, b: i32): v128 {
    return v128.shuffle<i16>(loadPosition(vertexAt(a)), loadPosition(vertexAt(b)), 0, 8, 1, 9, 2, 10, 3, 11);
}

/** Returns the lower four of eight int16 as f32. */
@inline
function lowOf(shorts: v128): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(shorts));
}

/** Returns the upper four of eight int16 as f32. */
@inline
function highOf(shorts: v128): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(shorts));
}

/** Returns four scalar products. */
@inline
export function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
    return f32x4.add(f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by)), f32x4.mul(az, bz));
}

/**
 * Returns the angle between two edges.
 *
 * @param scalar their scalar product
 * @param area the length of their vector product
 */
@inline
function angleOf(scalar: v128, area: v128): v128 {
    const size = f32x4.abs(scalar);
    const isSteep = f32x4.gt(area, size);
    const least = f32x4.pmin(area, size);
    const ratio = f32x4.div(least, f32x4.add(f32x4.pmax(area, size), tiny()));
    const square = f32x4.mul(ratio, ratio);
    let series = f32x4.add(f32x4.mul(square, constant(4)), constant(3));
    series = f32x4.add(f32x4.mul(square, series), constant(2));
    series = f32x4.add(f32x4.mul(square, series), constant(1));
    series = f32x4.add(f32x4.mul(square, series), constant(0));
    const angle = f32x4.mul(ratio, series);
    const acute = v128.bitselect(f32x4.sub(constant(5), angle), angle, isSteep);
    return v128.bitselect(f32x4.sub(constant(6), acute), acute, i32x4.shr_s(scalar, 31));
}

/**
 * Adds four triangles to the sums of their vertices.
 *
 * @param p, q, r, s addresses of their indices
 * @param isMirrored whether their corners were looked at before
 */
export function addFour(p: usize, q: usize, r: usize, s: usize, isMirrored: bool = false): void {
    const pq = v128.shuffle<i32>(v128.load(p), v128.load(q), 0, 4, 1, 5);
    const rs = v128.shuffle<i32>(v128.load(r), v128.load(s), 0, 4, 1, 5);
    const a = v128.shuffle<i64>(pq, rs, 0, 2);
    const b = v128.shuffle<i64>(pq, rs, 1, 3);
    const c = v128.shuffle<i64>(
        v128.shuffle<i32>(v128.load(p), v128.load(q), 2, 6, 3, 7),
        v128.shuffle<i32>(v128.load(r), v128.load(s), 2, 6, 3, 7),
        0,
        2,
    );
    const vertexA = v128.and(a, mask(0));
    const vertexB = v128.and(b, mask(0));
    const vertexC = v128.and(c, mask(0));
    const a0 = i32x4.extract_lane(vertexA, 0);
    const a1 = i32x4.extract_lane(vertexA, 1);
    const a2 = i32x4.extract_lane(vertexA, 2);
    const a3 = i32x4.extract_lane(vertexA, 3);
    const b0 = i32x4.extract_lane(vertexB, 0);
    const b1 = i32x4.extract_lane(vertexB, 1);
    const b2 = i32x4.extract_lane(vertexB, 2);
    const b3 = i32x4.extract_lane(vertexB, 3);
    const c0 = i32x4.extract_lane(vertexC, 0);
    const c1 = i32x4.extract_lane(vertexC, 1);
    const c2 = i32x4.extract_lane(vertexC, 2);
    const c3 = i32x4.extract_lane(vertexC, 3);

    const lowA = pairOf(a0, a1);
    const highA = pairOf(a2, a3);
    const xyA = v128.shuffle<i32>(lowA, highA, 0, 4, 1, 5);
    const ax = lowOf(xyA);
    const ay = highOf(xyA);
    const az = lowOf(v128.shuffle<i32>(lowA, highA, 2, 6, 3, 7));
    const lowB = pairOf(b0, b1);
    const highB = pairOf(b2, b3);
    const xyB = v128.shuffle<i32>(lowB, highB, 0, 4, 1, 5);
    const ux = f32x4.sub(lowOf(xyB), ax);
    const uy = f32x4.sub(highOf(xyB), ay);
    const uz = f32x4.sub(lowOf(v128.shuffle<i32>(lowB, highB, 2, 6, 3, 7)), az);
    const lowC = pairOf(c0, c1);
    const highC = pairOf(c2, c3);
    const xyC = v128.shuffle<i32>(lowC, highC, 0, 4, 1, 5);
    const vx = f32x4.sub(lowOf(xyC), ax);
    const vy = f32x4.sub(highOf(xyC), ay);
    const vz = f32x4.sub(lowOf(v128.shuffle<i32>(lowC, highC, 2, 6, 3, 7)), az);

    // Front faces look against cross(u, v). All corners are mapped alike. As vertexDrafts.ts has it of a vertex:
    const nx = f32x4.sub(f32x4.mul(uz, vy), f32x4.mul(uy, vz));
    const ny = f32x4.sub(f32x4.mul(ux, vz), f32x4.mul(uz, vx));
    const nz = f32x4.sub(f32x4.mul(uy, vx), f32x4.mul(ux, vy));
    const plane = planesOf(i32x4.shr_u(a, MAPPING_SHIFT));
    const isX = isFacingX(plane);
    const isFlat = i32x4.eq(plane, i32x4.splat(0));
    const facing = v128.bitselect(ny, v128.bitselect(nx, nz, isX), isFlat);
    const alongFacing = v128.xor(v128.bitselect(nz, nx, isX), v128.andnot(mask(2), facing));
    const square = f32x4.add(f32x4.mul(facing, facing), f32x4.mul(alongFacing, alongFacing));
    // Where a triangle has no area in uv, u grows in no direction.
    const isEmpty = f32x4.eq(facing, f32x4.splat(0));
    const inverse = v128.andnot(f32x4.div(ones(), f32x4.sqrt(f32x4.add(square, tiny()))), isEmpty);
    const tu = f32x4.mul(f32x4.abs(facing), inverse);
    const tf = f32x4.mul(alongFacing, inverse);

    const uu = dot(ux, uy, uz, ux, uy, uz);
    const uv = dot(ux, uy, uz, vx, vy, vz);
    const area = f32x4.sqrt(dot(nx, ny, nz, nx, ny, nz));
    const angleA = angleOf(uv, area);
    const angleB = angleOf(f32x4.sub(uu, uv), area);
    const angleC = f32x4.sub(f32x4.sub(constant(6), angleA), angleB);

    // A corner whose uvs are turned other than the triangle's needs a vertex of its own. Triangles without an area in uv have none.
    const isUnturned = v128.xor(i32x4.shr_s(facing, 31), v128.not(v128.or(isX, isFlat)));
    const isOther = v128.or(v128.or(v128.xor(a, isUnturned), v128.xor(b, isUnturned)), v128.xor(c, isUnturned));
    const others = i32x4.bitmask(v128.andnot(i32x4.shl(isOther, 31 - UNTURNED_BIT), isEmpty));
    if (others !== 0) {
        const unturned = i32x4.bitmask(isUnturned);
        mirrorCorners(p, others & 1, unturned & 1);
        mirrorCorners(q, others & 2, unturned & 2);
        mirrorCorners(r, others & 4, unturned & 4);
        mirrorCorners(s, others & 8, unturned & 8);
        // A second look finds nothing to mirror. Were it otherwise, what is still turned the other way would only turn its sum.
        if (!isMirrored) {
            addFour(p, q, r, s, true);
            return;
        }
    }
    addCorners(f32x4.mul(tu, angleA), f32x4.mul(tf, angleA), a0, a1, a2, a3);
    addCorners(f32x4.mul(tu, angleB), f32x4.mul(tf, angleB), b0, b1, b2, b3);
    addCorners(f32x4.mul(tu, angleC), f32x4.mul(tf, angleC), c0, c1, c2, c3);
}

/**
 * Adds a direction to the sums of four vertices, by its parts along the axis of u and along the one that the mapping faces.
 */
@inline
function addCorners(u: v128, f: v128, p: i32, q: i32, r: i32, s: i32): void {
    const low = v128.shuffle<f32>(u, f, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(u, f, 2, 6, 3, 7);
    addToTangentSum(linkAt(p), low);
    addToTangentSum(linkAt(q), v128.shuffle<i64>(low, low, 1, 1));
    addToTangentSum(linkAt(r), high);
    addToTangentSum(linkAt(s), v128.shuffle<i64>(high, high, 1, 1));
}

/** Gives a triangle copies of its vertices that are turned as it is. */
function mirrorCorners(triangle: usize, isOther: i32, isUnturned: i32): void {
    if (isOther === 0) {
        return;
    }
    const sign: i8 = isUnturned !== 0 ? 127 : -127;
    for (let corner: usize = 0; corner < 3; corner++) {
        const at = triangle + (corner << 2);
        const vertex = vertexOf(load<u32>(at));
        if (loadTangentSign(vertexAt(vertex)) !== sign) {
            store<u32>(at, indexOf(mirrored(vertex, sign)));
        }
    }
}

/** Returns the copy of a vertex that is turned the other way. */
function mirrored(vertex: i32, sign: i8): i32 {
    const before = vertexCount;
    const copy = mapped(vertex, mappingOf(vertex) ^ MIRRORED);
    if (vertexCount > before) {
        storeTangentSign(vertexAt(copy), sign);
        if (marks !== 0) {
            store<u8>(marks + <usize>copy, load<u8>(marks + <usize>vertex));
        }
    }
    return copy;
}
