// Tangents of cave walls and of the ground at their mouths, as MikkTSpace has them: the directions in which u grows on the
// triangles around a vertex, weighted by the triangles' angles there, laid into the plane of the vertex's normal. On smooth
// ground that is what the normal alone tells; where caves bend the surface the two part.
//
// Vertices in the chunk's border planes keep what their normal tells: their other triangles are a neighbour's, and both
// chunks must have the same.
//
// Four triangles or four vertices at once: each vector holds one quantity of four.

import { reserve } from "./arena";
import { ones } from "./simd";
import {
    INDEX_MASK,
    indices,
    mappingOf,
    MAPPING_SHIFT,
    NORMAL,
    noteAt,
    SUM,
    snorm8,
    UNTURNED_BIT,
    vertexAt,
    VERTEX_BYTES,
    vertexCount,
    vertices,
    WEIGHTS,
} from "./surface";
import { FACING_X, indexOf, mapped, MIRRORED, side } from "./uvMapping";

/** Of a vertex: it is a cave's; a triangle joins it to one that is. */
const CAVE: u32 = 1;
const NEAR: u32 = 2;
/** Bytes in a vertex. */
const CAVE_WEIGHT: usize = WEIGHTS + 2;
const TANGENT: usize = NORMAL + 4;
const SIGN: usize = TANGENT + 3;

