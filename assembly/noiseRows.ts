// Rows of grid noise: what the two- and the three-dimensional kernel share.
//
// Gradient noise is a sum over a cell's corners of weight(x) * weight(z) * (gx * x + gz * z), with x and z counted from
// the corner. So a row of corners spreads, once, into two values a sample of the row: `along`, the sum over x of
// weight(x) * x * gx, and `across`, that of weight(x) * gz. A sample then is a sum of four such values, two from the
// row of corners below it and two from that above, with weights that all of the row's samples share: there are neither
// cells nor corners left in the innermost loop, which takes two rows of samples at once.

import { reserve } from "./arena";
import { wrapCell } from "./lattice";

/** Floats on either side of a row: vectors that fill cells begin before the first sample and end behind the last. */
const PAD: i32 = 4;
const PAD_BYTES: usize = 16;
/** Rows of corners that an octave keeps spread: two neighbouring rows of samples lie between three at most. */
const KEPT_ROWS: usize = 3;
/** The first row's weight of a term's two. */
const FIRST: u64 = 0xffffffff;

/** Bytes of an f32 for each sample of the row, padding included. */
export let bufferBytes: usize = 0;

let countX: i32 = 0;
/** Where the row that nobody asked for goes when a row has no partner. */
let spareRow: usize = 0;
/** What the present pair of rows is the sum of: from here to there. */
let terms: usize = 0;
let termsEnd: usize = 0;

/** A spread row, and its weights in two rows of samples. Padded to 16 bytes. */
@unmanaged
class Term {
    values: usize;
    padding: u32;
    /** Two f32: of the first row, and of the second. */
    weights: u64;
}

/** How an octave's cells lie along an axis of the grid. */
@unmanaged
export class Cells {
    /** Buffers of weights over the samples, `tableBytes` apart: low `along`, high `along`, low `across`, high `across`. */
    tables: usize;
    tableBytes: usize;
    /** First cell, wrapped. */
    cell: i32;
    corners: i32;
    /** Samples a cell. */
    width: i32;
    widthBits: i32;
    /** First sample of the walk: 0 or a little less, so that vectors fill cells; and where it lies in its cell. */
    first: i32;
    phase: i32;
}

/** An octave's cells along the axis that rows follow each other on, and the rows of corners that are spread. */
@unmanaged
export class Rows extends Cells {
    /** The row of corners below the present row of samples, counted from the grid's first; and how many are spread. */
    low: i32;
    spread: i32;
    /** Buffers of that row, of the next one, and of the one after it: `along`, and `across` behind it. */
    near: usize;
    far: usize;
    farthest: usize;
}

/** Begins a job of rows of `count` samples. */
export function layoutRows(count: i32, octaves: i32): void {
    countX = count;
    bufferBytes = bytesOf(count);
    spareRow = reserve(bufferBytes);
    terms = reserve(offsetof<Term>() * <usize>(6 * octaves));
}

/** Lays the cells of an octave along the axis that rows follow each other on. To be done after `layoutRows`. */
export function layoutRowCells(rows: Rows, start: f64, count: i32, period: f64, gain: f32): void {
    layoutCells(rows, start, count, period, gain);
    rows.near = reserve(bufferBytes * 2 * KEPT_ROWS) + PAD_BYTES;
    rows.far = rows.near + bufferBytes * 2;
    rows.farthest = rows.far + bufferBytes * 2;
}

function bytesOf(count: i32): usize {
    return <usize>(((count + 3) & ~3) + 2 * PAD) << 2;
}

