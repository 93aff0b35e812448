// Uvs and tangents. Open ground is mapped flat, as on height grids; cave walls are mapped upright where they are steep, and
// vertices between triangles that are mapped differently are split.

import { lastOne, roundToInt, sumOfLanes, toSnorm8 } from "../base/simd";
import { CAVE_BIT, MAPPING_SHIFT, UNTURNED_BIT } from "./packedIndex";
import { loadCaveWeight, loadTangentSign, loadY, replaceTangent, replaceUv } from "./packedVertex";
import {
    copyOf,
    copyVertex,
    indexAt,
    mappingOf,
    normalOf,
    positionOf,
    setCopy,
    setIndex,
    setSplitCount,
    splitAt,
    splitCount,
    vertexAt,
} from "./surface";

/** u along x, v along z. */
export const FLAT: u32 = 0;
/** u along z, v along y. */
export const FACING_X: u32 = 1;
/** u along x, v along y. */
export const FACING_Z: u32 = 2;
/** Besides: set on copies for triangles whose uvs are turned otherwise than the vertex's normal tells. See tangents.ts. */
export const MIRRORED: u32 = 4;

const PLANE_MASK: u32 = 3;
/** From this bit on a mapping says how many half sides v begins above 0, as int16: see `shiftOf`. */
const SHIFT_BIT: u32 = 16;

/** Returns the plane that a mapping lays vertices on: `FLAT`, `FACING_X` or `FACING_Z`. */
@inline
export function planeOf(mapping: u32): u32 {
    return mapping & PLANE_MASK;
}

/** Returns a mapping without the half side of its v. */
@inline
function withoutShift(mapping: u32): u32 {
    return mapping & ((1 << SHIFT_BIT) - 1);
}

/** The chunk's side in quanta. */
export let side: i32 = 0;
/** Units of uv a quantum, and half sides a quantum. */
export let uvScale: f32 = 0;
export let halfSides: f32 = 0;
/** Half a side in units of uv. */
export const HALF_SIDE: f32 = 32_767.5;

/**
 * Sets the chunk's side.
 *
 * @param quanta the chunk's side, a power of two
 */
export function setSide(quanta: f32): void {
    side = <i32>quanta;
    uvScale = <f32>65_535 / quanta;
    halfSides = <f32>2 / quanta;
}

// For each mapping, as byte indices into a vector of x, y and z: where u and v come from; what stands in the tangent at u's
// axis and at the axis that the face looks along; that axis in all lanes. 255 gives 0.
const UV_LANES: usize = memory.data<u8>([
    0, 1, 2, 3, 8, 9, 10, 11, 255, 255, 255, 255, 255, 255, 255, 255,
    8, 9, 10, 11, 4, 5, 6, 7, 255, 255, 255, 255, 255, 255, 255, 255,
    0, 1, 2, 3, 4, 5, 6, 7, 255, 255, 255, 255, 255, 255, 255, 255,
]);
const TANGENT_LANES: usize = memory.data<u8>([
    4, 5, 6, 7, 0, 1, 2, 3, 255, 255, 255, 255, 255, 255, 255, 255,
    8, 9, 10, 11, 255, 255, 255, 255, 0, 1, 2, 3, 255, 255, 255, 255,
    8, 9, 10, 11, 255, 255, 255, 255, 0, 1, 2, 3, 255, 255, 255, 255,
]);
const FACING_LANES: usize = memory.data<u8>([
    4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7,
    0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
    8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11,
]);
/** Signs of the tangent where the normal's facing part is positive, and of its fourth part. */
const TANGENT_SIGNS: usize = memory.data<f32>([1, -1, 1, -1, -1, 1, 1, -1, 1, 1, -1, 1]);
/** A face that is mapped along its own normal has no tangent; this bit of u's axis then stands for it. */
const TANGENT_BIAS: usize = memory.data<f32>([1e-6, 0, 0, 0, 0, 0, 1e-6, 0, 1e-6, 0, 0, 0]);

/** Returns the entry of a table for a mapping. */
@inline
function laneTable(table: usize, mapping: u32): v128 {
    return v128.load(table + (<usize>planeOf(mapping) << 4));
}

/** Returns the part of a mapping that says at which half side v begins: a chunk may be taller than wide. */
@inline
export function shiftOf(y: f32): u32 {
    return <u32>(<i32>floor(y * halfSides)) << SHIFT_BIT;
}

