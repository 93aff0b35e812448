// Ground that caves leave alone: a vertex on each column and two triangles a cell, as height grids have them. Around mouths,
// where fusionTriangles.ts cuts the ground by marching cubes, its edges have vertices between columns; the cells beside
// become fans around a vertex in their middle, so that the surface stays closed.
//
// Which edges and cells are cut follows from the columns around them, beyond the chunk's border too: both chunks of a border
// cut it alike.

import { reserve } from "../base/arena";
import { roundToInt } from "../base/simd";
import { countX, lineBytes } from "../heightfield/grid";
import { MOUTH } from "../caves/caveShape";
import { distanceBytes } from "../caves/caveSlices";
import { quantaPerSample, wholeQuanta } from "../caves/caveWorld";
import { areCoarse, cellsAt, kindBytes, kindSlice } from "../caves/coarseCells";
import { surface, surfaceRows } from "../caves/columns";
import { vertexOf } from "../surface/packedIndex";
import { copyFourRecords, storeFourPositions, VERTEX_BYTES } from "../surface/packedVertex";
import {
    addTriangle,
    copyFourUnitNormals,
    indexCount,
    indices,
    LINK_BYTES,
    linkAt,
    linkFourFlat,
    needIndices,
    needVertices,
    packPosition,
    setIndexCount,
    setVertexCount,
    UNIT_NORMAL_BYTES,
    unitNormalAt,
    vertexAt,
    vertexCount,
    writeVertex,
} from "../surface/surface";
import { FLAT } from "../surface/uvMapping";
import { ALONG_X, ALONG_Y, ALONG_Z, slotsOf } from "./fusionSlots";
import { groundNormals, groundRecords } from "./groundSlices";
import { addFanCentre, finishFanCentres } from "./groundVertices";
import { HIGH_X, HIGH_Z, LOW_X, LOW_Z } from "./marchingCubes";
import { addSkirtSegment } from "./skirts";

/** Kind of an edge: the ground has vertices there between columns. Caves may cross it besides: `CAVE`. */
export const CUT: i32 = MOUTH;
/** Kind of a cell that is no mouth: one of its sides is cut. */
const FAN: i32 = 4;

/** u8: kinds of the edges along x of two slices, and of the present layer those of edges along z and of cells. */
let across: usize = 0;
let along: usize = 0;
let cells: usize = 0;
/** u32 a column of two slices: its vertex on the ground. */
let columns: usize = 0;
/** u32: the vertices around a fan. */
let fanRim: usize = 0;
let fanRimEnd: usize = 0;
/** u32: vertices in the middle of the layer's fans. */
let centres: usize = 0;

/** Lays out the kinds and vertices of a chunk's ground. */
export function layoutGround(): void {
    across = reserve(kindBytes * 2);
    along = reserve(kindBytes);
    cells = reserve(kindBytes);
    columns = reserve(<usize>countX << 3);
    // No side of a cell has more vertices than a column has rows.
    fanRim = reserve(distanceBytes * 4 + 32);
    centres = reserve(<usize>countX << 2);
}

/** Returns the address of the kinds of edges along x of slice z. */
@inline
export function acrossSlice(z: i32): usize {
    return across + <usize>(z & 1) * kindBytes;
}

/** Returns the address of the kinds of edges along z of the present layer. */
@inline
export function alongSlice(): usize {
    return along;
}

/** Returns the address of the kinds of cells of the present layer. */
@inline
export function cellSlice(): usize {
    return cells;
}

/** Returns the address of the vertices on the ground of slice z. */
@inline
function columnSlice(z: i32): usize {
    return columns + <usize>(z & 1) * (<usize>countX << 2);
}

/**
 * Marks the kinds of edges along x of slice z; those of the slices beside it must be known. Edges of coarse cells have none.
 */
