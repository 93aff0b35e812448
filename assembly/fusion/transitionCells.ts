// Transition cells: coarse cells beside fine ones, or below. A face that a fine cell shares is cut on all its samples, as that cell
// cuts it, an edge likewise; on the others the samples between do not count. Contours on the faces join to loops, as in
// marchingCubes.ts, only that loops are longer: those of more than four vertices become fans around their middle.
//
// Within a cell samples have codes, i + 5 j + 25 k along x, rows and z, each from 0 to 2. An edge is named by the sum of its
// ends' codes, which no other edge has, whether it is one sample long or two; the middle of two samples is half that sum.

import { reserve, reserveTable } from "../base/arena";
import { coarseAir, coarseBytes, distanceBytes, insideSlice, maskBytes, rows } from "../caves/caveSlices";
import { coarseX, firstFineRow, firstFineRowAround, firstFineRowOfCell, hasCave, rowsFrom } from "../caves/coarseCells";
import { isMappedUnalike } from "../surface/packedIndex";
import { addSplit, addTriangle, indexCount, needIndices } from "../surface/surface";
import { draftMiddle, finishMiddles } from "./caveVertices";
import { ALONG_X, ALONG_Y, ALONG_Z, coarseSlotsOf, slotsOf } from "./fusionSlots";
import { faceCorner, FACES, HIGH_X, HIGH_Z, LOW_X, LOW_Z } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";

const UP: i32 = 5;
const EDGES: i32 = 125;
const NO_EDGE: u8 = 255;

/** u8 a sample, by its code: 1 in air. */
const air: usize = reserveTable(64);
/** i32 a column, by the code of its lowest sample: the row from which on fine cells touch it. */
const fineRows: usize = reserveTable(256);
/** u8 an edge: the one to which the contour runs on. Following it clears it. */
const next: usize = reserveTable(128);
memory.fill(next, NO_EDGE, 128);
/** u64 a column: a bit each of 64 rows. */
const words: usize = reserveTable(72);
/** u8: codes of the samples around a face, or around a quarter of it. */
const outline: usize = reserveTable(8);
/** The lowest and the highest edge that a contour meets, which bound the search for loops. */
let firstEdge: i32 = 0;
let lastEdge: i32 = 0;

/** u32: the loops of a column of cells. Of a loop: how many vertices it has; the one in its middle; then each. */
const LOOP_MIDDLE: usize = 4;
const LOOP_CORNERS: usize = 8;
let loops: usize = 0;
let loopsEnd: usize = 0;

/** The present cell. */
let cellX: i32 = 0;
let cellRow: i32 = 0;
let cellZ: i32 = 0;
/** Faces in the chunk's border planes, a bit each. */
let borders: i32 = 0;

/** Makes room for the loops of a column of cells. */
export function layoutTransitionCells(): void {
    // No cell has more than 40 edges, nor more loops than a third of that; a word more is kept in each.
    loops = reserve(<usize>(rows >> 1) * 80 * 4);
}

/** Adds the triangles of the transition cells between slices z and z + 2. */
export function addTransitionCells(z: i32, margin: i32, last: i32): void {
    for (let x = margin; x < last; x += 2) {
        if (hasCave(x, z) && firstFineRowAround(x, z) < rows) {
            borders =
                (x === margin ? 1 << LOW_X : 0) |
                (x === last - 2 ? 1 << HIGH_X : 0) |
                (z === margin ? 1 << LOW_Z : 0) |
                (z === last - 2 ? 1 << HIGH_Z : 0);
            addColumn(x, z);
        }
    }
}

/** Adds the cells above one another. */
function addColumn(x: i32, z: i32): void {
    cellX = x;
    cellZ = z;
    loopsEnd = loops;
    for (let column = 0; column < 9; column++) {
        store<i32>(fineRows + (<usize>codeOfColumn(column) << 2), firstFineRow(x + (column % 3), z + column / 3));
    }
    // Below that row they are coarse as all around; from the other one on they are fine.
    const low = firstFineRowAround(x, z) - 2;
    const end = min(firstFineRowOfCell(x, z), rows);
    for (let row = max(0, low) & ~31; row < end; row += 32) {
        let any: u64 = 0;
        let all: u64 = -1;
        for (let column = 0; column < 9; column++) {
            const bits = bitsOf(column, row);
            store<u64>(words + (<usize>column << 3), bits);
            const from = load<i32>(fineRows + (<usize>codeOfColumn(column) << 2)) - row;
            // A cell's lowest samples, those in its middle, and its highest, as far as they count.
            const middle = rowsFrom(from);
            const lowest = isCorner(column) ? -1 : middle;
            const highest = isCorner(column) ? -1 : rowsFrom(from - 2);
            any |= (bits & lowest) | ((bits >> 1) & middle) | ((bits >> 2) & highest);
            all &= (bits | ~lowest) & ((bits >> 1) | ~middle) & ((bits >> 2) | ~highest);
        }
        const asked = rowsFrom(low - row) & ~rowsFrom(end - row);
        for (let mixed = <u32>(any & ~all & asked & EVEN_ROWS); mixed !== 0; mixed &= mixed - 1) {
            addCell(row + <i32>ctz(mixed), ctz(mixed));
        }
    }
    if (loopsEnd !== loops) {
        finishMiddles();
        addLoops();
    }
}

