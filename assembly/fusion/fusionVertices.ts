// The vertices of a fused chunk, each on an edge of the sample grid whose ends differ in sign.
//
// Crossed edges are listed first, those whose end in air lies below the ground, which are caves', apart from the others.
// So each loop over a list runs without a branch that the processor would have to guess.

import { fail, reserve, TOO_MANY_CROSSINGS } from "../base/arena";
import {
    DRAFT_BYTES,
    DRAFT_GRADIENT,
    DRAFT_QUANTA,
    DRAFT_SLOT,
    DRAFT_WEIGHTS,
    DRAFTS_AT_ONCE,
    finishDrafts,
} from "./vertexDrafts";
import { distanceBytes, distanceSlice, rows, wideBytes, wideSlice } from "../caves/caveSlices";
import { quantaPerSample } from "../caves/caveWorld";
import { surface } from "../caves/columns";
import { ALONG_X, ALONG_Y, ALONG_Z, slotsOf, wideSlotsOf } from "./fusionSlots";
import { countX, rowBytes } from "../heightfield/grid";
import { groundNormals, groundRecords, groundWeights } from "./groundSlices";
import { lastOne, mix, ones, roundToFloat } from "../base/simd";
import {
    linkAt,
    LINK_BYTES,
    INDEX_MASK,
    needVertices,
    normalOf,
    noteAt,
    NOTE_BYTES,
    packPosition,
    positionOf,
    setVertexCount,
    vertexAt,
    vertexCount,
    VERTEX_BYTES,
    WEIGHTS,
    writeVertex,
} from "../surface/surface";
import { FLAT } from "../surface/uvMapping";
import { wideOf } from "../caves/coarseCells";

/** An edge: its low end as f32 x 4 in samples of the chunk; bytes to its slot and distance; bytes to its column in a plane. */
const EDGE_BYTES: usize = 32;
const EDGE_SLOT: usize = 16;
const EDGE_COLUMN: usize = 20;
/** What a list holds at most: far more than a slice of a chunk that has no more vertices than it may. */
export const MOST_LISTED: i32 = 0x10000;
/** Entries that one call may add without looking at the limit. */
export const LISTED_AT_ONCE: i32 = 64;
let groundEdges: usize = 0;
let caveEdges: usize = 0;
let groundEnd: usize = 0;
let caveEnd: usize = 0;
/** Those of wide cells, by axis. */
let uprights: usize = 0;
let acrosses: usize = 0;
let alongs: usize = 0;
let uprightEnd: usize = 0;
let acrossEnd: usize = 0;
let alongEnd: usize = 0;
/** Vertices that are half made: see vertexDrafts.ts. */
let drafts: usize = 0;
let spareSlot: usize = 0;
/** Bytes that the lists of edges, and of drafts, have at most. */
let mostListed: usize = 0;
let mostWide: usize = 0;
let mostDrafted: usize = 0;
/** Behind the last draft of a fan's middle. */
let fanEnd: usize = 0;
let middleEnd: usize = 0;

let margin: i32 = 0;
/** Quanta from row 0 to the positions' y = 0. */
let originY: f32 = 0;
/** What a cave vertex's weights gain with each sample of depth. */
let darkness: v128 = f32x4.splat(0);
/** Whether the slices at hand hold no cave, nor rock that bends the surface: distances are not looked at. */
let isPlain: bool = true;

/**
 * @param around columns of the grid around the chunk; @param origin quanta from row 0 to the positions' y = 0
 * @param daylight, lip samples: see `meshVolume`
 */
