// The surface of caves in wide cells: as fusion.ts makes it in narrow ones, on every other sample.

import { CAVE } from "./caveShape";
import { rows, wideAir } from "./caveSlices";
import { addWideLayer } from "./fusionTriangles";
import { addWideAcross, addWideAlong, addWideUpright, listWide } from "./fusionVertices";
import { addSeamCells } from "./seams";
import { indexCount } from "./surface";
import { addCaveRun } from "./tangents";
import { splitVertices } from "./uvMapping";
import { kindSlice, lowAcross, lowAlong, lowOf, rowsBelow } from "./wideCells";

/**
 * Vertices and triangles of the wide cells between slices z and z + 2. Distances must be known up to slice z + 4, and the
 * narrow cells between must have their vertices.
 */
export function meshWideLayer(z: i32, margin: i32, last: i32): void {
    if (z === margin) {
        addSlice(z, margin, last);
    }
    addSlice(z + 2, margin, last);
    addAlong(z, margin, last);
    const first = indexCount;
    addWideLayer(z, margin, last);
    addSeamCells(z, margin, last);
    splitVertices();
    addCaveRun(first, indexCount);
}

/** Vertices on edges in slice z, as far as no narrow cell shares them. */
function addSlice(z: i32, margin: i32, last: i32): void {
    const kinds = kindSlice(z);
    for (let x = margin; x <= last; x += 2) {
        if ((<i32>load<u8>(kinds + <usize>x) & CAVE) !== 0) {
            const air = wideAir(x, z);
            const end = min(lowOf(x, z), rows);
            for (let row = 0; row < end; row += 64) {
                const here = load<u64>(air + (<usize>row >> 4));
                listWide(<u32>(here ^ (here >> 1)) & rowsBelow(end - row), x, row, z);
            }
        }
    }
    addWideUpright(z);
    for (let x = margin; x < last; x += 2) {
        const kind = <i32>load<u8>(kinds + <usize>x) | <i32>load<u8>(kinds + <usize>x, 2);
        if ((kind & CAVE) !== 0) {
            listDifferences(wideAir(x, z), wideAir(x + 2, z), x, z, lowAcross(x, z));
        }
    }
    addWideAcross(z);
}

/** Vertices on edges from slice z on. */
function addAlong(z: i32, margin: i32, last: i32): void {
    const near = kindSlice(z);
    const far = kindSlice(z + 2);
    for (let x = margin; x <= last; x += 2) {
        const kind = <i32>load<u8>(near + <usize>x) | <i32>load<u8>(far + <usize>x);
        if ((kind & CAVE) !== 0) {
            listDifferences(wideAir(x, z), wideAir(x, z + 2), x, z, lowAlong(x, z));
        }
    }
    addWideAlong(z);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function listDifferences(a: usize, b: usize, x: i32, z: i32, low: i32): void {
    const end = min(low, rows);
    for (let row = 0; row < end; row += 64) {
        const at = <usize>row >> 4;
        listWide((load<u32>(a + at) ^ load<u32>(b + at)) & rowsBelow(end - row), x, row, z);
    }
}
