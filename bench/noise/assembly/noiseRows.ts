// Rows of grid noise: what the two- and the three-dimensional kernel share.
//
// Gradient noise is a sum over a cell's corners of weight(x) * weight(z) * (gx * x + gz * z), x and z counted from the
// corner. So a row of corners spreads, once, into two values a sample of the row: `along` A, the sum over x of
// weight(x) * x * gx, and `across` B, that of weight(x) * gz. Between two rows of corners, at z from the first with
// fade w, a sample then is a sum of four terms whose weights are the same for the whole row,
//     (1 - w) * A0 + (1 - w) * z * B0 + w * A1 + w * (z - 1) * B1,
// so that the innermost loop knows neither cells nor corners. Where cells are long it is worth while to write this as
//     A0 + w * (A1 - A0 - B1) + z * B0 + w * z * (B1 - B0)
// and to keep the sum of the first terms, which have no weight, from row to row.

import { reserve } from "../../../assembly/base/arena";
import { fade, wrapCell } from "../../../assembly/noise/lattice";

/** Floats before and behind a row: what fills cells begins before the first sample and ends behind the last. */
const PAD_BEFORE: i32 = 4;
const PAD_BEHIND: i32 = 16;
const PAD_BYTES: usize = 16;

/** From this many samples a cell on, cells are long. */
const LONG: i32 = 16;

/** Bytes of an f32 for each sample of the row, padding included. */
export let bufferBytes: usize = 0;

export let countX: i32 = 0;
/** Sum of the long octaves' first terms, and where these are: an address each. */
let base: usize = 0;
let firsts: usize = 0;
let firstsEnd: usize = 0;
/** Whether any of the addresses has changed. */
let isBaseStale: bool = false;
/** Where rows go that nobody asked for. */
let spareRow: usize = 0;
/** What the present pair of rows is the sum of, beside `base`: from here to there. */
let terms: usize = 0;
let termsEnd: usize = 0;

/** A buffer, and its weights in two rows of samples. 16 bytes. */
@unmanaged
class Term {
    values: usize;
    padding: u32;
    first: f32;
    second: f32;
}

/** How an octave's cells lie along an axis of the grid. */
@unmanaged
export class Cells {
    /** First cell, wrapped. */
    cell: i32;
    corners: i32;
    /** Samples a cell, a power of two. */
    width: i32;
    widthBits: i32;
    /** Where the first sample lies in its cell. */
    phase: i32;
}

/** Along the row: with the weights of gradients, times the gain, for all samples. */
@unmanaged
export class Columns extends Cells {
    /** Buffers: of x parts at a cell's low x, at its high x, and of other parts at either. */
    tables: usize;
    /** First sample of the walk: 0 or a little less, so that vectors fill cells. */
    first: i32;
}

/** Along the axis that rows follow each other on: with the rows of corners that are spread. */
@unmanaged
export class Rows extends Cells {
    /** The row of corners below the present row of samples, counted from the grid's first; and how many are spread. */
    low: i32;
    spread: i32;
    /** `along` and, behind it, `across` of that row and of the next one. */
    near: usize;
    far: usize;
    /** In long cells, A1 - A0 - B1 and, behind it, B1 - B0; otherwise 0. */
    differences: usize;
    /** In long cells, where the address of the first term belongs. */
    first: usize;
}

/** Begins a job of rows of `count` samples. */
export function layoutRows(count: i32, octaves: i32): void {
    countX = count;
    bufferBytes = <usize>(((count + 3) & ~3) + PAD_BEFORE + PAD_BEHIND) << 2;
    base = reserve(bufferBytes);
    memory.fill(base, 0, bufferBytes);
    firsts = reserve(<usize>octaves << 2);
    firstsEnd = firsts;
    isBaseStale = false;
    spareRow = reserve(bufferBytes);
    terms = reserve(offsetof<Term>() * <usize>(4 * octaves));
}

