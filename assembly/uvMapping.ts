// Uvs and tangents. Open ground is mapped flat, as on height grids; cave walls are mapped upright where they are steep, and
// vertices between triangles that are mapped differently are split.

import {
    copyOf,
    copyVertex,
    FACING_X,
    FACING_Z,
    FLAT,
    indexAt,
    indexCount,
    mappingOf,
    normalOf,
    NOT_YET,
    packSnorm8,
    setCopy,
    setIndex,
    setMapping,
    TANGENT,
    UV,
    vertexAt,
    vertexCount,
    WEIGHTS,
} from "./surface";

/** Which share of a vertex's weights tells that it is a cave's. */
const CAVE_WEIGHT: usize = WEIGHTS + 2;

/** @param side the chunk's side in quanta, a power of two */
export function mapCaveWalls(side: f32): void {
    for (let i = 0; i < indexCount; i += 3) {
        const a = indexAt(i);
        const b = indexAt(i + 1);
        const c = indexAt(i + 2);
        const isCave =
            load<u8>(vertexAt(a) + CAVE_WEIGHT) | load<u8>(vertexAt(b) + CAVE_WEIGHT) | load<u8>(vertexAt(c) + CAVE_WEIGHT);
        if (isCave) {
            mapTriangle(i, a, b, c, side);
        }
    }
}

/** By the larger axis of the triangle's own normal. */
function mapTriangle(i: i32, a: i32, b: i32, c: i32, side: f32): void {
    const pa = vertexAt(a);
    const pb = vertexAt(b);
    const pc = vertexAt(c);
    const ax = <i32>load<i16>(pa);
    const ay = <i32>load<i16>(pa, 2);
    const az = <i32>load<i16>(pa, 4);
    const ux = <f32>(<i32>load<i16>(pb) - ax);
    const uy = <f32>(<i32>load<i16>(pb, 2) - ay);
    const uz = <f32>(<i32>load<i16>(pb, 4) - az);
    const vx = <f32>(<i32>load<i16>(pc) - ax);
    const vy = <f32>(<i32>load<i16>(pc, 2) - ay);
    const vz = <f32>(<i32>load<i16>(pc, 4) - az);
    const x = abs(uy * vz - uz * vy);
    const y = abs(uz * vx - ux * vz);
    const z = abs(ux * vy - uy * vx);
    let mapping = FLAT;
    if (y < x || y < z) {
        // A chunk may be taller than wide: v begins anew with each half side.
        const low = min(ay, min(<i32>load<i16>(pb, 2), <i32>load<i16>(pc, 2)));
        const shift = <i32>floor((<f32>2 * <f32>low) / side);
        mapping = (x > z ? FACING_X : FACING_Z) | (<u32>shift << 16);
    }
    setIndex(i, mapped(a, mapping));
    setIndex(i + 1, mapped(b, mapping));
    setIndex(i + 2, mapped(c, mapping));
}

function mapped(vertex: i32, mapping: u32): i32 {
    if (mappingOf(vertex) === NOT_YET) {
        setMapping(vertex, mapping);
        return vertex;
    }
    let at = vertex;
    while (mappingOf(at) !== mapping) {
        const next = copyOf(at);
        if (next < 0) {
            const copy = copyVertex(vertex);
            setMapping(copy, mapping);
            setCopy(at, copy);
            return copy;
        }
        at = next;
    }
    return at;
}

/**
 * Uvs, and tangents that belong to them: along the surface where v is constant and u grows, as MikkTSpace has it.
 *
 * @param side the chunk's side in quanta, a power of two
 */
export function writeUvs(side: f32): void {
    const inverse = <f32>1 / side;
    for (let vertex = 0; vertex < vertexCount; vertex++) {
        const at = vertexAt(vertex);
        const note = mappingOf(vertex);
        const mapping = note & 0xffff;
        const normal = normalOf(vertex);
        const x = <f32>load<i16>(at) * inverse;
        const z = <f32>load<i16>(at, 4) * inverse;
        if (mapping === FACING_X || mapping === FACING_Z) {
            const y = <f32>load<i16>(at, 2) * inverse - <f32>(<i32>note >> 16) * 0.5;
            const isX = mapping === FACING_X;
            store<u32>(at, packUv(isX ? z : x, y), UV);
            store<u32>(at, uprightTangent(normal, isX), TANGENT);
        } else {
            store<u32>(at, packUv(x, z), UV);
            store<u32>(at, flatTangent(normal), TANGENT);
        }
    }
}

// @ts-ignore: decorator
@inline
function packUv(u: f32, v: f32): u32 {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4(u, v, 0, 0), f32x4.splat(65_535))));
    return i32x4.extract_lane(i16x8.narrow_i32x4_u(whole, whole), 0);
}

/** u along x, v along z. */
// @ts-ignore: decorator
@inline
export function flatTangent(normal: v128): u32 {
    const x = f32x4.extract_lane(normal, 0);
    const y = f32x4.extract_lane(normal, 1);
    return packTangent(abs(y), y < 0 ? x : -x, 0, y >= 0, false);
}

/** u along z on faces that look along x, else along x; v along y. */
function uprightTangent(normal: v128, isX: bool): u32 {
    const x = f32x4.extract_lane(normal, 0);
    const z = f32x4.extract_lane(normal, 2);
    return isX
        ? packTangent(x < 0 ? z : -z, 0, abs(x), x >= 0, true)
        : packTangent(abs(z), 0, z < 0 ? x : -x, z < 0, false);
}

/** @param isTurned whether cross(normal, tangent) runs against growing v; @param alongZ where u grows along z, else x */
// @ts-ignore: decorator
@inline
function packTangent(x: f32, y: f32, z: f32, isTurned: bool, alongZ: bool): u32 {
    const length = sqrt(x * x + y * y + z * z);
    const sign: f32 = isTurned ? -1 : 1;
    if (length > 1e-4) {
        const scale = <f32>1 / length;
        return packSnorm8(f32x4(x * scale, y * scale, z * scale, sign));
    }
    return packSnorm8(alongZ ? f32x4(0, 0, 1, sign) : f32x4(1, 0, 0, sign));
}
