// The triangles between two slices, and where the surface ends at the chunk's border planes.

import { reserve } from "./arena";
import { distanceBytes, maskBytes, maskSlice, rows } from "./caveSlices";
import { caseOffsetsOf, CASE_EDGES, edgeOffsetsOf, slots } from "./fusionSlots";
import { edgeCount, HIGH_X, HIGH_Z, isSegment, LOW_X, LOW_Z, segmentEdge } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";
import { indexCount, indices, INDEX_MASK, needIndices, setIndexCount, splitCount, splitList, setSplitCount } from "./surface";

/** The cells between slices z and z + 1. */
export function addLayer(z: i32, margin: i32, last: i32): void {
    const near = maskSlice(z);
    const far = maskSlice(z + 1);
    const parity = <usize>(z & 1);
    for (let x = margin; x < last; x++) {
        const p00 = near + <usize>x * maskBytes;
        const p01 = far + <usize>x * maskBytes;
        const isBorder = x === margin || x === last - 1 || z === margin || z === last - 1;
        for (let at: usize = 0; at < <usize>rows >> 3; at += 4) {
            const m00 = load<u64>(p00 + at);
            const m10 = load<u64>(p00 + maskBytes + at);
            const m01 = load<u64>(p01 + at);
            const m11 = load<u64>(p01 + maskBytes + at);
            const any = m00 | m10 | m01 | m11;
            const all = m00 & m10 & m01 & m11;
            const mixed = <u32>((any | (any >> 1)) & ~(all & (all >> 1)));
            if (mixed !== 0) {
                const cell = slots + <usize>x * distanceBytes + (at << 5);
                addTriangles(mixed, m00, m10, m01, m11, cell, parity);
                if (isBorder) {
                    addSegments(mixed, m00, m10, m01, m11, cell, parity, x, z, margin, last);
                }
            }
        }
    }
}

// @ts-ignore: decorator
@inline
function caseOf(row: u64, m00: u64, m10: u64, m01: u64, m11: u64): u32 {
    return <u32>(
        ((m00 >> row) & 3) |
        (((m10 >> row) & 3) << 2) |
        (((m01 >> row) & 3) << 4) |
        (((m11 >> row) & 3) << 6)
    );
}

function addTriangles(mixed: u32, m00: u64, m10: u64, m01: u64, m11: u64, cell: usize, parity: usize): void {
    needIndices(popcnt(mixed) * <i32>CASE_EDGES);
    const table = caseOffsetsOf(parity);
    const begin = indices + (<usize>indexCount << 2);
    let to = begin;
    let split = splitList + (<usize>splitCount << 2);
    do {
        const row = ctz(mixed);
        mixed &= mixed - 1;
        const mask = caseOf(row, m00, m10, m01, m11);
        let from = table + (<usize>mask * CASE_EDGES << 2);
        const slot = cell + (<usize>row << 2);
        const end = to + (<usize>edgeCount(mask) << 2);
        // Most cases have two triangles: two are written whatever the case, which the processor need not guess.
        do {
            const a = load<u32>(slot + load<i32>(from));
            const b = load<u32>(slot + load<i32>(from, 4));
            const c = load<u32>(slot + load<i32>(from, 8));
            const d = load<u32>(slot + load<i32>(from, 12));
            const e = load<u32>(slot + load<i32>(from, 16));
            const f = load<u32>(slot + load<i32>(from, 20));
            store<u32>(to, a);
            store<u32>(to, b, 4);
            store<u32>(to, c, 8);
            store<u32>(to, d, 12);
            store<u32>(to, e, 16);
            store<u32>(to, f, 20);
            // Triangles whose corners are mapped differently are listed, again without a branch.
            store<u32>(split, <u32>(to - indices) >> 2);
            split += <usize>(<i32>(((a ^ b) | (a ^ c)) > INDEX_MASK)) << 2;
            store<u32>(split, (<u32>(to - indices) >> 2) + 3);
            split += <usize>(<i32>(((d ^ e) | (d ^ f)) > INDEX_MASK) & <i32>(to + 12 < end)) << 2;
            to += 24;
            from += 24;
        } while (to < end);
        to = end;
    } while (mixed !== 0);
    setIndexCount(<i32>((to - indices) >> 2));
    setSplitCount(<i32>((split - splitList) >> 2));
}

function addSegments(
    mixed: u32,
    m00: u64,
    m10: u64,
    m01: u64,
    m11: u64,
    cell: usize,
    parity: usize,
    x: i32,
    z: i32,
    margin: i32,
    last: i32,
): void {
    do {
        const row = ctz(mixed);
        mixed &= mixed - 1;
        const mask = caseOf(row, m00, m10, m01, m11);
        const slot = cell + (<usize>row << 2);
        if (x === margin) {
            addFaceSegments(LOW_X, mask, slot, parity);
        }
        if (x === last - 1) {
            addFaceSegments(HIGH_X, mask, slot, parity);
        }
        if (z === margin) {
            addFaceSegments(LOW_Z, mask, slot, parity);
        }
        if (z === last - 1) {
            addFaceSegments(HIGH_Z, mask, slot, parity);
        }
    } while (mixed !== 0);
}

function addFaceSegments(face: i32, mask: u32, slot: usize, parity: usize): void {
    const offsets = edgeOffsetsOf(parity);
    for (let i = 0; i < 2 && isSegment(face, mask, i); i++) {
        const from = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 0) << 2));
        const to = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 1) << 2));
        addSkirtSegment(load<u32>(slot + from), load<u32>(slot + to));
    }
}