/** Returns the uv of a position in quanta, in lanes 0 and 1. */
@inline
export function uvOf(quanta: v128, mapping: u32): v128 {
    const lanes = i8x16.swizzle(f32x4.mul(quanta, f32x4.splat(uvScale)), laneTable(UV_LANES, mapping));
    const lift = f32x4.replace_lane(f32x4.splat(0), 1, <f32>(<i32>mapping >> SHIFT_BIT) * HALF_SIDE);
    return f32x4.sub(lanes, lift);
}

/**
 * Returns the tangent: along the surface where v is constant and u grows, as MikkTSpace has it. Its fourth part makes
 * cross(normal, tangent) times it grow with v.
 *
 * @param normal its fourth lane is 0
 */
@inline
export function tangentOf(normal: v128, mapping: u32): v128 {
    const facing = v128.and(i8x16.swizzle(normal, laneTable(FACING_LANES, mapping)), i32x4.splat(0x80000000));
    const signs = v128.xor(laneTable(TANGENT_SIGNS, mapping), facing);
    const turned = f32x4.mul(i8x16.swizzle(normal, laneTable(TANGENT_LANES, mapping)), signs);
    const along = f32x4.add(turned, laneTable(TANGENT_BIAS, mapping));
    const length = f32x4.sqrt(sumOfLanes(f32x4.mul(along, along)));
    return f32x4.add(f32x4.div(along, length), f32x4.mul(lastOne(), signs));
}

/** Writes the uv of a vertex for where it lies now. */
export function writeUv(vertex: i32, mapping: u32): void {
    const uv = i16x8.narrow_i32x4_u(roundToInt(uvOf(positionOf(vertex), mapping)), i32x4.splat(0));
    replaceUv(vertexAt(vertex), uv);
}

/** Writes a vertex's tangent as its normal alone tells. */
export function writeTangent(vertex: i32, mapping: u32): void {
    const whole = toSnorm8(tangentOf(normalOf(vertex), mapping));
    const halves = i16x8.narrow_i32x4_s(whole, whole);
    replaceTangent(vertexAt(vertex), i8x16.narrow_i16x8_s(halves, halves));
}

/** Splits the vertices of listed triangles, whose corners are mapped differently, and forgets the list. */
export function splitVertices(): void {
    for (let split = 0; split < splitCount; split++) {
        splitTriangle(splitAt(split));
    }
    setSplitCount(0);
}

/** Maps the corners of a triangle alike: two outvote the third; where all three differ it is mapped flat. */
function splitTriangle(i: i32): void {
    const planeA = withoutShift(mappingOf(indexAt(i)));
    const planeB = withoutShift(mappingOf(indexAt(i + 1)));
    const planeC = withoutShift(mappingOf(indexAt(i + 2)));
    let mapping = planeA === planeB || planeA === planeC ? planeA : planeB === planeC ? planeB : FLAT;
    if (mapping !== FLAT) {
        const y = min(heightOf(i), min(heightOf(i + 1), heightOf(i + 2)));
        mapping |= shiftOf(<f32>y);
    }
    for (let corner = i; corner < i + 3; corner++) {
        setIndex(corner, indexOf(mapped(indexAt(corner), mapping)));
    }
}

/** Returns the packed index of a vertex. Half sides are left out: they no longer differ within a triangle. */
export function indexOf(vertex: i32): i32 {
    const at = vertexAt(vertex);
    const isUnturned = loadTangentSign(at) > 0;
    const isCave = loadCaveWeight(at) !== 0;
    const kind = (isUnturned ? 1 << UNTURNED_BIT : 0) | (isCave ? 1 << CAVE_BIT : 0);
    return vertex | kind | <i32>(planeOf(mappingOf(vertex)) << MAPPING_SHIFT);
}

/** Returns the height of the vertex of index i, in quanta. */
@inline
function heightOf(i: i32): i32 {
    return loadY(vertexAt(indexAt(i)));
}

/** Returns the vertex, or its copy, that is mapped so; makes the copy where there is none. */
export function mapped(vertex: i32, mapping: u32): i32 {
    let at = vertex;
    while (mappingOf(at) !== mapping) {
        const next = copyOf(at);
        if (next < 0) {
            const copy = copyVertex(vertex, mapping);
            writeUv(copy, mapping);
            writeTangent(copy, mapping);
            setCopy(at, copy);
            return copy;
        }
        at = next;
    }
    return at;
}