export function markAcross(z: i32): void {
    const before = kindSlice(z - 1);
    const here = kindSlice(z);
    const behind = kindSlice(z + 1);
    const to = acrossSlice(z);
    const mouth = i8x16.splat(<i8>MOUTH);
    for (let at: usize = 0; at < kindBytes; at += 16) {
        const own = v128.or(v128.load(here + at), v128.load(here + at + 1));
        const low = v128.or(v128.load(before + at), v128.load(before + at + 1));
        const high = v128.or(v128.load(behind + at), v128.load(behind + at + 1));
        const fine = v128.or(v128.load(cellsAt(z - 1) + at), v128.load(cellsAt(z) + at));
        v128.store(to + at, v128.and(v128.or(own, v128.and(v128.or(low, high), mouth)), fine));
    }
}

/** Marks the kinds of edges along z and of cells between slices z and z + 1; edges along x of both must be marked. */
export function markAlong(z: i32): void {
    const near = kindSlice(z);
    const far = kindSlice(z + 1);
    const nearSides = acrossSlice(z);
    const farSides = acrossSlice(z + 1);
    const mouth = i8x16.splat(<i8>MOUTH);
    for (let at: usize = 0; at < kindBytes; at += 16) {
        const here = v128.or(v128.load(near + at), v128.load(far + at));
        const next = v128.or(v128.load(near + at + 1), v128.load(far + at + 1));
        const last = v128.or(v128.load(near + at - 1), v128.load(far + at - 1));
        const cell = v128.load(cellsAt(z) + at);
        const fine = v128.or(cell, v128.load(cellsAt(z) + at - 1));
        v128.store(along + at, v128.and(v128.or(here, v128.and(v128.or(last, next), mouth)), fine));
        const afterNext = v128.or(v128.load(near + at + 2), v128.load(far + at + 2));
        const sides = v128.or(
            v128.or(v128.load(nearSides + at), v128.load(farSides + at)),
            v128.or(v128.or(here, next), v128.or(last, afterNext)),
        );
        const fan = i16x8.shl(v128.and(sides, mouth), 2);
        v128.store(cells + at, v128.or(v128.and(v128.or(here, next), cell), fan));
    }
}

/** Makes the vertices of slice z on the ground of columns that are no mouths. */
export function addColumns(z: i32, margin: i32, last: i32, originY: f32): void {
    needVertices(last - margin + 4);
    const kinds = kindSlice(z);
    const to = columnSlice(z);
    const slots = slotsOf(ALONG_Y, z);
    const line = <usize>z * lineBytes;
    const step = quantaPerSample;
    const depth = <f32>(z - margin) * step;
    const depths = i32x4.splat(((z - margin) * wholeQuanta) & 0xffff);
    const firstX = i32x4.mul(i32x4.sub(i32x4(0, 1, 2, 3), i32x4.splat(margin)), i32x4.splat(wholeQuanta));
    // In locals: engines read globals anew for each vertex.
    const heights = surface + line;
    const above = surfaceRows + line;
    const normals = groundNormals(z);
    const records = groundRecords(z);
    const stride = distanceBytes;
    let vertex = vertexCount;
    let at = vertexAt(vertex);
    let unitNormal = unitNormalAt(vertex);
    let link = linkAt(vertex);
    for (let x = margin; x <= last; ) {
        const column = <usize>x << 2;
        if (x + 3 <= last && areCoarse(x, z)) {
            const height = f32x4.sub(f32x4.mul(v128.load(heights + column), f32x4.splat(step)), f32x4.splat(originY));
            const wholeX = i32x4.add(firstX, i32x4.splat(x * wholeQuanta));
            storeFour(at, wholeX, roundToInt(height), depths);
            copyFourRecords(at, records + (column << 2));
            copyFourUnitNormals(unitNormal, normals + (column << 2));
            linkFourFlat(link);
            v128.store(to + column, i32x4.add(i32x4.splat(vertex), i32x4(0, 1, 2, 3)));
            x += 4;
            vertex += 4;
            at += VERTEX_BYTES * 4;
            unitNormal += UNIT_NORMAL_BYTES * 4;
            link += LINK_BYTES * 4;
            continue;
        }
        if ((<i32>load<u8>(kinds + <usize>x) & MOUTH) === 0) {
            const height = load<f32>(heights + column) * step - originY;
            const quanta = f32x4(<f32>(x - margin) * step, height, depth, 0);
            store<u32>(slots + <usize>x * stride + (<usize>(load<i32>(above + column) - 1) << 2), vertex);
            store<u32>(to + column, vertex);
            const record = column << 2;
            writeVertex(at, unitNormal, link, packPosition(quanta), v128.load(normals + record), v128.load(records + record), FLAT);
            vertex++;
            at += VERTEX_BYTES;
            unitNormal += UNIT_NORMAL_BYTES;
            link += LINK_BYTES;
        }
        x++;
    }
    setVertexCount(vertex);
}

