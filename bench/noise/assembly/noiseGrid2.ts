// Plain noise over a grid: octaves of the lattice noise of heights.ts, values alone. See noiseRows.ts for how.

import { reserve } from "../../../assembly/base/arena";
import { gradients2 } from "../../../assembly/noise/gradients";
import { noiseOctaveAt } from "./noiseOctaves";
import {
    addToPair,
    beginPair,
    Columns,
    lacksRows,
    layoutColumns,
    layoutRowCells,
    layoutRows,
    Rows,
    startRows,
    sumPair,
    turnToPair,
} from "./noiseRows";
import { spreadTwo } from "./noiseSpread";

/** How an octave's cells lie along both axes. */
@unmanaged
class Walk {
    columns: Columns;
    rows: Rows;
}

let walks: usize = 0;
let gradientX: usize = 0;
let gradientZ: usize = 0;

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
    gradientX = reserve(<usize>(countX + 32) << 1);
    gradientZ = reserve(<usize>(countX + 32) << 1);
    walks = reserve(offsetof<Walk>() * <usize>octaves);
    // Pairs begin at even rows, whatever the grid: so a sample has the same bits in all of them.
    const start = floor(z / 2) * 2;
    const early = <i32>(z - start);
    for (let i = 0; i < octaves; i++) {
        const octave = noiseOctaveAt(i);
        const walk = walkAt(i);
        walk.columns = changetype<Columns>(reserve(offsetof<Columns>()));
        walk.rows = changetype<Rows>(reserve(offsetof<Rows>()));
        layoutColumns(walk.columns, x + octave.offsetX, octave.period, octave.gain);
        layoutRowCells(walk.rows, start + octave.offsetZ, countZ + early, octave.period);
        startRows(walk.rows);
    }
    for (let row = 0; row < countZ + early; row += 2) {
        beginPair();
        for (let i = 0; i < octaves; i++) {
            turnTo(i, row);
        }
        const to = values + <usize>(row - early) * rowBytes;
        sumPair(row < early ? 0 : to, row - early + 1 < countZ ? to + rowBytes : 0);
    }
    return values;
}

@inline
function turnTo(index: i32, row: i32): void {
    const walk = walkAt(index);
    const rows = walk.rows;
    turnToPair(rows, row);
    while (lacksRows(rows)) {
        spreadCorners(noiseOctaveAt(index).seed, walk.columns, rows);
    }
    addToPair(rows, row);
}

function spreadCorners(seed: u32, columns: Columns, rows: Rows): void {
    gradients2(seed, columns.cell, rows.cell + rows.spread, columns.corners, gradientX, gradientZ);
    spreadTwo(columns, rows, gradientX, gradientZ);
}
