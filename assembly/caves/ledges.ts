// Ledges of cave walls: rock lies in tilted beds, some harder than others, which stand out into tunnels.
//
// Beds differ along a column of nodes alone. Columns are tilted against each other by whole parts of a node, so that one table, for
// each part, serves all columns of a box.

import { reserve } from "../base/arena";
import { bedStep, hardnessOf } from "../heightfield/beds";
import { columnBytes, firstX, firstY, firstZ, nodes, nodesX, nodesY, nodesZ, planeBytes } from "./caveNodes";

/** Parts of a node by which columns are tilted, as a power of two. */
const PART_BITS: i32 = 3;
const PARTS: i32 = 1 << PART_BITS;

/** Nodes from a bed to the next; 0 where there are none. */
let thickness: f64 = 0;
/** Samples by which the hardest beds move walls. */
let depth: f32 = 0;
let seed: u32 = 0;
/** Nodes by which beds rise for each node along x and z. */
let tiltX: f64 = 0;
let tiltZ: f64 = 0;

/**
 * Sets the ledges of a level.
 *
 * @param nodesPerBed nodes from a bed to the next; 0 is none
 * @param samples by which the hardest beds move walls
 * @param alongX, alongZ nodes by which beds rise for each node along x and z
 */
export function setLedges(nodesPerBed: f64, samples: f32, bedSeed: u32, alongX: f64, alongZ: f64): void {
    thickness = nodesPerBed;
    depth = samples;
    seed = bedSeed;
    tiltX = alongX;
    tiltZ = alongZ;
}

/** Returns the parts of a node by which beds are raised in a column of nodes. */
@inline
function raisedBy(x: i32, z: i32): i32 {
    return <i32>floor((tiltX * <f64>x + tiltZ * <f64>z) * <f64>PARTS + 0.5);
}

/** Adds ledges to the distances of the lattice. */
export function addLedges(): void {
    if (thickness === 0) {
        return;
    }
    const first = min(raisedBy(firstX, firstZ), raisedBy(firstX + nodesX - 1, firstZ));
    const second = min(raisedBy(firstX, firstZ + nodesZ - 1), raisedBy(firstX + nodesX - 1, firstZ + nodesZ - 1));
    const least = min(first, second) >> PART_BITS;
    const last = max(
        max(raisedBy(firstX, firstZ), raisedBy(firstX + nodesX - 1, firstZ)),
        max(raisedBy(firstX, firstZ + nodesZ - 1), raisedBy(firstX + nodesX - 1, firstZ + nodesZ - 1)),
    );
    // Vectors reach up to three nodes past a column's end.
    const length = nodesY + 4 + (last >> PART_BITS) - least;
    const table = fillTable(firstY + least, length);
    const bytes = <usize>length << 2;
    const end = <usize>nodesY << 2;
    for (let z = 0; z < nodesZ; z++) {
        let column = nodes + <usize>z * planeBytes;
        for (let x = 0; x < nodesX; x++, column += columnBytes) {
            const raised = raisedBy(firstX + x, firstZ + z);
            const from = table + <usize>(raised & (PARTS - 1)) * bytes + (<usize>((raised >> PART_BITS) - least) << 2);
            for (let at: usize = 0; at < end; at += 16) {
                v128.store(column + at, f32x4.add(v128.load(column + at), v128.load(from + at)));
            }
        }
    }
}

/** Returns a table: for each part of a node, what beds add to nodes from `first` on, as raised by that part. */
function fillTable(first: i32, length: i32): usize {
    const table = reserve(<usize>(length * PARTS) << 2);
    let to = table;
    for (let part = 0; part < PARTS; part++) {
        const start = <f64>first + <f64>part / <f64>PARTS;
        for (let i = 0; i < length; i++, to += 4) {
            const place = (start + <f64>i) / thickness;
            const bed = floor(place);
            store<f32>(to, bedStep(<f32>(place - bed)) * hardnessOf(<i32>bed, seed) * depth);
        }
    }
    return table;
}