export function beginVertices(around: i32, origin: f32, daylight: f32, lip: f32): void {
    margin = around;
    originY = origin;
    darkness = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 2, <f32>1 / lip), 3, <f32>-1 / daylight);
    isPlain = true;
    // No column has more edges along an axis than rows.
    mostListed = <usize>min(rows * countX, MOST_LISTED) * EDGE_BYTES;
    const bytes = mostListed + <usize>LISTED_AT_ONCE * EDGE_BYTES;
    groundEdges = reserve(bytes);
    caveEdges = reserve(bytes);
    mostWide = mostListed >> 2;
    const bytesOfWide = mostWide + <usize>LISTED_AT_ONCE * EDGE_BYTES;
    uprights = reserve(bytesOfWide);
    acrosses = reserve(bytesOfWide);
    alongs = reserve(bytesOfWide);
    uprightEnd = uprights;
    acrossEnd = acrosses;
    alongEnd = alongs;
    mostDrafted = <usize>min(rows * countX, MOST_LISTED) * DRAFT_BYTES;
    drafts = reserve(mostDrafted + <usize>(LISTED_AT_ONCE + DRAFTS_AT_ONCE) * DRAFT_BYTES);
    fanEnd = drafts;
    middleEnd = drafts;
    spareSlot = reserve(4);
    groundEnd = groundEdges;
    caveEnd = caveEdges;
}

export function endPlain(): void {
    isPlain = false;
}

/** @param bits crossed edges upwards from row + bit; @param caves those of them whose end in air lies below the ground */
@inline
export function list(bits: u32, caves: u32, x: i32, row: i32, z: i32): void {
    const low = f32x4.replace_lane(f32x4.splat(<f32>(x - margin)), 2, <f32>(z - margin));
    const slot = <u32>x * <u32>distanceBytes + (<u32>row << 2);
    if (groundEnd - groundEdges > mostListed || caveEnd - caveEdges > mostListed) {
        fail(TOO_MANY_CROSSINGS);
    }
    groundEnd = listBits(bits & ~caves, groundEnd, low, slot, <u32>x << 2, row);
    caveEnd = listBits(caves, caveEnd, low, slot, <u32>x << 2, row);
}

@inline
function listBits(bits: u32, to: usize, low: v128, slot: u32, column: u32, row: i32): usize {
    for (; bits !== 0; bits &= bits - 1, to += EDGE_BYTES) {
        const bit = ctz(bits);
        v128.store(to, f32x4.replace_lane(low, 1, <f32>(row + <i32>bit)));
        store<u32>(to, slot + (bit << 2), EDGE_SLOT);
        store<u32>(to, column, EDGE_COLUMN);
    }
    return to;
}

/** The same of wide cells, whose edges have two samples: a bit every other row. All are caves', listed apart for each axis. */
@inline
export function listWide(axis: i32, bits: u32, x: i32, row: i32, z: i32): void {
    const low = f32x4.replace_lane(f32x4.splat(<f32>(x - margin)), 2, <f32>(z - margin));
    const slot = <u32>wideOf(x) * <u32>wideBytes;
    const start = axis === ALONG_X ? acrosses : axis === ALONG_Y ? uprights : alongs;
    let to = axis === ALONG_X ? acrossEnd : axis === ALONG_Y ? uprightEnd : alongEnd;
    if (to - start > mostWide) {
        fail(TOO_MANY_CROSSINGS);
    }
    for (; bits !== 0; bits &= bits - 1, to += EDGE_BYTES) {
        const at = row + (<i32>ctz(bits) << 1);
        v128.store(to, f32x4.replace_lane(low, 1, <f32>at));
        store<u32>(to, slot + (<u32>at << 1), EDGE_SLOT);
        store<u32>(to, <u32>x << 2, EDGE_COLUMN);
    }
    if (axis === ALONG_X) {
        acrossEnd = to;
    } else if (axis === ALONG_Y) {
        uprightEnd = to;
    } else {
        alongEnd = to;
    }
}

/** Makes vertices on the listed edges of slice z along an axis, and forgets the lists. */
export function addVerticesAcross(z: i32): void {
    addListed(ALONG_X, z);
}

export function addVerticesUpright(z: i32): void {
    addListed(ALONG_Y, z);
}

export function addVerticesAlong(z: i32): void {
    addListed(ALONG_Z, z);
}

@inline
function addListed(axis: i32, z: i32): void {
    needVertices(<i32>((groundEnd - groundEdges + caveEnd - caveEdges) / EDGE_BYTES) + DRAFTS_AT_ONCE);
    addGround(axis, z);
    addCavesOn(axis, caveEdges, caveEnd, z, 1);
    groundEnd = groundEdges;
    caveEnd = caveEdges;
}

