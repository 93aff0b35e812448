// Plain noise over a grid: octaves of the lattice noise of heights.ts, values alone. See noiseRows.ts for how.

import { reserve } from "./arena";
import { gradients2 } from "./gradients";
import { noiseOctaveAt } from "./noiseOctaves";
import {
    addToPair,
    beginPair,
    Cells,
    layoutCells,
    layoutRowCells,
    layoutRows,
    Rows,
    spreadTo,
    spreadTwo,
    startRows,
    straddling,
    sumPair,
    turnToRow,
} from "./noiseRows";

/** How an octave's cells lie along both axes. */
@unmanaged
class Walk {
    columns: Cells;
    rows: Rows;
}

let walks: usize = 0;
let gradientX: usize = 0;
let gradientZ: usize = 0;

// @ts-ignore: decorator
@inline
function walkAt(i: i32): Walk {
    return changetype<Walk>(walks + <usize>i * offsetof<Walk>());
}

/**
 * The sum of the first `octaves` of the table over a grid, f32, x inner.
 *
 * @param x, z first sample, whole numbers; @param countX at least 4
 * @returns the address of the first value
 */
export function noiseGrid2(octaves: i32, x: f64, z: f64, countX: i32, countZ: i32): usize {
    const rowBytes = <usize>countX << 2;
    const values = reserve(rowBytes * <usize>countZ);
    layoutRows(countX, octaves);
    // Cells are at least two samples wide; gradients come in fours.
    gradientX = reserve(<usize>(countX + 16) << 1);
    gradientZ = reserve(<usize>(countX + 16) << 1);
    walks = reserve(offsetof<Walk>() * <usize>octaves);
    let straddle = 0.0;
    for (let i = 0; i < octaves; i++) {
        const octave = noiseOctaveAt(i);
        const walk = walkAt(i);
        walk.columns = changetype<Cells>(reserve(offsetof<Cells>()));
        walk.rows = changetype<Rows>(reserve(offsetof<Rows>()));
        layoutCells(walk.columns, x + octave.offsetX, countX, octave.period, 1);
        layoutRowCells(walk.rows, z + octave.offsetZ, countZ, octave.period, octave.gain);
        startRows(walk.rows);
        straddle += straddling(walk.rows);
    }
    let isLone = straddle > 0;
    for (let row = 0; row < countZ; ) {
        isLone = isLone || row === countZ - 1;
        beginPair();
        for (let i = 0; i < octaves; i++) {
            turnTo(i, row, isLone);
        }
        sumPair(values + <usize>row * rowBytes, isLone);
        row += isLone ? 1 : 2;
        isLone = false;
    }
    return values;
}

// @ts-ignore: decorator
@inline
function turnTo(index: i32, row: i32, isLone: bool): void {
    const walk = walkAt(index);
    const rows = walk.rows;
    const wanted = turnToRow(rows, row, isLone);
    while (rows.spread < wanted) {
        spreadCorners(noiseOctaveAt(index).seed, walk.columns, rows);
    }
    addToPair(rows, row, isLone);
}

function spreadCorners(seed: u32, columns: Cells, rows: Rows): void {
    gradients2(seed, columns.cell, rows.cell + rows.spread, columns.corners, gradientX, gradientZ);
    spreadTwo(columns, gradientX, gradientZ, spreadTo(rows));
    rows.spread++;
}
