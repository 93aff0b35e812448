// Plain noise in a box. See noiseRows.ts for how. For each plane of samples the gradients of two planes of corners are
// blended into one plane of them: x and y parts, and what z parts add up to.

import { reserve } from "./arena";
import { GRADIENT_SCALE_3D, gradients3 } from "./gradients";
import { NoiseOctave, noiseOctaveAt } from "./noiseOctaves";
import {
    addToPair,
    beginPair,
    Cells,
    layoutCells,
    layoutRowCells,
    layoutRows,
    Rows,
    spreadThree,
    spreadTo,
    startRows,
    straddling,
    sumPair,
    turnToRow,
} from "./noiseRows";

/** What is kept of an octave from plane to plane and from row to row. */
@unmanaged
class Walk {
    columns: Cells;
    rows: Rows;
    planes: Cells;
    /** The plane of corners below the present plane of samples, counted from the first; and how many have been hashed. */
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

// @ts-ignore: decorator
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
    partBytes = (<usize>(countX + 23) << 1) & ~15;
    blended = reserve(partBytes * 3);
    walks = reserve(offsetof<Walk>() * <usize>octaves);
    let straddle = 0.0;
    for (let i = 0; i < octaves; i++) {
        const octave = noiseOctaveAt(i);
        const walk = walkAt(i);
        walk.columns = changetype<Cells>(reserve(offsetof<Cells>()));
        walk.rows = changetype<Rows>(reserve(offsetof<Rows>()));
        walk.planes = changetype<Cells>(reserve(offsetof<Cells>()));
        layoutCells(walk.columns, x + octave.offsetX, countX, octave.period, 1);
        layoutRowCells(walk.rows, y + octave.offsetY, countY, octave.periodY, 1);
        layoutCells(walk.planes, z + octave.offsetZ, countZ, octave.period, octave.gain / GRADIENT_SCALE_3D);
        walk.planeBytes = partBytes * 3 * <usize>walk.rows.corners;
        walk.gradients = reserve(walk.planeBytes * 2);
        walk.hashed = 0;
        straddle += straddling(walk.rows);
    }
    let to = values;
    for (let plane = 0; plane < countZ; plane++) {
        for (let i = 0; i < octaves; i++) {
            turnToPlane(noiseOctaveAt(i), walkAt(i), plane);
        }
        let isLone = straddle > 0;
        for (let row = 0; row < countY; ) {
            isLone = isLone || row === countY - 1;
            beginPair();
            for (let i = 0; i < octaves; i++) {
                turnTo(i, plane, row, isLone);
            }
            sumPair(to, isLone);
            const rows = isLone ? 1 : 2;
            row += rows;
            to += rowBytes * <usize>rows;
            isLone = false;
        }
    }
    return values;
}

function turnToPlane(octave: NoiseOctave, walk: Walk, plane: i32): void {
    const columns = walk.columns;
    const planes = walk.planes;
    walk.low = (planes.phase - planes.first + plane) >> planes.widthBits;
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

// @ts-ignore: decorator
@inline
function turnTo(index: i32, plane: i32, row: i32, isLone: bool): void {
    const walk = walkAt(index);
    const rows = walk.rows;
    const wanted = turnToRow(rows, row, isLone);
    while (rows.spread < wanted) {
        blendPlanes(walk, plane);
        spreadThree(walk.columns, blended, blended + partBytes, blended + partBytes * 2, spreadTo(rows));
        rows.spread++;
    }
    addToPair(rows, row, isLone);
}

/** Blends the next row of corners. */
function blendPlanes(walk: Walk, plane: i32): void {
    const planes = walk.planes;
    const row = walk.gradients + partBytes * 3 * <usize>walk.rows.spread;
    let low = row + walk.planeBytes * <usize>(walk.low & 1);
    let high = row + walk.planeBytes * <usize>(~walk.low & 1);
    const weights = planes.tables + <usize>(plane << 2);
    const lowFraction = v128.load32_splat(weights);
    const highFraction = v128.load32_splat(weights + planes.tableBytes);
    const lowWeight = v128.load32_splat(weights + planes.tableBytes * 2);
    const highWeight = v128.load32_splat(weights + planes.tableBytes * 3);
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