/** The same on edges of wide cells in slice z. */
export function addWideSlice(z: i32): void {
    addWide(ALONG_Y, uprights, uprightEnd, z);
    addWide(ALONG_X, acrosses, acrossEnd, z);
    uprightEnd = uprights;
    acrossEnd = acrosses;
}

/** The same from slice z on, whose edges are listed. */
export function addWideAlong(z: i32): void {
    addWide(ALONG_Z, alongs, alongEnd, z);
    alongEnd = alongs;
}

@inline
function addWide(axis: i32, from: usize, end: usize, z: i32): void {
    needVertices(<i32>((end - from) / EDGE_BYTES) + DRAFTS_AT_ONCE);
    addCavesOn(axis, from, end, z, 2);
}

/** A vertex between others, as their middle. @param corners u32: the vertices; @param slot where it is written down */
export function draftMiddle(corners: usize, count: i32, slot: usize): void {
    let quanta = f32x4.splat(0);
    let normal = f32x4.splat(0);
    let weights = f32x4.splat(0);
    for (let i = 0; i < count; i++) {
        const vertex = <i32>(load<u32>(corners + (<usize>i << 2)) & INDEX_MASK);
        quanta = f32x4.add(quanta, positionOf(vertex));
        normal = f32x4.add(normal, normalOf(vertex));
        const four = i16x8.extend_low_i8x16_u(v128.load32_zero(vertexAt(vertex), WEIGHTS));
        weights = f32x4.add(weights, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(four)));
    }
    if (middleEnd - drafts > mostDrafted) {
        fail(TOO_MANY_CROSSINGS);
    }
    const share = <f32>1 / <f32>count;
    v128.store(middleEnd, normal, DRAFT_GRADIENT);
    v128.store(middleEnd, roundToFloat(f32x4.mul(quanta, f32x4.splat(share))), DRAFT_QUANTA);
    v128.store(middleEnd, f32x4.mul(weights, f32x4.splat(share / 255)), DRAFT_WEIGHTS);
    store<usize>(middleEnd, slot, DRAFT_SLOT);
    middleEnd += DRAFT_BYTES;
}

/** Makes vertices of what `draftMiddle` has drafted. */
export function finishMiddles(): void {
    needVertices(<i32>((middleEnd - drafts) / DRAFT_BYTES) + DRAFTS_AT_ONCE);
    endDrafts(middleEnd);
    finishDrafts(drafts, middleEnd, false);
    middleEnd = drafts;
}

/**
 * Quanta of the point `t` along an edge. What is rounded is the way from the edge's low end alone: so chunks that count their
 * rows from elsewhere get the same.
 *
 * @param quanta of the whole edge
 */
@inline
function quantaAt(axis: i32, low: v128, t: v128, quanta: v128, scale: v128, origin: v128): v128 {
    const way = roundToFloat(f32x4.mul(t, quanta));
    const start = f32x4.sub(f32x4.mul(low, scale), origin);
    if (axis === ALONG_X) {
        return f32x4.add(start, v128.and(way, i32x4(-1, 0, 0, 0)));
    }
    return f32x4.add(start, v128.and(way, axis === ALONG_Y ? i32x4(0, -1, 0, 0) : i32x4(0, 0, -1, 0)));
}

/** Bytes from a column to the next along an axis, in planes of the grid. */
@inline
function nextColumn(axis: i32): usize {
    return axis === ALONG_X ? 4 : axis === ALONG_Z ? rowBytes : 0;
}

/** The same in 16 bytes a column: of the ground's rings, which may run backwards. @param step samples an edge */
@inline
function besideGround(axis: i32, z: i32, step: i32): usize {
    if (axis === ALONG_X) {
        return <usize>step << 4;
    }
    return axis === ALONG_Z ? groundWeights(z + step) - groundWeights(z) : 0;
}

/** From the distances of slice z to those at the edges' high ends. */
@inline
function nextDistance(axis: i32, z: i32): usize {
    return axis === ALONG_X
        ? distanceSlice(z) + distanceBytes
        : axis === ALONG_Y
          ? distanceSlice(z) + 4
          : distanceSlice(z + 1);
}