/** Returns the code of the lowest sample of a column of a cell. Columns are numbered along x, then z. */
@inline
function codeOfColumn(column: i32): i32 {
    return (column % 3) + 25 * (column / 3);
}

/** Returns whether a column lies at a corner of its cell. */
@inline
function isCorner(column: i32): bool {
    return ((0x145 >> column) & 1) !== 0;
}

/**
 * Returns which samples of a column are cave air, a bit a row from `row` on, a multiple of 32. Those between the samples of
 * coarse cells are as fine cells have them.
 */
function bitsOf(column: i32, row: i32): u64 {
    const x = cellX + (column % 3);
    const z = cellZ + column / 3;
    const bits = load<u64>(insideSlice(z) + <usize>x * maskBytes + (<usize>row >> 3));
    if (!isCorner(column)) {
        return bits;
    }
    return (bits & ~EVEN_ROWS) | spread(load<u32>(coarseAir(x, z) + (<usize>row >> 4)));
}

const EVEN_ROWS: u64 = 0x5555555555555555;

/** Returns bits with one between each. */
function spread(bits: u32): u64 {
    let sparse = <u64>bits;
    sparse = (sparse | (sparse << 16)) & 0x0000ffff0000ffff;
    sparse = (sparse | (sparse << 8)) & 0x00ff00ff00ff00ff;
    sparse = (sparse | (sparse << 4)) & 0x0f0f0f0f0f0f0f0f;
    sparse = (sparse | (sparse << 2)) & 0x3333333333333333;
    return (sparse | (sparse << 1)) & EVEN_ROWS;
}

/**
 * Cuts the faces of a cell, and keeps its loops.
 *
 * @param bit of its row in `words`
 */
function addCell(row: i32, bit: u32): void {
    cellRow = row;
    for (let column = 0; column < 9; column++) {
        const bits = <u32>(load<u64>(words + (<usize>column << 3)) >> <u64>bit);
        const at = air + <usize>codeOfColumn(column);
        store<u8>(at, <u8>(bits & 1));
        store<u8>(at + UP, <u8>((bits >> 1) & 1));
        store<u8>(at + UP * 2, <u8>((bits >> 2) & 1));
    }
    firstEdge = EDGES;
    lastEdge = -1;
    for (let face = 0; face < FACES; face++) {
        const middle = (cornerOf(face, 0) + cornerOf(face, 2)) >> 1;
        if (isWhole(middle)) {
            cutQuarters(face, middle);
        } else {
            cutWhole(face);
        }
    }
    followLoops();
}

/** Returns the code of a face's corner. */
@inline
function cornerOf(face: i32, i: i32): i32 {
    const corner = <i32>faceCorner(face, i);
    return (corner & 1) * 2 * UP + ((corner >> 1) & 1) * 2 + (corner >> 2) * 50;
}

/** Returns whether the sample in the middle of an edge or a face counts, since a fine cell touches it. */
@inline
function isWhole(code: i32): bool {
    const up = (code % 25) / UP;
    return cellRow + (up & 2) >= load<i32>(fineRows + (<usize>(code - up * UP) << 2));
}

/** Cuts a face whose middle does not count. */
function cutWhole(face: i32): void {
    let count = 0;
    for (let i = 0; i < 4; i++) {
        const corner = cornerOf(face, i);
        store<u8>(outline + count++, <u8>corner);
        const middle = (corner + cornerOf(face, i + 1)) >> 1;
        if (isWhole(middle)) {
            store<u8>(outline + count++, <u8>middle);
        }
    }
    cutOutline(face, count);
}

/** Cuts a face in four, as fine cells do. */
function cutQuarters(face: i32, middle: i32): void {
    for (let i = 0; i < 4; i++) {
        const corner = cornerOf(face, i);
        store<u8>(outline, <u8>corner);
        store<u8>(outline, <u8>((corner + cornerOf(face, i + 1)) >> 1), 1);
        store<u8>(outline, <u8>middle, 2);
        store<u8>(outline, <u8>((corner + cornerOf(face, i + 3)) >> 1), 3);
        cutOutline(face, 4);
    }
}

