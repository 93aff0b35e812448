// The present column: where its nodes lie, which of its rows are near caves, and the lattice's distances along it.

import { reserve } from "../base/arena";
import { mix } from "../base/simd";
import { lineBytes } from "../heightfield/grid";
import { nearPlane, nearPlaneBytes, usedBytes, wantedGroups } from "./caveNear";
import { columnBytes, firstX, firstY, firstZ, nodes, planeBytes } from "./caveNodes";
import { nodeBits, nodeShare } from "./caveShape";

/** The box's first sample and row. */
let boxX: i32 = 0;
export let boxY: i32 = 0;
let boxZ: i32 = 0;
/** Blended nodes of a column that lies between the lattice's columns. */
let columnNodes: usize = 0;

/** The present slice: bytes to its first column in planes of the grid; its nodes; their groups of rows near caves. */
let sliceColumns: usize = 0;
let sliceNodes: usize = 0;
let sliceGroups: usize = 0;

/** Bytes to the present column in planes of the grid. */
export let column: usize = 0;
/** Its nodes from row 0 on, or those at its lower sides where it lies between; and how much those behind count. */
let node: usize = 0;
let shareX: f32 = 0;
let shareZ: f32 = 0;
/** Groups of rows near caves, and bytes from there to those of the nodes behind: 0 on a node. */
let groups: usize = 0;
let besideX: usize = 0;
let besideZ: usize = 0;

/**
 * Sets where the box lies.
 *
 * @param x, firstRow, z the box's first sample, in samples from the origin
 */
export function layoutColumn(x: i32, firstRow: i32, z: i32): void {
    boxX = x;
    boxY = firstRow;
    boxZ = z;
}

/** Reserves room for one column of blended nodes. */
export function layoutProfile(): void {
    columnNodes = reserve(columnBytes + 32);
}

/** Makes slice z the present one. */
export function turnToSlice(z: i32): void {
    const at = boxZ + z;
    const row = <usize>((boxY >> nodeBits) - firstY) << 2;
    sliceColumns = <usize>z * lineBytes;
    sliceNodes = nodes + <usize>((at >> nodeBits) - firstZ) * planeBytes + row;
    sliceGroups = nearPlane(at >> nodeBits);
    shareZ = fractionOf(at);
    besideZ = shareZ > 0 ? nearPlaneBytes : 0;
}

/** Makes column x of the present slice the present one. */
@inline
export function turnToColumn(x: i32): void {
    column = sliceColumns + (<usize>x << 2);
    const at = boxX + x;
    const place = <usize>((at >> nodeBits) - firstX);
    shareX = fractionOf(at);
    node = sliceNodes + place * columnBytes;
    groups = sliceGroups + place * usedBytes;
    besideX = shareX > 0 ? usedBytes : 0;
}

/** Returns how far a sample lies from the node before it, as a share of the step between nodes. */
@inline
function fractionOf(sample: i32): f32 {
    return <f32>(sample & ((1 << nodeBits) - 1)) * nodeShare;
}

/** Returns which of 16 groups of rows of the present column must be exact: see `wantedGroups`. */
@inline
export function wantedOf(first: i32, low: i32, high: i32): i32 {
    return wantedGroups(groups + <usize>(first >> 3), besideX, besideZ, first, low, high, column);
}

/**
 * Returns the address of the nodes along the present column, counted from row 0; those from row `low` up to row `high` are
 * there.
 */
export function profileOf(low: i32, high: i32): usize {
    if (shareX === 0 && shareZ === 0) {
        return node;
    }
    const tx = f32x4.splat(shareX);
    const tz = f32x4.splat(shareZ);
    const nextX = shareX > 0 ? columnBytes : 0;
    const nextZ = shareZ > 0 ? planeBytes : 0;
    const end = <usize>((high >> nodeBits) + 2) << 2;
    for (let at = (<usize>(low >> nodeBits) << 2) & ~15; at < end; at += 16) {
        const from = node + at;
        const near = mix(v128.load(from), v128.load(from + nextZ), tz);
        const far = mix(v128.load(from + nextX), v128.load(from + nextX + nextZ), tz);
        v128.store(columnNodes + at, mix(near, far, tx));
    }
    return columnNodes;
}