@inline
function addGround(axis: i32, z: i32): void {
    const tops = surface + <usize>z * rowBytes;
    const distancesA = distanceSlice(z);
    const distancesB = nextDistance(axis, z);
    const slots = slotsOf(axis, z);
    // In locals: engines read globals anew for each vertex.
    const plain = isPlain;
    const end = groundEnd;
    const normals = groundNormals(z);
    const records = groundRecords(z);
    const macros = groundWeights(z);
    const aside = nextColumn(axis);
    const beside = besideGround(axis, z, 1);
    const scale = f32x4.splat(quantaPerSample);
    const origin = f32x4.replace_lane(f32x4.splat(0), 1, originY);
    let draft = drafts;
    let vertex = vertexCount;
    let to = vertexAt(vertex);
    let note = noteAt(vertex);
    let link = linkAt(vertex);
    for (let edge = groundEdges; edge < end; edge += EDGE_BYTES) {
        const slot = <usize>load<u32>(edge, EDGE_SLOT);
        const column = <usize>load<u32>(edge, EDGE_COLUMN);
        const low = v128.load(edge);
        const row = load<f32>(edge, 4);
        const terrainA = f32x4.splat(row - load<f32>(tops + column));
        const terrainB = f32x4.splat((axis === ALONG_Y ? row + 1 : row) - load<f32>(tops + column + aside));
        let a = terrainA;
        let b = terrainB;
        if (!plain) {
            // The cave term counts below the surface alone: above it there is air already.
            const caveA = v128.and(f32x4.neg(v128.load32_splat(distancesA + slot)), f32x4.lt(a, f32x4.splat(0)));
            const caveB = v128.and(f32x4.neg(v128.load32_splat(distancesB + slot)), f32x4.lt(b, f32x4.splat(0)));
            // In air 0 stands for it, which is no more than the terrain term.
            a = f32x4.pmax(a, caveA);
            b = f32x4.pmax(b, caveB);
        }
        const t = f32x4.div(a, f32x4.sub(a, b));
        const quanta = quantaAt(axis, low, t, scale, scale, origin);
        const at = column << 2;
        const normal = v128.load(normals + at);
        if (axis === ALONG_Y) {
            store<u32>(slots + slot, vertex++);
            writeVertex(to, note, link, packPosition(quanta), normal, v128.load(records + at), FLAT);
            to += VERTEX_BYTES;
            note += NOTE_BYTES;
            link += LINK_BYTES;
        } else {
            const next = at + beside;
            const weights = mix(v128.load(macros + at), v128.load(macros + next), t);
            v128.store(draft, mix(normal, v128.load(normals + next), t), DRAFT_GRADIENT);
            v128.store(draft, quanta, DRAFT_QUANTA);
            v128.store(draft, f32x4.add(weights, lastOne()), DRAFT_WEIGHTS);
            store<usize>(draft, slots + slot, DRAFT_SLOT);
            draft += DRAFT_BYTES;
        }
    }
    if (axis === ALONG_Y) {
        setVertexCount(vertex);
    } else {
        endDrafts(draft);
        finishDrafts(drafts, draft, true);
    }
}

/** Drafts a vertex in the middle of a cell, on ground that is not cut. @param slot where it is written down */
export function addFanCentre(x: i32, z: i32, slot: usize): void {
    const top = surface + <usize>z * rowBytes + (<usize>x << 2);
    const height = (load<f32>(top) + load<f32>(top, 4) + load<f32>(top + rowBytes) + load<f32>(top + rowBytes, 4)) * 0.25;
    const samples = f32x4(<f32>(x - margin) + 0.5, height, <f32>(z - margin) + 0.5, 0);
    const origin = f32x4.replace_lane(f32x4.splat(0), 1, originY);
    const column = <usize>x << 4;
    if (fanEnd - drafts > mostDrafted) {
        fail(TOO_MANY_CROSSINGS);
    }
    v128.store(fanEnd, sumOfCell(groundNormals(z) + column, groundNormals(z + 1) + column), DRAFT_GRADIENT);
    const quanta = f32x4.sub(f32x4.mul(samples, f32x4.splat(quantaPerSample)), origin);
    v128.store(fanEnd, roundToFloat(quanta), DRAFT_QUANTA);
    const sum = sumOfCell(groundWeights(z) + column, groundWeights(z + 1) + column);
    const weights = f32x4.mul(sum, f32x4.splat(0.25));
    v128.store(fanEnd, f32x4.add(weights, lastOne()), DRAFT_WEIGHTS);
    store<usize>(fanEnd, slot, DRAFT_SLOT);
    fanEnd += DRAFT_BYTES;
}

