// A chunk's surface on its way to bytes: packed vertices as docs/specs/chunkData.md has them, what is known of each
// beside, and triangles. All three grow where they must; how far is remembered, so that most chunks never grow.

import { reserve } from "./arena";

export const VERTEX_BYTES: usize = 32;
export const HEADER_BYTES: usize = 128;
// Offsets inside a packed vertex.
export const POSITION_XY: usize = 0;
export const POSITION_Z: usize = 4;
export const MORPH: usize = 8;
export const NORMAL: usize = 16;
export const TANGENT: usize = 20;
export const UV: usize = 24;
export const WEIGHTS: usize = 28;

/** What is kept of each vertex beside its bytes. */
const NOTE_BYTES: usize = 32;
/** f32 x 3: unit normal. */
const NOTE_NORMAL: usize = 0;
/** u16: which plane its uvs lie in. */
const NOTE_MAPPING: usize = 12;
/** i16: half sides taken off v, on faces mapped upright. */
const NOTE_SHIFT: usize = 14;
/** i32: the next copy of it with another mapping, and the vertex of the skirt below it; -1: none. */
const NOTE_COPY: usize = 16;
const NOTE_LOWER: usize = 20;

/** u along x, v along z. */
export const FLAT: u32 = 0;
/** u along z, v along y. */
export const FACING_X: u32 = 1;
/** u along x, v along y. */
export const FACING_Z: u32 = 2;
/** Of cave walls, until a triangle tells. */
export const NOT_YET: u32 = 3;

let vertexCapacity: i32 = 0x4000;
let indexCapacity: i32 = 0x10000;

export let vertexCount: i32 = 0;
export let indexCount: i32 = 0;
/** The chunk's first byte: its header; vertices follow. */
export let chunk: usize = 0;
export let vertices: usize = 0;
export let notes: usize = 0;
/** u32. */
export let indices: usize = 0;

/** Begins a surface. For after all that a job reserves before. */
export function layoutSurface(): void {
    vertexCount = 0;
    indexCount = 0;
    chunk = reserve(HEADER_BYTES + <usize>vertexCapacity * VERTEX_BYTES);
    vertices = chunk + HEADER_BYTES;
    notes = reserve(<usize>vertexCapacity * NOTE_BYTES);
    indices = reserve(<usize>indexCapacity << 2);
}

/** Makes room for so many vertices more. */
// @ts-ignore: decorator
@inline
export function needVertices(count: i32): void {
    if (vertexCount + count > vertexCapacity) {
        growVertices(vertexCount + count);
    }
}

// @ts-ignore: decorator
@inline
export function needIndices(count: i32): void {
    if (indexCount + count > indexCapacity) {
        growIndices(indexCount + count);
    }
}

function growVertices(count: i32): void {
    vertexCapacity = max(count, vertexCapacity + (vertexCapacity >> 1));
    const newChunk = reserve(HEADER_BYTES + <usize>vertexCapacity * VERTEX_BYTES);
    memory.copy(newChunk, chunk, HEADER_BYTES + <usize>vertexCount * VERTEX_BYTES);
    chunk = newChunk;
    vertices = chunk + HEADER_BYTES;
    const newNotes = reserve(<usize>vertexCapacity * NOTE_BYTES);
    memory.copy(newNotes, notes, <usize>vertexCount * NOTE_BYTES);
    notes = newNotes;
}

function growIndices(count: i32): void {
    indexCapacity = max(count, indexCapacity + (indexCapacity >> 1));
    const newIndices = reserve(<usize>indexCapacity << 2);
    memory.copy(newIndices, indices, <usize>indexCount << 2);
    indices = newIndices;
}

// @ts-ignore: decorator
@inline
export function vertexAt(vertex: i32): usize {
    return vertices + <usize>vertex * VERTEX_BYTES;
}

// @ts-ignore: decorator
@inline
function noteAt(vertex: i32): usize {
    return notes + <usize>vertex * NOTE_BYTES;
}

