// Distance to the tunnels' axis, in samples, on a lattice that is the samples' own or coarser. Node columns run upwards.
//
// The noise is that of heights.ts in three dimensions: a node column is walked cell by cell upwards, and for each corner
// above one another the four corner columns around are blended once a column.

import { reserve, reserveTable } from "./arena";
import { caveOctaves, caveSeed, distanceScale, MAX_CAVE_OCTAVES, roughness } from "./caveWorld";
import { fade, gradient3, wrapCell } from "./lattice";
import { ones } from "./simd";

/** Floats before a column's first node: vectors may begin there. */
const PAD: i32 = 4;
const PAD_BYTES: usize = 16;

/** First node, in nodes from the origin, and how many there are. */
export let firstX: i32 = 0;
export let firstY: i32 = 0;
export let firstZ: i32 = 0;
export let nodesX: i32 = 0;
export let nodesY: i32 = 0;
export let nodesZ: i32 = 0;
/** f32: z outer, then x, then y. */
export let nodes: usize = 0;
/** Bytes from one column of nodes to the next, and from one plane to the next. */
export let columnBytes: usize = 0;
export let planeBytes: usize = 0;

/** What is kept of an octave from column to column. */
@unmanaged
class Walk {
    /** Along x and z. */
    period: f64;
    shiftZ: f64;
    /** First cell along z. */
    cellZ: f64;
    /** Gradients at all corners of the box: cell z, then cell x, then x, y and z parts, then corners upwards. */
    gradients: usize;
    /** Bytes of one part of one corner column, of one corner column, and of a row of them along x. */
    partBytes: usize;
    cornerBytes: usize;
    rowBytes: usize;
    /** f32 over a column: fraction within the cell, and behind it its fade. */
    fractions: usize;
    /** For each column along x: fraction within the cell as f32, its fade, bytes to its corner column. */
    columns: usize;
    cornersY: i32;
    /** Nodes a cell upwards. */
    width: i32;
    /** First node of the walk: 0 or a little less, so that vectors fill cells; and where it lies in its cell. */
    first: i32;
    phase: i32;
    scale: f32;
}

const walks: usize = reserveTable(offsetof<Walk>() * <usize>MAX_CAVE_OCTAVES);

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function walkAt(octave: i32): Walk {
    return changetype<Walk>(walks + <usize>octave * offsetof<Walk>());
}

/** f32 over the corners above one another, blended for one column: see heights.ts. */
let along: usize = 0;
let constant: usize = 0;

/**
 * Fills the lattice over a box given in nodes.
 *
 * @param period cell side in nodes, a power of two from 4 up, of the two octaves that lay the tunnels
 */
export function fillCaveLattice(x: i32, y: i32, z: i32, countX: i32, countY: i32, countZ: i32, period: f64): void {
    firstX = x;
    firstY = y;
    firstZ = z;
    nodesX = countX;
    nodesY = countY;
    nodesZ = countZ;
    columnBytes = (<usize>((countY + 3) & ~3) << 2) + PAD_BYTES * 2;
    planeBytes = columnBytes * <usize>countX;
    nodes = reserve(planeBytes * <usize>countZ + PAD_BYTES) + PAD_BYTES;
    const mostCorners = ((countY >> 1) + 8) & ~3;
    along = reserve(<usize>mostCorners << 2);
    constant = reserve(<usize>mostCorners << 2);
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
    for (let plane = 0; plane < countZ; plane++) {
        for (let octave = 0; octave < octaves; octave++) {
            addOctave(octave, walkAt(octave), plane);
        }
    }
}

