// A chunk's surface on its way to bytes: packed vertices as docs/specs/chunkData.md has them, what is known of each
// beside, and triangles. All three grow where they must; how far is remembered, so that most chunks never grow.

import { fail, reserve } from "../base/arena";
import { TOO_MANY_VERTICES } from "../base/shared";
import { ones, roundToInt, toSnorm8, toUnorm8 } from "../base/simd";
import { INDEX_MASK } from "./packedIndex";
import {
    HEADER_BYTES,
    loadPosition,
    loadPositionFloats,
    loadRecord,
    storePosition,
    storeRecord,
    VERTEX_BYTES,
} from "./packedVertex";

/** Kept of each vertex beside its bytes: its unit normal as f32 x 4, whose fourth does not count. */
export const UNIT_NORMAL_BYTES: usize = 16;
/**
 * How its uvs are mapped as u32, its next copy that is mapped otherwise, or -1, and the sum that becomes its tangent, as
 * f32 x 2: see tangentSums.ts.
 */
export const LINK_BYTES: usize = 16;
const LINK_COPY: usize = 4;
const LINK_SUM: usize = 8;
/** The link of a vertex that has no copy and is mapped flat. */
const FLAT_LINK: v128 = i32x4(0, -1, 0, 0);

/** Bytes that a chunk has room for, for each vertex: indices lie behind the vertices in the end. */
export const ROOM_BYTES: usize = 32;
/** A chunk has at most 8 MB of vertices and indices. As in src/format/chunkLimits.ts. */
const MOST_VERTICES: i32 = 0x40000;
const MOST_INDICES: i32 = MOST_VERTICES * 6;

let vertexCapacity: i32 = 0x4000;
let indexCapacity: i32 = 0x10000;

export let vertexCount: i32 = 0;
export let indexCount: i32 = 0;
/** The first byte of the chunk: its header; vertices follow. */
export let chunk: usize = 0;
export let vertices: usize = 0;
let unitNormals: usize = 0;
let links: usize = 0;
/** u32: see packedIndex.ts; of skirts the vertex alone. */
export let indices: usize = 0;
/** u32: first index of each triangle whose corners are mapped differently. */
export let splitList: usize = 0;
export let splitCount: i32 = 0;

/** Begins a surface, after all that a job reserves before. */
export function layoutSurface(): void {
    vertexCount = 0;
    indexCount = 0;
    splitCount = 0;
    chunk = reserve(HEADER_BYTES + <usize>vertexCapacity * ROOM_BYTES);
    vertices = chunk + HEADER_BYTES;
    unitNormals = reserve(<usize>vertexCapacity * UNIT_NORMAL_BYTES);
    links = reserve(<usize>vertexCapacity * LINK_BYTES);
    indices = reserve(<usize>indexCapacity << 2);
    splitList = reserve(splitBytes());
}

/** Returns the bytes that the list of all triangles may take, and those that are written in vain. */
function splitBytes(): usize {
    return (<usize>(indexCapacity / 3) << 2) + 16;
}

/** Makes room for so many vertices more. */
@inline
export function needVertices(count: i32): void {
    if (vertexCount + count > vertexCapacity) {
        growVertices(vertexCount + count);
    }
}

/** Makes room for so many indices more. */
@inline
export function needIndices(count: i32): void {
    if (indexCount + count > indexCapacity) {
        growIndices(indexCount + count);
    }
}

/** Makes room for `count` vertices; fails where a chunk may not have them. */
function growVertices(count: i32): void {
    if (count > MOST_VERTICES) {
        fail(TOO_MANY_VERTICES);
    }
    // Doubled: what is left behind stays reserved until the job ends.
    vertexCapacity = min(MOST_VERTICES, max(count, vertexCapacity * 2));
    const newChunk = reserve(HEADER_BYTES + <usize>vertexCapacity * ROOM_BYTES);
    memory.copy(newChunk, chunk, HEADER_BYTES + <usize>vertexCount * VERTEX_BYTES);
    chunk = newChunk;
    vertices = chunk + HEADER_BYTES;
    const newNormals = reserve(<usize>vertexCapacity * UNIT_NORMAL_BYTES);
    memory.copy(newNormals, unitNormals, <usize>vertexCount * UNIT_NORMAL_BYTES);
    unitNormals = newNormals;
    const newLinks = reserve(<usize>vertexCapacity * LINK_BYTES);
    memory.copy(newLinks, links, <usize>vertexCount * LINK_BYTES);
    links = newLinks;
}

