// The surface of a chunk that caves cross: marching cubes over the density, on the samples of the grid. Vertices on
// upright edges lie exactly on the heights, those on level ones on the straight line between neighbouring heights, so that
// the chunk meets height-grid neighbours along the same line.
//
// Signs are masks of one bit a row. Where two neighbouring words differ there are edges that the surface crosses, and
// counting trailing zeros finds them; all vertices of a slice are made so, then all triangles between two slices.

import { reserve } from "./arena";
import {
    distanceBytes,
    distanceSlice,
    fillSlice,
    isCaveFound,
    maskBytes,
    maskGivenSlice,
    maskSlice,
    rows,
} from "./caveSlices";
import { quantaPerSample } from "./caveWorld";
import { surface } from "./columns";
import { countX, countZ, macroPlane, MOISTURE, RELIEF, rowBytes, smooth } from "./grid";
import { CASES, edgeAt, edgeCount, EDGES, HIGH_X, HIGH_Z, isSegment, LOW_X, LOW_Z, segmentEdge } from "./marchingCubes";
import { addSkirtSegment, layoutSkirts } from "./skirts";
import {
    addNote,
    FLAT,
    indexCount,
    indices,
    layoutSurface,
    needIndices,
    needVertices,
    NORMAL,
    NOT_YET,
    packInt16,
    packSnorm8,
    packUnorm8,
    POSITION_XY,
    setCounts,
    vertexAt,
    vertexCount,
    WEIGHTS,
} from "./surface";

const ALONG_X: i32 = 0;
const ALONG_Y: i32 = 1;
const ALONG_Z: i32 = 2;

/** Unit normals of the open ground, f32 x 4 a column: slopes over two samples. */
let groundNormals: usize = 0;
/** u32: the vertex on each edge of two slices along x, of two along y, and of the edges along z between them. */
let slots: usize = 0;
let slotBytes: usize = 0;
/** i32 x 12, for each of two parities: bytes from a cell's slot to that of its edge. */
let edgeOffsets: usize = 0;
/** The same for all edges of all cases' triangles: `CASE_EDGES` a case. */
let caseOffsets: usize = 0;
const CASE_EDGES: usize = 32;

/** Columns around the chunk, and its last column along both axes. */
let margin: i32 = 0;
let last: i32 = 0;
/** Quanta from a row's number to a position's y. */
let originY: f32 = 0;
/** Samples to metres: of daylight, and of the lip of a mouth. */
let perDaylight: f32 = 0;
let perLip: f32 = 0;
/** Whether the slices at hand hold no cave, nor rock that bends the surface: distances need not be looked at. */
let isPlain: bool = false;

/**
 * Makes the surface where caves change it.
 *
 * @param around columns of the grid around the chunk; @param origin quanta from row 0 to the positions' y = 0
 * @param daylight samples of rock after which no daylight shows on cave walls
 * @param lip samples from a mouth's edge over which ground turns to cave rock
 * @param slopeScale 1 / (two samples in metres); @param isGiven whether distances are given for all slices
 * @returns whether caves change anything; else there is no surface, and the chunk is its height grid's
 */
export function meshVolume(
    around: i32,
    origin: f32,
    daylight: f32,
    lip: f32,
    slopeScale: f32,
    isGiven: bool,
): bool {
    margin = around;
    last = countX - 1 - around;
    originY = origin;
    perDaylight = <f32>1 / daylight;
    perLip = <f32>1 / lip;
    let isBegun = false;
    for (let z = 1; z < countZ - 1; z++) {
        if (isGiven) {
            maskGivenSlice(z);
        } else {
            fillSlice(z);
        }
        if (isBegun) {
            if (z > margin) {
                meshSlice(z - 1);
            }
        } else if (isCaveFound) {
            isBegun = true;
            beginSurface(slopeScale);
            // Nothing bends the surface in the slices before. Their distances are gone, and are not needed.
            isPlain = true;
            for (let plain = margin; plain < z; plain++) {
                meshSlice(plain);
            }
            isPlain = false;
        }
    }
    return isBegun;
}

function beginSurface(slopeScale: f32): void {
    groundNormals = reserve(<usize>(countX * countZ) << 4);
    fillGroundNormals(slopeScale);
    slotBytes = distanceBytes * <usize>countX;
    slots = reserve(slotBytes * 5);
    edgeOffsets = reserve(<usize>EDGES * 8);
    caseOffsets = reserve(<usize>CASES * CASE_EDGES * 8);
    for (let parity: usize = 0; parity < 2; parity++) {
        fillOffsets(parity);
    }
    layoutSkirts((countX + countZ) * 16);
    layoutSurface();
}