/** Lays the cells of an octave along an axis from `start` on, in samples. */
export function layoutCells(cells: Cells, start: f64, count: i32, period: f64): void {
    const cell = floor(start / period);
    const phase = <i32>(start - cell * period);
    const width = <i32>period;
    cells.cell = wrapCell(cell);
    cells.corners = (phase + count - 1) / width + 2;
    cells.width = width;
    cells.widthBits = ctz(width);
    cells.phase = phase;
}

export function layoutColumns(columns: Columns, start: f64, period: f64, gain: f32): void {
    layoutCells(columns, start, countX, period);
    const width = columns.width;
    const early = columns.phase & (width === 2 ? 1 : 3);
    columns.first = -early;
    columns.tables = reserve(bufferBytes * 4) + PAD_BYTES;
    const inverse = f32x4.splat(<f32>1 / <f32>width);
    const mask = i32x4.splat(width - 1);
    const gains = f32x4.splat(gain);
    const one = f32x4.splat(1);
    let within = i32x4.add(i32x4.splat(columns.phase - early), i32x4(0, 1, 2, 3));
    let at = columns.tables - <usize>(early << 2);
    const end = columns.tables + (<usize>countX << 2);
    do {
        const t = f32x4.mul(f32x4.convert_i32x4_s(v128.and(within, mask)), inverse);
        const faded = fades(t);
        const high = f32x4.mul(faded, gains);
        const low = f32x4.mul(f32x4.sub(one, faded), gains);
        const others = at + bufferBytes * 2;
        v128.store(at, f32x4.mul(low, t));
        v128.store(at + bufferBytes, f32x4.mul(high, f32x4.sub(t, one)));
        v128.store(others, low);
        v128.store(others + bufferBytes, high);
        within = i32x4.add(within, i32x4.splat(4));
        at += 16;
    } while (at < end);
}

@inline
function fades(t: v128): v128 {
    const inner = f32x4.add(f32x4.mul(t, f32x4.sub(f32x4.mul(t, f32x4.splat(6)), f32x4.splat(15))), f32x4.splat(10));
    return f32x4.mul(f32x4.mul(f32x4.mul(t, t), t), inner);
}

export function layoutRowCells(rows: Rows, start: f64, count: i32, period: f64): void {
    layoutCells(rows, start, count, period);
    const isLong = rows.width >= LONG;
    rows.near = reserve(bufferBytes * (isLong ? 6 : 4)) + PAD_BYTES;
    rows.far = rows.near + bufferBytes * 2;
    rows.differences = isLong ? rows.far + bufferBytes * 2 : 0;
    if (isLong) {
        rows.first = firstsEnd;
        firstsEnd += 4;
    }
}

/** Begins to walk the rows of samples anew, with none spread. */
export function startRows(rows: Rows): void {
    rows.low = 0;
    rows.spread = 0;
}

/** Begins two rows of samples. */
@inline
export function beginPair(): void {
    termsEnd = terms;
}

/** Turns to the pair two rows behind the last. Then rows of corners must be spread, in turn, while `lacksRows`. */
@inline
export function turnToPair(rows: Rows, row: i32): void {
    const low = (rows.phase + row) >> rows.widthBits;
    if (low !== rows.low) {
        // Cells are at least two samples wide: it is the next.
        const near = rows.near;
        rows.near = rows.far;
        rows.far = near;
        rows.low = low;
    }
}

@inline
export function lacksRows(rows: Rows): bool {
    return rows.spread < rows.low + 2;
}

/** Where the next row of corners is to be spread. */
@inline
export function spreadTo(rows: Rows): usize {
    return rows.spread === rows.low ? rows.near : rows.far;
}

/** To be called when a row of corners has been spread. */
export function endSpread(rows: Rows): void {
    rows.spread++;
    if (rows.differences !== 0 && !lacksRows(rows)) {
        store<usize>(rows.first, rows.near);
        isBaseStale = true;
        differ(rows);
    }
}

function differ(rows: Rows): void {
    const buffer = bufferBytes;
    let near = rows.near;
    let far = rows.far;
    let to = rows.differences;
    const end = to + (<usize>countX << 2);
    do {
        const across = v128.load(far + buffer);
        v128.store(to, f32x4.sub(f32x4.sub(v128.load(far), v128.load(near)), across));
        v128.store(to + buffer, f32x4.sub(across, v128.load(near + buffer)));
        near += 16;
        far += 16;
        to += 16;
    } while (to < end);
}