/** Lays the cells of an octave along an axis that begins at `start`, in samples. All its weights are times `gain`. */
export function layoutCells(cells: Cells, start: f64, count: i32, period: f64, gain: f32): void {
    const cell = floor(start / period);
    const phase = <i32>(start - cell * period);
    const width = <i32>period;
    const early = width === 2 ? phase & 1 : phase & 3;
    const tableBytes = bytesOf(count);
    cells.width = width;
    cells.widthBits = ctz(width);
    cells.first = -early;
    cells.phase = phase - early;
    cells.cell = wrapCell(cell);
    cells.corners = (phase + count - 1) / width + 2;
    cells.tables = reserve(tableBytes * 4) + PAD_BYTES;
    cells.tableBytes = tableBytes;
    const inverse = f32x4.splat(<f32>1 / <f32>width);
    const mask = i32x4.splat(width - 1);
    const one = f32x4.splat(1);
    const gains = f32x4.splat(gain);
    let within = i32x4.add(i32x4.splat(cells.phase), i32x4(0, 1, 2, 3));
    let at = cells.tables - <usize>(early << 2);
    const end = cells.tables + <usize>(count << 2);
    do {
        const t = f32x4.mul(f32x4.convert_i32x4_s(v128.and(within, mask)), inverse);
        const faded = fades(t);
        const high = f32x4.mul(faded, gains);
        const low = f32x4.mul(f32x4.sub(one, faded), gains);
        const second = at + tableBytes * 2;
        v128.store(at, f32x4.mul(low, t));
        v128.store(at + tableBytes, f32x4.mul(high, f32x4.sub(t, one)));
        v128.store(second, low);
        v128.store(second + tableBytes, high);
        within = i32x4.add(within, i32x4.splat(4));
        at += 16;
    } while (at < end);
}

// @ts-ignore: decorator
@inline
function fades(t: v128): v128 {
    const inner = f32x4.add(f32x4.mul(t, f32x4.sub(f32x4.mul(t, f32x4.splat(6)), f32x4.splat(15))), f32x4.splat(10));
    return f32x4.mul(f32x4.mul(f32x4.mul(t, t), t), inner);
}

/**
 * Spreads a row of corners: `along` from x parts, `across` from others.
 *
 * @param to where `along` goes; `across` follows a buffer further on
 */
export function spreadTwo(cells: Cells, gradientX: usize, gradientZ: usize, to: usize): void {
    const tableBytes = cells.tableBytes;
    let table = cells.tables + <usize>(cells.first << 2);
    const end = cells.tables + (<usize>countX << 2);
    to += <usize>(cells.first << 2);
    let across = to + bufferBytes;
    if (cells.width <= 4) {
        // All vectors have the same weights.
        const lowAlong = v128.load(table);
        const highAlong = v128.load(table + tableBytes);
        const lowAcross = v128.load(table + tableBytes * 2);
        const highAcross = v128.load(table + tableBytes * 3);
        if (cells.width === 2) {
            // A vector spans two cells, which lie between three corners.
            do {
                const x = v128.load(gradientX);
                const z = v128.load(gradientZ);
                const x0 = v128.shuffle<f32>(x, x, 0, 0, 1, 1);
                const x1 = v128.shuffle<f32>(x, x, 1, 1, 2, 2);
                const z0 = v128.shuffle<f32>(z, z, 0, 0, 1, 1);
                const z1 = v128.shuffle<f32>(z, z, 1, 1, 2, 2);
                v128.store(to, f32x4.add(f32x4.mul(lowAlong, x0), f32x4.mul(highAlong, x1)));
                v128.store(across, f32x4.add(f32x4.mul(lowAcross, z0), f32x4.mul(highAcross, z1)));
                gradientX += 8;
                gradientZ += 8;
                table += 16;
                to += 16;
                across += 16;
            } while (table < end);
            return;
        }
        let x0 = v128.load32_splat(gradientX);
        let z0 = v128.load32_splat(gradientZ);
        do {
            gradientX += 4;
            gradientZ += 4;
            const x1 = v128.load32_splat(gradientX);
            const z1 = v128.load32_splat(gradientZ);
            v128.store(to, f32x4.add(f32x4.mul(lowAlong, x0), f32x4.mul(highAlong, x1)));
            v128.store(across, f32x4.add(f32x4.mul(lowAcross, z0), f32x4.mul(highAcross, z1)));
            x0 = x1;
            z0 = z1;
            table += 16;
            to += 16;
            across += 16;
        } while (table < end);
        return;
    }
    let stop = table + (<usize>(cells.width - cells.phase) << 2);
    const cellBytes = <usize>cells.width << 2;
    let x0 = v128.load32_splat(gradientX);
    let z0 = v128.load32_splat(gradientZ);
    do {
        gradientX += 4;
        gradientZ += 4;
        const x1 = v128.load32_splat(gradientX);
        const z1 = v128.load32_splat(gradientZ);
        stop = min(stop, end);
        do {
            const second = table + tableBytes * 2;
            const left = f32x4.mul(v128.load(table), x0);
            v128.store(to, f32x4.add(left, f32x4.mul(v128.load(table + tableBytes), x1)));
            const leftAcross = f32x4.mul(v128.load(second), z0);
            v128.store(across, f32x4.add(leftAcross, f32x4.mul(v128.load(second + tableBytes), z1)));
            table += 16;
            to += 16;
            across += 16;
        } while (table < stop);
        x0 = x1;
        z0 = z1;
        stop += cellBytes;
    } while (table < end);
}

