// The triangles between two slices, and where the surface ends at the chunk's border planes.

import { fail, reserve } from "../base/arena";
import { TOO_MANY_CROSSINGS } from "../base/shared";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import { CAVE, MOUTH } from "../caves/caveShape";
import {
    airBytes,
    airSliceBytes,
    coarseAir,
    coarseBytes,
    distanceBytes,
    insideSlice,
    maskBytes,
    maskSlice,
    rows,
} from "../caves/caveSlices";
import { coarseX, firstFineRowAround, firstFineRowOfCell, hasCave, rowsBelow, rowsFrom } from "../caves/coarseCells";
import { surfaceRows } from "../caves/columns";
import { isMappedUnalike } from "../surface/packedIndex";
import {
    indexCount,
    indices,
    needIndices,
    setIndexCount,
    setSplitCount,
    splitCount,
    splitList,
} from "../surface/surface";
import { beginRun, layoutRuns } from "../surface/triangleRuns";
import { LISTED_AT_ONCE, MOST_LISTED } from "./crossedEdges";
import { CASE_EDGES, caseOffsetsOf, coarsePhaseOf, edgeOffsetsOf, phaseOf, slots } from "./fusionSlots";
import { cellSlice } from "./groundCells";
import { edgeCount, HIGH_X, HIGH_Z, isSegment, LOW_X, LOW_Z, segmentEdge } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";

/** An entry of a cell that the surface crosses: bytes to its slots and its case, both u32. */
const CELL_BYTES: usize = 8;
const CELL_CASE: usize = 4;
/** The cells of a layer that the surface crosses. Those that the ground may cross stand apart. */
let caveCells: usize = 0;
let mouthCells: usize = 0;
/** Bytes that each list has at most. */
let mostListed: usize = 0;

/** i32 a cell: the lowest row of its four columns that is above the ground, and the highest; from there up all is air. */
let lowestGround: usize = 0;
let highestGround: usize = 0;

/** Makes room for the lists of cells. */
export function layoutCells(): void {
    lowestGround = reserve(lineBytes);
    highestGround = reserve(lineBytes);
    mostListed = <usize>min(rows * countX, MOST_LISTED) * CELL_BYTES;
    caveCells = reserve(mostListed + <usize>LISTED_AT_ONCE * CELL_BYTES);
    mouthCells = reserve(mostListed + <usize>LISTED_AT_ONCE * CELL_BYTES);
    layoutRuns(countZ);
}

/**
 * Adds the triangles of the fine cells between slices z and z + 1. Returns the end of those below the ground, which come
 * first.
 */
