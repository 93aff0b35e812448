// The surface of caves in coarse cells: as fusion.ts makes it in fine ones, on every other sample.

import { CAVE } from "../caves/caveShape";
import { airBytes, airSliceBytes, coarseAir, rows } from "../caves/caveSlices";
import { firstFineRow, kindSlice, rowsBelow } from "../caves/coarseCells";
import { indexCount } from "../surface/surface";
import { addCaveRun } from "../surface/tangents";
import { splitVertices } from "../surface/uvMapping";
import { listCoarse } from "./crossedEdges";
import { ALONG_X, ALONG_Y, ALONG_Z } from "./fusionSlots";
import { addCoarseLayer } from "./fusionTriangles";
import { addCoarseAlong, addCoarseSlice } from "./fusionVertices";
import { addTransitionCells } from "./transitionCells";

/**
 * Makes the vertices and triangles of the coarse cells between slices z and z + 2. Distances must be known up to slice z +
 * 4, and the fine cells between must have their vertices.
 */
export function meshCoarseLayer(z: i32, margin: i32, last: i32): void {
    if (z === margin) {
        addSlice(z, margin, last);
    }
    addCoarseAlong(z);
    addSlice(z + 2, margin, last);
    const first = indexCount;
    addCoarseLayer(z, margin, last);
    addTransitionCells(z, margin, last);
    splitVertices();
    addCaveRun(first, indexCount);
}

/** Makes the vertices on edges in slice z that no fine cell shares, and lists the edges from there on. */
function addSlice(z: i32, margin: i32, last: i32): void {
    const kinds = kindSlice(z);
    const behind = z < last ? kindSlice(z + 2) : kinds;
    let air = coarseAir(margin, z);
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
            listDifferences(ALONG_X, air, air + airBytes, x, z, firstFineRow(x + 1, z));
        }
        if ((along & CAVE) !== 0 && z < last) {
            listDifferences(ALONG_Z, air, air + airSliceBytes, x, z, firstFineRow(x, z + 1));
        }
    }
    addCoarseSlice(z);
}

/** Lists the upright edges of a column. */
@inline
function listUpright(air: usize, x: i32, z: i32): void {
    const end = min(firstFineRow(x, z), rows);
    for (let row = 0; row < end; row += 64) {
        const here = load<u64>(air + (<usize>row >> 4));
        listCoarse(ALONG_Y, <u32>(here ^ (here >> 1)) & rowsBelow(end - row), x, row, z);
    }
}

/** Lists the edges between a column and another. */
@inline
function listDifferences(axis: i32, a: usize, b: usize, x: i32, z: i32, low: i32): void {
    const end = min(low, rows);
    for (let row = 0; row < end; row += 64) {
        const at = <usize>row >> 4;
        listCoarse(axis, (load<u32>(a + at) ^ load<u32>(b + at)) & rowsBelow(end - row), x, row, z);
    }
}
