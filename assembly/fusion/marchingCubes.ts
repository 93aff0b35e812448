// Triangles of the 256 marching-cubes cases, derived instead of listed. On each face of the cell the contour is cut so
// that separate corners of air stay separate; both cells of a face see the same signs, so they cut it alike and the
// surface has no holes. The segments join to closed loops, and each loop becomes a fan.
//
// Corners are numbered as masks give them: bit 0 is +y, bit 1 is +x, bit 2 is +z. A case has a bit for each corner in air.
// Edges 0-3 run along x, 4-7 along y, 8-11 along z; within each four by the low corner: y + 2 z, x + 2 z, y + 2 x.

import { reserveTable } from "../base/arena";

export const CASES: i32 = 256;
export const EDGES: i32 = 12;
const NO_EDGE: u8 = 255;

/** Bytes of a case's edges: more than its triangles have corners. */
const CASE_BYTES: usize = 32;
/** u8 a case: how many edges its triangles name, three a triangle. */
const counts: usize = reserveTable(256);
/** u8, `CASE_BYTES` a case: the edges that its triangles name. */
const edges: usize = reserveTable(256 * CASE_BYTES);

/** Faces in the border planes of a chunk. */
export const LOW_X: i32 = 0;
export const HIGH_X: i32 = 1;
export const LOW_Z: i32 = 2;
export const HIGH_Z: i32 = 3;
export const FACES: i32 = 6;

/** Two segments of the contour for each face and case, u8 x 2: the edges where a triangle's side begins and where it ends. */
const SEGMENT_BYTES: usize = 2;
const SEGMENT_END: usize = 1;
const segments: usize = reserveTable(4 * 256 * 4);
/** u8 an edge: the one to which the contour runs on. */
const next: usize = reserveTable(16);

/** Returns a face's corners, four bits each from the lowest on, in one sense of rotation as seen from outside. */
function faceCorners(face: i32): u32 {
    switch (face) {
        case LOW_X:
            return 0x1540;
        case HIGH_X:
            return 0x6732;
        case LOW_Z:
            return 0x2310;
        case HIGH_Z:
            return 0x5764;
        case 4:
            return 0x4620;
        default:
            return 0x3751;
    }
}

/**
 * Returns a corner of a face.
 *
 * @param i of any size: corners repeat
 */
export function faceCorner(face: i32, i: i32): u32 {
    return (faceCorners(face) >> ((i & 3) << 2)) & 7;
}

/** Returns the edge between two corners. */
function edgeBetween(a: u32, b: u32): u8 {
    const low = a & b;
    switch (a ^ b) {
        case 1:
            return <u8>(4 + (low >> 1));
        case 2:
            return <u8>((low & 1) | ((low >> 1) & 2));
        default:
            return <u8>(8 + low);
    }
}

/** Returns whether a corner of a face is air. */
function isAir(mask: u32, face: i32, i: i32): bool {
    return ((mask >> faceCorner(face, i)) & 1) !== 0;
}

/** Returns the address of the segments of a face and case. */
@inline
function segmentsOf(face: i32, mask: u32): usize {
    return segments + ((<usize>face << 8) + mask) * (SEGMENT_BYTES * 2);
}

/** Cuts off each run of air corners around the face by one segment, from the edge where it begins to where it ends. */
function cutFace(mask: u32, face: i32): void {
    let found: usize = 0;
    for (let i = 0; i < 4; i++) {
        if (isAir(mask, face, i) || !isAir(mask, face, i + 1)) {
            continue;
        }
        let end = i + 1;
        while (isAir(mask, face, end + 1)) {
            end++;
        }
        const from = edgeBetween(faceCorner(face, i), faceCorner(face, i + 1));
        const to = edgeBetween(faceCorner(face, end), faceCorner(face, end + 1));
        store<u8>(next + from, to);
        if (face <= HIGH_Z) {
            const at = segmentsOf(face, mask) + found * SEGMENT_BYTES;
            store<u8>(at, from);
            store<u8>(at, to, SEGMENT_END);
            found++;
        }
    }
    for (; face <= HIGH_Z && found < 2; found++) {
        store<u8>(segmentsOf(face, mask) + found * SEGMENT_BYTES, NO_EDGE);
    }
}

/** Joins the segments of a case to loops, and the loops to triangles. */
function fillCase(mask: u32): void {
    memory.fill(next, NO_EDGE, 16);
    for (let face = 0; face < FACES; face++) {
        cutFace(mask, face);
    }
    let count: usize = 0;
    const to = edges + <usize>mask * CASE_BYTES;
    for (let start: usize = 0; start < <usize>EDGES; start++) {
        let before = NO_EDGE;
        let edge = <u8>start;
        while (load<u8>(next + edge) !== NO_EDGE) {
            if (before !== NO_EDGE && before !== <u8>start) {
                store<u8>(to + count, <u8>start);
                store<u8>(to + count, before, 1);
                store<u8>(to + count, edge, 2);
                count += 3;
            }
            before = edge;
            edge = load<u8>(next + edge);
            store<u8>(next + before, NO_EDGE);
        }
    }
    store<u8>(counts + mask, <u8>count);
}

for (let mask: u32 = 0; mask < 256; mask++) {
    fillCase(mask);
}

/** Returns how many edges a case's triangles name. */
@inline
export function edgeCount(mask: u32): u32 {
    return load<u8>(counts + mask);
}

/** Returns an edge of a case's triangles. */
@inline
export function edgeAt(mask: u32, i: u32): u32 {
    return load<u8>(edges + <usize>mask * CASE_BYTES + i);
}

/** Returns an edge of segment 0 or 1 of a border face: where it begins (`end` 0) or ends (1). Ask `isSegment` first. */
@inline
export function segmentEdge(face: i32, mask: u32, segment: i32, end: usize): u32 {
    return load<u8>(segmentsOf(face, mask) + <usize>segment * SEGMENT_BYTES + end * SEGMENT_END);
}

/** Returns whether a border face has segment 0 or 1. */
@inline
export function isSegment(face: i32, mask: u32, segment: i32): bool {
    return segmentEdge(face, mask, segment, 0) !== NO_EDGE;
}
