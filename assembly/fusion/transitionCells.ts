// Seams: wide cells beside narrow ones, or below. A face that a narrow cell shares is cut on all its samples, as that cell
// cuts it, an edge likewise; on the others the samples between do not count. Contours on the faces join to loops, as in
// marchingCubes.ts, only that loops are longer: those of more than four vertices become fans around their middle.
//
// Within a cell samples have codes, i + 5 j + 25 k along x, rows and z, each from 0 to 2. An edge is named by the sum of its
// ends' codes, which no other edge has, whether it is one sample long or two; the middle of two samples is half that sum.

import { reserve, reserveTable } from "../base/arena";
import { distanceBytes, insideSlice, maskBytes, rows, wideAir, wideBytes } from "../caves/caveSlices";
import { ALONG_X, ALONG_Y, ALONG_Z, slotsOf, wideSlotsOf } from "./fusionSlots";
import { draftMiddle, finishMiddles } from "./caveVertices";
import { FACES, faceCorner, HIGH_X, HIGH_Z, LOW_X, LOW_Z } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";
import { isMappedUnalike } from "../surface/packedIndex";
import { addSplit, addTriangle, indexCount, needIndices } from "../surface/surface";
import { hasCave, lowAround, lowOf, lowOfCell, rowsFrom, wideOf } from "../caves/coarseCells";

const UP: i32 = 5;
const EDGES: i32 = 125;
const NO_EDGE: u8 = 255;

/** u8 a sample, by its code: 1 in air. */
const air: usize = reserveTable(64);
/** i32 a column, by the code of its lowest sample: the row from which on narrow cells touch it. */
const lows: usize = reserveTable(256);
/** u8 an edge: that to which the contour runs on. Who follows it leaves none behind. */
const next: usize = reserveTable(128);
memory.fill(next, NO_EDGE, 128);
/** u64 a column: a bit each of 64 rows. */
const words: usize = reserveTable(72);
/** u8: codes of the samples around a face, or a quarter of it. */
const ring: usize = reserveTable(8);
/** The lowest and the highest edge that a contour meets, which bound the search for loops. */
let firstEdge: i32 = 0;
let lastEdge: i32 = 0;

/** u32: the loops of a column of cells. Of a loop: how many vertices it has; the one in its middle; then each. */
const LOOP_MIDDLE: usize = 4;
const LOOP_CORNERS: usize = 8;
let loops: usize = 0;
let loopsEnd: usize = 0;

/** The cell at hand. */
let cellX: i32 = 0;
let cellRow: i32 = 0;
let cellZ: i32 = 0;
/** Faces in the chunk's border planes, a bit each. */
let borders: i32 = 0;

export function layoutSeams(): void {
    // No cell has more than 40 edges, nor more loops than a third of that; a word more is kept in each.
    loops = reserve(<usize>(rows >> 1) * 80 * 4);
}

/** Triangles of the seam cells between slices z and z + 2. */
export function addSeamCells(z: i32, margin: i32, last: i32): void {
    for (let x = margin; x < last; x += 2) {
        if (hasCave(x, z) && lowAround(x, z) < rows) {
            borders =
                (x === margin ? 1 << LOW_X : 0) |
                (x === last - 2 ? 1 << HIGH_X : 0) |
                (z === margin ? 1 << LOW_Z : 0) |
                (z === last - 2 ? 1 << HIGH_Z : 0);
            addColumn(x, z);
        }
    }
}

