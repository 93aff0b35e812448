// The surface of caves in wide cells: as fusion.ts makes it in narrow ones, on every other sample.

import { CAVE } from "../caves/caveShape";
import { airBytes, airSliceBytes, rows, wideAir } from "../caves/caveSlices";
import { addWideLayer } from "./fusionTriangles";
import { ALONG_X, ALONG_Y, ALONG_Z } from "./fusionSlots";
import { listWide } from "./crossedEdges";
import { addWideAlong, addWideSlice } from "./fusionVertices";
import { addSeamCells } from "./transitionCells";
import { indexCount } from "../surface/surface";
import { addCaveRun } from "../surface/tangents";
import { splitVertices } from "../surface/uvMapping";
import { kindSlice, lowOf, rowsBelow } from "../caves/coarseCells";

/**
 * Vertices and triangles of the wide cells between slices z and z + 2. Distances must be known up to slice z + 4, and the
 * narrow cells between must have their vertices.
 */
export function meshWideLayer(z: i32, margin: i32, last: i32): void {
    if (z === margin) {
        addSlice(z, margin, last);
    }
    addWideAlong(z);
    addSlice(z + 2, margin, last);
    const first = indexCount;
    addWideLayer(z, margin, last);
    addSeamCells(z, margin, last);
    splitVertices();
    addCaveRun(first, indexCount);
}

/** Vertices on edges in slice z, as far as no narrow cell shares them. Those from there on are listed. */
function addSlice(z: i32, margin: i32, last: i32): void {
    const kinds = kindSlice(z);
    const behind = z < last ? kindSlice(z + 2) : kinds;
    let air = wideAir(margin, z);
    for (let x = margin; x <= last; x += 2, air += airBytes) {
        const at = <usize>x;
        const own = <i32>load<u8>(kinds + at);
        const beside = own | <i32>load<u8>(kinds + at, 2);
        const along = own | <i32>load<u8>(behind + at);
        if (((beside | along) & CAVE) === 0) {
            continue;
        }
        if ((own & CAVE) !== 0) {
            listUpright(air, x, z);
        }
        if ((beside & CAVE) !== 0 && x < last) {
            listDifferences(ALONG_X, air, air + airBytes, x, z, lowOf(x + 1, z));
        }
        if ((along & CAVE) !== 0 && z < last) {
            listDifferences(ALONG_Z, air, air + airSliceBytes, x, z, lowOf(x, z + 1));
        }
    }
    addWideSlice(z);
}

@inline
function listUpright(air: usize, x: i32, z: i32): void {
    const end = min(lowOf(x, z), rows);
    for (let row = 0; row < end; row += 64) {
        const here = load<u64>(air + (<usize>row >> 4));
        listWide(ALONG_Y, <u32>(here ^ (here >> 1)) & rowsBelow(end - row), x, row, z);
    }
}

@inline
function listDifferences(axis: i32, a: usize, b: usize, x: i32, z: i32, low: i32): void {
    const end = min(low, rows);
    for (let row = 0; row < end; row += 64) {
        const at = <usize>row >> 4;
        listWide(axis, (load<u32>(a + at) ^ load<u32>(b + at)) & rowsBelow(end - row), x, row, z);
    }
}