/** Begins the next vertex's note; the fourth lane of `normal` is overwritten. The caller writes the vertex itself. */
// @ts-ignore: decorator
@inline
export function addNote(normal: v128, mapping: u32): i32 {
    const vertex = vertexCount++;
    const note = noteAt(vertex);
    v128.store(note, i32x4.replace_lane(normal, 3, mapping));
    store<i64>(note, -1, NOTE_COPY);
    return vertex;
}

// @ts-ignore: decorator
@inline
export function normalOf(vertex: i32): v128 {
    return v128.load(noteAt(vertex) + NOTE_NORMAL);
}

/** Mapping in the low half, shift in the high half. */
// @ts-ignore: decorator
@inline
export function mappingOf(vertex: i32): u32 {
    return load<u32>(noteAt(vertex), NOTE_MAPPING);
}

// @ts-ignore: decorator
@inline
export function setMapping(vertex: i32, mapping: u32): void {
    store<u32>(noteAt(vertex), mapping, NOTE_MAPPING);
}

// @ts-ignore: decorator
@inline
export function copyOf(vertex: i32): i32 {
    return load<i32>(noteAt(vertex), NOTE_COPY);
}

// @ts-ignore: decorator
@inline
export function setCopy(vertex: i32, copy: i32): void {
    store<i32>(noteAt(vertex), copy, NOTE_COPY);
}

// @ts-ignore: decorator
@inline
export function lowerOf(vertex: i32): i32 {
    return load<i32>(noteAt(vertex), NOTE_LOWER);
}

// @ts-ignore: decorator
@inline
export function setLower(vertex: i32, lower: i32): void {
    store<i32>(noteAt(vertex), lower, NOTE_LOWER);
}

/** Appends a copy of a vertex, without its own copies and skirts. */
export function copyVertex(from: i32): i32 {
    needVertices(1);
    const normal = normalOf(from);
    const to = addNote(normal, mappingOf(from));
    v128.store(vertexAt(to), v128.load(vertexAt(from)));
    v128.store(vertexAt(to), v128.load(vertexAt(from), 16), 16);
    return to;
}

// @ts-ignore: decorator
@inline
export function indexAt(i: i32): i32 {
    return load<i32>(indices + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function setIndex(i: i32, vertex: i32): void {
    store<i32>(indices + (<usize>i << 2), vertex);
}

/** Appends a triangle; `needIndices` first. */
// @ts-ignore: decorator
@inline
export function addTriangle(a: i32, b: i32, c: i32): void {
    setIndex(indexCount, a);
    setIndex(indexCount + 1, b);
    setIndex(indexCount + 2, c);
    indexCount += 3;
}

/** For who writes triangles himself. */
// @ts-ignore: decorator
@inline
export function setCounts(vertexTotal: i32, indexTotal: i32): void {
    vertexCount = vertexTotal;
    indexCount = indexTotal;
}

/** Four lanes in -1..1 as int8 x 4, lane 0 lowest. */
// @ts-ignore: decorator
@inline
export function packSnorm8(lanes: v128): u32 {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(lanes, f32x4.splat(127))));
    const halves = i16x8.narrow_i32x4_s(whole, whole);
    return i32x4.extract_lane(i8x16.narrow_i16x8_s(halves, halves), 0);
}

/** Four lanes as uint8 x 4, held within 0 to 1. */
// @ts-ignore: decorator
@inline
export function packUnorm8(lanes: v128): u32 {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(lanes, f32x4.splat(255))));
    const halves = i16x8.narrow_i32x4_s(whole, whole);
    return i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0);
}

/** Two lanes as int16 x 2, held at the limits, which neighbours share. */
// @ts-ignore: decorator
@inline
export function packInt16(whole: v128): u64 {
    return i64x2.extract_lane(i16x8.narrow_i32x4_s(whole, whole), 0);
}
