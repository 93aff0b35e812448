// Distance to the tunnels' axis, in samples, on a lattice that is the samples' own or coarser. Node columns run upwards.
//
// The noise is that of heights.ts in three dimensions: a node column is walked cell by cell upwards, and for each corner
// above one another the four corner columns around are blended once a column.

import { reserve } from "../base/arena";
import { columnBytes, layoutNodes, nodes, nodesX, nodesY, planeBytes } from "./caveNodes";
import { blendCorners, COLUMN_BYTES, startWalk, turnToPlane, Walk, walkAt } from "./caveWalk";
import { addLedges } from "./ledges";
import { caveOctaves, distanceScale, roughness } from "./caveWorld";

/** f32 over the corners above one another, blended for one column: as in heights.ts. */
let along: usize = 0;
let constant: usize = 0;
/** As `along` and `constant`, of the second of two octaves that are walked together. */
let along2: usize = 0;
let constant2: usize = 0;

/**
 * Fills the lattice with the distance to the tunnels, over a box given in nodes.
 *
 * @param period cell side in nodes, a power of two from 4 up, of the two octaves that lay the tunnels
 */
export function fillCaveLattice(
    x: i32,
    y: i32,
    z: i32,
    countX: i32,
    countY: i32,
    countZ: i32,
    period: f64,
): void {
    layoutNodes(x, y, z, countX, countY, countZ);
    const mostCorners = ((countY >> 1) + 8) & ~3;
    along = reserve(<usize>mostCorners << 2);
    constant = reserve(<usize>mostCorners << 2);
    along2 = reserve(<usize>mostCorners << 2);
    constant2 = reserve(<usize>mostCorners << 2);
    // Half the wavelength vertically: tunnels lie flat enough to walk in.
    const periodY = max(2, period / 2);
    startWalk(0, period, periodY, 0, 0, 0, 1);
    // Gradient noise is 0 at every corner of its cells: shifted against each other, the two share none of them.
    startWalk(1, period, periodY, period * 0.375, periodY * 0.5, period * 0.625, distanceScale);
    let octaves = 2;
    let rough = roughness;
    for (let at = period / 4; octaves < caveOctaves && at >= 2; at /= 2, octaves++) {
        startWalk(octaves, at, at, 0, 0, 0, rough);
        rough *= 0.5;
    }
    const isPair = walkAt(0).width >= 4 && walkAt(0).first === 0 && walkAt(1).first === 0;
    for (let plane = 0; plane < countZ; plane++) {
        if (isPair) {
            layTunnels(walkAt(0), walkAt(1), plane);
        } else {
            addColumns(SQUARE, walkAt(0), plane);
            addColumns(DISTANCE, walkAt(1), plane);
        }
        for (let octave = 2; octave < octaves; octave++) {
            addColumns(ROUGH, walkAt(octave), plane);
        }
    }
    addLedges();
}

const SQUARE: i32 = 0;
const DISTANCE: i32 = 1;
const ROUGH: i32 = 2;

/**
 * Lays the tunnels, which run where octaves 0 and 1 both vanish. Their cells are of one size, and begin where vectors do.
 */
function layTunnels(first: Walk, second: Walk, z: i32): void {
    turnToPlane(first, z);
    turnToPlane(second, z);
    const count = nodesX;
    const bytes = columnBytes;
    const last = <usize>nodesY << 2;
    const width = <usize>first.width << 2;
    const run1 = width - (<usize>first.phase << 2);
    const run2 = width - (<usize>second.phase << 2);
    const scale = f32x4.splat(second.scale);
    const a = along;
    const c = constant;
    const a2 = along2;
    const c2 = constant2;
    let place1 = first.columns;
    let place2 = second.columns;
    let column = nodes + <usize>z * planeBytes;
    for (let x = 0; x < count; x++, column += bytes, place1 += COLUMN_BYTES, place2 += COLUMN_BYTES) {
        blendCorners(first, place1, a, c);
        blendCorners(second, place2, a2, c2);
        const from1 = first.fractions - column;
        const from2 = second.fractions - column;
        const end = column + last;
        let stop1 = column + run1;
        let stop2 = column + run2;
        let corner1: usize = 0;
        let corner2: usize = 0;
        for (let to = column; to < end;) {
            const a10 = v128.load32_splat(a + corner1);
            const c10 = v128.load32_splat(c + corner1);
            const a20 = v128.load32_splat(a2 + corner2);
            const c20 = v128.load32_splat(c2 + corner2);
            const turn1 = turnOf(a10, v128.load32_splat(a + corner1, 4));
            const rise1 = riseOf(c10, v128.load32_splat(a + corner1, 4), v128.load32_splat(c + corner1, 4));
            const turn2 = turnOf(a20, v128.load32_splat(a2 + corner2, 4));
            const rise2 = riseOf(c20, v128.load32_splat(a2 + corner2, 4), v128.load32_splat(c2 + corner2, 4));
            for (const stop = min(min(stop1, stop2), end); to < stop; to += 16) {
                const one = valueAt(to + from1, bytes, a10, c10, turn1, rise1);
                const two = valueAt(to + from2, bytes, a20, c20, turn2, rise2);
                const square = f32x4.add(f32x4.mul(one, one), f32x4.mul(two, two));
                v128.store(to, f32x4.mul(f32x4.sqrt(square), scale));
            }
            if (to >= stop1) {
                stop1 += width;
                corner1 += 4;
            }
            if (to >= stop2) {
                stop2 += width;
                corner2 += 4;
            }
        }
    }
}

