// Vertices of open ground where it is cut: on edges between columns, on columns at mouths, and in the middle of fans.

import { lastOne, mix, roundToFloat } from "../base/simd";
import { lineBytes } from "../heightfield/grid";
import { distanceBytes, distanceSlice } from "../caves/caveSlices";
import { quantaPerSample } from "../caves/caveWorld";
import { surface } from "../caves/columns";
import { VERTEX_BYTES } from "../surface/packedVertex";
import {
    LINK_BYTES,
    linkAt,
    packPosition,
    setVertexCount,
    UNIT_NORMAL_BYTES,
    unitNormalAt,
    vertexAt,
    vertexCount,
    writeVertex,
} from "../surface/surface";
import { FLAT } from "../surface/uvMapping";
import { EDGE_BYTES, edgeColumn, edgeRow, edgeSlot, edgeStart, groundEdges, groundEnd } from "./crossedEdges";
import { besideGround, nextColumn, originOfPositions, quantaAt } from "./edgePoints";
import { ALONG_X, ALONG_Y, slotsOf } from "./fusionSlots";
import { groundNormals, groundRecords, groundWeights } from "./groundSlices";
import { caveGradient, caveShare, darkness, lipGradient, weightsBelow } from "./lips";
import { checkDrafts, DRAFT_BYTES, drafts, endDrafts, finishDrafts, makeDrafted, storeDraft } from "./vertexDrafts";

/** Columns of the grid around the chunk. */
let margin: i32 = 0;
/** Whether the slices so far hold no cave, nor rock that bends the surface: distances are not looked at. */
let isPlain: bool = true;
/** The end of the drafts of fans' middles. */
let fanEnd: usize = 0;

/**
 * Begins a chunk's vertices. The first slices hold no caves: see `endPlain`.
 *
 * @param around columns of the grid around it
 */
export function beginGround(around: i32): void {
    margin = around;
    isPlain = true;
    fanEnd = drafts;
}

/** Tells that slices may hold caves from here on. */
export function endPlain(): void {
    isPlain = false;
}

/** Returns where the distances at the high ends of edges from slice z on begin. */
@inline
function nextDistance(axis: i32, z: i32): usize {
    return axis === ALONG_X
        ? distanceSlice(z) + distanceBytes
        : axis === ALONG_Y
          ? distanceSlice(z) + 4
          : distanceSlice(z + 1);
}

