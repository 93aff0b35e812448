// The triangles between two slices, and where the surface ends at the chunk's border planes.

import { reserve } from "./arena";
import { CAVE, MOUTH } from "./caveShape";
import { distanceBytes, insideSlice, maskBytes, maskSlice, rows } from "./caveSlices";
import { caseOffsetsOf, CASE_EDGES, edgeOffsetsOf, slots } from "./fusionSlots";
import { countX, countZ } from "./grid";
import { cellSlice } from "./groundCells";
import { edgeCount, HIGH_X, HIGH_Z, isSegment, LOW_X, LOW_Z, segmentEdge } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";
import { indexCount, indices, MAPPED_ALIKE, needIndices, setIndexCount, splitCount, splitList, setSplitCount } from "./surface";

/**
 * The cells of a layer that the surface crosses, in u64: bytes to their slots in the low half, their case in the high half.
 * Those where the ground is cut stand apart.
 */
let caveCells: usize = 0;
let mouthCells: usize = 0;

/** u32: the first index of each layer's triangles in cells of caves alone, in cells of mouths, and of its ground; then the end. */
export let runs: usize = 0;
export let runsEnd: usize = 0;

export function layoutCells(): void {
    caveCells = reserve(<usize>(rows * countX) << 3);
    mouthCells = reserve(<usize>(rows * countX) << 3);
    runs = reserve(<usize>(countZ * 3 + 1) << 2);
    runsEnd = runs;
}

/** Begins a run of triangles, which ends where the next begins. */
export function beginRun(): void {
    store<u32>(runsEnd, indexCount);
    runsEnd += 4;
}

/** The cells between slices z and z + 1. Returns the index behind those that lie in caves alone, which come first. */
export function addLayer(z: i32, margin: i32, last: i32): i32 {
    const kinds = cellSlice();
    const parity = <usize>(z & 1);
    const isEnd = z === margin || z === last - 1;
    let caveEnd = caveCells;
    let mouthEnd = mouthCells;
    for (let x = margin; x < last; x++) {
        const kind = <i32>load<u8>(kinds + <usize>x);
        if ((kind & (MOUTH | CAVE)) === 0) {
            continue;
        }
        const isBorder = isEnd || x === margin || x === last - 1;
        const column = <usize>x * maskBytes;
        // Away from mouths the ground is not cut: groundCells.ts lays it over the caves.
        if ((kind & MOUTH) !== 0) {
            const begin = mouthEnd;
            mouthEnd = listCells(maskSlice(z) + column, maskSlice(z + 1) + column, x, begin);
            if (isBorder) {
                addSegments(begin, mouthEnd, parity, x, z, margin, last);
            }
        } else {
            const begin = caveEnd;
            caveEnd = listCells(insideSlice(z) + column, insideSlice(z + 1) + column, x, begin);
            if (isBorder) {
                addSegments(begin, caveEnd, parity, x, z, margin, last);
            }
        }
    }
    beginRun();
    addTriangles(caveCells, caveEnd, parity);
    const end = indexCount;
    beginRun();
    addTriangles(mouthCells, mouthEnd, parity);
    return end;
}

/** Lists the cells above one another that are neither all rock nor all air. Returns the list's end. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function listCells(p00: usize, p01: usize, x: i32, end: usize): usize {
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
    return end;
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

function addTriangles(cells: usize, end: usize, parity: usize): void {
    // Two triangles more are written than the last cell has.
    needIndices((<i32>((end - cells) >> 3) + 1) * <i32>CASE_EDGES);
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