/** Slots of edges along x, along y (by parity of their slice), and along z. */
// @ts-ignore: decorator
@inline
function slotsOf(axis: i32, parity: usize): usize {
    return slots + slotBytes * (axis === ALONG_Z ? 4 : <usize>axis * 2 + parity);
}

function fillOffsets(parity: usize): void {
    const near = edgeOffsets + parity * (<usize>EDGES << 2);
    for (let edge = 0; edge < EDGES; edge++) {
        const axis = edge >> 2;
        const low = <usize>(edge & 1);
        const high = <usize>((edge >> 1) & 1);
        let at: usize;
        if (axis === ALONG_X) {
            at = slotsOf(ALONG_X, parity ^ high) + (low << 2);
        } else if (axis === ALONG_Y) {
            at = slotsOf(ALONG_Y, parity ^ high) + low * distanceBytes;
        } else {
            at = slotsOf(ALONG_Z, 0) + (low << 2) + high * distanceBytes;
        }
        store<i32>(near + (<usize>edge << 2), <i32>(at - slots));
    }
    for (let mask: u32 = 0; mask < <u32>CASES; mask++) {
        const to = caseOffsets + ((parity * <usize>CASES + mask) * CASE_EDGES << 2);
        for (let i: u32 = 0; i < edgeCount(mask); i++) {
            store<i32>(to + (<usize>i << 2), load<i32>(near + (<usize>edgeAt(mask, i) << 2)));
        }
    }
}

function fillGroundNormals(slopeScale: f32): void {
    const scale = f32x4.splat(-slopeScale);
    const one = f32x4.splat(1);
    for (let z: usize = 1; z < <usize>(countZ - 1); z++) {
        for (let x: usize = 0; x < <usize>countX; x += 4) {
            const at = smooth + z * rowBytes + (x << 2);
            const nx = f32x4.mul(f32x4.sub(v128.load(at + 4), v128.load(at - 4)), scale);
            const nz = f32x4.mul(f32x4.sub(v128.load(at + rowBytes), v128.load(at - rowBytes)), scale);
            const square = f32x4.add(f32x4.add(f32x4.mul(nx, nx), f32x4.mul(nz, nz)), one);
            const ny = f32x4.div(one, f32x4.sqrt(square));
            const a = f32x4.mul(nx, ny);
            const c = f32x4.mul(nz, ny);
            const ab = v128.shuffle<f32>(a, ny, 0, 4, 1, 5);
            const abHigh = v128.shuffle<f32>(a, ny, 2, 6, 3, 7);
            const zero = f32x4.splat(0);
            const cd = v128.shuffle<f32>(c, zero, 0, 4, 1, 5);
            const cdHigh = v128.shuffle<f32>(c, zero, 2, 6, 3, 7);
            const to = groundNormals + ((z * <usize>countX + x) << 4);
            v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
            v128.store(to, v128.shuffle<f64>(ab, cd, 1, 3), 16);
            v128.store(to, v128.shuffle<f64>(abHigh, cdHigh, 0, 2), 32);
            v128.store(to, v128.shuffle<f64>(abHigh, cdHigh, 1, 3), 48);
        }
    }
}

/** Vertices in slice z, then those between the slice before and z with all triangles there. */
function meshSlice(z: i32): void {
    const parity = <usize>(z & 1);
    const mask = maskSlice(z);
    for (let x = margin; x <= last; x++) {
        const column = mask + <usize>x * maskBytes;
        for (let row = 0; row < rows; row += 32) {
            const here = load<u64>(column + (<usize>row >> 3));
            const upright = <u32>(here ^ (here >> 1));
            if (upright !== 0) {
                addVertices(upright, ALONG_Y, x, row, z, slotsOf(ALONG_Y, parity));
            }
            if (x < last) {
                const across = <u32>here ^ load<u32>(column + maskBytes + (<usize>row >> 3));
                if (across !== 0) {
                    addVertices(across, ALONG_X, x, row, z, slotsOf(ALONG_X, parity));
                }
            }
        }
    }
    if (z > margin) {
        meshLayer(z - 1);
    }
}