/** As `spreadTwo`, with `constants`, which weigh as `across` does, added to `along`. */
export function spreadThree(cells: Cells, gradientX: usize, constants: usize, gradientY: usize, to: usize): void {
    const tableBytes = cells.tableBytes;
    let table = cells.tables + <usize>(cells.first << 2);
    const end = cells.tables + (<usize>countX << 2);
    to += <usize>(cells.first << 2);
    let across = to + bufferBytes;
    if (cells.width <= 4) {
        const lowAlong = v128.load(table);
        const highAlong = v128.load(table + tableBytes);
        const lowAcross = v128.load(table + tableBytes * 2);
        const highAcross = v128.load(table + tableBytes * 3);
        if (cells.width === 2) {
            do {
                const x = v128.load(gradientX);
                const c = v128.load(constants);
                const y = v128.load(gradientY);
                const x0 = f32x4.mul(lowAlong, v128.shuffle<f32>(x, x, 0, 0, 1, 1));
                const x1 = f32x4.mul(highAlong, v128.shuffle<f32>(x, x, 1, 1, 2, 2));
                const c0 = f32x4.mul(lowAcross, v128.shuffle<f32>(c, c, 0, 0, 1, 1));
                const c1 = f32x4.mul(highAcross, v128.shuffle<f32>(c, c, 1, 1, 2, 2));
                const y0 = f32x4.mul(lowAcross, v128.shuffle<f32>(y, y, 0, 0, 1, 1));
                const y1 = f32x4.mul(highAcross, v128.shuffle<f32>(y, y, 1, 1, 2, 2));
                v128.store(to, f32x4.add(f32x4.add(x0, x1), f32x4.add(c0, c1)));
                v128.store(across, f32x4.add(y0, y1));
                gradientX += 8;
                constants += 8;
                gradientY += 8;
                table += 16;
                to += 16;
                across += 16;
            } while (table < end);
            return;
        }
        let x0 = v128.load32_splat(gradientX);
        let c0 = v128.load32_splat(constants);
        let y0 = v128.load32_splat(gradientY);
        do {
            gradientX += 4;
            constants += 4;
            gradientY += 4;
            const x1 = v128.load32_splat(gradientX);
            const c1 = v128.load32_splat(constants);
            const y1 = v128.load32_splat(gradientY);
            const sumX = f32x4.add(f32x4.mul(lowAlong, x0), f32x4.mul(highAlong, x1));
            const sumC = f32x4.add(f32x4.mul(lowAcross, c0), f32x4.mul(highAcross, c1));
            v128.store(to, f32x4.add(sumX, sumC));
            v128.store(across, f32x4.add(f32x4.mul(lowAcross, y0), f32x4.mul(highAcross, y1)));
            x0 = x1;
            c0 = c1;
            y0 = y1;
            table += 16;
            to += 16;
            across += 16;
        } while (table < end);
        return;
    }
    let stop = table + (<usize>(cells.width - cells.phase) << 2);
    const cellBytes = <usize>cells.width << 2;
    let x0 = v128.load32_splat(gradientX);
    let c0 = v128.load32_splat(constants);
    let y0 = v128.load32_splat(gradientY);
    do {
        gradientX += 4;
        constants += 4;
        gradientY += 4;
        const x1 = v128.load32_splat(gradientX);
        const c1 = v128.load32_splat(constants);
        const y1 = v128.load32_splat(gradientY);
        stop = min(stop, end);
        do {
            const second = table + tableBytes * 2;
            const low = v128.load(second);
            const high = v128.load(second + tableBytes);
            const sumX = f32x4.add(f32x4.mul(v128.load(table), x0), f32x4.mul(v128.load(table + tableBytes), x1));
            const sumC = f32x4.add(f32x4.mul(low, c0), f32x4.mul(high, c1));
            v128.store(to, f32x4.add(sumX, sumC));
            v128.store(across, f32x4.add(f32x4.mul(low, y0), f32x4.mul(high, y1)));
            table += 16;
            to += 16;
            across += 16;
        } while (table < stop);
        x0 = x1;
        c0 = c1;
        y0 = y1;
        stop += cellBytes;
    } while (table < end);
}