/** @param near, far 16 bytes a column, of two slices */
@inline
function sumOfCell(near: usize, far: usize): v128 {
    return f32x4.add(
        f32x4.add(v128.load(near), v128.load(near, 16)),
        f32x4.add(v128.load(far), v128.load(far, 16)),
    );
}

/** Makes vertices of what `addFanCentre` has drafted. */
export function finishFanCentres(): void {
    needVertices(<i32>((fanEnd - drafts) / DRAFT_BYTES) + DRAFTS_AT_ONCE);
    endDrafts(fanEnd);
    finishDrafts(drafts, fanEnd, true);
    fanEnd = drafts;
}

/** What is finished in vain behind the last draft must have somewhere to go. */
@inline
function endDrafts(end: usize): void {
    for (let i: usize = 0; i < <usize>DRAFTS_AT_ONCE; i++) {
        store<usize>(end + i * DRAFT_BYTES, spareSlot, DRAFT_SLOT);
    }
}

@inline
function addCavesOn(axis: i32, from: usize, end: usize, z: i32, step: i32): void {
    if (axis === ALONG_X) {
        addCavesAcross(from, end, z, step);
    } else if (axis === ALONG_Y) {
        addCavesUpright(from, end, z, step);
    } else {
        addCavesAlong(from, end, z, step);
    }
}

function addCavesAcross(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_X, from, end, z, step);
}

function addCavesUpright(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_Y, from, end, z, step);
}

function addCavesAlong(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_Z, from, end, z, step);
}

/** Distances of a slice, of narrow cells or of wide ones. */
@inline
function distancesAt(z: i32, step: i32): usize {
    return step === 1 ? distanceSlice(z) : wideSlice(z);
}