/** Makes room for `count` indices; fails where a chunk may not have them. */
function growIndices(count: i32): void {
    if (count > MOST_INDICES) {
        fail(TOO_MANY_VERTICES);
    }
    indexCapacity = min(MOST_INDICES, max(count, indexCapacity * 2));
    const newIndices = reserve(<usize>indexCapacity << 2);
    memory.copy(newIndices, indices, <usize>indexCount << 2);
    indices = newIndices;
    const newList = reserve(splitBytes());
    memory.copy(newList, splitList, <usize>splitCount << 2);
    splitList = newList;
}

/** Returns the address of a packed vertex. */
@inline
export function vertexAt(vertex: i32): usize {
    return vertices + <usize>vertex * VERTEX_BYTES;
}

/** Returns the address of a vertex's unit normal. */
@inline
export function unitNormalAt(vertex: i32): usize {
    return unitNormals + <usize>vertex * UNIT_NORMAL_BYTES;
}

/** Returns the address of a vertex's link. */
@inline
export function linkAt(vertex: i32): usize {
    return links + <usize>vertex * LINK_BYTES;
}

/**
 * Appends a vertex. `needVertices` first.
 *
 * @param position as int16 x 4, the fourth 0
 * @param normal its fourth lane does not count
 * @param record from its normal on
 */
@inline
export function addVertex(position: v128, normal: v128, record: v128, mapping: u32): void {
    const vertex = vertexCount++;
    const at = vertexAt(vertex);
    writeVertex(at, unitNormalAt(vertex), linkAt(vertex), position, normal, record, mapping);
}

/** Writes a vertex at given addresses: `addVertex` for loops that keep the count in a local, and set it behind. */
@inline
export function writeVertex(
    at: usize,
    unitNormal: usize,
    link: usize,
    position: v128,
    normal: v128,
    record: v128,
    mapping: u32,
): void {
    storePosition(at, position);
    storeRecord(at, record);
    v128.store(unitNormal, normal);
    v128.store(link, i32x4.replace_lane(FLAT_LINK, 0, mapping));
}

/** Copies the unit normals of four new vertices to where they lie one behind the other. */
@inline
export function copyFourUnitNormals(to: usize, normals: usize): void {
    v128.store(to, v128.load(normals));
    v128.store(to, v128.load(normals, 16), 16);
    v128.store(to, v128.load(normals, 32), 32);
    v128.store(to, v128.load(normals, 48), 48);
}

/** Replaces the unit normal of a vertex. */
@inline
export function setUnitNormal(vertex: i32, normal: v128): void {
    v128.store(unitNormalAt(vertex), normal);
}

/** Links four new vertices that lie one behind the other and are mapped flat. */
@inline
export function linkFourFlat(link: usize): void {
    v128.store(link, FLAT_LINK);
    v128.store(link, FLAT_LINK, LINK_BYTES);
    v128.store(link, FLAT_LINK, LINK_BYTES * 2);
    v128.store(link, FLAT_LINK, LINK_BYTES * 3);
}

/**
 * Links four new vertices that lie one behind the other.
 *
 * @param mappings one each
 */
@inline
export function linkFour(link: usize, mappings: v128): void {
    v128.store(link, v128.shuffle<i32>(mappings, FLAT_LINK, 0, 5, 6, 7));
    v128.store(link, v128.shuffle<i32>(mappings, FLAT_LINK, 1, 5, 6, 7), LINK_BYTES);
    v128.store(link, v128.shuffle<i32>(mappings, FLAT_LINK, 2, 5, 6, 7), LINK_BYTES * 2);
    v128.store(link, v128.shuffle<i32>(mappings, FLAT_LINK, 3, 5, 6, 7), LINK_BYTES * 3);
}

/** Returns a vertex's unit normal; its fourth lane is 0. */
@inline
export function normalOf(vertex: i32): v128 {
    return f32x4.replace_lane(v128.load(unitNormalAt(vertex)), 3, 0);
}

/** Returns how a vertex's uvs are mapped. */
@inline
export function mappingOf(vertex: i32): u32 {
    return load<u32>(linkAt(vertex));
}

