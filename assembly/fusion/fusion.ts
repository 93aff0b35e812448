// The surface of a chunk that caves cross: marching cubes over the density, on the samples of the grid. Vertices on
// upright edges lie exactly on the heights, those on level ones on the straight line between neighbouring heights, so that
// the chunk meets height-grid neighbours along the same line. Ground that caves leave alone is not cut: groundCells.ts. Nor are
// cave walls away from mouths, where the lattice is coarser than the samples: coarseMesh.ts cuts them on every other one.
//
// Signs are masks of one bit a row. Where two neighbouring words differ there are edges that the surface crosses, and
// counting trailing zeros finds them; all vertices of a slice are made so, then all triangles between two slices.

import { countX, countZ, lineBytes } from "../heightfield/grid";
import { fillSlice, maskGivenSlice } from "../caves/caveFill";
import { MOUTH } from "../caves/caveShape";
import { insideSlice, isCaveFound, maskBytes, maskSlice } from "../caves/caveSlices";
import { quantaPerSample } from "../caves/caveWorld";
import {
    areCoarse,
    findCoarseCells,
    firstFineRow,
    firstFineRowAcross,
    firstFineRowAlong,
    hasCoarseCells,
    kindSlice,
    NEVER,
} from "../caves/coarseCells";
import { surfaceRows } from "../caves/columns";
import { indexCount, layoutSurface } from "../surface/surface";
import { addCaveRun } from "../surface/tangents";
import { beginRun } from "../surface/triangleRuns";
import { setSide, splitVertices } from "../surface/uvMapping";
import { meshCoarseLayer } from "./coarseMesh";
import { list } from "./crossedEdges";
import { layoutSlots } from "./fusionSlots";
import { addLayer, layoutCells } from "./fusionTriangles";
import { addVerticesAcross, addVerticesAlong, addVerticesUpright, beginVertices } from "./fusionVertices";
import {
    acrossSlice,
    addColumns,
    addGroundCells,
    alongSlice,
    CUT,
    layoutGround,
    markAcross,
    markAlong,
} from "./groundCells";
import { fillGround, layoutGroundSlices } from "./groundSlices";
import { endPlain } from "./groundVertices";
import { layoutSkirts } from "./skirts";
import { layoutTransitionCells } from "./transitionCells";

/** Columns around the chunk, and its last column along both axes. */
let margin: i32 = 0;
let last: i32 = 0;
/** Quanta from row 0 to the positions' y = 0. */
let originY: f32 = 0;
/** Whether vertices are split, and `alignTangents` follows. Where distances are given, a mesh alone is asked for. */
let isFinished: bool = true;

