// Distance to the tunnels' axis, in samples, on a lattice that is the samples' own or coarser. Node columns run upwards.
//
// The noise is that of heights.ts in three dimensions: a node column is walked cell by cell upwards, and for each corner
// above one another the four corner columns around are blended once a column.

import { reserve } from "./arena";
import { caveOctaves, caveSeed, distanceScale, roughness } from "./caveWorld";
import { fade, gradient3, wrapCell } from "./lattice";

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

/** f32 over a column: fraction within the cell, and its fade. */
let fractions: usize = 0;
let fades: usize = 0;
/** Gradients at all corners of the box: cell z, then cell x, then x, y and z parts, then corners upwards. */
let gradients: usize = 0;
let gradientCapacity: usize = 0;
/** Bytes of one part of one corner column. */
let partBytes: usize = 0;
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
    fractions = reserve(columnBytes) + PAD_BYTES;
    fades = reserve(columnBytes) + PAD_BYTES;
    const mostCorners = ((countY >> 1) + 8) & ~3;
    along = reserve(<usize>mostCorners << 2);
    constant = reserve(<usize>mostCorners << 2);
    gradientCapacity = 0;
    // Half the wavelength vertically: tunnels lie flat enough to walk in.
    const periodY = max(2, period / 2);
    addOctave(0, period, periodY, 0, 0, 0, 1);
    // Gradient noise is 0 at every corner of its cells: shifted against each other, the two share none of them.
    addOctave(1, period, periodY, period * 0.375, periodY * 0.5, period * 0.625, distanceScale);
    let roughPeriod = period / 4;
    let rough = roughness;
    for (let octave = 2; octave < caveOctaves && roughPeriod >= 2; octave++) {
        addOctave(octave, roughPeriod, roughPeriod, 0, 0, 0, rough);
        roughPeriod /= 2;
        rough *= 0.5;
    }
}

/** Octave 0 is kept as its square; octave 1 makes a distance of both; further ones are added. */
function addOctave(
    octave: i32,
    period: f64,
    periodY: f64,
    shiftX: f64,
    shiftY: f64,
    shiftZ: f64,
    scale: f32,
): void {
    const cellX = floor((<f64>firstX + shiftX) / period);
    const cellY = floor((<f64>firstY + shiftY) / periodY);
    const cellZ = floor((<f64>firstZ + shiftZ) / period);
    const cornersX = <i32>(floor((<f64>(firstX + nodesX - 1) + shiftX) / period) - cellX) + 2;
    const cornersZ = <i32>(floor((<f64>(firstZ + nodesZ - 1) + shiftZ) / period) - cellZ) + 2;
    const width = <i32>periodY;
    const phase = <i32>(<f64>firstY + shiftY - cellY * periodY);
    const cornersY = (phase + nodesY - 1) / width + 2;
    hashCorners(caveSeed(octave), wrapCell(cellX), wrapCell(cellY), wrapCell(cellZ), cornersX, cornersY, cornersZ);
    const early = width === 2 ? phase & 1 : phase & 3;
    fillFractions(-early, phase - early, width);

    const cornerBytes = partBytes * 3;
    for (let z = 0; z < nodesZ; z++) {
        const atZ = (<f64>(firstZ + z) + shiftZ) / period;
        const nodeCellZ = floor(atZ);
        const tz = <f32>(atZ - nodeCellZ);
        const rowOfCorners = gradients + <usize>(<i32>(nodeCellZ - cellZ) * cornersX) * cornerBytes;
        for (let x = 0; x < nodesX; x++) {
            const atX = (<f64>(firstX + x) + shiftX) / period;
            const nodeCellX = floor(atX);
            const near = rowOfCorners + <usize>(<i32>(nodeCellX - cellX)) * cornerBytes;
            blendCorners(near, near + <usize>cornersX * cornerBytes, cornersY, <f32>(atX - nodeCellX), tz);
            const column = nodes + <usize>z * planeBytes + <usize>x * columnBytes;
            if (width === 2) {
                walkNarrow(octave, scale, column, -early);
            } else {
                walkWide(octave, scale, column, -early, width - (phase - early), width);
            }
        }
    }
}

function hashCorners(
    seed: u32,
    cellX: i32,
    cellY: i32,
    cellZ: i32,
    cornersX: i32,
    cornersY: i32,
    cornersZ: i32,
): void {
    partBytes = <usize>((cornersY + 7) & ~3) << 2;
    const bytes = partBytes * 3 * <usize>(cornersX * cornersZ);
    if (bytes > gradientCapacity) {
        gradients = reserve(bytes);
        gradientCapacity = bytes;
    }
    let to = gradients;
    for (let z = 0; z < cornersZ; z++) {
        for (let x = 0; x < cornersX; x++) {
            for (let y = 0; y < cornersY; y++) {
                const gradient = gradient3(seed, cellX + x, cellY + y, cellZ + z);
                const at = to + (<usize>y << 2);
                store<f32>(at, load<f32>(gradient));
                store<f32>(at + partBytes, load<f32>(gradient, 4));
                store<f32>(at + partBytes * 2, load<f32>(gradient, 8));
            }
            to += partBytes * 3;
        }
    }
}