export function addLayer(z: i32, margin: i32, last: i32): i32 {
    const kinds = cellSlice();
    const phase = phaseOf(z);
    const isEnd = z === margin || z === last - 1;
    let caveEnd = caveCells;
    let mouthEnd = mouthCells;
    fillGroundRows(z);
    for (let x = margin; x < last; x++) {
        if (load<u64>(kinds + <usize>x) === 0) {
            x += 7;
            continue;
        }
        const kind = <i32>load<u8>(kinds + <usize>x);
        if ((kind & (MOUTH | CAVE)) === 0) {
            continue;
        }
        const isBorder = isEnd || x === margin || x === last - 1;
        const column = <usize>x * maskBytes;
        const isMouth = (kind & MOUTH) !== 0;
        // Away from mouths the ground is not cut: groundCells.ts lays it over the caves.
        const near = (isMouth ? maskSlice(z) : insideSlice(z)) + column;
        const far = (isMouth ? maskSlice(z + 1) : insideSlice(z + 1)) + column;
        const top = load<i32>(highestGround + (<usize>x << 2));
        const limit = isMouth ? load<i32>(lowestGround + (<usize>x << 2)) - 1 : top;
        const low = firstFineRowOfCell(x, z);
        const begin = caveEnd;
        const beginMouth = mouthEnd;
        // Cells that are neither all rock nor all air.
        let asked = <u32>-1 << (low & 31);
        for (let row = low & ~31; row < top; row += 32, asked = -1) {
            const at = <usize>row >> 3;
            const m00 = load<u64>(near + at);
            const m10 = load<u64>(near + maskBytes + at);
            const m01 = load<u64>(far + at);
            const m11 = load<u64>(far + maskBytes + at);
            const any = m00 | m10 | m01 | m11;
            const all = m00 & m10 & m01 & m11;
            const mixed = <u32>((any | (any >> 1)) & ~(all & (all >> 1))) & asked;
            const first = <u64>(<usize>x * distanceBytes + (at << 5));
            const ground = <u32>rowsFrom(limit - row);
            if (caveEnd - caveCells > mostListed || mouthEnd - mouthCells > mostListed) {
                fail(TOO_MANY_CROSSINGS);
            }
            caveEnd = listCells(mixed & ~ground, first, m00, m10, m01, m11, caveEnd);
            mouthEnd = listCells(mixed & ground, first, m00, m10, m01, m11, mouthEnd);
        }
        if (isBorder) {
            addSegments(begin, caveEnd, phase, x, z, margin, last, 1);
            addSegments(beginMouth, mouthEnd, phase, x, z, margin, last, 1);
        }
    }
    addTriangles(caveCells, caveEnd, phase);
    const end = indexCount;
    beginRun();
    addTriangles(mouthCells, mouthEnd, phase);
    return end;
}

/** Adds the triangles of the coarse cells between slices z and z + 2, but not of those beside fine ones. */
export function addCoarseLayer(z: i32, margin: i32, last: i32): void {
    const phase = coarsePhaseOf(z);
    const isEnd = z === margin || z === last - 2;
    let end = caveCells;
    for (let x = margin; x < last; x += 2) {
        if (!hasCave(x, z)) {
            continue;
        }
        const begin = end;
        end = listCoarseCells(x, z, begin);
        if (isEnd || x === margin || x === last - 2) {
            addSegments(begin, end, phase, x, z, margin, last, 2);
        }
    }
    addTriangles(caveCells, end, phase);
}

/** Lists a column's coarse cells that are neither all rock nor all air. Returns the list's end. */
@inline
function listCoarseCells(x: i32, z: i32, end: usize): usize {
    const p00 = coarseAir(x, z);
    const p10 = p00 + airBytes;
    const p01 = p00 + airSliceBytes;
    const p11 = p01 + airBytes;
    const slot = <usize>coarseX(x) * coarseBytes;
    // From two rows below fine cells on they are transition cells: see transitionCells.ts.
    const limit = min(rows, firstFineRowAround(x, z) - 2);
    for (let row = 0; row < limit; row += 64) {
        const at = <usize>row >> 4;
        const m00 = load<u64>(p00 + at);
        const m10 = load<u64>(p10 + at);
        const m01 = load<u64>(p01 + at);
        const m11 = load<u64>(p11 + at);
        const any = m00 | m10 | m01 | m11;
        const all = m00 & m10 & m01 & m11;
        const mixed = <u32>((any | (any >> 1)) & ~(all & (all >> 1))) & rowsBelow(limit - row);
        const first = <u64>(slot + (<usize>row << 1));
        if (end - caveCells > mostListed) {
            fail(TOO_MANY_CROSSINGS);
        }
        end = listCells(mixed, first, m00, m10, m01, m11, end);
    }
    return end;
}

/** Fills `lowestGround` and `highestGround` for a layer of cells. */
@inline
function fillGroundRows(z: i32): void {
    const near = surfaceRows + <usize>z * lineBytes;
    for (let at: usize = 0; at < lineBytes; at += 16) {
        const a = v128.load(near + at);
        const b = v128.load(near + at, 4);
        const c = v128.load(near + lineBytes + at);
        const d = v128.load(near + lineBytes + at, 4);
        v128.store(lowestGround + at, i32x4.min_s(i32x4.min_s(a, b), i32x4.min_s(c, d)));
        v128.store(highestGround + at, i32x4.max_s(i32x4.max_s(a, b), i32x4.max_s(c, d)));
    }
}