/** Sets how a vertex's uvs are mapped. */
@inline
export function setMapping(vertex: i32, mapping: u32): void {
    store<u32>(linkAt(vertex), mapping);
}

/** Returns the next copy of a vertex that is mapped otherwise, or -1. */
@inline
export function copyOf(vertex: i32): i32 {
    return load<i32>(linkAt(vertex), LINK_COPY);
}

/** Sets the next copy of a vertex. */
@inline
export function setCopy(vertex: i32, copy: i32): void {
    store<i32>(linkAt(vertex), copy, LINK_COPY);
}

/** Returns the sum that becomes a vertex's tangent, as f32 x 2: see tangentSums.ts. */
@inline
export function tangentSumOf(vertex: i32): v128 {
    return v128.load64_zero(linkAt(vertex), LINK_SUM);
}

/**
 * Returns whether a vertex has got anything for its tangent.
 *
 * @param link address of its link
 */
@inline
export function hasTangentSum(link: usize): bool {
    return load<u64>(link, LINK_SUM) !== 0;
}

/**
 * Adds f32 x 2 to the sum that becomes a vertex's tangent.
 *
 * @param link address of its link
 */
@inline
export function addToTangentSum(link: usize, pair: v128): void {
    v128.store64_lane(link, f32x4.add(v128.load64_zero(link, LINK_SUM), pair), 0, LINK_SUM);
}

/** Appends a copy of a vertex with another mapping, and without its copies and sum. Returns its number. */
export function copyVertex(from: i32, mapping: u32): i32 {
    needVertices(1);
    const to = vertexCount;
    addVertex(loadPosition(vertexAt(from)), normalOf(from), loadRecord(vertexAt(from)), mapping);
    return to;
}

/** Returns the vertex that index i names. */
@inline
export function indexAt(i: i32): i32 {
    return load<u32>(indices + (<usize>i << 2)) & INDEX_MASK;
}

/** Sets index i to a vertex. */
@inline
export function setIndex(i: i32, vertex: i32): void {
    store<i32>(indices + (<usize>i << 2), vertex);
}

/** Appends a triangle. `needIndices` first. */
@inline
export function addTriangle(a: i32, b: i32, c: i32): void {
    setIndex(indexCount, a);
    setIndex(indexCount + 1, b);
    setIndex(indexCount + 2, c);
    indexCount += 3;
}

/** Lists a triangle whose corners are mapped differently. */
export function addSplit(firstIndex: i32): void {
    store<i32>(splitList + (<usize>splitCount << 2), firstIndex);
    splitCount++;
}

/** Returns the first index of a listed triangle. */
@inline
export function splitAt(i: i32): i32 {
    return load<i32>(splitList + (<usize>i << 2));
}

// For who writes triangles himself.

/** Sets how many indices there are, after a loop that writes triangles itself. */
@inline
export function setIndexCount(count: i32): void {
    indexCount = count;
}

/** Sets how many triangles are listed, after a loop that lists them itself. */
@inline
export function setSplitCount(count: i32): void {
    splitCount = count;
}

/** Sets how many vertices there are, after a loop that writes them itself. */
@inline
export function setVertexCount(count: i32): void {
    vertexCount = count;
}

/** Packs a position in whole quanta as int16 x 4, clamped to the limits, which neighbours share. The fourth is 0. */
@inline
export function packPosition(quanta: v128): v128 {
    return i16x8.narrow_i32x4_s(roundToInt(quanta), i32x4.splat(0));
}

/** Returns a vertex's position in quanta, as f32 x 4; the fourth is 0. */
@inline
export function positionOf(vertex: i32): v128 {
    return loadPositionFloats(vertexAt(vertex));
}

/** Packs four values from -1 to 1 as int8, in the byte that begins at bit `shift` of each lane. */
@inline
export function snorm8(values: v128, shift: i32): v128 {
    return i32x4.shl(v128.and(toSnorm8(values), i32x4.splat(0xff)), shift);
}

/** Packs four values as uint8, clamped to 0 to 1. */
@inline
export function unorm8(values: v128): v128 {
    return toUnorm8(f32x4.pmax(f32x4.splat(0), f32x4.pmin(ones(), values)));
}
