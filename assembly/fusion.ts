// The surface of a chunk that caves cross: marching cubes over the density, on the samples of the grid. Vertices on
// upright edges lie exactly on the heights, those on level ones on the straight line between neighbouring heights, so that
// the chunk meets height-grid neighbours along the same line.
//
// Signs are masks of one bit a row. Where two neighbouring words differ there are edges that the surface crosses, and
// counting trailing zeros finds them; all vertices of a slice are made so, then all triangles between two slices.

import { fillSlice, isCaveFound, maskBytes, maskGivenSlice, maskSlice, rows } from "./caveSlices";
import { countX, countZ } from "./grid";
import { fillGround } from "./ground";
import { quantaPerSample } from "./caveWorld";
import { layoutSlots } from "./fusionSlots";
import { addLayer, layoutCells } from "./fusionTriangles";
import {
    addVerticesAcross,
    addVerticesAlong,
    addVerticesUpright,
    beginVertices,
    endPlain,
    listAcross,
    listAlong,
    listUpright,
} from "./fusionVertices";
import { layoutSkirts } from "./skirts";
import { layoutSurface } from "./surface";
import { setSide } from "./uvMapping";

/** Columns around the chunk, and its last column along both axes. */
let margin: i32 = 0;
let last: i32 = 0;

/**
 * Makes the surface where caves change it.
 *
 * @param around columns of the grid around the chunk; @param originY quanta from row 0 to the positions' y = 0
 * @param daylight samples of rock after which no daylight shows on cave walls
 * @param lip samples from a mouth's edge over which ground turns to cave rock
 * @param slopeScale 1 / (two samples in metres); @param isGiven whether distances are given for all slices
 * @returns whether caves change anything; else there is no surface, and the chunk is its height grid's
 */
export function meshVolume(
    around: i32,
    originY: f32,
    daylight: f32,
    lip: f32,
    slopeScale: f32,
    isGiven: bool,
): bool {
    margin = around;
    last = countX - 1 - around;
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
            setSide(<f32>(last - margin) * quantaPerSample);
            fillGround(margin, slopeScale);
            layoutSlots();
            layoutCells();
            layoutSkirts((countX + countZ) * 16);
            layoutSurface();
            beginVertices(margin, originY, daylight, lip);
            // Nothing bends the surface in the slices before. Their distances are gone, and are not needed.
            for (let plain = margin; plain < z; plain++) {
                meshSlice(plain);
            }
            endPlain();
        }
    }
    return isBegun;
}

/** Vertices in slice z, then those between the slice before and z with all triangles there. */
function meshSlice(z: i32): void {
    const mask = maskSlice(z);
    for (let x = margin; x <= last; x++) {
        const column = mask + <usize>x * maskBytes;
        for (let row = 0; row < rows; row += 32) {
            const here = load<u64>(column + (<usize>row >> 3));
            const upright = <u32>(here ^ (here >> 1));
            if (upright !== 0) {
                listUpright(upright, here, x, row, z);
            }
        }
    }
    addVerticesUpright(z);
    for (let x = margin; x < last; x++) {
        listDifferences(mask + <usize>x * maskBytes, mask + <usize>(x + 1) * maskBytes, true, x, z);
    }
    addVerticesAcross(z);
    if (z > margin) {
        meshLayer(z - 1);
    }
}

/** Vertices on the edges between slices z and z + 1, and the triangles. */
function meshLayer(z: i32): void {
    const near = maskSlice(z);
    const far = maskSlice(z + 1);
    for (let x = margin; x <= last; x++) {
        listDifferences(near + <usize>x * maskBytes, far + <usize>x * maskBytes, false, x, z);
    }
    addVerticesAlong(z);
    addLayer(z, margin, last);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function listDifferences(a: usize, b: usize, isAcross: bool, x: i32, z: i32): void {
    for (let row = 0; row < rows; row += 32) {
        const here = load<u32>(a + (<usize>row >> 3));
        const next = load<u32>(b + (<usize>row >> 3));
        if (here !== next) {
            if (isAcross) {
                listAcross(here, next, x, row, z);
            } else {
                listAlong(here, next, x, row, z);
            }
        }
    }
}
