// One octave of the cave lattice's noise, walked column by column: what is kept of it from column to column, and what the
// corners around a column come to.

import { reserve, reserveTable } from "../base/arena";
import { mix } from "../base/simd";
import { fade, gradient3, gradient3Z, gradientX, gradientY, wrapCell } from "../noise/lattice";
import { columnBytes, firstX, firstY, firstZ, nodesX, nodesY, nodesZ, PAD, PAD_BYTES } from "./caveNodes";
import { caveSeed, MAX_CAVE_OCTAVES } from "./caveWorld";

/** What is kept of an octave from column to column. */
@unmanaged
export class Walk {
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
    /** A row of corner columns, blended along z for the present plane: y and x parts, and what does not depend on x. */
    plane: usize;
    cornersX: i32;
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

/** Returns the walk of an octave. */
@inline
export function walkAt(octave: i32): Walk {
    return changetype<Walk>(walks + <usize>octave * offsetof<Walk>());
}

/** Begins the walk of an octave: hashes its gradients, and fills its tables. */
export function startWalk(
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
    walk.plane = reserve(walk.rowBytes);
    walk.cornersX = cornersX;
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
        store<f32>(column, fade(t), COLUMN_FADE);
        store<u32>(column, <u32>walk.cornerBytes * <u32>(cell - cellX), COLUMN_CORNERS);
    }
}

/** An entry of a column along x: its fraction within the cell and its fade as f32, and as u32 the bytes to its corner column. */
export const COLUMN_BYTES: usize = 12;
const COLUMN_FADE: usize = 4;
const COLUMN_CORNERS: usize = 8;

/** Returns the place of a plane of nodes, in cells. */
@inline
function cellAt(walk: Walk, z: i32): f64 {
    return (<f64>(firstZ + z) + walk.shiftZ) / walk.period;
}

/** Returns how far a plane of nodes lies behind the border of its cell, in cells. */
@inline
function fractionAt(walk: Walk, z: i32): f32 {
    const at = cellAt(walk, z);
    return <f32>(at - floor(at));
}

/** Returns the address of the corners at the low z of the cell that a plane lies in. */
@inline
function rowAt(walk: Walk, z: i32): usize {
    return walk.gradients + <usize>(floor(cellAt(walk, z)) - walk.cellZ) * walk.rowBytes;
}

/** Fills the gradients of all corners of the box. */
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
                store<f32>(at, gradientX(gradient));
                store<f32>(at + walk.partBytes, gradientY(gradient));
                store<f32>(at + walk.partBytes * 2, gradient3Z(gradient));
            }
            to += walk.cornerBytes;
        }
    }
}

/** Fills the table of fractions and fades over a column. */
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

/** Makes plane z the present one: blends the corner columns before and behind it. */
export function turnToPlane(walk: Walk, z: i32): void {
    const t = fractionAt(walk, z);
    const wz = f32x4.splat(fade(t));
    const tz = f32x4.splat(t);
    const uz = f32x4.splat(t - 1);
    const part = walk.partBytes;
    const used = <usize>walk.cornersY << 2;
    let near = rowAt(walk, z);
    let to = walk.plane;
    for (let corner = 0; corner < walk.cornersX; corner++, near += walk.cornerBytes, to += walk.cornerBytes) {
        const far = near + walk.rowBytes;
        for (let at: usize = 0; at < used; at += 16) {
            const p = near + at;
            const q = far + at;
            v128.store(to + at, mix(v128.load(p + part), v128.load(q + part), wz));
            v128.store(to + at + part, mix(v128.load(p), v128.load(q), wz));
            const z0 = f32x4.mul(v128.load(p + part * 2), tz);
            const z1 = f32x4.mul(v128.load(q + part * 2), uz);
            v128.store(to + at + part * 2, mix(z0, z1, wz));
        }
    }
}

/**
 * Blends the two corner columns beside a column of the present plane.
 *
 * @param place the column's entry in `columns`
 * @param a, c where it goes: see `along` and `constant`
 */
@inline
export function blendCorners(walk: Walk, place: usize, a: usize, c: usize): void {
    const part = walk.partBytes;
    const next = walk.cornerBytes;
    const from = walk.plane + <usize>load<u32>(place, COLUMN_CORNERS);
    const x = load<f32>(place);
    const end = <usize>walk.cornersY << 2;
    const w = f32x4.splat(load<f32>(place, COLUMN_FADE));
    const t = f32x4.splat(x);
    const u = f32x4.splat(x - 1);
    for (let at: usize = 0; at < end; at += 16) {
        const p = from + at;
        const q = p + next;
        v128.store(a + at, mix(v128.load(p), v128.load(q), w));
        const c0 = f32x4.add(f32x4.mul(v128.load(p + part), t), v128.load(p + part * 2));
        const c1 = f32x4.add(f32x4.mul(v128.load(q + part), u), v128.load(q + part * 2));
        v128.store(c + at, mix(c0, c1, w));
    }
}