/** Begins to walk the rows of samples anew, with none spread. */
export function startRows(rows: Rows): void {
    rows.low = 0;
    rows.spread = 0;
}

/** Begins a row of samples or two. */
// @ts-ignore: decorator
@inline
export function beginPair(): void {
    termsEnd = terms;
}

/**
 * Turns to the row of samples, which is one or two further than the last. Then rows of corners must be spread, in turn,
 * to where `spreadTo` says, until there are as many as this returns.
 *
 * @param isLone whether the row has no partner
 */
// @ts-ignore: decorator
@inline
export function turnToRow(rows: Rows, row: i32, isLone: bool): i32 {
    const phase = rows.phase - rows.first + row;
    const low = phase >> rows.widthBits;
    if (low !== rows.low) {
        // Cells are at least two samples wide: it is the next.
        const near = rows.near;
        rows.near = rows.far;
        rows.far = rows.farthest;
        rows.farthest = near;
        rows.low = low;
    }
    return ((phase + (isLone ? 0 : 1)) >> rows.widthBits) + 2;
}

/** Where the next row of corners is to be spread. */
// @ts-ignore: decorator
@inline
export function spreadTo(rows: Rows): usize {
    const ahead = rows.spread - rows.low;
    return ahead === 0 ? rows.near : ahead === 1 ? rows.far : rows.farthest;
}

/** Adds an octave to the pair. */
// @ts-ignore: decorator
@inline
export function addToPair(rows: Rows, row: i32, isLone: bool): void {
    const across = bufferBytes;
    const near = rows.near;
    const far = rows.far;
    // Along the rows' own axis `along` has the weights of gradients across, and `across` those of gradients along.
    const tableBytes = rows.tableBytes;
    const weights = rows.tables + <usize>(row << 2);
    const lowAcross = load<u64>(weights);
    const highAcross = load<u64>(weights + tableBytes);
    const lowAlong = load<u64>(weights + tableBytes * 2);
    const highAlong = load<u64>(weights + tableBytes * 3);
    const term = termsEnd;
    if (isLone) {
        storeTerm(term, near, lowAlong & FIRST);
        storeTerm(term + 16, near + across, lowAcross & FIRST);
        storeTerm(term + 32, far, highAlong & FIRST);
        storeTerm(term + 48, far + across, highAcross & FIRST);
        termsEnd = term + 64;
    } else if (rows.spread === rows.low + 2) {
        storeTerm(term, near, lowAlong);
        storeTerm(term + 16, near + across, lowAcross);
        storeTerm(term + 32, far, highAlong);
        storeTerm(term + 48, far + across, highAcross);
        termsEnd = term + 64;
    } else {
        // The row of corners above the first row is the one below the second.
        const farthest = rows.farthest;
        storeTerm(term, near, lowAlong & FIRST);
        storeTerm(term + 16, near + across, lowAcross & FIRST);
        storeTerm(term + 32, far, (highAlong & FIRST) | (lowAlong & ~FIRST));
        storeTerm(term + 48, far + across, (highAcross & FIRST) | (lowAcross & ~FIRST));
        storeTerm(term + 64, farthest, highAlong & ~FIRST);
        storeTerm(term + 80, farthest + across, highAcross & ~FIRST);
        termsEnd = term + 96;
    }
}