/** Adds an octave to the pair. */
@inline
export function addToPair(rows: Rows, row: i32): void {
    const inverse = <f32>1 / <f32>rows.width;
    const t0 = <f32>((rows.phase + row) & (rows.width - 1)) * inverse;
    // Where the second row begins the next cell, it lies on this one's far side.
    const t1 = t0 + inverse;
    const w0 = fade(t0);
    const w1 = fade(t1);
    const differences = rows.differences;
    const near = rows.near;
    const term = termsEnd;
    if (differences !== 0) {
        storeTerm(term, differences, w0, w1);
        storeTerm(term + 16, near + bufferBytes, t0, t1);
        storeTerm(term + 32, differences + bufferBytes, w0 * t0, w1 * t1);
        termsEnd = term + 48;
        return;
    }
    const far = rows.far;
    storeTerm(term, near, 1 - w0, 1 - w1);
    storeTerm(term + 16, near + bufferBytes, (1 - w0) * t0, (1 - w1) * t1);
    storeTerm(term + 32, far, w0, w1);
    storeTerm(term + 48, far + bufferBytes, w0 * (t0 - 1), w1 * (t1 - 1));
    termsEnd = term + 64;
}

@inline
function storeTerm(at: usize, values: usize, first: f32, second: f32): void {
    const term = changetype<Term>(at);
    term.values = values;
    term.first = first;
    term.second = second;
}

function sumBase(): void {
    const end = <usize>countX << 2;
    const to = base;
    const last = firstsEnd;
    let at: usize = 0;
    do {
        let a = f32x4.splat(0);
        let b = f32x4.splat(0);
        let c = f32x4.splat(0);
        let d = f32x4.splat(0);
        let first = firsts;
        do {
            const from = load<usize>(first) + at;
            a = f32x4.add(a, v128.load(from));
            b = f32x4.add(b, v128.load(from, 16));
            c = f32x4.add(c, v128.load(from, 32));
            d = f32x4.add(d, v128.load(from, 48));
            first += 4;
        } while (first < last);
        v128.store(to + at, a);
        v128.store(to + at, b, 16);
        v128.store(to + at, c, 32);
        v128.store(to + at, d, 48);
        at += 64;
    } while (at < end);
}

/**
 * Writes the sums of all octaves for two rows of at least four samples; 0 is a row that nobody wants.
 *
 * Two rows, four vectors and one term at a time fill the registers without spilling, which is worth more than fewer
 * loops.
 */
export function sumPair(to: usize, next: usize): void {
    const end = <usize>countX << 2;
    to = to === 0 ? spareRow : to;
    next = next === 0 ? spareRow : next;
    const first = terms;
    const last = termsEnd;
    if (isBaseStale) {
        sumBase();
        isBaseStale = false;
    }
    let at: usize = 0;
    for (; at + 64 <= end; at += 64) {
        let a0 = v128.load(base + at);
        let b0 = v128.load(base + at, 16);
        let c0 = v128.load(base + at, 32);
        let d0 = v128.load(base + at, 48);
        let a1 = a0;
        let b1 = b0;
        let c1 = c0;
        let d1 = d0;
        let term = first;
        do {
            const from = load<usize>(term) + at;
            const w0 = v128.load32_splat(term, offsetof<Term>("first"));
            const w1 = v128.load32_splat(term, offsetof<Term>("second"));
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
        let sum0 = v128.load(base + at);
        let sum1 = sum0;
        let term = first;
        do {
            const values = v128.load(load<usize>(term) + at);
            sum0 = f32x4.add(sum0, f32x4.mul(values, v128.load32_splat(term, offsetof<Term>("first"))));
            sum1 = f32x4.add(sum1, f32x4.mul(values, v128.load32_splat(term, offsetof<Term>("second"))));
            term += offsetof<Term>();
        } while (term < last);
        v128.store(to + at, sum0);
        v128.store(next + at, sum1);
        at += 16;
    }
}