function fillFractions(first: i32, phase: i32, width: i32): void {
    const inverse = <f32>1 / <f32>width;
    for (let i = first; i < nodesY + PAD; i++) {
        const t = <f32>((phase + (i - first)) & (width - 1)) * inverse;
        store<f32>(fractions + <usize>(i << 2), t);
        store<f32>(fades + <usize>(i << 2), fade(t));
    }
}

/** Blends four corner columns: `near` and the one behind it along x, `far` and the one behind it, at high z. */
function blendCorners(near: usize, far: usize, corners: i32, x: f32, z: f32): void {
    const wx = fade(x);
    const wz = fade(z);
    const w00 = f32x4.splat((1 - wx) * (1 - wz));
    const w10 = f32x4.splat(wx * (1 - wz));
    const w01 = f32x4.splat((1 - wx) * wz);
    const w11 = f32x4.splat(wx * wz);
    const tx = f32x4.splat(x);
    const ux = f32x4.splat(x - 1);
    const tz = f32x4.splat(z);
    const uz = f32x4.splat(z - 1);
    const next = partBytes * 3;
    const end = <usize>corners << 2;
    for (let at: usize = 0; at < end; at += 16) {
        const p00 = near + at;
        const p10 = p00 + next;
        const p01 = far + at;
        const p11 = p01 + next;
        const y0 = f32x4.add(f32x4.mul(w00, part(p00, 1)), f32x4.mul(w10, part(p10, 1)));
        const y1 = f32x4.add(f32x4.mul(w01, part(p01, 1)), f32x4.mul(w11, part(p11, 1)));
        v128.store(along + at, f32x4.add(y0, y1));
        const c0 = f32x4.add(
            f32x4.mul(w00, f32x4.add(f32x4.mul(part(p00, 0), tx), f32x4.mul(part(p00, 2), tz))),
            f32x4.mul(w10, f32x4.add(f32x4.mul(part(p10, 0), ux), f32x4.mul(part(p10, 2), tz))),
        );
        const c1 = f32x4.add(
            f32x4.mul(w01, f32x4.add(f32x4.mul(part(p01, 0), tx), f32x4.mul(part(p01, 2), uz))),
            f32x4.mul(w11, f32x4.add(f32x4.mul(part(p11, 0), ux), f32x4.mul(part(p11, 2), uz))),
        );
        v128.store(constant + at, f32x4.add(c0, c1));
    }
}

// @ts-ignore: decorator
@inline
function part(corner: usize, index: usize): v128 {
    return v128.load(corner + index * partBytes);
}

function walkWide(octave: i32, scale: f32, column: usize, first: i32, run: i32, width: i32): void {
    let at = first;
    for (let corner: usize = 0; at < nodesY; corner += 4) {
        const a0 = v128.load32_splat(along + corner);
        const a1 = v128.load32_splat(along + corner, 4);
        const c0 = v128.load32_splat(constant + corner);
        const c1 = v128.load32_splat(constant + corner, 4);
        const end = min(at + run, nodesY);
        for (; at < end; at += 4) {
            addTo(octave, scale, column, at, a0, a1, c0, c1);
        }
        run = width;
    }
}

function walkNarrow(octave: i32, scale: f32, column: usize, first: i32): void {
    for (let at = first, corner: usize = 0; at < nodesY; at += 4, corner += 8) {
        const a = v128.load(along + corner);
        const c = v128.load(constant + corner);
        const a0 = v128.shuffle<f32>(a, a, 0, 0, 1, 1);
        const a1 = v128.shuffle<f32>(a, a, 1, 1, 2, 2);
        const c0 = v128.shuffle<f32>(c, c, 0, 0, 1, 1);
        const c1 = v128.shuffle<f32>(c, c, 1, 1, 2, 2);
        addTo(octave, scale, column, at, a0, a1, c0, c1);
    }
}

// @ts-ignore: decorator
@inline
function addTo(octave: i32, scale: f32, column: usize, node: i32, a0: v128, a1: v128, c0: v128, c1: v128): void {
    const at = <usize>(node << 2);
    const t = v128.load(fractions + at);
    const left = f32x4.add(f32x4.mul(a0, t), c0);
    const right = f32x4.add(f32x4.mul(a1, f32x4.sub(t, f32x4.splat(1))), c1);
    const value = f32x4.add(left, f32x4.mul(v128.load(fades + at), f32x4.sub(right, left)));
    const to = column + at;
    if (octave === 0) {
        v128.store(to, f32x4.mul(value, value));
    } else if (octave === 1) {
        const length = f32x4.sqrt(f32x4.add(v128.load(to), f32x4.mul(value, value)));
        v128.store(to, f32x4.mul(length, f32x4.splat(scale)));
    } else {
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, f32x4.splat(scale))));
    }
}
