// Where stripes come from: the points of an octave of gullies, one to a cell of a lattice that is aligned with the samples. Which of
// them reach a line of samples is found once a cell and line.

import { reserve } from "../base/arena";
import { mix32, wrapCell } from "../noise/lattice";
import { REACH, SCATTER } from "./stripes";

/** Samples a cell at least: vectors lie within cells. */
export const LEAST_WIDTH: f64 = 4;
/**
 * Points that may reach a line within a cell: those of its own cell and of the eight around. Of each: x from the cell's low border,
 * how far the line lies from it, and what that leaves of its reach.
 */
const MOST_POINTS: usize = 9;
export const POINT_BYTES: usize = 12;
/** How many bytes of points there are, then these. */
export const LIST_HEAD_BYTES: usize = 4;
const LIST_BYTES: usize = LIST_HEAD_BYTES + MOST_POINTS * POINT_BYTES;

/** Lines of cells that reach a line of samples, and bytes of x and z of a cell's point. */
const LINES: usize = 3;
const CELL_BYTES: usize = 8;

/** One octave of gullies. */
@unmanaged
export class Gully {
    /** Cell side in level-0 samples, a power of two. */
    period: f64;
    seed: u32;
    /** Metres. */
    depth: f32;
    /** By how much a stripe of one metre turns the slope. */
    turn: f32;

    // On the present grid.
    /** Samples a cell, as a power of two. */
    shift: i32;
    /** Where vectors begin within their cell, in samples, and which cell that is, wrapped. */
    phase: i32;
    cellX: i32;
    /** Cells along a line. */
    cells: i32;
    /** The cell along z of the middle one of the three lines of `points`. */
    cellZ: f64;
    /** f32 over the samples of a line, from where vectors begin: how far they lie within their cell. */
    fractions: usize;
    /** f32 over the cells along a line, and one more to both sides: x of their points, then z; of three lines of cells. */
    points: usize;
    /** For each cell along a line: how many points reach the line there, and what there is of each. */
    lists: usize;
}

/**
 * Begins the lattice of an octave on a grid.
 *
 * @param start where vectors begin, in level-0 samples
 * @param step level-0 samples between samples
 * @param samples along a line from there on
 */
export function layoutPoints(gully: Gully, start: f64, step: f64, samples: i32): void {
    const inverse = 1 / gully.period;
    const cell = floor(start * inverse);
    const width = <i32>(gully.period / step);
    gully.shift = ctz(width);
    gully.phase = <i32>((start - cell * gully.period) / step);
    gully.cellX = wrapCell(cell);
    gully.cells = (gully.phase + samples - 1) / width + 1;
    gully.cellZ = NaN;
    const padded = (samples + 3) & ~3;
    gully.fractions = reserve(<usize>padded << 2);
    for (let sample = 0; sample < padded; sample++) {
        const within = (gully.phase + sample) & (width - 1);
        store<f32>(gully.fractions + (<usize>sample << 2), <f32>(<f64>within * step * inverse));
    }
    gully.points = reserve(<usize>(gully.cells + 2) * LINES * CELL_BYTES);
    gully.lists = reserve(<usize>gully.cells * LIST_BYTES);
}

/**
 * Lists the points that reach a line, cell by cell.
 *
 * @param z of the line, in level-0 samples
 */
export function listPoints(gully: Gully, z: f64): void {
    const inverse = 1 / gully.period;
    const cellZ = floor(z * inverse);
    const lineOfCells = <usize>(gully.cells + 2) * CELL_BYTES;
    if (cellZ !== gully.cellZ) {
        const isNext = cellZ === gully.cellZ + 1;
        if (isNext) {
            memory.copy(gully.points, gully.points + lineOfCells, lineOfCells * (LINES - 1));
        }
        for (let row = isNext ? 2 : 0; row < <i32>LINES; row++) {
            scatterPoints(gully, wrapCell(cellZ) + row - 1, gully.points + <usize>row * lineOfCells);
        }
        gully.cellZ = cellZ;
    }
    const t = <f32>(z * inverse - cellZ);
    let list = gully.lists;
    for (let cell = 0; cell < gully.cells; cell++, list += LIST_BYTES) {
        let to = list + LIST_HEAD_BYTES;
        for (let row = 0; row < <i32>LINES; row++) {
            let point = gully.points + <usize>row * lineOfCells + <usize>cell * CELL_BYTES;
            for (let column = -1; column <= 1; column++, point += CELL_BYTES) {
                const ez = t - <f32>(row - 1) - load<f32>(point, 4);
                const left: f32 = <f32>1 - REACH * ez * ez;
                if (left > 0) {
                    store<f32>(to, load<f32>(point) + <f32>column);
                    store<f32>(to, ez, 4);
                    store<f32>(to, left, 8);
                    to += POINT_BYTES;
                }
            }
        }
        store<i32>(list, <i32>(to - list - LIST_HEAD_BYTES));
    }
}

/** Scatters the points of a line of cells: x and z of each from its cell's low corner. */
function scatterPoints(gully: Gully, cellZ: i32, to: usize): void {
    for (let cell = -1; cell <= gully.cells; cell++, to += CELL_BYTES) {
        const hash = mix32(gully.seed ^ (<u32>(gully.cellX + cell) * 0x9e3779b1) ^ (<u32>cellZ * 0x85ebca77));
        store<f32>(to, <f32>0.5 + SCATTER * (<f32>(hash & 0xffff) * <f32>(1.0 / 32768.0) - 1));
        store<f32>(to, <f32>0.5 + SCATTER * (<f32>(hash >> 16) * <f32>(1.0 / 32768.0) - 1), 4);
    }
}

/** Returns the list of the points that reach a line within the cell of a sample, counted from where vectors begin. */
@inline
export function listAt(gully: Gully, sample: i32): usize {
    return gully.lists + <usize>((gully.phase + sample) >> gully.shift) * LIST_BYTES;
}
