// Plain noise in a box. See noiseRows.ts for how. For each plane of samples the gradients of two planes of corners are
// blended into one plane of them: x and y parts, and what z parts add up to.

import { reserve } from "../../../assembly/base/arena";
import { GRADIENT_SCALE_3D, gradients3 } from "../../../assembly/noise/gradients";
import { fade } from "../../../assembly/noise/lattice";
import { NoiseOctave, noiseOctaveAt } from "./noiseOctaves";
import {
    addToPair,
    beginPair,
    Cells,
    Columns,
    lacksRows,
    layoutCells,
    layoutColumns,
    layoutRowCells,
    layoutRows,
    Rows,
    startRows,
    sumPair,
    turnToPair,
} from "./noiseRows";
import { spreadThree } from "./noiseSpread";

/** What is kept of an octave from plane to plane and from row to row. */
@unmanaged
class Walk {
    columns: Columns;
    rows: Rows;
    planes: Cells;
    /** The plane of corners below the present plane of samples, counted from the first; and how many are hashed. */
    low: i32;
    hashed: i32;
    /** Gradients of two planes of corners, which take turns: x, y and z parts of each row. */
    gradients: usize;
    planeBytes: usize;
}

let walks: usize = 0;
/** Bytes of one part of a row's gradients. */
let partBytes: usize = 0;
/** A row of blended gradients: x parts, what z parts add up to, y parts. */
let blended: usize = 0;

@inline
function walkAt(i: i32): Walk {
    return changetype<Walk>(walks + <usize>i * offsetof<Walk>());
}

/**
 * The sum of the first `octaves` of the table in a box, f32: x inner, then y, then z.
 *
 * @param x, y, z first sample, whole numbers; @param countX at least 4
 * @returns the address of the first value
 */
export function noiseGrid3(octaves: i32, x: f64, y: f64, z: f64, countX: i32, countY: i32, countZ: i32): usize {
    const rowBytes = <usize>countX << 2;
    const values = reserve(rowBytes * <usize>countY * <usize>countZ);
    layoutRows(countX, octaves);
    // Cells are at least two samples wide; gradients come in fours.
    partBytes = (<usize>(countX + 39) << 1) & ~15;
    blended = reserve(partBytes * 3);
    walks = reserve(offsetof<Walk>() * <usize>octaves);
    // Pairs begin at even rows, whatever the box: so a sample has the same bits in all of them.
    const start = floor(y / 2) * 2;
    const early = <i32>(y - start);
    for (let i = 0; i < octaves; i++) {
        const octave = noiseOctaveAt(i);
        const walk = walkAt(i);
        walk.columns = changetype<Columns>(reserve(offsetof<Columns>()));
        walk.rows = changetype<Rows>(reserve(offsetof<Rows>()));
        walk.planes = changetype<Cells>(reserve(offsetof<Cells>()));
        layoutColumns(walk.columns, x + octave.offsetX, octave.period, octave.gain / GRADIENT_SCALE_3D);
        layoutRowCells(walk.rows, start + octave.offsetY, countY + early, octave.periodY);
        layoutCells(walk.planes, z + octave.offsetZ, countZ, octave.period);
        walk.planeBytes = partBytes * 3 * <usize>walk.rows.corners;
        walk.gradients = reserve(walk.planeBytes * 2);
        walk.hashed = 0;
    }
    let to = values;
    for (let plane = 0; plane < countZ; plane++) {
        for (let i = 0; i < octaves; i++) {
            turnToPlane(noiseOctaveAt(i), walkAt(i), plane);
        }
        for (let row = 0; row < countY + early; row += 2) {
            beginPair();
            for (let i = 0; i < octaves; i++) {
                turnTo(i, plane, row);
            }
            const at = to + <usize>(row - early) * rowBytes;
            sumPair(row < early ? 0 : at, row - early + 1 < countY ? at + rowBytes : 0);
        }
        to += <usize>countY * rowBytes;
    }
    return values;
}

function turnToPlane(octave: NoiseOctave, walk: Walk, plane: i32): void {
    const columns = walk.columns;
    const planes = walk.planes;
    walk.low = (planes.phase + plane) >> planes.widthBits;
    for (; walk.hashed < walk.low + 2; walk.hashed++) {
        let to = walk.gradients + walk.planeBytes * <usize>(walk.hashed & 1);
        for (let row = 0; row < walk.rows.corners; row++) {
            const y = walk.rows.cell + row;
            const z = planes.cell + walk.hashed;
            gradients3(octave.seed, columns.cell, y, z, columns.corners, to, to + partBytes, to + partBytes * 2);
            to += partBytes * 3;
        }
    }
    startRows(walk.rows);
}

@inline
function turnTo(index: i32, plane: i32, row: i32): void {
    const walk = walkAt(index);
    const rows = walk.rows;
    turnToPair(rows, row);
    while (lacksRows(rows)) {
        blendPlanes(walk, plane);
        spreadThree(walk.columns, rows, blended, blended + partBytes, blended + partBytes * 2);
    }
    addToPair(rows, row);
}

/** Blends the next row of corners. */
function blendPlanes(walk: Walk, plane: i32): void {
    const planes = walk.planes;
    const row = walk.gradients + partBytes * 3 * <usize>walk.rows.spread;
    let low = row + walk.planeBytes * <usize>(walk.low & 1);
    let high = row + walk.planeBytes * <usize>(~walk.low & 1);
    const t = <f32>((planes.phase + plane) & (planes.width - 1)) / <f32>planes.width;
    const w = fade(t);
    const lowWeight = f32x4.splat(1 - w);
    const highWeight = f32x4.splat(w);
    const lowFraction = f32x4.splat((1 - w) * t);
    const highFraction = f32x4.splat(w * (t - 1));
    const part = partBytes;
    let to = blended;
    const end = to + (<usize>walk.columns.corners << 2);
    do {
        const x = f32x4.mul(v128.load(low), lowWeight);
        v128.store(to, f32x4.add(x, f32x4.mul(v128.load(high), highWeight)));
        const lowZ = low + part * 2;
        const z = f32x4.mul(v128.load(lowZ), lowFraction);
        const highZ = high + part * 2;
        v128.store(to + part, f32x4.add(z, f32x4.mul(v128.load(highZ), highFraction)));
        const y = f32x4.mul(v128.load(low + part), lowWeight);
        v128.store(to + part * 2, f32x4.add(y, f32x4.mul(v128.load(high + part), highWeight)));
        low += 16;
        high += 16;
        to += 16;
    } while (to < end);
}