/**
 * Lists cells above one another. Returns the list's end.
 *
 * @param mixed a bit each
 * @param first the list's entry of the first, without its case
 */
@inline
function listCells(mixed: u32, first: u64, m00: u64, m10: u64, m01: u64, m11: u64, end: usize): usize {
    for (; mixed !== 0; mixed &= mixed - 1, end += CELL_BYTES) {
        const row = <u64>ctz(mixed);
        store<u64>(end, (first + (row << 2)) | (caseOf(row, m00, m10, m01, m11) << 32));
    }
    return end;
}

/** Returns the address of a listed cell's slot. */
@inline
function slotOfCell(cell: usize): usize {
    return slots + <usize>load<u32>(cell);
}

/** Returns a listed cell's case of marching cubes. */
@inline
function caseOfCell(cell: usize): u32 {
    return load<u32>(cell, CELL_CASE);
}

/** Returns the case of a cell from the masks of its four columns. */
@inline
function caseOf(row: u64, m00: u64, m10: u64, m01: u64, m11: u64): u64 {
    return (
        ((m00 >> row) & 3) |
        (((m10 >> row) & 3) << 2) |
        (((m01 >> row) & 3) << 4) |
        (((m11 >> row) & 3) << 6)
    );
}

/** Adds the triangles of listed cells. */
function addTriangles(cells: usize, end: usize, phase: i32): void {
    // Two triangles more are written than the last cell has.
    needIndices((<i32>((end - cells) / CELL_BYTES) + 1) * <i32>CASE_EDGES);
    const table = caseOffsetsOf(phase);
    let to = indices + (<usize>indexCount << 2);
    let split = splitList + (<usize>splitCount << 2);
    for (let cell = cells; cell < end; cell += CELL_BYTES) {
        const slot = slotOfCell(cell);
        const mask = caseOfCell(cell);
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
            split += <usize>(<i32>isMappedUnalike(a, b, c)) << 2;
            store<u32>(split, first + 3);
            split += <usize>(<i32>isMappedUnalike(d, e, f) & <i32>(to + 12 < cellEnd)) << 2;
            to += 24;
            from += 24;
        } while (to < cellEnd);
        to = cellEnd;
    }
    setIndexCount(<i32>((to - indices) >> 2));
    setSplitCount(<i32>((split - splitList) >> 2));
}

/**
 * Adds skirts' segments where listed cells lie at the chunk's border.
 *
 * @param step samples a cell
 */
function addSegments(begin: usize, end: usize, phase: i32, x: i32, z: i32, margin: i32, last: i32, step: i32): void {
    for (let cell = begin; cell < end; cell += CELL_BYTES) {
        const slot = slotOfCell(cell);
        const mask = caseOfCell(cell);
        if (x === margin) {
            addFaceSegments(LOW_X, mask, slot, phase);
        }
        if (x === last - step) {
            addFaceSegments(HIGH_X, mask, slot, phase);
        }
        if (z === margin) {
            addFaceSegments(LOW_Z, mask, slot, phase);
        }
        if (z === last - step) {
            addFaceSegments(HIGH_Z, mask, slot, phase);
        }
    }
}

/** Adds the segments of a face of a cell. */
function addFaceSegments(face: i32, mask: u32, slot: usize, phase: i32): void {
    const offsets = edgeOffsetsOf(phase);
    for (let i = 0; i < 2 && isSegment(face, mask, i); i++) {
        const from = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 0) << 2));
        const to = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 1) << 2));
        addSkirtSegment(face, load<u32>(slot + from), load<u32>(slot + to));
    }
}