/** Vertices on the edges between slices z and z + 1, and the triangles. */
function meshLayer(z: i32): void {
    const near = maskSlice(z);
    const far = maskSlice(z + 1);
    for (let x = margin; x <= last; x++) {
        const a = near + <usize>x * maskBytes;
        const b = far + <usize>x * maskBytes;
        for (let at: usize = 0; at < <usize>rows >> 3; at += 4) {
            const along = load<u32>(a + at) ^ load<u32>(b + at);
            if (along !== 0) {
                addVertices(along, ALONG_Z, x, <i32>(at << 3), z, slotsOf(ALONG_Z, 0));
            }
        }
    }
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
                    addSegments(mixed, m00, m10, m01, m11, cell, parity, x, z);
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
    const table = caseOffsets + (parity * <usize>CASES * CASE_EDGES << 2);
    const begin = indices + (<usize>indexCount << 2);
    let to = begin;
    do {
        const row = ctz(mixed);
        mixed &= mixed - 1;
        const mask = caseOf(row, m00, m10, m01, m11);
        let from = table + (<usize>mask * CASE_EDGES << 2);
        const slot = cell + (<usize>row << 2);
        const end = to + (<usize>edgeCount(mask) << 2);
        for (; to < end; to += 12, from += 12) {
            store<u32>(to, load<u32>(slot + load<i32>(from)));
            store<u32>(to, load<u32>(slot + load<i32>(from, 4)), 4);
            store<u32>(to, load<u32>(slot + load<i32>(from, 8)), 8);
        }
    } while (mixed !== 0);
    setCounts(vertexCount, indexCount + <i32>((to - begin) >> 2));
}

/** Where the surface ends at the chunk's border planes. */
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
    const offsets = edgeOffsets + parity * (<usize>EDGES << 2);
    for (let i = 0; i < 2 && isSegment(face, mask, i); i++) {
        const from = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 0) << 2));
        const to = load<i32>(offsets + (<usize>segmentEdge(face, mask, i, 1) << 2));
        addSkirtSegment(load<i32>(slot + from), load<i32>(slot + to));
    }
}

/** A vertex for each set bit: on the edge from column x of slice z at row + bit along an axis. */
function addVertices(bits: u32, axis: i32, x: i32, row: i32, z: i32, slotsOfAxis: usize): void {
    needVertices(popcnt(bits));
    const columnA = <usize>z * rowBytes + (<usize>x << 2);
    const columnB = columnA + (axis === ALONG_X ? 4 : axis === ALONG_Z ? rowBytes : 0);
    const sideA = distanceSlice(z) + <usize>x * distanceBytes;
    const sideB = axis === ALONG_X ? sideA + distanceBytes : axis === ALONG_Z ? distanceSlice(z + 1) + <usize>x * distanceBytes : sideA;
    const topA = load<f32>(surface + columnA);
    const topB = load<f32>(surface + columnB);
    const up = axis === ALONG_Y ? 1 : 0;
    const slot = slotsOfAxis + <usize>x * distanceBytes;
    do {
        const rowA = row + <i32>ctz(bits);
        bits &= bits - 1;
        const rowB = rowA + up;
        const a = densityAt(sideA, topA, rowA);
        const b = densityAt(sideB, topB, rowB);
        const t = a / (a - b);
        store<u32>(slot + (<usize>rowA << 2), vertexCount);
        // Air below the surface is a cave.
        if (a >= 0 ? <f32>rowA < topA : <f32>rowB < topB) {
            addCaveVertex(axis, x, rowA, z, t, topA, topB);
        } else {
            addGroundVertex(axis, x, rowA, z, t, columnA, columnB);
        }
    } while (bits !== 0);
}

/** In samples: negative in rock. The cave term counts below the surface alone: above it there is air already. */
// @ts-ignore: decorator
@inline
function densityAt(side: usize, top: f32, row: i32): f32 {
    const terrain = <f32>row - top;
    if (isPlain || terrain >= 0) {
        return terrain;
    }
    const cave = -load<f32>(side + (<usize>row << 2));
    return cave > terrain ? cave : terrain;
}