function startWalk(
    octave: i32,
    period: f64,
    periodY: f64,
    shiftX: f64,
    shiftY: f64,
    shiftZ: f64,
    scale: f32,
): void {
    const walk = walkAt(octave);
    const cellX = floor((<f64>firstX + shiftX) / period);
    const cellY = floor((<f64>firstY + shiftY) / periodY);
    const cellZ = floor((<f64>firstZ + shiftZ) / period);
    const cornersX = <i32>(floor((<f64>(firstX + nodesX - 1) + shiftX) / period) - cellX) + 2;
    const cornersZ = <i32>(floor((<f64>(firstZ + nodesZ - 1) + shiftZ) / period) - cellZ) + 2;
    const phase = <i32>(<f64>firstY + shiftY - cellY * periodY);
    walk.period = period;
    walk.shiftZ = shiftZ;
    walk.cellZ = cellZ;
    walk.scale = scale;
    walk.width = <i32>periodY;
    walk.cornersY = (phase + nodesY - 1) / walk.width + 2;
    walk.partBytes = <usize>((walk.cornersY + 7) & ~3) << 2;
    walk.cornerBytes = walk.partBytes * 3;
    walk.rowBytes = walk.cornerBytes * <usize>cornersX;
    walk.gradients = reserve(walk.rowBytes * <usize>cornersZ);
    const early = walk.width === 2 ? phase & 1 : phase & 3;
    walk.first = -early;
    walk.phase = phase - early;
    fillFractions(walk);
    hashCorners(walk, caveSeed(octave), wrapCell(cellX), wrapCell(cellY), wrapCell(cellZ), cornersX, cornersZ);
    walk.columns = reserve(<usize>nodesX * COLUMN_BYTES);
    for (let x = 0; x < nodesX; x++) {
        const at = (<f64>(firstX + x) + shiftX) / period;
        const cell = floor(at);
        const column = walk.columns + <usize>x * COLUMN_BYTES;
        const t = <f32>(at - cell);
        store<f32>(column, t);
        store<f32>(column, fade(t), 4);
        store<u32>(column, <u32>walk.cornerBytes * <u32>(cell - cellX), 8);
    }
}

const COLUMN_BYTES: usize = 12;

const SQUARE: i32 = 0;
const DISTANCE: i32 = 1;
const ROUGH: i32 = 2;

/** Octave 0 is kept as its square; octave 1 makes a distance of both; further ones are added. */
function addOctave(octave: i32, walk: Walk, z: i32): void {
    if (octave === 0) {
        addColumns(SQUARE, walk, z);
    } else if (octave === 1) {
        addColumns(DISTANCE, walk, z);
    } else {
        addColumns(ROUGH, walk, z);
    }
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function addColumns(kind: i32, walk: Walk, z: i32): void {
    const atZ = (<f64>(firstZ + z) + walk.shiftZ) / walk.period;
    const cellZ = floor(atZ);
    const tz = <f32>(atZ - cellZ);
    const wz = fade(tz);
    const row = walk.gradients + <usize>(cellZ - walk.cellZ) * walk.rowBytes;
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
        blendCorners(walk, row + <usize>load<u32>(place, 8), load<f32>(place), load<f32>(place, 4), tz, wz);
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
                addTo(kind, scale, to, to + from, bytes, a0, a1, c0, c1);
            }
        } else {
            let stop = to + run;
            for (let corner: usize = 0; to < end; corner += 4) {
                const a0 = v128.load32_splat(a + corner);
                const a1 = v128.load32_splat(a + corner, 4);
                const c0 = v128.load32_splat(c + corner);
                const c1 = v128.load32_splat(c + corner, 4);
                for (const cellEnd = min(stop, end); to < cellEnd; to += 16) {
                    addTo(kind, scale, to, to + from, bytes, a0, a1, c0, c1);
                }
                stop += width;
            }
        }
    }
}