/** Vertices on listed edges of caves from slice z on. @param from, end the list; @param step samples an edge */
@inline
function addCaves(axis: i32, from: usize, end: usize, z: i32, step: i32): void {
    const slots = step === 1 ? slotsOf(axis, z) : wideSlotsOf(axis, z);
    const stride = step === 1 ? distanceBytes : wideBytes;
    const distancesA = distancesAt(z, step);
    const before = distancesAt(z - step, step);
    const behind = distancesAt(z + step, step);
    const distancesB = axis === ALONG_X ? distancesA + stride : axis === ALONG_Y ? distancesA + 4 : behind;
    const tops = surface + <usize>z * rowBytes;
    const macros = groundWeights(z);
    const aside = nextColumn(axis) * <usize>step;
    const beside = besideGround(axis, z, step);
    const length = f32x4.splat(<f32>step);
    const scale = f32x4.splat(quantaPerSample);
    const quanta = f32x4.mul(length, scale);
    const origin = f32x4.replace_lane(f32x4.splat(0), 1, originY);
    const gains = darkness;
    // A cave's wall is one even where it reaches the ground: its weight tells that.
    const least = f32x4.replace_lane(f32x4.splat(0), 2, <f32>1 / 255);
    let draft = drafts;
    for (let edge = from; edge < end; edge += EDGE_BYTES) {
        const slot = <usize>load<u32>(edge, EDGE_SLOT);
        const column = <usize>load<u32>(edge, EDGE_COLUMN);
        const low = v128.load(edge);
        const rowA = v128.load32_splat(edge, 4);
        const rowB = axis === ALONG_Y ? f32x4.add(rowA, length) : rowA;
        const topA = v128.load32_splat(tops + column);
        const topB = axis === ALONG_Y ? topA : v128.load32_splat(tops + column + aside);
        // Both ends lie below the ground.
        const rawA = v128.load32_splat(distancesA + slot);
        const rawB = v128.load32_splat(distancesB + slot);
        const a = f32x4.pmax(f32x4.sub(rowA, topA), f32x4.neg(rawA));
        const b = f32x4.pmax(f32x4.sub(rowB, topB), f32x4.neg(rawB));
        // Beside a cliff a wide edge may end in the open: it is held to its ends.
        const t = f32x4.pmin(ones(), f32x4.pmax(f32x4.splat(0), f32x4.div(a, f32x4.sub(a, b))));
        // Towards air: against the differences of cave distance over two samples. Along the edge its own two tell most.
        const along = f32x4.mul(f32x4.sub(rawA, rawB), f32x4.splat(2));
        const here = distancesA + slot;
        const next = distancesB + slot;
        let gradient: v128;
        if (axis === ALONG_Y) {
            const slopeX = f32x4.sub(v128.load64_zero(here - stride), v128.load64_zero(here + stride));
            const slopeZ = f32x4.sub(v128.load64_zero(before + slot), v128.load64_zero(behind + slot));
            const low4 = v128.shuffle<f32>(slopeX, slopeZ, 0, 4, 0, 4);
            const high4 = v128.shuffle<f32>(slopeX, slopeZ, 1, 5, 1, 5);
            gradient = v128.shuffle<f32>(mix(low4, high4, t), along, 0, 4, 1, 1);
        } else {
            const rows4 = mix(v128.load(here - 4), v128.load(next - 4), t);
            const slopeY = f32x4.sub(rows4, v128.shuffle<f32>(rows4, rows4, 2, 3, 2, 3));
            if (axis === ALONG_X) {
                const slopeZ = mix(
                    f32x4.sub(v128.load32_zero(before + slot), v128.load32_zero(behind + slot)),
                    f32x4.sub(
                        v128.load32_zero(before + slot + stride),
                        v128.load32_zero(behind + slot + stride),
                    ),
                    t,
                );
                gradient = v128.shuffle<f32>(v128.shuffle<f32>(along, slopeY, 0, 4, 0, 4), slopeZ, 0, 1, 4, 4);
            } else {
                const slopeX = mix(
                    f32x4.sub(v128.load32_zero(here - stride), v128.load32_zero(here + stride)),
                    f32x4.sub(v128.load32_zero(next - stride), v128.load32_zero(next + stride)),
                    t,
                );
                gradient = v128.shuffle<f32>(v128.shuffle<f32>(slopeX, slopeY, 0, 4, 0, 4), along, 0, 1, 4, 4);
            }
        }
        const top = axis === ALONG_Y ? topA : mix(topA, topB, t);
        const y = axis === ALONG_Y ? f32x4.add(rowA, f32x4.mul(t, length)) : rowA;
        const at = column << 2;
        const weightsA = v128.load(macros + at);
        const weightsB = axis === ALONG_Y ? weightsA : v128.load(macros + at + beside);
        const weights = axis === ALONG_Y ? weightsA : mix(weightsA, weightsB, t);
        // From the lip inwards: cave grows to 1, and the sky's light falls to 0, by its square.
        const lines = f32x4.add(f32x4.add(weights, lastOne()), f32x4.mul(f32x4.sub(top, y), gains));
        const held = f32x4.pmin(f32x4.pmax(lines, least), ones());
        const lit = v128.shuffle<f32>(held, f32x4.mul(held, held), 0, 1, 2, 7);
        v128.store(draft, gradient, DRAFT_GRADIENT);
        v128.store(draft, quantaAt(axis, low, t, quanta, scale, origin), DRAFT_QUANTA);
        v128.store(draft, lit, DRAFT_WEIGHTS);
        store<usize>(draft, slots + slot, DRAFT_SLOT);
        draft += DRAFT_BYTES;
    }
    endDrafts(draft);
    finishDrafts(drafts, draft, false);
}