// @ts-ignore: decorator
@inline
function storeTerm(at: usize, values: usize, weights: u64): void {
    const term = changetype<Term>(at);
    term.values = values;
    term.weights = weights;
}

/** How much a pair that begins at the first row straddles borders of cells: cells a row, negative if the next row would. */
// @ts-ignore: decorator
@inline
export function straddling(rows: Cells): f64 {
    const share = 1 / <f64>rows.width;
    return ((rows.phase - rows.first) & 1) !== 0 ? share : -share;
}

/**
 * Writes the sums of all octaves for the pair: rows of at least four samples, the second behind the first.
 *
 * Two rows, four vectors and one term at a time fill the registers without spilling, which is worth more than fewer loops.
 */
export function sumPair(to: usize, isLone: bool): void {
    const end = <usize>countX << 2;
    const next = isLone ? spareRow : to + end;
    const first = terms;
    const last = termsEnd;
    let at: usize = 0;
    for (; at + 64 <= end; at += 64) {
        let a0 = f32x4.splat(0);
        let b0 = f32x4.splat(0);
        let c0 = f32x4.splat(0);
        let d0 = f32x4.splat(0);
        let a1 = f32x4.splat(0);
        let b1 = f32x4.splat(0);
        let c1 = f32x4.splat(0);
        let d1 = f32x4.splat(0);
        let term = first;
        do {
            const from = load<usize>(term) + at;
            const w0 = v128.load32_splat(term, offsetof<Term>("weights"));
            const w1 = v128.load32_splat(term, offsetof<Term>("weights") + 4);
            const a = v128.load(from);
            a0 = f32x4.add(a0, f32x4.mul(a, w0));
            a1 = f32x4.add(a1, f32x4.mul(a, w1));
            const b = v128.load(from, 16);
            b0 = f32x4.add(b0, f32x4.mul(b, w0));
            b1 = f32x4.add(b1, f32x4.mul(b, w1));
            const c = v128.load(from, 32);
            c0 = f32x4.add(c0, f32x4.mul(c, w0));
            c1 = f32x4.add(c1, f32x4.mul(c, w1));
            const d = v128.load(from, 48);
            d0 = f32x4.add(d0, f32x4.mul(d, w0));
            d1 = f32x4.add(d1, f32x4.mul(d, w1));
            term += offsetof<Term>();
        } while (term < last);
        v128.store(to + at, a0);
        v128.store(to + at, b0, 16);
        v128.store(to + at, c0, 32);
        v128.store(to + at, d0, 48);
        v128.store(next + at, a1);
        v128.store(next + at, b1, 16);
        v128.store(next + at, c1, 32);
        v128.store(next + at, d1, 48);
    }
    while (at < end) {
        // The last vector overlaps the one before it rather than the next row.
        at = min(at, end - 16);
        let sum0 = f32x4.splat(0);
        let sum1 = f32x4.splat(0);
        let term = first;
        do {
            const values = v128.load(load<usize>(term) + at);
            sum0 = f32x4.add(sum0, f32x4.mul(values, v128.load32_splat(term, offsetof<Term>("weights"))));
            sum1 = f32x4.add(sum1, f32x4.mul(values, v128.load32_splat(term, offsetof<Term>("weights") + 4)));
            term += offsetof<Term>();
        } while (term < last);
        v128.store(to + at, sum0);
        v128.store(next + at, sum1);
        at += 16;
    }
}