/** Adds one octave to all columns of a plane. */
@inline
function addColumns(kind: i32, walk: Walk, z: i32): void {
    turnToPlane(walk, z);
    // In locals: engines read what lies in memory or in globals anew for each vector.
    const count = nodesX;
    const bytes = columnBytes;
    const last = <usize>nodesY << 2;
    const fractions = walk.fractions;
    const width = <usize>walk.width << 2;
    const first = <isize>walk.first << 2;
    const run = width - (<usize>walk.phase << 2);
    const scale = f32x4.splat(walk.scale);
    const a = along;
    const c = constant;
    let place = walk.columns;
    let column = nodes + <usize>z * planeBytes;
    for (let x = 0; x < count; x++, column += bytes, place += COLUMN_BYTES) {
        blendCorners(walk, place, a, c);
        const from = fractions - column;
        const end = column + last;
        let to = column + first;
        if (width === 8) {
            for (let corner: usize = 0; to < end; to += 16, corner += 8) {
                const a4 = v128.load(a + corner);
                const c4 = v128.load(c + corner);
                const a0 = v128.shuffle<f32>(a4, a4, 0, 0, 1, 1);
                const a1 = v128.shuffle<f32>(a4, a4, 1, 1, 2, 2);
                const c0 = v128.shuffle<f32>(c4, c4, 0, 0, 1, 1);
                const c1 = v128.shuffle<f32>(c4, c4, 1, 1, 2, 2);
                addTo(kind, scale, to, to + from, bytes, a0, c0, turnOf(a0, a1), riseOf(c0, a1, c1));
            }
        } else {
            let stop = to + run;
            for (let corner: usize = 0; to < end; corner += 4) {
                const a0 = v128.load32_splat(a + corner);
                const a1 = v128.load32_splat(a + corner, 4);
                const c0 = v128.load32_splat(c + corner);
                const c1 = v128.load32_splat(c + corner, 4);
                const turn = turnOf(a0, a1);
                const rise = riseOf(c0, a1, c1);
                for (const cellEnd = min(stop, end); to < cellEnd; to += 16) {
                    addTo(kind, scale, to, to + from, bytes, a0, c0, turn, rise);
                }
                stop += width;
            }
        }
    }
}

// From corner 0 to corner 1, noise is a0 t + c0 and a1 (t - 1) + c1, faded from one to the other: what they differ by is
// turn t + rise.

/** Returns what a corner's share per fraction differs by from that of the corner behind. */
@inline
function turnOf(a0: v128, a1: v128): v128 {
    return f32x4.sub(a1, a0);
}

/** Returns what a corner's constant share differs by from that of the corner behind. */
@inline
function riseOf(c0: v128, a1: v128, c1: v128): v128 {
    return f32x4.sub(f32x4.sub(c1, a1), c0);
}

/**
 * Returns the noise at four nodes.
 *
 * @param fraction where the table of fractions has what belongs to a vector; fades lie `bytes` behind
 */
@inline
function valueAt(fraction: usize, bytes: usize, a0: v128, c0: v128, turn: v128, rise: v128): v128 {
    const t = v128.load(fraction);
    const low = f32x4.add(f32x4.mul(a0, t), c0);
    return f32x4.add(low, f32x4.mul(v128.load(fraction + bytes), f32x4.add(f32x4.mul(turn, t), rise)));
}

/**
 * Adds an octave's noise to four nodes: octave 0 is kept as its square, octave 1 makes a distance of both, further ones are
 * added.
 */
@inline
function addTo(
    kind: i32,
    scale: v128,
    to: usize,
    fraction: usize,
    bytes: usize,
    a0: v128,
    c0: v128,
    turn: v128,
    rise: v128,
): void {
    if (kind === SQUARE) {
        const value = valueAt(fraction, bytes, a0, c0, turn, rise);
        v128.store(to, f32x4.mul(value, value));
    } else if (kind === DISTANCE) {
        const value = valueAt(fraction, bytes, a0, c0, turn, rise);
        const length = f32x4.sqrt(f32x4.add(v128.load(to), f32x4.mul(value, value)));
        v128.store(to, f32x4.mul(length, scale));
    } else {
        const value = valueAt(fraction, bytes, a0, c0, turn, rise);
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, scale)));
    }
}