/** Stores the positions of four vertices, one behind the other. */
@inline
function storeFour(to: usize, x: v128, y: v128, z: v128): void {
    // Heights are held at the limits, as `packPosition` does.
    const held = i32x4.max_s(i32x4.splat(i16.MIN_VALUE), i32x4.min_s(i32x4.splat(i16.MAX_VALUE), y));
    storeFourPositions(to, v128.or(v128.and(x, i32x4.splat(0xffff)), i32x4.shl(held, 16)), z);
}

/** Adds the ground between slices z and z + 1, but not where it is cut. */
export function addGroundCells(z: i32, margin: i32, last: i32): void {
    needIndices((last - margin) * 6);
    addCentres(z, margin, last);
    const isLowZ = z === margin;
    const isHighZ = z === last - 1;
    const isInside = !isLowZ && !isHighZ;
    const near = columnSlice(z);
    const far = columnSlice(z + 1);
    let centre = centres;
    for (let x = margin; x < last; x++) {
        if (isInside && x > margin && x + 4 < last && (load<u32>(cells + <usize>x) & UNEVEN) === 0) {
            addFourCells(near + (<usize>x << 2), far + (<usize>x << 2));
            x += 3;
            continue;
        }
        const kind = <i32>load<u8>(cells + <usize>x);
        if ((kind & MOUTH) !== 0) {
            continue;
        }
        if ((kind & FAN) !== 0) {
            addFan(x, z, margin, last, load<u32>(centre));
            centre += 4;
            continue;
        }
        const column = <usize>x << 2;
        const a = load<u32>(near + column);
        const b = load<u32>(near + column, 4);
        const c = load<u32>(far + column, 4);
        const d = load<u32>(far + column);
        addTriangle(a, b, c);
        addTriangle(a, c, d);
        if (isLowZ) {
            addSkirtSegment(LOW_Z, a, b);
        }
        if (isHighZ) {
            addSkirtSegment(HIGH_Z, c, d);
        }
        if (x === margin) {
            addSkirtSegment(LOW_X, d, a);
        }
        if (x === last - 1) {
            addSkirtSegment(HIGH_X, b, c);
        }
    }
}

/** A bit in each of four cells that are cut or fans. */
const UNEVEN: u32 = (MOUTH | FAN) * 0x01010101;

/**
 * Adds four cells of two triangles each.
 *
 * @param near, far the vertices of their columns
 */
@inline
function addFourCells(near: usize, far: usize): void {
    const to = indices + (<usize>indexCount << 2);
    const a = v128.load(near);
    const b = v128.load(near, 4);
    const c = v128.load(far, 4);
    const d = v128.load(far);
    storeTwoCells(to, v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 0, 4, 1, 5));
    storeTwoCells(to + 48, v128.shuffle<i32>(a, b, 2, 6, 3, 7), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
    setIndexCount(indexCount + 24);
}

/**
 * Stores the indices of two cells.
 *
 * @param ab, cd corners at low z and at high z, of one cell, then of the other
 */
@inline
function storeTwoCells(to: usize, ab: v128, cd: v128): void {
    v128.store(to, v128.shuffle<i32>(ab, cd, 0, 1, 4, 0));
    v128.store(to, v128.shuffle<i32>(ab, cd, 4, 5, 2, 3), 16);
    v128.store(to, v128.shuffle<i32>(ab, cd, 6, 2, 6, 7), 32);
}

