// The packed vertex, as docs/specs/chunkData.md lays it out. Whoever reads or writes a part of one does so through here.

import { storeTransposed } from "../base/simd";

export const HEADER_BYTES: usize = 128;
export const VERTEX_BYTES: usize = 24;

/** int16 x 3 in quanta, and 0. */
const POSITION: usize = 0;
const X: usize = POSITION;
const Y: usize = POSITION + 2;
const Z: usize = POSITION + 4;
/** What follows is the vertex's record: int8 x 4 for normal and tangent, uint16 x 2 for uv, uint8 x 4 for weights. */
const RECORD: usize = 8;
const NORMAL: usize = RECORD;
const TANGENT: usize = RECORD + 4;
const TANGENT_SIGN: usize = RECORD + 7;
const WEIGHTS: usize = RECORD + 12;
const CAVE_WEIGHT: usize = WEIGHTS + 2;
/** Its bits in a vertex's four weights. */
export const CAVE_BYTE: u32 = 0xff0000;
const SKY_WEIGHT: usize = WEIGHTS + 3;

/** Stores a position, which is int16 x 4, the fourth 0. */
@inline
export function storePosition(at: usize, position: v128): void {
    v128.store64_lane(at, position, 0, POSITION);
}

/** Returns a position as int16 x 4, and 0. */
@inline
export function loadPosition(at: usize): v128 {
    return v128.load64_zero(at, POSITION);
}

/** Returns a position in quanta as f32 x 4; the fourth is 0. */
@inline
export function loadPositionFloats(at: usize): v128 {
    return f32x4.convert_i32x4_s(v128.load16x4_s(at, POSITION));
}

/** Returns x in quanta. */
@inline
export function loadX(at: usize): i32 {
    return <i32>load<i16>(at, X);
}

/** Returns y in quanta. */
@inline
export function loadY(at: usize): i32 {
    return <i32>load<i16>(at, Y);
}

/** Returns z in quanta. */
@inline
export function loadZ(at: usize): i32 {
    return <i32>load<i16>(at, Z);
}

/** Stores x in quanta. */
@inline
export function storeX(at: usize, x: i32): void {
    store<i16>(at, <i16>x, X);
}

/** Stores y in quanta. */
@inline
export function storeY(at: usize, y: i32): void {
    store<i16>(at, <i16>y, Y);
}

/** Stores z in quanta. */
@inline
export function storeZ(at: usize, z: i32): void {
    store<i16>(at, <i16>z, Z);
}

/** Stores the positions of four vertices that lie one behind the other. */
@inline
export function storeFourPositions(at: usize, xy: v128, z: v128): void {
    const low = v128.shuffle<i32>(xy, z, 0, 4, 1, 5);
    const high = v128.shuffle<i32>(xy, z, 2, 6, 3, 7);
    v128.store64_lane(at, low, 0, POSITION);
    v128.store64_lane(at, low, 1, VERTEX_BYTES + POSITION);
    v128.store64_lane(at, high, 0, VERTEX_BYTES * 2 + POSITION);
    v128.store64_lane(at, high, 1, VERTEX_BYTES * 3 + POSITION);
}

/** Stores a vertex's record. */
@inline
export function storeRecord(at: usize, record: v128): void {
    v128.store(at, record, RECORD);
}

/** Returns a vertex's record. */
@inline
export function loadRecord(at: usize): v128 {
    return v128.load(at, RECORD);
}

/** Copies four records that lie one behind the other to four vertices that do so, too. */
@inline
export function copyFourRecords(at: usize, records: usize): void {
    v128.store(at, v128.load(records), RECORD);
    v128.store(at, v128.load(records, 16), VERTEX_BYTES + RECORD);
    v128.store(at, v128.load(records, 32), VERTEX_BYTES * 2 + RECORD);
    v128.store(at, v128.load(records, 48), VERTEX_BYTES * 3 + RECORD);
}

/** Stores the records of four vertices that lie one behind the other, given part by part. */
@inline
export function storeFourRecords(at: usize, normals: v128, tangents: v128, uvs: v128, weights: v128): void {
    const nt = v128.shuffle<i32>(normals, tangents, 0, 4, 1, 5);
    const ntHigh = v128.shuffle<i32>(normals, tangents, 2, 6, 3, 7);
    const uw = v128.shuffle<i32>(uvs, weights, 0, 4, 1, 5);
    const uwHigh = v128.shuffle<i32>(uvs, weights, 2, 6, 3, 7);
    v128.store(at, v128.shuffle<i64>(nt, uw, 0, 2), RECORD);
    v128.store(at, v128.shuffle<i64>(nt, uw, 1, 3), VERTEX_BYTES + RECORD);
    v128.store(at, v128.shuffle<i64>(ntHigh, uwHigh, 0, 2), VERTEX_BYTES * 2 + RECORD);
    v128.store(at, v128.shuffle<i64>(ntHigh, uwHigh, 1, 3), VERTEX_BYTES * 3 + RECORD);
}

