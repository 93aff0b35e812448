// The triangles between two slices, and where the surface ends at the chunk's border planes.

import { reserve } from "./arena";
import { distanceBytes, maskBytes, maskSlice, rows } from "./caveSlices";
import { caseOffsetsOf, CASE_EDGES, edgeOffsetsOf, slots } from "./fusionSlots";
import { countX } from "./grid";
import { edgeCount, HIGH_X, HIGH_Z, isSegment, LOW_X, LOW_Z, segmentEdge } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";
import { indexCount, indices, MAPPED_ALIKE, needIndices, setIndexCount, splitCount, splitList, setSplitCount } from "./surface";

/** The cells of a layer that the surface crosses, in u64: bytes to their slots in the low half, their case in the high half. */
let cells: usize = 0;

export function layoutCells(): void {
    cells = reserve(<usize>(rows * countX) << 3);
}

/** The cells between slices z and z + 1. */
export function addLayer(z: i32, margin: i32, last: i32): void {
    const near = maskSlice(z);
    const far = maskSlice(z + 1);
    const parity = <usize>(z & 1);
    const isEnd = z === margin || z === last - 1;
    let end = cells;
    for (let x = margin; x < last; x++) {
        const p00 = near + <usize>x * maskBytes;
        const p01 = far + <usize>x * maskBytes;
        const begin = end;
        for (let at: usize = 0; at < <usize>rows >> 3; at += 4) {
            const m00 = load<u64>(p00 + at);
            const m10 = load<u64>(p00 + maskBytes + at);
            const m01 = load<u64>(p01 + at);
            const m11 = load<u64>(p01 + maskBytes + at);
            const any = m00 | m10 | m01 | m11;
            const all = m00 & m10 & m01 & m11;
            let mixed = <u32>((any | (any >> 1)) & ~(all & (all >> 1)));
            const first = <u64>(<usize>x * distanceBytes + (at << 5));
            for (; mixed !== 0; mixed &= mixed - 1, end += 8) {
                const row = <u64>ctz(mixed);
                store<u64>(end, (first + (row << 2)) | (caseOf(row, m00, m10, m01, m11) << 32));
            }
        }
        if (isEnd || x === margin || x === last - 1) {
            addSegments(begin, end, parity, x, z, margin, last);
        }
    }
    addTriangles(end, parity);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function caseOf(row: u64, m00: u64, m10: u64, m01: u64, m11: u64): u64 {
    return (
        ((m00 >> row) & 3) |
        (((m10 >> row) & 3) << 2) |
        (((m01 >> row) & 3) << 4) |
        (((m11 >> row) & 3) << 6)
    );
}

function addTriangles(end: usize, parity: usize): void {
    needIndices(<i32>((end - cells) >> 3) * <i32>CASE_EDGES);
    const table = caseOffsetsOf(parity);
    let to = indices + (<usize>indexCount << 2);
    let split = splitList + (<usize>splitCount << 2);
    for (let cell = cells; cell < end; cell += 8) {
        const slot = slots + <usize>load<u32>(cell);
        const mask = load<u32>(cell, 4);
        let from = table + (<usize>mask * CASE_EDGES << 2);
        const cellEnd = to + (<usize>edgeCount(mask) << 2);
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
            const first = <u32>(to - indices) >> 2;
            store<u32>(split, first);
            split += <usize>(<i32>(((a ^ b) | (a ^ c)) > MAPPED_ALIKE)) << 2;
            store<u32>(split, first + 3);
            split += <usize>(<i32>(((d ^ e) | (d ^ f)) > MAPPED_ALIKE) & <i32>(to + 12 < cellEnd)) << 2;
            to += 24;
            from += 24;
        } while (to < cellEnd);
        to = cellEnd;
    }
    setIndexCount(<i32>((to - indices) >> 2));
    setSplitCount(<i32>((split - splitList) >> 2));
}

function addSegments(begin: usize, end: usize, parity: usize, x: i32, z: i32, margin: i32, last: i32): void {
    for (let cell = begin; cell < end; cell += 8) {
        const slot = slots + <usize>load<u32>(cell);
        const mask = load<u32>(cell, 4);
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
    }
}

function addFaceSegments(face: i32, mask: u32, slot: usize, parity: usize): void {
    const offsets = edgeOffsetsOf(parity);
    for (let i = 0; i < 2 && isSegment(face, mask, i); i++) {
        const from = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 0) << 2));
        const to = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 1) << 2));
        addSkirtSegment(load<u32>(slot + from), load<u32>(slot + to));
    }
}
