// Cave distance on the samples, a slice of constant z at a time: shaped by what columns.ts knows, and the sign of the
// density as masks of 32 rows a word.
//
// Slices lie in a ring, which stays in the processor's cache, or all one behind the other where they are to be kept. Of a
// slice only the columns are filled that fine cells need (coarseCells.ts), and of every other slice every other column for
// the coarse ones, which lie in a ring of their own.

import { reserve } from "../base/arena";
import { SLICES_KEPT } from "../base/shared";
import { countX, countZ } from "../heightfield/grid";
import { boxY, layoutColumn, layoutProfile } from "./caveColumn";
import { FAR, layoutNear } from "./caveNear";
import { layoutShape, nodeBits } from "./caveShape";
import { coarseX, coarseZ, layoutCells } from "./coarseCells";

/** Slices whose cave air is kept: coarse cells have twice the depth, and differences twice the reach. */
const INSIDES: i32 = 8;

/** Rows of the volume, a multiple of 32. */
export let rows: i32 = 0;
/** Bytes of one column of distances and of masks. The mask has a word more: 64 bits may be read from its last. */
export let distanceBytes: usize = 0;
export let maskBytes: usize = 0;
let sliceBytes: usize = 0;
let maskSliceBytes: usize = 0;
/** f32: slice by slice, column by column, upwards. */
export let distances: usize = 0;
/** u32: one bit a row, set in air, of columns that are filled. */
export let masks: usize = 0;
/**
 * As `masks`, set where air is a cave's: in a ring, and behind it a slice without caves, which stands for all before
 * `firstCaves`.
 */
let insides: usize = 0;
let firstCaves: i32 = 0;
let slicesKept: i32 = 0;

/** f32: a ring of every other slice, and of each every other column and row. */
let coarseDistances: usize = 0;
export let coarseBytes: usize = 0;
let coarseSliceBytes: usize = 0;
/** A bit for each of the same samples, set where their air is a cave's; of all slices. */
let coarseAirs: usize = 0;
export let airBytes: usize = 0;
export let airSliceBytes: usize = 0;

/** Whether a sample below the surface of the chunk has been found that is air, or that is rock and bends the surface. */
export let isCaveFound: bool = false;
/** Columns around the chunk, which do not count for that. */
export let margin: i32 = 0;

/**
 * Lays out the slices of a box of samples.
 *
 * @param x, firstRow, z the box's first sample, in samples from the origin; `firstRow` a multiple of 8 and of a node
 * @param samplesPerNode a power of two
 * @param kept slices that are kept at once: `SLICES_KEPT`, or all of them
 * @param around columns around the chunk
 */
export function layoutSlices(x: i32, firstRow: i32, z: i32, rowCount: i32, samplesPerNode: i32, kept: i32, around: i32): void {
    rows = (rowCount + 31) & ~31;
    distanceBytes = <usize>rows << 2;
    maskBytes = (<usize>rows >> 3) + 4;
    sliceBytes = distanceBytes * <usize>countX;
    maskSliceBytes = maskBytes * <usize>countX;
    slicesKept = kept;
    distances = reserve(sliceBytes * <usize>kept + 64) + 16;
    masks = reserve(maskSliceBytes * <usize>countZ + 8);
    insides = reserve(maskSliceBytes * <usize>(INSIDES + 1) + 8);
    memory.fill(insides + maskSliceBytes * <usize>INSIDES, 0, maskSliceBytes + 8);
    firstCaves = i32.MAX_VALUE;
    layoutShape(ctz(samplesPerNode), rows);
    layoutColumn(x, firstRow, z);
    layoutCells(x, z);
    isCaveFound = false;
    margin = around;
}

/** Prepares to fill slices from the lattice: makes room for blended nodes, and finds which nodes lie near caves. */
export function layoutBlend(): void {
    layoutProfile();
    layoutNear(rows, slicesKept, boxY);
    fillFar(distances, sliceBytes * <usize>slicesKept);
    if (nodeBits > 0) {
        coarseBytes = distanceBytes >> 1;
        coarseSliceBytes = coarseBytes * <usize>(coarseX(countX - 1) + 1);
        coarseDistances = reserve(coarseSliceBytes * <usize>SLICES_KEPT + 64) + 16;
        fillFar(coarseDistances, coarseSliceBytes * <usize>SLICES_KEPT);
        // A word more: 64 bits may be read from its last.
        airBytes = (<usize>((rows + 127) >> 7) << 3) + 8;
        airSliceBytes = airBytes * <usize>(coarseX(countX - 1) + 1);
        coarseAirs = reserve(airSliceBytes * <usize>((countZ >> 1) + 1));
    }
}

/** Fills distances with `FAR`. */
function fillFar(from: usize, bytes: usize): void {
    const far = f32x4.splat(FAR);
    for (let at = from, end = from + bytes; at < end; at += 16) {
        v128.store(at, far);
    }
}

/**
 * Returns the address of the coarse distances of slice z. Those two samples before and behind are its neighbours in the
 * ring.
 */
@inline
export function coarseSlice(z: i32): usize {
    return coarseDistances + <usize>(coarseZ(z) & (SLICES_KEPT - 1)) * coarseSliceBytes;
}

/** Returns the place of a slice among those that are kept. */
@inline
export function slotOf(z: i32): i32 {
    return slicesKept === SLICES_KEPT ? z & (SLICES_KEPT - 1) : z;
}

/** Returns the address of the distances of slice z. */
@inline
export function distanceSlice(z: i32): usize {
    return distances + <usize>slotOf(z) * sliceBytes;
}

/** Returns the address of the masks of slice z. */
@inline
export function maskSlice(z: i32): usize {
    return masks + <usize>z * maskSliceBytes;
}

/** Returns the address of the cave masks of slice z. */
@inline
export function insideSlice(z: i32): usize {
    return insides + <usize>(z < firstCaves ? INSIDES : z & (INSIDES - 1)) * maskSliceBytes;
}

/** Returns the address in the ring of cave masks that slice z takes. */
@inline
export function insideSlot(z: i32): usize {
    return insides + <usize>(z & (INSIDES - 1)) * maskSliceBytes;
}

/** Clears the cave masks of slice z, and returns their address. */
@inline
export function clearedInside(z: i32): usize {
    const slice = insideSlot(z);
    memory.fill(slice, 0, maskSliceBytes);
    return slice;
}

/** Returns the address of a column's bits, one every other row, set where its air is a cave's. */
@inline
export function coarseAir(x: i32, z: i32): usize {
    return coarseAirs + <usize>coarseZ(z) * airSliceBytes + <usize>coarseX(x) * airBytes;
}

/** Returns the address of the distances, f32: slice by slice, column by column, upwards. */
export function distancesStart(): usize {
    return distances;
}

/** Tells that a sample has been found for which the chunk has a surface of its own: see `isCaveFound`. */
@inline
export function reportCave(): void {
    isCaveFound = true;
}

/** Tells that slices from z on may hold cave air. */
@inline
export function beginCavesAt(z: i32): void {
    firstCaves = min(firstCaves, z);
}