/** Makes the vertices in the middle of the layer's fans. */
function addCentres(z: i32, margin: i32, last: i32): void {
    let to = centres;
    for (let x = margin; x < last; x++) {
        if (load<u64>(cells + <usize>x) === 0) {
            x += 7;
            continue;
        }
        if ((<i32>load<u8>(cells + <usize>x) & (MOUTH | FAN)) === FAN) {
            addFanCentre(x, z, to);
            to += 4;
        }
    }
    if (to !== centres) {
        finishFanCentres();
    }
}

/** Adds triangles around the middle of a cell, along its whole rim. */
function addFan(x: i32, z: i32, margin: i32, last: i32, centre: u32): void {
    const near = columnSlice(z) + (<usize>x << 2);
    const far = columnSlice(z + 1) + (<usize>x << 2);
    fanRimEnd = fanRim;
    addRim(load<u32>(near), isCut(acrossSlice(z), x), slotsOf(ALONG_X, z), x, x, z, x + 1, z);
    const b = fanRimEnd;
    addRim(load<u32>(near, 4), isCut(along, x + 1), slotsOf(ALONG_Z, z), x + 1, x + 1, z, x + 1, z + 1);
    const c = fanRimEnd;
    addRim(load<u32>(far, 4), isCut(acrossSlice(z + 1), x), slotsOf(ALONG_X, z + 1), x, x + 1, z + 1, x, z + 1);
    const d = fanRimEnd;
    addRim(load<u32>(far), isCut(along, x), slotsOf(ALONG_Z, z), x, x, z + 1, x, z);
    store<u32>(fanRimEnd, load<u32>(fanRim));
    needIndices(<i32>((fanRimEnd - fanRim) >> 2) * 3 + (last - x) * 6);
    for (let at = fanRim; at < fanRimEnd; at += 4) {
        addTriangle(load<u32>(at), load<u32>(at, 4), centre);
    }
    if (z === margin) {
        addRimSegments(LOW_Z, fanRim, b);
    }
    if (x === last - 1) {
        addRimSegments(HIGH_X, b, c);
    }
    if (z === last - 1) {
        addRimSegments(HIGH_Z, c, d);
    }
    if (x === margin) {
        addRimSegments(LOW_X, d, fanRimEnd);
    }
}

/** Returns whether the ground is cut along an edge. */
@inline
function isCut(edges: usize, x: i32): bool {
    return (<i32>load<u8>(edges + <usize>x) & CUT) !== 0;
}

/**
 * Adds to the rim of a fan a corner, and the vertices on the side from it to the next.
 *
 * @param slotX column that the side's slots belong to
 */
function addRim(corner: u32, cut: bool, slots: usize, slotX: i32, fromX: i32, fromZ: i32, toX: i32, toZ: i32): void {
    store<u32>(fanRimEnd, corner);
    fanRimEnd += 4;
    if (!cut) {
        return;
    }
    const from = load<i32>(surfaceRows + <usize>fromZ * lineBytes + (<usize>fromX << 2));
    const to = load<i32>(surfaceRows + <usize>toZ * lineBytes + (<usize>toX << 2));
    const column = slots + <usize>slotX * distanceBytes;
    const step = from < to ? 1 : -1;
    // Rows between, from the one next to the corner on.
    let row = from < to ? from : from - 1;
    for (let left = abs(to - from); left > 0; left--, row += step, fanRimEnd += 4) {
        store<u32>(fanRimEnd, vertexOf(load<u32>(column + (<usize>row << 2))));
    }
}

/** Adds skirts' segments along a part of a fan's rim. */
function addRimSegments(border: i32, from: usize, end: usize): void {
    for (let at = from; at < end; at += 4) {
        addSkirtSegment(border, load<u32>(at), load<u32>(at, 4));
    }
}