/** Stores four records by themselves, one behind the other, given part by part. */
@inline
export function storeBareRecords(to: usize, normals: v128, tangents: v128, uvs: v128, weights: v128): void {
    storeTransposed(to, normals, tangents, uvs, weights);
}

/**
 * Stores a packed normal.
 *
 * @param normal as int8 x 4
 */
@inline
export function storeNormal(at: usize, normal: u32): void {
    store<u32>(at, normal, NORMAL);
}

/**
 * Replaces the tangent of a vertex.
 *
 * @param tangent as int8 x 4 in the first lane
 */
@inline
export function replaceTangent(at: usize, tangent: v128): void {
    v128.store(at, v128.shuffle<i32>(v128.load(at, RECORD), tangent, 0, 4, 2, 3), RECORD);
}

/**
 * Replaces the uv of a vertex.
 *
 * @param uv as uint16 x 2 in the first lane
 */
@inline
export function replaceUv(at: usize, uv: v128): void {
    v128.store(at, v128.shuffle<i32>(v128.load(at, RECORD), uv, 0, 1, 4, 3), RECORD);
}

/** Returns a packed normal as f32 x 4, 127 long; the fourth is 0. */
@inline
export function loadNormalFloats(at: usize): v128 {
    return threeBytes(v128.load32_zero(at, NORMAL));
}

/** Returns the direction of a packed tangent as f32 x 4, 127 long; the fourth is 0. */
@inline
export function loadTangentFloats(at: usize): v128 {
    return threeBytes(v128.load32_zero(at, TANGENT));
}

/** Returns the first three of four int8 as f32 x 4, and 0. */
@inline
function threeBytes(four: v128): v128 {
    const whole = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(four));
    return f32x4.convert_i32x4_s(i32x4.replace_lane(whole, 3, 0));
}

/**
 * Turns a vertex: replaces its normal and its tangent's direction.
 *
 * @param normal, tangent i32 x 4, -127 to 127, the fourth 0
 */
@inline
export function turnVertex(at: usize, normal: v128, tangent: v128): void {
    const halves = i16x8.narrow_i32x4_s(normal, i32x4.replace_lane(tangent, 3, <i32>loadTangentSign(at)));
    v128.store64_lane(at, i8x16.narrow_i16x8_s(halves, halves), 0, NORMAL);
}

/** Returns a tangent as int8 x 4. */
@inline
export function loadTangent(at: usize): i32 {
    return load<i32>(at, TANGENT);
}

/** Stores the tangents of four vertices, a lane each. */
@inline
export function storeFourTangents(atP: usize, atQ: usize, atR: usize, atS: usize, tangents: v128): void {
    v128.store32_lane(atP, tangents, 0, TANGENT);
    v128.store32_lane(atQ, tangents, 1, TANGENT);
    v128.store32_lane(atR, tangents, 2, TANGENT);
    v128.store32_lane(atS, tangents, 3, TANGENT);
}

/** Returns the tangent's fourth part, 127 or -127: what makes `cross(normal, tangent)` grow with v. */
@inline
export function loadTangentSign(at: usize): i8 {
    return load<i8>(at, TANGENT_SIGN);
}

/** Stores the tangent's fourth part. */
@inline
export function storeTangentSign(at: usize, sign: i8): void {
    store<i8>(at, sign, TANGENT_SIGN);
}

/** Returns the weights as i32 x 4, 0 to 255. */
@inline
export function loadWeights(at: usize): v128 {
    const four = i16x8.extend_low_i8x16_u(v128.load32_zero(at, WEIGHTS));
    return i32x4.extend_low_i16x8_u(four);
}

/** Returns how much cave rock a vertex shows: 0 on open ground alone. */
@inline
export function loadCaveWeight(at: usize): u32 {
    return load<u8>(at, CAVE_WEIGHT);
}

/** Stores how much cave rock a vertex shows, 0 to 255. */
@inline
export function storeCaveWeight(at: usize, weight: u8): void {
    store<u8>(at, weight, CAVE_WEIGHT);
}

/** Stores how much daylight falls on a vertex, 0 to 255. */
@inline
export function storeSkyWeight(at: usize, weight: u8): void {
    store<u8>(at, weight, SKY_WEIGHT);
}