const CONSTANTS: usize = memory.data<f32>([
    // Arc cosine: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.45, within 7e-5.
    1.5707288, 1.5707288, 1.5707288, 1.5707288,
    -0.2121144, -0.2121144, -0.2121144, -0.2121144,
    0.0742610, 0.0742610, 0.0742610, 0.0742610,
    -0.0187293, -0.0187293, -0.0187293, -0.0187293,
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

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function constant(i: usize): v128 {
    return v128.load(CONSTANTS + (i << 4));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function mask(i: usize): v128 {
    return v128.load(MASKS + (i << 4));
}

/** u8 a vertex: `CAVE` and `NEAR`. */
let marks: usize = 0;
/** u32: addresses of the indices of all triangles that count, later of all vertices that have a sum. */
let list: usize = 0;

/** @param triangles of the surface: those of skirts, which follow, do not count */
export function alignTangents(triangles: i32): void {
    // A vertex is mirrored once at most.
    const most = vertexCount * 2;
    marks = reserve(<usize>most);
    list = reserve(<usize>(max(triangles, most) + 4) << 2);
    markVertices();
    const end = listTriangles(triangles);
    for (let at = list; at < end; at += 16) {
        addFour(at);
    }
    finishVertices();
}

function markVertices(): void {
    const end = marks + <usize>vertexCount;
    let weight = vertices + CAVE_WEIGHT;
    for (let at = marks; at < end; at++, weight += VERTEX_BYTES) {
        store<u8>(at, load<u8>(weight) !== 0 ? CAVE | NEAR : 0);
    }
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function markOf(from: usize, triangle: usize, corner: usize): u32 {
    return load<u8>(from + <usize>(load<u32>(triangle + (corner << 2)) & INDEX_MASK));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function markNear(triangle: usize, corner: usize): void {
    const mark = marks + <usize>(load<u32>(triangle + (corner << 2)) & INDEX_MASK);
    store<u8>(mark, load<u8>(mark) | <u8>NEAR);
}

/** Lists all triangles of vertices near caves: first those vertices are found, then the triangles. Returns the list's end. */
function listTriangles(triangles: i32): usize {
    const end = indices + <usize>triangles * 12;
    const from = marks;
    for (let at = indices; at < end; at += 12) {
        const a = markOf(from, at, 0);
        const b = markOf(from, at, 1);
        const c = markOf(from, at, 2);
        if (((a | b | c) & ~(a & b & c) & CAVE) !== 0) {
            markNear(at, 0);
            markNear(at, 1);
            markNear(at, 2);
        }
    }
    let to = list;
    for (let at = indices; at < end; at += 12) {
        store<u32>(to, <u32>at);
        to += <usize>((markOf(from, at, 0) | markOf(from, at, 1) | markOf(from, at, 2)) & NEAR) << 1;
    }
    // Whole fours: behind the last stands a triangle without an area, which adds nothing.
    for (let i: usize = 0; i < 4; i++) {
        store<u32>(to + (i << 2), <u32>NOTHING);
    }
    return to;
}

/** Indices of a triangle whose corners are all the first vertex. */
const NOTHING: usize = memory.data<u32>([0, 0, 0, 0]);

/** Int16 of two vertices' positions, in turn. @param a, b bytes to the vertices */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function pairOf(from: usize, a: i32, b: i32): v128 {
    const low = v128.load64_zero(from + <usize>a);
    return v128.shuffle<i16>(low, v128.load64_zero(from + <usize>b), 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function lowOf(shorts: v128): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(shorts));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function highOf(shorts: v128): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(shorts));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
    return f32x4.add(f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by)), f32x4.mul(az, bz));
}

/** The angle between two edges. @param scalar their scalar product; @param square of their lengths' product */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function angleOf(scalar: v128, square: v128): v128 {
    const cosine = f32x4.div(scalar, f32x4.sqrt(f32x4.add(square, constant(5))));
    const size = f32x4.pmin(f32x4.abs(cosine), ones());
    let series = f32x4.add(f32x4.mul(size, constant(3)), constant(2));
    series = f32x4.add(f32x4.mul(size, series), constant(1));
    series = f32x4.add(f32x4.mul(size, series), constant(0));
    const angle = f32x4.mul(f32x4.sqrt(f32x4.sub(ones(), size)), series);
    return v128.bitselect(f32x4.sub(constant(4), angle), angle, i32x4.shr_s(cosine, 31));
}

/** Adds four triangles to their vertices. @param at addresses of their indices */
function addFour(at: usize): void {
    const p = <usize>load<u32>(at);
    const q = <usize>load<u32>(at, 4);
    const r = <usize>load<u32>(at, 8);
    const s = <usize>load<u32>(at, 12);
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
    const from = vertices;
    const atA = i32x4.shl(v128.and(a, mask(0)), 5);
    const atB = i32x4.shl(v128.and(b, mask(0)), 5);
    const atC = i32x4.shl(v128.and(c, mask(0)), 5);
    const a0 = i32x4.extract_lane(atA, 0);
    const a1 = i32x4.extract_lane(atA, 1);
    const a2 = i32x4.extract_lane(atA, 2);
    const a3 = i32x4.extract_lane(atA, 3);
    const b0 = i32x4.extract_lane(atB, 0);
    const b1 = i32x4.extract_lane(atB, 1);
    const b2 = i32x4.extract_lane(atB, 2);
    const b3 = i32x4.extract_lane(atB, 3);
    const c0 = i32x4.extract_lane(atC, 0);
    const c1 = i32x4.extract_lane(atC, 1);
    const c2 = i32x4.extract_lane(atC, 2);
    const c3 = i32x4.extract_lane(atC, 3);

    const lowA = pairOf(from, a0, a1);
    const highA = pairOf(from, a2, a3);
    const xyA = v128.shuffle<i32>(lowA, highA, 0, 4, 1, 5);
    const ax = lowOf(xyA);
    const ay = highOf(xyA);
    const az = lowOf(v128.shuffle<i32>(lowA, highA, 2, 6, 3, 7));
    const lowB = pairOf(from, b0, b1);
    const highB = pairOf(from, b2, b3);
    const xyB = v128.shuffle<i32>(lowB, highB, 0, 4, 1, 5);
    const ux = f32x4.sub(lowOf(xyB), ax);
    const uy = f32x4.sub(highOf(xyB), ay);
    const uz = f32x4.sub(lowOf(v128.shuffle<i32>(lowB, highB, 2, 6, 3, 7)), az);
    const lowC = pairOf(from, c0, c1);
    const highC = pairOf(from, c2, c3);
    const xyC = v128.shuffle<i32>(lowC, highC, 0, 4, 1, 5);
    const vx = f32x4.sub(lowOf(xyC), ax);
    const vy = f32x4.sub(highOf(xyC), ay);
    const vz = f32x4.sub(lowOf(v128.shuffle<i32>(lowC, highC, 2, 6, 3, 7)), az);

    // Front faces look against cross(u, v). All corners are mapped alike. As vertexDrafts.ts has it of a vertex:
    const nx = f32x4.sub(f32x4.mul(uz, vy), f32x4.mul(uy, vz));
    const ny = f32x4.sub(f32x4.mul(ux, vz), f32x4.mul(uz, vx));
    const nz = f32x4.sub(f32x4.mul(uy, vx), f32x4.mul(ux, vy));
    const plane = v128.and(i32x4.shr_u(a, MAPPING_SHIFT), mask(1));
    const isX = i32x4.eq(plane, mask(3));
    const isFlat = i32x4.eq(plane, i32x4.splat(0));
    const facing = v128.bitselect(ny, v128.bitselect(nx, nz, isX), isFlat);
    const alongFacing = v128.xor(v128.bitselect(nz, nx, isX), v128.andnot(mask(2), facing));
    const square = f32x4.add(f32x4.mul(facing, facing), f32x4.mul(alongFacing, alongFacing));
    const length = f32x4.sqrt(f32x4.add(square, constant(5)));
    const tu = f32x4.div(f32x4.abs(facing), length);
    const tf = f32x4.div(alongFacing, length);

    const uu = dot(ux, uy, uz, ux, uy, uz);
    const vv = dot(vx, vy, vz, vx, vy, vz);
    const uv = dot(ux, uy, uz, vx, vy, vz);
    const ww = f32x4.sub(f32x4.add(uu, vv), f32x4.add(uv, uv));
    const angleA = angleOf(uv, f32x4.mul(uu, vv));
    const angleB = angleOf(f32x4.sub(uu, uv), f32x4.mul(uu, ww));
    const angleC = f32x4.sub(f32x4.sub(constant(4), angleA), angleB);

    // A corner whose uvs are turned other than the triangle's needs a vertex of its own. Triangles without an area in uv have none.
    const isUnturned = v128.xor(i32x4.shr_s(facing, 31), v128.not(v128.or(isX, isFlat)));
    const isOther = v128.or(v128.or(v128.xor(a, isUnturned), v128.xor(b, isUnturned)), v128.xor(c, isUnturned));
    const isEmpty = f32x4.eq(facing, i32x4.splat(0));
    const others = i32x4.bitmask(v128.andnot(i32x4.shl(isOther, 31 - UNTURNED_BIT), isEmpty));
    if (others !== 0) {
        const unturned = i32x4.bitmask(isUnturned);
        mirrorCorners(p, others & 1, unturned & 1);
        mirrorCorners(q, others & 2, unturned & 2);
        mirrorCorners(r, others & 4, unturned & 4);
        mirrorCorners(s, others & 8, unturned & 8);
        addFour(at);
        return;
    }
    addCorners(from + SUM, f32x4.mul(tu, angleA), f32x4.mul(tf, angleA), a0, a1, a2, a3);
    addCorners(from + SUM, f32x4.mul(tu, angleB), f32x4.mul(tf, angleB), b0, b1, b2, b3);
    addCorners(from + SUM, f32x4.mul(tu, angleC), f32x4.mul(tf, angleC), c0, c1, c2, c3);
}

/** Adds a direction, by its parts along the axis of u and along the one that the mapping faces, to four vertices. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function addCorners(from: usize, u: v128, f: v128, p: i32, q: i32, r: i32, s: i32): void {
    const low = v128.shuffle<f32>(u, f, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(u, f, 2, 6, 3, 7);
    addTo(from + <usize>p, low);
    addTo(from + <usize>q, v128.shuffle<i64>(low, low, 1, 1));
    addTo(from + <usize>r, high);
    addTo(from + <usize>s, v128.shuffle<i64>(high, high, 1, 1));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function addTo(sum: usize, pair: v128): void {
    v128.store64_lane(sum, f32x4.add(v128.load64_zero(sum), pair), 0);
}

/** Gives a triangle copies of its vertices that are turned as it is. */
function mirrorCorners(triangle: usize, isOther: i32, isUnturned: i32): void {
    if (isOther === 0) {
        return;
    }
    const sign: u8 = isUnturned !== 0 ? 127 : 129;
    for (let corner: usize = 0; corner < 3; corner++) {
        const at = triangle + (corner << 2);
        const vertex = <i32>(load<u32>(at) & INDEX_MASK);
        if (load<u8>(vertexAt(vertex) + SIGN) !== sign) {
            store<u32>(at, indexOf(mirrored(vertex, sign)));
        }
    }
}

function mirrored(vertex: i32, sign: u8): i32 {
    const before = vertexCount;
    const copy = mapped(vertex, mappingOf(vertex) ^ MIRRORED);
    if (vertexCount > before) {
        store<u8>(vertexAt(copy) + SIGN, sign);
        store<u64>(vertexAt(copy) + SUM, 0);
        store<u8>(marks + <usize>copy, load<u8>(marks + <usize>vertex));
    }
    return copy;
}

function finishVertices(): void {
    const end = vertexCount;
    let to = list;
    let sum = vertices + SUM;
    for (let vertex = 0; vertex < end; vertex++, sum += VERTEX_BYTES) {
        store<u32>(to, vertex);
        to += <usize>(load<u64>(sum) !== 0) << 2;
    }
    if (to === list) {
        return;
    }
    // Whole fours: the last vertex once more changes nothing.
    for (let i: usize = 0; i < 3; i++) {
        store<u32>(to + (i << 2), load<u32>(to - 4));
    }
    for (let at = list; at < to; at += 16) {
        finishFour(load<u32>(at), load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 12));
    }
}

/** Lays the sums of four vertices into the planes of their normals, and packs them. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function finishFour(p: i32, q: i32, r: i32, s: i32): void {
    const atP = vertexAt(p);
    const atQ = vertexAt(q);
    const atR = vertexAt(r);
    const atS = vertexAt(s);
    const low = v128.shuffle<i32>(v128.load64_zero(atP, SUM), v128.load64_zero(atQ, SUM), 0, 4, 1, 5);
    const high = v128.shuffle<i32>(v128.load64_zero(atR, SUM), v128.load64_zero(atS, SUM), 0, 4, 1, 5);
    const u = v128.shuffle<i64>(low, high, 0, 2);
    const f = v128.shuffle<i64>(low, high, 1, 3);
    const plane = v128.and(i32x4(mappingOf(p), mappingOf(q), mappingOf(r), mappingOf(s)), mask(1));
    const isX = i32x4.eq(plane, mask(3));
    const isFlat = i32x4.eq(plane, i32x4.splat(0));
    const x = v128.bitselect(f, u, isX);
    const y = v128.and(f, isFlat);
    const z = v128.bitselect(u, v128.andnot(f, isFlat), isX);

    const n01 = v128.shuffle<f32>(v128.load(noteAt(p)), v128.load(noteAt(q)), 0, 4, 1, 5);
    const n23 = v128.shuffle<f32>(v128.load(noteAt(r)), v128.load(noteAt(s)), 0, 4, 1, 5);
    const nx = v128.shuffle<f64>(n01, n23, 0, 2);
    const ny = v128.shuffle<f64>(n01, n23, 1, 3);
    const nz = v128.shuffle<f32>(
        v128.shuffle<f32>(v128.load(noteAt(p)), v128.load(noteAt(q)), 2, 6, 3, 7),
        v128.shuffle<f32>(v128.load(noteAt(r)), v128.load(noteAt(s)), 2, 6, 3, 7),
        0,
        1,
        4,
        5,
    );
    const out = dot(x, y, z, nx, ny, nz);
    const tx = f32x4.sub(x, f32x4.mul(nx, out));
    const ty = f32x4.sub(y, f32x4.mul(ny, out));
    const tz = f32x4.sub(z, f32x4.mul(nz, out));
    const square = dot(tx, ty, tz, tx, ty, tz);
    const length = f32x4.sqrt(square);
    const packed = v128.or(
        v128.or(snorm8(f32x4.div(tx, length), 0), snorm8(f32x4.div(ty, length), 8)),
        snorm8(f32x4.div(tz, length), 16),
    );
    const isNew = v128.and(
        f32x4.gt(square, constant(5)),
        i32x4(isOwn(p, atP), isOwn(q, atQ), isOwn(r, atR), isOwn(s, atS)),
    );
    const old = i32x4(
        load<i32>(atP, TANGENT),
        load<i32>(atQ, TANGENT),
        load<i32>(atR, TANGENT),
        load<i32>(atS, TANGENT),
    );
    const tangent = v128.bitselect(packed, old, v128.and(isNew, i32x4.splat(0xffffff)));
    v128.store32_lane(atP, tangent, 0, TANGENT);
    v128.store32_lane(atQ, tangent, 1, TANGENT);
    v128.store32_lane(atR, tangent, 2, TANGENT);
    v128.store32_lane(atS, tangent, 3, TANGENT);
    store<u64>(atP, 0, SUM);
    store<u64>(atQ, 0, SUM);
    store<u64>(atR, 0, SUM);
    store<u64>(atS, 0, SUM);
}

/** -1 where all triangles of a vertex are in its sum, else 0. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function isOwn(vertex: i32, at: usize): i32 {
    const x = <i32>load<i16>(at);
    const z = <i32>load<i16>(at, 4);
    const isInside = <u32>(x - 1) < <u32>(side - 1) && <u32>(z - 1) < <u32>(side - 1);
    return isInside && (<u32>load<u8>(marks + <usize>vertex) & NEAR) !== 0 ? -1 : 0;
}