/** The cells above one another. */
function addColumn(x: i32, z: i32): void {
    cellX = x;
    cellZ = z;
    loopsEnd = loops;
    for (let column = 0; column < 9; column++) {
        store<i32>(lows + (<usize>codeOfColumn(column) << 2), lowOf(x + (column % 3), z + column / 3));
    }
    // Below they are wide as all around, from the other row on narrow.
    const low = lowAround(x, z) - 2;
    const end = min(lowOfCell(x, z), rows);
    for (let row = max(0, low) & ~31; row < end; row += 32) {
        let any: u64 = 0;
        let all: u64 = -1;
        for (let column = 0; column < 9; column++) {
            const bits = bitsOf(column, row);
            store<u64>(words + (<usize>column << 3), bits);
            const from = load<i32>(lows + (<usize>codeOfColumn(column) << 2)) - row;
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

/** Code of the lowest sample of a column of a cell: they are numbered along x, then z. */
@inline
function codeOfColumn(column: i32): i32 {
    return (column % 3) + 25 * (column / 3);
}

@inline
function isCorner(column: i32): bool {
    return ((0x145 >> column) & 1) !== 0;
}

/** A bit a row, from `row` on, a multiple of 32. What lies between the samples of wide cells is as narrow cells have it. */
function bitsOf(column: i32, row: i32): u64 {
    const x = cellX + (column % 3);
    const z = cellZ + column / 3;
    const bits = load<u64>(insideSlice(z) + <usize>x * maskBytes + (<usize>row >> 3));
    if (!isCorner(column)) {
        return bits;
    }
    return (bits & ~EVEN_ROWS) | spread(load<u32>(wideAir(x, z) + (<usize>row >> 4)));
}

const EVEN_ROWS: u64 = 0x5555555555555555;

/** Bits with one between each. */
function spread(bits: u32): u64 {
    let wide = <u64>bits;
    wide = (wide | (wide << 16)) & 0x0000ffff0000ffff;
    wide = (wide | (wide << 8)) & 0x00ff00ff00ff00ff;
    wide = (wide | (wide << 4)) & 0x0f0f0f0f0f0f0f0f;
    wide = (wide | (wide << 2)) & 0x3333333333333333;
    return (wide | (wide << 1)) & EVEN_ROWS;
}

/** @param bit of its row in `words` */
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

/** Code of a face's corner. */
@inline
function cornerOf(face: i32, i: i32): i32 {
    const corner = <i32>faceCorner(face, i);
    return (corner & 1) * 2 * UP + ((corner >> 1) & 1) * 2 + (corner >> 2) * 50;
}

/** Whether the sample in the middle of an edge or a face counts: a narrow cell touches that. */
@inline
function isWhole(code: i32): bool {
    const up = (code % 25) / UP;
    return cellRow + (up & 2) >= load<i32>(lows + (<usize>(code - up * UP) << 2));
}

function cutWhole(face: i32): void {
    let count = 0;
    for (let i = 0; i < 4; i++) {
        const corner = cornerOf(face, i);
        store<u8>(ring + count++, <u8>corner);
        const middle = (corner + cornerOf(face, i + 1)) >> 1;
        if (isWhole(middle)) {
            store<u8>(ring + count++, <u8>middle);
        }
    }
    cutRing(face, count);
}

function cutQuarters(face: i32, middle: i32): void {
    for (let i = 0; i < 4; i++) {
        const corner = cornerOf(face, i);
        store<u8>(ring, <u8>corner);
        store<u8>(ring, <u8>((corner + cornerOf(face, i + 1)) >> 1), 1);
        store<u8>(ring, <u8>middle, 2);
        store<u8>(ring, <u8>((corner + cornerOf(face, i + 3)) >> 1), 3);
        cutRing(face, 4);
    }
}

/** Each run of air around the ring is cut off by one segment, from the edge where it begins to where it ends. */
function cutRing(face: i32, count: i32): void {
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
            addSkirtSegment(vertexOn(from), vertexOn(to));
        }
    }
}

@inline
function codeAt(i: i32, count: i32): i32 {
    return <i32>load<u8>(ring + (i >= count ? i - count : i));
}

@inline
function isAir(i: i32, count: i32): bool {
    return load<u8>(air + codeAt(i, count)) !== 0;
}

/** The edge from a sample of the ring to the next. */
@inline
function edgeAfter(i: i32, count: i32): i32 {
    return codeAt(i, count) + codeAt(i + 1, count);
}

/** Keeps the loops of the cell at hand, and drafts the middles of the long ones. */
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

/** What the slot of an edge of the cell at hand says. */
function vertexOn(edge: i32): u32 {
    const x = edge % 5;
    const y = (edge / UP) % 5;
    const z = edge / 25;
    let at: usize;
    if (((x | y | z) & 1) === 0) {
        // Two samples long: along the axis where the ends' sum is neither 0 nor 4.
        const axis = x === 2 ? ALONG_X : y === 2 ? ALONG_Y : ALONG_Z;
        at = wideSlotsOf(axis, axis === ALONG_Z ? cellZ : cellZ + (z >> 1));
        at += <usize>(wideOf(cellX) + (x >> 2)) * wideBytes + (<usize>((cellRow >> 1) + (y >> 2)) << 2);
    } else {
        const axis = (x & 1) !== 0 ? ALONG_X : (y & 1) !== 0 ? ALONG_Y : ALONG_Z;
        at = slotsOf(axis, cellZ + (z >> 1));
        at += <usize>(cellX + (x >> 1)) * distanceBytes + (<usize>(cellRow + (y >> 1)) << 2);
    }
    return load<u32>(at);
}

function addLoops(): void {
    for (let loop = loops; loop < loopsEnd;) {
        const count = load<u32>(loop);
        const middle = loop + LOOP_MIDDLE;
        const corners = loop + LOOP_CORNERS;
        loop = corners + (<usize>count << 2);
        needIndices(<i32>count * 3);
        if (count <= 4) {
            for (let i: u32 = 2; i < count; i++) {
                addSeamTriangle(load<u32>(corners), cornerAt(corners, i - 1), cornerAt(corners, i));
            }
        } else {
            for (let i: u32 = 0; i < count; i++) {
                addSeamTriangle(cornerAt(corners, i), cornerAt(corners, i + 1 < count ? i + 1 : 0), load<u32>(middle));
            }
        }
    }
}

@inline
function cornerAt(corners: usize, i: u32): u32 {
    return load<u32>(corners + (<usize>i << 2));
}

function addSeamTriangle(a: u32, b: u32, c: u32): void {
    if (isMappedUnalike(a, b, c)) {
        addSplit(indexCount);
    }
    addTriangle(a, b, c);
}