/**
 * Makes the surface of a chunk where caves change it.
 *
 * @param around columns of the grid around the chunk
 * @param origin quanta from row 0 to the positions' y = 0
 * @param daylight samples of rock after which no daylight shows on cave walls
 * @param lip samples from a mouth's edge over which ground turns to cave rock
 * @param slopeScale 1 / (two samples in metres)
 * @param isGiven whether distances are given for all slices
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
    originY = origin;
    isFinished = !isGiven;
    last = countX - 1 - around;
    let isBegun = false;
    if (!isGiven) {
        findCoarseCells();
    }
    for (let z = 1; z < countZ - 1; z++) {
        if (isGiven) {
            maskGivenSlice(z);
        } else {
            fillSlice(z);
        }
        if (isBegun) {
            if (z > margin && z <= last + 1) {
                meshSlice(z - 1);
            }
        } else if (isCaveFound) {
            isBegun = true;
            setSide(<f32>(last - margin) * quantaPerSample);
            layoutGroundSlices(margin, slopeScale);
            layoutSlots();
            layoutCells();
            layoutTransitionCells();
            layoutGround();
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
    if (isBegun) {
        if (hasCoarseCells) {
            // A layer of its own, without mouths and ground.
            beginRun();
            meshCoarseLayer(last - 2, margin, last);
            beginRun();
            beginRun();
        }
        beginRun();
    }
    return isBegun;
}

/** Makes the vertices in slice z, then those between the slice before and z, with all triangles there. */
function meshSlice(z: i32): void {
    fillGround(z);
    markAcross(z);
    const mask = maskSlice(z);
    const inside = insideSlice(z);
    const kinds = kindSlice(z);
    const across = acrossSlice(z);
    const tops = surfaceRows + <usize>z * lineBytes;
    addColumns(z, margin, last, originY);
    for (let x = margin; x <= last; x++) {
        if (areCoarse(x, z)) {
            x += 3;
            continue;
        }
        const kind = <i32>load<u8>(kinds + <usize>x);
        const low = firstFineRow(x, z);
        if (kind === 0 || low === NEVER) {
            continue;
        }
        const offset = <usize>x * maskBytes;
        const column = ((kind & MOUTH) !== 0 ? mask : inside) + offset;
        // Of the first word, the rows of fine cells; of the others all.
        let asked = <u32>-1 << (low & 31);
        const top = load<i32>(tops + (<usize>x << 2));
        for (let row = low & ~31; row < top; row += 32, asked = -1) {
            const here = load<u64>(column + (<usize>row >> 3));
            const upright = <u32>(here ^ (here >> 1)) & asked;
            if (upright !== 0) {
                const air = load<u64>(inside + offset + (<usize>row >> 3));
                list(upright, upright & <u32>(air | (air >> 1)), x, row, z);
            }
        }
    }
    addVerticesUpright(z);
    for (let x = margin; x < last; x++) {
        if (load<u64>(across + <usize>x) === 0) {
            x += 7;
            continue;
        }
        const kind = <i32>load<u8>(across + <usize>x);
        if (kind !== 0) {
            const offset = <usize>x * maskBytes;
            const next = offset + maskBytes;
            const at = tops + (<usize>x << 2);
            const top = max(load<i32>(at), load<i32>(at, 4));
            listDifferences(kind, mask + offset, inside + offset, mask + next, inside + next, x, z, firstFineRowAcross(x, z), top);
        }
    }
    addVerticesAcross(z);
    if (z > margin) {
        meshLayer(z - 1);
    }
}

/** Makes the vertices on the edges between slices z and z + 1, and the triangles. */
function meshLayer(z: i32): void {
    beginRun();
    // Coarse cells two slices before: all that they ask for is known now, and is soon gone.
    const first = z - 2;
    if (hasCoarseCells && first >= margin && ((first - margin) & 1) === 0) {
        meshCoarseLayer(first, margin, last);
    }
    markAlong(z);
    const along = alongSlice();
    const near = maskSlice(z);
    const far = maskSlice(z + 1);
    const nearInside = insideSlice(z);
    const farInside = insideSlice(z + 1);
    const tops = surfaceRows + <usize>z * lineBytes;
    for (let x = margin; x <= last; x++) {
        if (load<u64>(along + <usize>x) === 0) {
            x += 7;
            continue;
        }
        const kind = <i32>load<u8>(along + <usize>x);
        if (kind !== 0) {
            const offset = <usize>x * maskBytes;
            const at = tops + (<usize>x << 2);
            const top = max(load<i32>(at), load<i32>(at + lineBytes));
            listDifferences(kind, near + offset, nearInside + offset, far + offset, farInside + offset, x, z, firstFineRowAlong(x, z), top);
        }
    }
    addVerticesAlong(z);
    const firstIndex = indexCount;
    const end = addLayer(z, margin, last);
    if (isFinished) {
        splitVertices();
        addCaveRun(firstIndex, end);
    }
    beginRun();
    addGroundCells(z, margin, last);
}

/**
 * Lists the crossed edges between a column and another: where the ground is cut too, all air counts, else that of caves
 * alone.
 */
@inline
function listDifferences(kind: i32, a: usize, insideA: usize, b: usize, insideB: usize, x: i32, z: i32, low: i32, top: i32): void {
    const from = (kind & CUT) !== 0 ? a : insideA;
    const to = (kind & CUT) !== 0 ? b : insideB;
    let asked = <u32>-1 << (low & 31);
    for (let row = low & ~31; row < top; row += 32, asked = -1) {
        const at = <usize>row >> 3;
        const bits = (load<u32>(from + at) ^ load<u32>(to + at)) & asked;
        if (bits !== 0) {
            list(bits, bits & (load<u32>(insideA + at) | load<u32>(insideB + at)), x, row, z);
        }
    }
}
