// Lists of the edges that the surface crosses: on fine cells' samples, those whose end in air lies below the ground, which are
// caves', apart from the others; on coarse cells' samples, where all are caves', by axis.

import { fail, reserve } from "../base/arena";
import { TOO_MANY_CROSSINGS } from "../base/shared";
import { countX } from "../heightfield/grid";
import { coarseBytes, distanceBytes, rows } from "../caves/caveSlices";
import { coarseX } from "../caves/coarseCells";
import { ALONG_X, ALONG_Y } from "./fusionSlots";

/**
 * An edge: its low end as f32 x 4 in samples of the chunk; bytes to its slot and distance; bytes to its column in a
 * plane.
 */
export const EDGE_BYTES: usize = 32;
const EDGE_ROW: usize = 4;
const EDGE_SLOT: usize = 16;
const EDGE_COLUMN: usize = 20;
/** What a list holds at most: far more than a slice of a chunk that has no more vertices than it may. */
export const MOST_LISTED: i32 = 0x10000;
/** Entries that one call may add without looking at the limit. */
export const LISTED_AT_ONCE: i32 = 64;

export let groundEdges: usize = 0;
export let groundEnd: usize = 0;
export let caveEdges: usize = 0;
export let caveEnd: usize = 0;
/** The lists of coarse cells, by axis. */
export let uprights: usize = 0;
export let uprightEnd: usize = 0;
export let acrosses: usize = 0;
export let acrossEnd: usize = 0;
export let alongs: usize = 0;
export let alongEnd: usize = 0;
/** Bytes that a list has at most. */
let mostListed: usize = 0;
let mostCoarse: usize = 0;
/** Columns of the grid around the chunk. */
let margin: i32 = 0;

/**
 * Makes room for the lists.
 *
 * @param around columns of the grid around the chunk
 */
export function layoutEdges(around: i32): void {
    margin = around;
    // No column has more edges along an axis than rows.
    mostListed = <usize>min(rows * countX, MOST_LISTED) * EDGE_BYTES;
    const bytes = mostListed + <usize>LISTED_AT_ONCE * EDGE_BYTES;
    groundEdges = reserve(bytes);
    caveEdges = reserve(bytes);
    mostCoarse = mostListed >> 2;
    const bytesOfCoarse = mostCoarse + <usize>LISTED_AT_ONCE * EDGE_BYTES;
    uprights = reserve(bytesOfCoarse);
    acrosses = reserve(bytesOfCoarse);
    alongs = reserve(bytesOfCoarse);
    forgetEdges();
    forgetCoarseSlice();
    forgetCoarseAlong();
}

/** Empties the lists of fine cells. */
@inline
export function forgetEdges(): void {
    groundEnd = groundEdges;
    caveEnd = caveEdges;
}

/** Empties the lists of coarse cells' edges within a slice. */
@inline
export function forgetCoarseSlice(): void {
    uprightEnd = uprights;
    acrossEnd = acrosses;
}

/** Empties the list of coarse cells' edges along z. */
@inline
export function forgetCoarseAlong(): void {
    alongEnd = alongs;
}

/** Returns an edge's low end in samples of the chunk: x, row, z. */
@inline
export function edgeStart(edge: usize): v128 {
    return v128.load(edge);
}

/** Returns the row of an edge's low end. */
@inline
export function edgeRow(edge: usize): f32 {
    return load<f32>(edge, EDGE_ROW);
}

/** Returns the row of an edge's low end, in all lanes. */
@inline
export function edgeRows(edge: usize): v128 {
    return v128.load32_splat(edge, EDGE_ROW);
}

/** Returns the bytes from a slice's first slot, and its first distance, to the edge's. */
@inline
export function edgeSlot(edge: usize): usize {
    return <usize>load<u32>(edge, EDGE_SLOT);
}

/** Returns the bytes from a plane's slice to the column of the edge's low end. */
@inline
export function edgeColumn(edge: usize): usize {
    return <usize>load<u32>(edge, EDGE_COLUMN);
}

/**
 * Stores an edge.
 *
 * @param start its low end in samples of the chunk
 * @param slot, column see `edgeSlot` and `edgeColumn`
 */
@inline
function storeEdge(edge: usize, start: v128, slot: u32, column: u32): void {
    v128.store(edge, start);
    store<u32>(edge, slot, EDGE_SLOT);
    store<u32>(edge, column, EDGE_COLUMN);
}

/**
 * Lists crossed edges above one another that run along one axis.
 *
 * @param bits crossed edges upwards from row + bit
 * @param caves those of them whose end in air lies below the ground
 */
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

/** Adds an edge for each bit, and returns the end of the list. */
@inline
function listBits(bits: u32, to: usize, low: v128, slot: u32, column: u32, row: i32): usize {
    for (; bits !== 0; bits &= bits - 1, to += EDGE_BYTES) {
        const bit = ctz(bits);
        storeEdge(to, f32x4.replace_lane(low, 1, <f32>(row + <i32>bit)), slot + (bit << 2), column);
    }
    return to;
}

/**
 * Lists crossed edges of coarse cells above one another. They are two samples long, so there is a bit every other row; all
 * are caves', and each axis has its own list.
 */
@inline
export function listCoarse(axis: i32, bits: u32, x: i32, row: i32, z: i32): void {
    const low = f32x4.replace_lane(f32x4.splat(<f32>(x - margin)), 2, <f32>(z - margin));
    const slot = <u32>coarseX(x) * <u32>coarseBytes;
    const start = axis === ALONG_X ? acrosses : axis === ALONG_Y ? uprights : alongs;
    let to = axis === ALONG_X ? acrossEnd : axis === ALONG_Y ? uprightEnd : alongEnd;
    if (to - start > mostCoarse) {
        fail(TOO_MANY_CROSSINGS);
    }
    for (; bits !== 0; bits &= bits - 1, to += EDGE_BYTES) {
        const at = row + (<i32>ctz(bits) << 1);
        storeEdge(to, f32x4.replace_lane(low, 1, <f32>at), slot + (<u32>at << 1), <u32>x << 2);
    }
    if (axis === ALONG_X) {
        acrossEnd = to;
    } else if (axis === ALONG_Y) {
        uprightEnd = to;
    } else {
        alongEnd = to;
    }
}