/** @param fraction where the table of fractions has what belongs to `to`; fades lie `bytes` behind */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function addTo(
    kind: i32,
    scale: v128,
    to: usize,
    fraction: usize,
    bytes: usize,
    a0: v128,
    a1: v128,
    c0: v128,
    c1: v128,
): void {
    const t = v128.load(fraction);
    const left = f32x4.add(f32x4.mul(a0, t), c0);
    const right = f32x4.add(f32x4.mul(a1, f32x4.sub(t, ones())), c1);
    const value = f32x4.add(left, f32x4.mul(v128.load(fraction + bytes), f32x4.sub(right, left)));
    if (kind === SQUARE) {
        v128.store(to, f32x4.mul(value, value));
    } else if (kind === DISTANCE) {
        const length = f32x4.sqrt(f32x4.add(v128.load(to), f32x4.mul(value, value)));
        v128.store(to, f32x4.mul(length, scale));
    } else {
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, scale)));
    }
}

function hashCorners(
    walk: Walk,
    seed: u32,
    cellX: i32,
    cellY: i32,
    cellZ: i32,
    cornersX: i32,
    cornersZ: i32,
): void {
    let to = walk.gradients;
    for (let z = 0; z < cornersZ; z++) {
        for (let x = 0; x < cornersX; x++) {
            for (let y = 0; y < walk.cornersY; y++) {
                const gradient = gradient3(seed, cellX + x, cellY + y, cellZ + z);
                const at = to + (<usize>y << 2);
                store<f32>(at, load<f32>(gradient));
                store<f32>(at + walk.partBytes, load<f32>(gradient, 4));
                store<f32>(at + walk.partBytes * 2, load<f32>(gradient, 8));
            }
            to += walk.cornerBytes;
        }
    }
}

function fillFractions(walk: Walk): void {
    walk.fractions = reserve(columnBytes * 2) + PAD_BYTES;
    const inverse = <f32>1 / <f32>walk.width;
    for (let i = walk.first; i < nodesY + PAD; i++) {
        const t = <f32>((walk.phase + (i - walk.first)) & (walk.width - 1)) * inverse;
        const at = walk.fractions + <usize>(i << 2);
        store<f32>(at, t);
        store<f32>(at + columnBytes, fade(t));
    }
}

/** What corners one above another add by their gradients' x and z. @param y bytes to the gradients' y; z lies as far behind */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function share(corner: usize, tx: v128, tz: v128, y: usize): v128 {
    return f32x4.add(f32x4.mul(v128.load(corner), tx), f32x4.mul(v128.load(corner + 2 * y), tz));
}

/** Blends four corner columns: `near` and the one behind it along x, and those at high z. @param wx, wz fades of x and z */
function blendCorners(walk: Walk, near: usize, x: f32, wx: f32, z: f32, wz: f32): void {
    const far = near + walk.rowBytes;
    const y = walk.partBytes;
    const w00 = f32x4.splat((1 - wx) * (1 - wz));
    const w10 = f32x4.splat(wx * (1 - wz));
    const w01 = f32x4.splat((1 - wx) * wz);
    const w11 = f32x4.splat(wx * wz);
    const tx = f32x4.splat(x);
    const ux = f32x4.splat(x - 1);
    const tz = f32x4.splat(z);
    const uz = f32x4.splat(z - 1);
    const next = walk.cornerBytes;
    const end = <usize>walk.cornersY << 2;
    const a = along;
    const c = constant;
    for (let at: usize = 0; at < end; at += 16) {
        const p00 = near + at;
        const p10 = p00 + next;
        const p01 = far + at;
        const p11 = p01 + next;
        const y0 = f32x4.add(f32x4.mul(w00, v128.load(p00 + y)), f32x4.mul(w10, v128.load(p10 + y)));
        const y1 = f32x4.add(f32x4.mul(w01, v128.load(p01 + y)), f32x4.mul(w11, v128.load(p11 + y)));
        v128.store(a + at, f32x4.add(y0, y1));
        const c0 = f32x4.add(f32x4.mul(w00, share(p00, tx, tz, y)), f32x4.mul(w10, share(p10, ux, tz, y)));
        const c1 = f32x4.add(f32x4.mul(w01, share(p01, tx, uz, y)), f32x4.mul(w11, share(p11, ux, uz, y)));
        v128.store(c + at, f32x4.add(c0, c1));
    }
}
