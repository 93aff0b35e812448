// The column at hand: where its nodes lie, which of its rows are near caves, and the lattice's distances along it.

import { reserve } from "../base/arena";
import { columnBytes, firstX, firstY, firstZ, nodes, planeBytes } from "./caveNodes";
import { nearPlane, nearPlaneBytes, usedBytes, wantedGroups } from "./caveNear";
import { nodeBits, nodeShare } from "./caveShape";
import { rowBytes } from "../heightfield/grid";
import { mix } from "../base/simd";

/** The box's first sample and row. */
let boxX: i32 = 0;
export let boxY: i32 = 0;
let boxZ: i32 = 0;
/** Nodes of a column that lies between those of the lattice. */
let columnNodes: usize = 0;

/** Of the slice at hand: bytes to its first column in planes of the grid; its nodes; their groups of rows near caves. */
let sliceColumns: usize = 0;
let sliceNodes: usize = 0;
let sliceGroups: usize = 0;

/** Of the column at hand: bytes to it in planes of the grid. */
export let column: usize = 0;
/** Its nodes from row 0 on, or those at its lower sides where it lies between; and its shares of those behind. */
let node: usize = 0;
let shareX: f32 = 0;
let shareZ: f32 = 0;
/** Groups of rows near caves, and bytes from there to those of the nodes behind: 0 on a node. */
let groups: usize = 0;
let besideX: usize = 0;
let besideZ: usize = 0;

/** @param x, firstRow, z the box's first sample, in samples from the origin */
export function layoutColumn(x: i32, firstRow: i32, z: i32): void {
    boxX = x;
    boxY = firstRow;
    boxZ = z;
}

export function layoutProfile(): void {
    columnNodes = reserve(columnBytes + 32);
}

/** Turns to the columns of slice z. */
export function turnToSlice(z: i32): void {
    const at = boxZ + z;
    const row = <usize>((boxY >> nodeBits) - firstY) << 2;
    sliceColumns = <usize>z * rowBytes;
    sliceNodes = nodes + <usize>((at >> nodeBits) - firstZ) * planeBytes + row;
    sliceGroups = nearPlane(at >> nodeBits);
    shareZ = fractionOf(at);
    besideZ = shareZ > 0 ? nearPlaneBytes : 0;
}

/** Turns to a column of the slice at hand. */
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

@inline
function fractionOf(sample: i32): f32 {
    return <f32>(sample & ((1 << nodeBits) - 1)) * nodeShare;
}

/** Of the column at hand, those of 16 groups that must be exact: see `wantedGroups`. */
@inline
export function wantedOf(first: i32, low: i32, high: i32): i32 {
    return wantedGroups(groups + <usize>(first >> 3), besideX, besideZ, first, low, high, column);
}

/** Nodes of the column at hand from row 0 on, of which those from row `low` up to row `high` are there. */
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