/** Makes vertices on the listed edges of the ground from slice z on along an axis. `needVertices` first. */
@inline
export function addGround(axis: i32, z: i32): void {
    const tops = surface + <usize>z * lineBytes;
    const distancesA = distanceSlice(z);
    const distancesB = nextDistance(axis, z);
    const before = distanceSlice(z - 1);
    const behind = distanceSlice(z + 1);
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
    const origin = originOfPositions();
    let draft = drafts;
    let vertex = vertexCount;
    let to = vertexAt(vertex);
    let unitNormal = unitNormalAt(vertex);
    let link = linkAt(vertex);
    for (let edge = groundEdges; edge < end; edge += EDGE_BYTES) {
        const slot = edgeSlot(edge);
        const column = edgeColumn(edge);
        const low = edgeStart(edge);
        const row = edgeRow(edge);
        const terrainA = f32x4.splat(row - load<f32>(tops + column));
        const terrainB = f32x4.splat((axis === ALONG_Y ? row + 1 : row) - load<f32>(tops + column + aside));
        let a = terrainA;
        let b = terrainB;
        let share: f32 = 0;
        if (!plain) {
            const rawA = v128.load32_splat(distancesA + slot);
            const rawB = v128.load32_splat(distancesB + slot);
            // The cave term counts below the surface alone: above it there is air already. In air 0 stands for it, which is no more than
            // the terrain term.
            a = f32x4.pmax(a, v128.and(f32x4.neg(rawA), f32x4.lt(a, f32x4.splat(0))));
            b = f32x4.pmax(b, v128.and(f32x4.neg(rawB), f32x4.lt(b, f32x4.splat(0))));
            // Rock tells: air above the ground is no cave's.
            const isRock = f32x4.extract_lane(a, 0) < 0;
            const depth = -f32x4.extract_lane(isRock ? terrainA : terrainB, 0);
            share = caveShare(depth, f32x4.extract_lane(isRock ? rawA : rawB, 0));
            if (share > 0) {
                // Over rock that a cave bends its air goes on above the ground, or floors that run out would rise to the ground wherever
                // a sample lies just above that.
                const share4 = f32x4.splat(share);
                const air = isRock ? b : a;
                const open = mix(air, f32x4.pmax(air, f32x4.neg(isRock ? rawB : rawA)), share4);
                a = isRock ? a : open;
                b = isRock ? open : b;
            }
        }
        const t = f32x4.div(a, f32x4.sub(a, b));
        const quanta = quantaAt(axis, low, t, scale, scale, origin);
        const at = column << 2;
        const normal = v128.load(normals + at);
        if (axis === ALONG_Y && share === 0) {
            store<u32>(slots + slot, vertex++);
            writeVertex(to, unitNormal, link, packPosition(quanta), normal, v128.load(records + at), FLAT);
            to += VERTEX_BYTES;
            unitNormal += UNIT_NORMAL_BYTES;
            link += LINK_BYTES;
        } else {
            const next = axis === ALONG_Y ? at : at + beside;
            const weights = mix(v128.load(macros + at), v128.load(macros + next), t);
            let lit = f32x4.add(weights, lastOne());
            let gradient = mix(normal, v128.load(normals + next), t);
            if (share > 0) {
                const cave = caveGradient(
                    axis,
                    distancesA + slot,
                    distancesB + slot,
                    before + slot,
                    behind + slot,
                    distanceBytes,
                    t,
                );
                gradient = lipGradient(cave, gradient, share);
                // As far as it sinks below the ground it turns to rock, like walls beside it.
                const depthA = f32x4.neg(terrainA);
                const rise = axis === ALONG_Y ? t : f32x4.mul(f32x4.add(terrainB, depthA), t);
                lit = weightsBelow(weights, f32x4.sub(depthA, rise), darkness(), f32x4.splat(0));
            }
            storeDraft(draft, gradient, quanta, lit, slots + slot);
            draft += DRAFT_BYTES;
        }
    }
    setVertexCount(vertex);
    endDrafts(draft);
    finishDrafts(drafts, draft, true);
}

/**
 * Drafts a vertex in the middle of a cell, on ground that is not cut.
 *
 * @param slot address at which it is written down
 */
export function addFanCentre(x: i32, z: i32, slot: usize): void {
    const top = surface + <usize>z * lineBytes + (<usize>x << 2);
    const height = (load<f32>(top) + load<f32>(top, 4) + load<f32>(top + lineBytes) + load<f32>(top + lineBytes, 4)) * 0.25;
    const samples = f32x4(<f32>(x - margin) + 0.5, height, <f32>(z - margin) + 0.5, 0);
    const origin = originOfPositions();
    const column = <usize>x << 4;
    checkDrafts(fanEnd);
    const gradient = sumOfCell(groundNormals(z) + column, groundNormals(z + 1) + column);
    const quanta = roundToFloat(f32x4.sub(f32x4.mul(samples, f32x4.splat(quantaPerSample)), origin));
    const sum = sumOfCell(groundWeights(z) + column, groundWeights(z + 1) + column);
    const weights = f32x4.add(f32x4.mul(sum, f32x4.splat(0.25)), lastOne());
    storeDraft(fanEnd, gradient, quanta, weights, slot);
    fanEnd += DRAFT_BYTES;
}

/**
 * Returns the sum of what a cell has at its four columns.
 *
 * @param near, far 16 bytes a column, of two slices
 */
@inline
function sumOfCell(near: usize, far: usize): v128 {
    return f32x4.add(
        f32x4.add(v128.load(near), v128.load(near, 16)),
        f32x4.add(v128.load(far), v128.load(far, 16)),
    );
}

/** Makes vertices of what `addFanCentre` has drafted. */
export function finishFanCentres(): void {
    makeDrafted(fanEnd, true);
    fanEnd = drafts;
}
