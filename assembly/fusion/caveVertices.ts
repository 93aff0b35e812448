// Vertices of cave walls: on edges of fine cells and of coarse ones, whose ends lie below the ground, and in the middle of
// transition cells' long loops.

import { mix, ones, roundToFloat } from "../base/simd";
import { lineBytes } from "../heightfield/grid";
import { coarseBytes, coarseSlice, distanceBytes, distanceSlice } from "../caves/caveSlices";
import { quantaPerSample } from "../caves/caveWorld";
import { surface } from "../caves/columns";
import { vertexOf } from "../surface/packedIndex";
import { loadWeights } from "../surface/packedVertex";
import { normalOf, positionOf, vertexAt } from "../surface/surface";
import { EDGE_BYTES, edgeColumn, edgeRows, edgeSlot, edgeStart } from "./crossedEdges";
import { besideGround, nextColumn, originOfPositions, quantaAt } from "./edgePoints";
import { ALONG_X, ALONG_Y, ALONG_Z, coarseSlotsOf, slotsOf } from "./fusionSlots";
import { groundWeights } from "./groundSlices";
import { caveGradient, darkness, weightsBelow } from "./lips";
import { checkDrafts, DRAFT_BYTES, drafts, endDrafts, finishDrafts, makeDrafted, storeDraft } from "./vertexDrafts";

/** The end of the drafts of loops' middles. */
let middleEnd: usize = 0;

/** Begins a chunk's vertices. */
export function beginCaves(): void {
    middleEnd = drafts;
}

/**
 * Drafts a vertex in the middle of others.
 *
 * @param corners u32: the vertices as their slots name them
 * @param slot address at which it is written down
 */
export function draftMiddle(corners: usize, count: i32, slot: usize): void {
    let quanta = f32x4.splat(0);
    let normal = f32x4.splat(0);
    let weights = f32x4.splat(0);
    for (let i = 0; i < count; i++) {
        const vertex = vertexOf(load<u32>(corners + (<usize>i << 2)));
        quanta = f32x4.add(quanta, positionOf(vertex));
        normal = f32x4.add(normal, normalOf(vertex));
        weights = f32x4.add(weights, f32x4.convert_i32x4_u(loadWeights(vertexAt(vertex))));
    }
    checkDrafts(middleEnd);
    const share = <f32>1 / <f32>count;
    const mean = roundToFloat(f32x4.mul(quanta, f32x4.splat(share)));
    storeDraft(middleEnd, normal, mean, f32x4.mul(weights, f32x4.splat(share / 255)), slot);
    middleEnd += DRAFT_BYTES;
}

/** Makes vertices of what `draftMiddle` has drafted. */
export function finishMiddles(): void {
    makeDrafted(middleEnd, false);
    middleEnd = drafts;
}

/**
 * Makes vertices on listed edges of caves from slice z on along an axis. `needVertices` first.
 *
 * @param from, end the list
 * @param step samples an edge
 */
@inline
export function addCavesOn(axis: i32, from: usize, end: usize, z: i32, step: i32): void {
    if (axis === ALONG_X) {
        addCavesAcross(from, end, z, step);
    } else if (axis === ALONG_Y) {
        addCavesUpright(from, end, z, step);
    } else {
        addCavesAlong(from, end, z, step);
    }
}

/** Makes the vertices on edges along x: a function of its own, so that the loop is there once. */
function addCavesAcross(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_X, from, end, z, step);
}

/** Makes the vertices on upright edges. */
function addCavesUpright(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_Y, from, end, z, step);
}

/** Makes the vertices on edges along z. */
function addCavesAlong(from: usize, end: usize, z: i32, step: i32): void {
    addCaves(ALONG_Z, from, end, z, step);
}

/** Returns the address of the distances of a slice, of fine cells or of coarse ones. */
@inline
function distancesAt(z: i32, step: i32): usize {
    return step === 1 ? distanceSlice(z) : coarseSlice(z);
}

/**
 * Makes vertices on listed edges of caves from slice z on.
 *
 * @param from, end the list
 * @param step samples an edge
 */
@inline
function addCaves(axis: i32, from: usize, end: usize, z: i32, step: i32): void {
    const slots = step === 1 ? slotsOf(axis, z) : coarseSlotsOf(axis, z);
    const stride = step === 1 ? distanceBytes : coarseBytes;
    const distancesA = distancesAt(z, step);
    const before = distancesAt(z - step, step);
    const behind = distancesAt(z + step, step);
    const distancesB = axis === ALONG_X ? distancesA + stride : axis === ALONG_Y ? distancesA + 4 : behind;
    const tops = surface + <usize>z * lineBytes;
    const macros = groundWeights(z);
    const aside = nextColumn(axis) * <usize>step;
    const beside = besideGround(axis, z, step);
    const length = f32x4.splat(<f32>step);
    const scale = f32x4.splat(quantaPerSample);
    const quanta = f32x4.mul(length, scale);
    const origin = originOfPositions();
    const gains = darkness();
    // A cave's wall is one even where it reaches the ground: its weight tells that.
    const least = f32x4.replace_lane(f32x4.splat(0), 2, <f32>1 / 255);
    let draft = drafts;
    for (let edge = from; edge < end; edge += EDGE_BYTES) {
        const slot = edgeSlot(edge);
        const column = edgeColumn(edge);
        const low = edgeStart(edge);
        const rowA = edgeRows(edge);
        const rowB = axis === ALONG_Y ? f32x4.add(rowA, length) : rowA;
        const topA = v128.load32_splat(tops + column);
        const topB = axis === ALONG_Y ? topA : v128.load32_splat(tops + column + aside);
        // Both ends lie below the ground.
        const rawA = v128.load32_splat(distancesA + slot);
        const rawB = v128.load32_splat(distancesB + slot);
        const a = f32x4.pmax(f32x4.sub(rowA, topA), f32x4.neg(rawA));
        const b = f32x4.pmax(f32x4.sub(rowB, topB), f32x4.neg(rawB));
        // Beside a cliff a coarse edge may end in the open: it is held to its ends.
        const t = f32x4.pmin(ones(), f32x4.pmax(f32x4.splat(0), f32x4.div(a, f32x4.sub(a, b))));
        const gradient = caveGradient(axis, distancesA + slot, distancesB + slot, before + slot, behind + slot, stride, t);
        const top = axis === ALONG_Y ? topA : mix(topA, topB, t);
        const y = axis === ALONG_Y ? f32x4.add(rowA, f32x4.mul(t, length)) : rowA;
        const at = column << 2;
        const weightsA = v128.load(macros + at);
        const weightsB = axis === ALONG_Y ? weightsA : v128.load(macros + at + beside);
        const weights = axis === ALONG_Y ? weightsA : mix(weightsA, weightsB, t);
        const lit = weightsBelow(weights, f32x4.sub(top, y), gains, least);
        storeDraft(draft, gradient, quantaAt(axis, low, t, quanta, scale, origin), lit, slots + slot);
        draft += DRAFT_BYTES;
    }
    endDrafts(draft);
    finishDrafts(drafts, draft, false);
}