/** Cuts off each run of air around the outline by one segment, from the edge where it begins to where it ends. */
function cutOutline(face: i32, count: i32): void {
    for (let i = 0; i < count; i++) {
        if (isAir(i, count) || !isAir(i + 1, count)) {
            continue;
        }
        let end = i + 1;
        while (isAir(end + 1, count)) {
            end++;
        }
        const from = edgeAfter(i, count);
        const to = edgeAfter(end, count);
        store<u8>(next + from, <u8>to);
        firstEdge = min(firstEdge, from);
        lastEdge = max(lastEdge, from);
        if (((borders >> face) & 1) !== 0) {
            addSkirtSegment(face, vertexOn(from), vertexOn(to));
        }
    }
}

/** Returns the code of a sample of the outline. */
@inline
function codeAt(i: i32, count: i32): i32 {
    return <i32>load<u8>(outline + (i >= count ? i - count : i));
}

/** Returns whether a sample of the outline is air. */
@inline
function isAir(i: i32, count: i32): bool {
    return load<u8>(air + codeAt(i, count)) !== 0;
}

/** Returns the edge from a sample of the outline to the next. */
@inline
function edgeAfter(i: i32, count: i32): i32 {
    return codeAt(i, count) + codeAt(i + 1, count);
}

/** Keeps the loops of the present cell, and drafts the middles of the long ones. */
function followLoops(): void {
    for (let start = firstEdge; start <= lastEdge; start++) {
        if (load<u8>(next + start) === NO_EDGE) {
            continue;
        }
        const to = loopsEnd + LOOP_CORNERS;
        let count = 0;
        for (let edge = start; load<u8>(next + edge) !== NO_EDGE;) {
            store<u32>(to + (<usize>count << 2), vertexOn(edge));
            count++;
            const before = edge;
            edge = load<u8>(next + edge);
            store<u8>(next + before, NO_EDGE);
        }
        store<u32>(loopsEnd, count);
        if (count > 4) {
            draftMiddle(to, count, loopsEnd + LOOP_MIDDLE);
        }
        loopsEnd = to + (<usize>count << 2);
    }
}

/** Returns what the slot of an edge of the present cell holds. */
function vertexOn(edge: i32): u32 {
    const x = edge % 5;
    const y = (edge / UP) % 5;
    const z = edge / 25;
    let at: usize;
    if (((x | y | z) & 1) === 0) {
        // Two samples long: along the axis where the ends' sum is neither 0 nor 4.
        const axis = x === 2 ? ALONG_X : y === 2 ? ALONG_Y : ALONG_Z;
        at = coarseSlotsOf(axis, axis === ALONG_Z ? cellZ : cellZ + (z >> 1));
        at += <usize>(coarseX(cellX) + (x >> 2)) * coarseBytes + (<usize>((cellRow >> 1) + (y >> 2)) << 2);
    } else {
        const axis = (x & 1) !== 0 ? ALONG_X : (y & 1) !== 0 ? ALONG_Y : ALONG_Z;
        at = slotsOf(axis, cellZ + (z >> 1));
        at += <usize>(cellX + (x >> 1)) * distanceBytes + (<usize>(cellRow + (y >> 1)) << 2);
    }
    return load<u32>(at);
}

/** Adds the triangles of the loops that are kept. */
function addLoops(): void {
    for (let loop = loops; loop < loopsEnd;) {
        const count = load<u32>(loop);
        const middle = loop + LOOP_MIDDLE;
        const corners = loop + LOOP_CORNERS;
        loop = corners + (<usize>count << 2);
        needIndices(<i32>count * 3);
        if (count <= 4) {
            for (let i: u32 = 2; i < count; i++) {
                addTransitionTriangle(load<u32>(corners), cornerAt(corners, i - 1), cornerAt(corners, i));
            }
        } else {
            for (let i: u32 = 0; i < count; i++) {
                addTransitionTriangle(cornerAt(corners, i), cornerAt(corners, i + 1 < count ? i + 1 : 0), load<u32>(middle));
            }
        }
    }
}

/** Returns a vertex of a loop. */
@inline
function cornerAt(corners: usize, i: u32): u32 {
    return load<u32>(corners + (<usize>i << 2));
}

/** Adds a triangle, and lists it where its corners are mapped differently. */
function addTransitionTriangle(a: u32, b: u32, c: u32): void {
    if (isMappedUnalike(a, b, c)) {
        addSplit(indexCount);
    }
    addTriangle(a, b, c);
}