// @ts-ignore: decorator
@inline
function addVertex(axis: i32, x: i32, row: i32, z: i32, t: f32, normal: v128, weights: u32, mapping: u32): void {
    const vertex = addNote(normal, mapping);
    const at = vertexAt(vertex);
    const sample = f32x4(
        <f32>(x - margin) + (axis === ALONG_X ? t : 0),
        <f32>row + (axis === ALONG_Y ? t : 0),
        <f32>(z - margin) + (axis === ALONG_Z ? t : 0),
        0,
    );
    const scaled = f32x4.mul(sample, f32x4.splat(quantaPerSample));
    const quanta = f32x4.nearest(f32x4.sub(scaled, f32x4(0, originY, 0, 0)));
    const position = packInt16(i32x4.trunc_sat_f32x4_s(quanta));
    // Position, and a morph of 0.
    v128.store(at, i64x2(position, 0), POSITION_XY);
    store<u32>(at, packSnorm8(f32x4.replace_lane(normal, 3, 0)), NORMAL);
    store<u32>(at, weights, WEIGHTS);
}

function addGroundVertex(axis: i32, x: i32, row: i32, z: i32, t: f32, columnA: usize, columnB: usize): void {
    const at = groundNormals + (<usize>(z * countX + x) << 4);
    let normal = v128.load(at);
    const relief = macroPlane(RELIEF);
    const moisture = macroPlane(MOISTURE);
    let first = load<f32>(relief + columnA);
    let second = load<f32>(moisture + columnA);
    if (axis !== ALONG_Y) {
        const other = v128.load(at + (axis === ALONG_X ? 16 : <usize>countX << 4));
        normal = unit(mix(normal, other, t));
        first += t * (load<f32>(relief + columnB) - first);
        second += t * (load<f32>(moisture + columnB) - second);
    }
    addVertex(axis, x, row, z, t, normal, packUnorm8(f32x4(first, second, 0, 1)), FLAT);
}

function addCaveVertex(axis: i32, x: i32, row: i32, z: i32, t: f32, topA: f32, topB: f32): void {
    const columnA = <usize>z * rowBytes + (<usize>x << 2);
    const columnB = columnA + (axis === ALONG_X ? 4 : axis === ALONG_Z ? rowBytes : 0);
    const relief = macroPlane(RELIEF);
    const moisture = macroPlane(MOISTURE);
    const first = load<f32>(relief + columnA);
    const second = load<f32>(moisture + columnA);
    const a = gradientAt(x, row, z);
    const b = gradientAt(
        axis === ALONG_X ? x + 1 : x,
        axis === ALONG_Y ? row + 1 : row,
        axis === ALONG_Z ? z + 1 : z,
    );
    const normal = unit(mix(unit(a), unit(b), t));
    const y = <f32>row + (axis === ALONG_Y ? t : 0);
    const height = topA + t * (topB - topA);
    const depth: f32 = height > y ? height - y : 0;
    const dark = depth * perDaylight;
    const daylight: f32 = dark < 1 ? <f32>1 - dark : 0;
    const weights = f32x4(
        first + t * (load<f32>(relief + columnB) - first),
        second + t * (load<f32>(moisture + columnB) - second),
        depth * perLip,
        daylight * daylight,
    );
    addVertex(axis, x, row, z, t, normal, packUnorm8(f32x4.pmin(weights, f32x4.splat(1))), depth > 0 ? NOT_YET : FLAT);
}

/** Towards air: against the gradient of cave distance, over two samples. */
// @ts-ignore: decorator
@inline
function gradientAt(x: i32, row: i32, z: i32): v128 {
    const column = <usize>x * distanceBytes + (<usize>row << 2);
    const here = distanceSlice(z) + column;
    return f32x4(
        load<f32>(here - distanceBytes) - load<f32>(here + distanceBytes),
        load<f32>(here - 4) - load<f32>(here + 4),
        load<f32>(distanceSlice(z - 1) + column) - load<f32>(distanceSlice(z + 1) + column),
        0,
    );
}

// @ts-ignore: decorator
@inline
function mix(a: v128, b: v128, t: f32): v128 {
    return f32x4.add(a, f32x4.mul(f32x4.splat(t), f32x4.sub(b, a)));
}

/** The unit vector along `vector`, whose fourth lane is 0; straight up where that has no length. */
// @ts-ignore: decorator
@inline
function unit(vector: v128): v128 {
    const square = f32x4.mul(vector, vector);
    const pairs = f32x4.add(square, v128.shuffle<f32>(square, square, 2, 3, 0, 1));
    const total = f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
    const isLong = f32x4.gt(total, f32x4.splat(1e-12));
    return v128.bitselect(f32x4.div(vector, f32x4.sqrt(total)), f32x4(0, 1, 0, 0), isLong);
}
