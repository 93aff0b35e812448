// The vertices of a fused chunk, each on an edge of the sample grid whose ends differ in sign.
//
// Crossed edges are listed first (crossedEdges.ts), then vertices are made list by list (groundVertices.ts, caveVertices.ts): so
// each loop runs without a branch that the processor would have to guess.

import { needVertices } from "../surface/surface";
import { addCavesOn, beginCaves } from "./caveVertices";
import {
    acrossEnd,
    acrosses,
    alongEnd,
    alongs,
    caveEdges,
    caveEnd,
    EDGE_BYTES,
    forgetCoarseAlong,
    forgetCoarseSlice,
    forgetEdges,
    groundEdges,
    groundEnd,
    layoutEdges,
    uprightEnd,
    uprights,
} from "./crossedEdges";
import { setOrigin } from "./edgePoints";
import { ALONG_X, ALONG_Y, ALONG_Z } from "./fusionSlots";
import { addGround, beginGround } from "./groundVertices";
import { beginLips } from "./lips";
import { DRAFTS_AT_ONCE, layoutDrafts } from "./vertexDrafts";

/**
 * Begins a chunk's vertices.
 *
 * @param around columns of the grid around the chunk
 * @param origin quanta from row 0 to the positions' y = 0
 * @param daylight, lip samples: see `meshVolume`
 */
export function beginVertices(around: i32, origin: f32, daylight: f32, lip: f32): void {
    setOrigin(origin);
    layoutEdges(around);
    layoutDrafts();
    beginGround(around);
    beginLips(daylight, lip);
    beginCaves();
}

/** Makes vertices on the listed edges along x of slice z, and forgets the lists. */
export function addVerticesAcross(z: i32): void {
    addListed(ALONG_X, z);
}

/** Makes vertices on the listed upright edges of slice z, and forgets the lists. */
export function addVerticesUpright(z: i32): void {
    addListed(ALONG_Y, z);
}

/** Makes vertices on the listed edges from slice z to the next, and forgets the lists. */
export function addVerticesAlong(z: i32): void {
    addListed(ALONG_Z, z);
}

/** Makes vertices on all listed edges of fine cells along an axis. */
@inline
function addListed(axis: i32, z: i32): void {
    needVertices(<i32>((groundEnd - groundEdges + caveEnd - caveEdges) / EDGE_BYTES) + DRAFTS_AT_ONCE);
    addGround(axis, z);
    addCavesOn(axis, caveEdges, caveEnd, z, 1);
    forgetEdges();
}

/** Makes vertices on the listed edges of coarse cells in slice z, and forgets the lists. */
export function addCoarseSlice(z: i32): void {
    addCoarse(ALONG_Y, uprights, uprightEnd, z);
    addCoarse(ALONG_X, acrosses, acrossEnd, z);
    forgetCoarseSlice();
}

/** Makes vertices on the listed edges of coarse cells from slice z to the next, and forgets the list. */
export function addCoarseAlong(z: i32): void {
    addCoarse(ALONG_Z, alongs, alongEnd, z);
    forgetCoarseAlong();
}

/** Makes vertices on listed edges of coarse cells along an axis. */
@inline
function addCoarse(axis: i32, from: usize, end: usize, z: i32): void {
    needVertices(<i32>((end - from) / EDGE_BYTES) + DRAFTS_AT_ONCE);
    addCavesOn(axis, from, end, z, 2);
}
