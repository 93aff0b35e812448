// The cave lattice of a planet's chunk: as caveLattice.ts has it, of simplex noise at the nodes' places. Node columns run away from the
// planet's middle. Their places are those of samples, so that two faces have the same nodes on both sides of their border.

import { reserve } from "../base/arena";
import { addLedges } from "../caves/ledges";
import { columnBytes, layoutNodes, nodes, planeBytes } from "../caves/caveNodes";
import { caveOctaves, caveSeed, distanceScale, roughness, tunnelRadius } from "../caves/caveWorld";
import { FAR } from "../caves/caveNear";
import { coarseReach, endRows, firstRows } from "../caves/columns";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import { layoutPoints, pointPlaneBytes, simplex3Points } from "../noise/simplex";
import { writePlaces } from "./places";

/**
 * Cells of simplex noise for one of lattice noise in space, and its values for those, as in placedHeights.ts (measured: slopes along an
 * axis are 4.53 and 2.56 times the spread, which is 0.385 and 0.272).
 */
const CELLS: f64 = 0.567;
const VALUES: f32 = 0.708;

/** Distance of nodes that no column asks for, in samples. */
const UNASKED: f32 = 1e4;
/** Rows beyond those that columns ask for: whole groups of eight are shaped. */
const GROUP: i32 = 8;

/** Samples of distance from which on walls need not be rough: nothing looks at them. */
let smoothFrom: f32 = 0;

/**
 * Fills the lattice with the distance to the tunnels, over a box of nodes.
 *
 * @param face 0 to 5
 * @param x, y, z the box's first node
 * @param samplesPerNode a power of two
 * @param gridX, gridZ the grid's first sample
 * @param count nodes from edge to edge of the face, a power of two
 * @param radius of the planet, in nodes
 * @param period as `fillCaveLattice` takes it
 */
export function fillPlacedCaves(
    face: i32,
    x: i32,
    y: i32,
    z: i32,
    nodesX: i32,
    nodesY: i32,
    nodesZ: i32,
    samplesPerNode: i32,
    gridX: i32,
    gridZ: i32,
    count: f64,
    radius: f64,
    period: f64,
): void {
    layoutNodes(x, y, z, nodesX, nodesY, nodesZ);
    smoothFrom = tunnelRadius + FAR + 2 * roughness;
    const line = <usize>((nodesX + 1) & ~1) << 3;
    const plane = line * <usize>nodesZ;
    const places = reserve(plane * 3);
    writePlaces(face, x, z, count, nodesZ, line, places, places + plane, places + plane * 2);
    const points = layoutPoints(nodesY);
    for (let row = 0; row < nodesZ; row++) {
        let column = nodes + <usize>row * planeBytes;
        let place = places + <usize>row * line;
        for (let i = 0; i < nodesX; i++, column += columnBytes, place += 8) {
            const range = rowsAsked((x + i) * samplesPerNode - gridX, (z + row) * samplesPerNode - gridZ, samplesPerNode);
            // Rows count from the box's first node, which lies on the volume's first row.
            const low = max(0, <i32>range / samplesPerNode - 1);
            const high = min(nodesY, <i32>(range >> 32) / samplesPerNode + 2);
            fillFar(column, nodesY);
            if (low < high) {
                const along = load<f64>(place);
                fillColumn(column, low & ~3, high, along, load<f64>(place + plane), load<f64>(place + plane * 2), points, y, radius, period);
            }
        }
    }
    addLedges();
}

/** Fills a column with nodes that no one asks for. */
@inline
function fillFar(column: usize, count: i32): void {
    const far = f32x4.splat(UNASKED);
    for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) {
        v128.store(column + at, far);
    }
}

/**
 * Returns the rows that the grid's columns around a node ask for: the first in the low 32 bits, and the one behind the last in the
 * high ones.
 *
 * @param x, z the node's own column in the grid, which may lie outside
 */
function rowsAsked(x: i32, z: i32, samplesPerNode: i32): u64 {
    const lastX = min(countX - 2, x + samplesPerNode - 1);
    const lastZ = min(countZ - 2, z + samplesPerNode - 1);
    let low = i32.MAX_VALUE;
    let high = 0;
    for (let line = max(1, z - samplesPerNode + 1); line <= lastZ; line++) {
        let at = <usize>line * lineBytes + (<usize>max(1, x - samplesPerNode + 1) << 2);
        for (let column = max(1, x - samplesPerNode + 1); column <= lastX; column++, at += 4) {
            low = min(low, load<i32>(firstRows + at));
            high = max(high, load<i32>(endRows + at));
        }
    }
    const first = max(0, low === i32.MAX_VALUE ? low : low - coarseReach - GROUP);
    return (<u64>max(0, high + coarseReach + GROUP) << 32) | <u64>first;
}

/** Fills the nodes of a column from `low` up to before `high`. */
function fillColumn(
    column: usize,
    low: i32,
    high: i32,
    along: f64,
    ahead: f64,
    third: f64,
    points: usize,
    y: i32,
    radius: f64,
    period: f64,
): void {
    const count = high - low;
    const values = points + pointPlaneBytes() * 6;
    const to = column + (<usize>low << 2);
    const bytes = <usize>((count + 3) & ~3) << 2;
    // Half the wavelength upwards: tunnels lie flat enough to walk in.
    setPoints(points, count, along, ahead, third, radius, <f64>(y + low), 2);
    simplex3Points(points, count, caveSeed(0), CELLS / period, false);
    for (let at: usize = 0; at < bytes; at += 16) {
        const value = v128.load(values + at);
        v128.store(to + at, f32x4.mul(value, value));
    }
    simplex3Points(points, count, caveSeed(1), CELLS / period, false);
    let nearest = f32x4.splat(UNASKED);
    const scale = f32x4.splat(distanceScale * VALUES);
    for (let at: usize = 0; at < bytes; at += 16) {
        const value = v128.load(values + at);
        const length = f32x4.sqrt(f32x4.add(v128.load(to + at), f32x4.mul(value, value)));
        const distance = f32x4.mul(length, scale);
        nearest = f32x4.pmin(nearest, distance);
        v128.store(to + at, distance);
    }
    if (!v128.any_true(f32x4.lt(nearest, f32x4.splat(smoothFrom)))) {
        return;
    }
    setPoints(points, count, along, ahead, third, radius, <f64>(y + low), 1);
    let rough = roughness * VALUES;
    let octave = 2;
    for (let side = period / 4; octave < caveOctaves && side >= 2; side /= 2, octave++) {
        simplex3Points(points, count, caveSeed(octave), CELLS / side, false);
        const depth = f32x4.splat(rough);
        for (let at: usize = 0; at < bytes; at += 16) {
            const distance = v128.load(to + at);
            const change = f32x4.mul(v128.load(values + at), depth);
            // Each node by itself: neighbours have others beside it.
            const isNear = f32x4.lt(distance, f32x4.splat(smoothFrom));
            v128.store(to + at, f32x4.add(distance, v128.and(change, isNear)));
        }
        rough *= 0.5;
    }
}

/** Sets points along a column of nodes, the first of them `y` nodes above altitude 0, which count `stretch` times. */
function setPoints(points: usize, count: i32, x: f64, y: f64, z: f64, radius: f64, first: f64, stretch: f64): void {
    const plane = pointPlaneBytes() * 2;
    for (let i = 0; i < count; i++) {
        const height = radius + stretch * (first + <f64>i);
        const at = points + (<usize>i << 3);
        store<f64>(at, x * height);
        store<f64>(at + plane, y * height);
        store<f64>(at + plane * 2, z * height);
    }
}
