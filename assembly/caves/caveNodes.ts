// Where the nodes of the cave lattice lie. Node columns run upwards.

import { reserve } from "../base/arena";

/** First node, in nodes from the origin, and how many there are. */
export let firstX: i32 = 0;
export let firstY: i32 = 0;
export let firstZ: i32 = 0;
export let nodesX: i32 = 0;
export let nodesY: i32 = 0;
export let nodesZ: i32 = 0;
/** f32 for each node: z outer, then x, then y. */
export let nodes: usize = 0;
/** Bytes from one column of nodes to the next, and from one plane to the next. */
export let columnBytes: usize = 0;
export let planeBytes: usize = 0;

/** Floats before a column's first node: vectors may begin there. */
export const PAD: i32 = 4;
export const PAD_BYTES: usize = 16;

/** Lays out a box of nodes. */
export function layoutNodes(x: i32, y: i32, z: i32, countX: i32, countY: i32, countZ: i32): void {
    firstX = x;
    firstY = y;
    firstZ = z;
    nodesX = countX;
    nodesY = countY;
    nodesZ = countZ;
    columnBytes = (<usize>((countY + 3) & ~3) << 2) + PAD_BYTES * 2;
    planeBytes = columnBytes * <usize>countX;
    nodes = reserve(planeBytes * <usize>countZ + PAD_BYTES) + PAD_BYTES;
}
