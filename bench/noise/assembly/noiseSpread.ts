// Spreads rows of corners over rows of samples: see noiseRows.ts.

import { bufferBytes, Columns, countX, endSpread, Rows, spreadTo } from "./noiseRows";

/**
 * Spreads the next row of corners in two dimensions.
 *
 * @param gradientX, gradientZ the parts of its gradients, f32
 */
export function spreadTwo(columns: Columns, rows: Rows, gradientX: usize, gradientZ: usize): void {
    const buffer = bufferBytes;
    const first = <usize>(columns.first << 2);
    const to = spreadTo(rows) + first;
    const tables = columns.tables + first;
    const end = (<usize>countX << 2) - first;
    let at: usize = 0;
    if (columns.width === 2) {
        // One sample lies at each corner, and one halfway to the next. Four cells at once.
        const quarter = v128.load32_splat(tables, 4);
        const whole = v128.load32_splat(tables + buffer * 2);
        const half = v128.load32_splat(tables + buffer * 2, 4);
        const none = f32x4.splat(0);
        do {
            const x = f32x4.mul(f32x4.sub(v128.load(gradientX), v128.load(gradientX, 4)), quarter);
            const z = v128.load(gradientZ);
            const z0 = f32x4.mul(z, whole);
            const z1 = f32x4.mul(f32x4.add(z, v128.load(gradientZ, 4)), half);
            storeFour(to + at, buffer, firstHalf(none, x), firstHalf(z0, z1));
            storeFour(to + at + 16, buffer, secondHalf(none, x), secondHalf(z0, z1));
            gradientX += 16;
            gradientZ += 16;
            at += 32;
        } while (at < end);
        endSpread(rows);
        return;
    }
    let x0 = v128.load32_splat(gradientX);
    let z0 = v128.load32_splat(gradientZ);
    if (columns.width === 4) {
        // A cell is a vector, and all have the same weights.
        const lowX = v128.load(tables);
        const highX = v128.load(tables + buffer);
        const low = v128.load(tables + buffer * 2);
        const high = v128.load(tables + buffer * 3);
        do {
            gradientX += 4;
            gradientZ += 4;
            const x1 = v128.load32_splat(gradientX);
            const z1 = v128.load32_splat(gradientZ);
            const x = f32x4.add(f32x4.mul(lowX, x0), f32x4.mul(highX, x1));
            storeFour(to + at, buffer, x, f32x4.add(f32x4.mul(low, z0), f32x4.mul(high, z1)));
            x0 = x1;
            z0 = z1;
            at += 16;
        } while (at < end);
        endSpread(rows);
        return;
    }
    const cellBytes = <usize>columns.width << 2;
    let stop = cellBytes - (<usize>columns.phase << 2) - first;
    do {
        gradientX += 4;
        gradientZ += 4;
        const x1 = v128.load32_splat(gradientX);
        const z1 = v128.load32_splat(gradientZ);
        stop = min(stop, end);
        do {
            const table = tables + at;
            const others = table + buffer * 2;
            const x = f32x4.add(f32x4.mul(v128.load(table), x0), f32x4.mul(v128.load(table + buffer), x1));
            const z = f32x4.add(f32x4.mul(v128.load(others), z0), f32x4.mul(v128.load(others + buffer), z1));
            storeFour(to + at, buffer, x, z);
            at += 16;
        } while (at < stop);
        x0 = x1;
        z0 = z1;
        stop += cellBytes;
    } while (at < end);
    endSpread(rows);
}

/**
 * Spreads the next row of corners in three dimensions.
 *
 * @param gradientX, gradientY the parts of its gradients, f32
 * @param constants what their z parts come to, which is added to `along` with the weights of `across`
 */
export function spreadThree(
    columns: Columns,
    rows: Rows,
    gradientX: usize,
    constants: usize,
    gradientY: usize,
): void {
    const buffer = bufferBytes;
    const first = <usize>(columns.first << 2);
    const to = spreadTo(rows) + first;
    const tables = columns.tables + first;
    const end = (<usize>countX << 2) - first;
    let at: usize = 0;
    if (columns.width === 2) {
        const quarter = v128.load32_splat(tables, 4);
        const whole = v128.load32_splat(tables + buffer * 2);
        const half = v128.load32_splat(tables + buffer * 2, 4);
        do {
            const x = f32x4.mul(f32x4.sub(v128.load(gradientX), v128.load(gradientX, 4)), quarter);
            const c = v128.load(constants);
            const c0 = f32x4.mul(c, whole);
            const c1 = f32x4.add(x, f32x4.mul(f32x4.add(c, v128.load(constants, 4)), half));
            const y = v128.load(gradientY);
            const y0 = f32x4.mul(y, whole);
            const y1 = f32x4.mul(f32x4.add(y, v128.load(gradientY, 4)), half);
            storeFour(to + at, buffer, firstHalf(c0, c1), firstHalf(y0, y1));
            storeFour(to + at + 16, buffer, secondHalf(c0, c1), secondHalf(y0, y1));
            gradientX += 16;
            constants += 16;
            gradientY += 16;
            at += 32;
        } while (at < end);
        endSpread(rows);
        return;
    }
    let x0 = v128.load32_splat(gradientX);
    let c0 = v128.load32_splat(constants);
    let y0 = v128.load32_splat(gradientY);
    if (columns.width === 4) {
        const lowX = v128.load(tables);
        const highX = v128.load(tables + buffer);
        const low = v128.load(tables + buffer * 2);
        const high = v128.load(tables + buffer * 3);
        do {
            gradientX += 4;
            constants += 4;
            gradientY += 4;
            const x1 = v128.load32_splat(gradientX);
            const c1 = v128.load32_splat(constants);
            const y1 = v128.load32_splat(gradientY);
            const x = f32x4.add(f32x4.mul(lowX, x0), f32x4.mul(highX, x1));
            const c = f32x4.add(f32x4.mul(low, c0), f32x4.mul(high, c1));
            const y = f32x4.add(f32x4.mul(low, y0), f32x4.mul(high, y1));
            storeFour(to + at, buffer, f32x4.add(x, c), y);
            x0 = x1;
            c0 = c1;
            y0 = y1;
            at += 16;
        } while (at < end);
        endSpread(rows);
        return;
    }
    const cellBytes = <usize>columns.width << 2;
    let stop = cellBytes - (<usize>columns.phase << 2) - first;
    do {
        gradientX += 4;
        constants += 4;
        gradientY += 4;
        const x1 = v128.load32_splat(gradientX);
        const c1 = v128.load32_splat(constants);
        const y1 = v128.load32_splat(gradientY);
        stop = min(stop, end);
        do {
            const table = tables + at;
            const others = table + buffer * 2;
            const low = v128.load(others);
            const high = v128.load(others + buffer);
            const x = f32x4.add(f32x4.mul(v128.load(table), x0), f32x4.mul(v128.load(table + buffer), x1));
            const c = f32x4.add(f32x4.mul(low, c0), f32x4.mul(high, c1));
            const y = f32x4.add(f32x4.mul(low, y0), f32x4.mul(high, y1));
            storeFour(to + at, buffer, f32x4.add(x, c), y);
            at += 16;
        } while (at < stop);
        x0 = x1;
        c0 = c1;
        y0 = y1;
        stop += cellBytes;
    } while (at < end);
    endSpread(rows);
}

/** Stores four samples of a row. */
@inline
function storeFour(at: usize, buffer: usize, along: v128, across: v128): void {
    v128.store(at, along);
    v128.store(at + buffer, across);
}

@inline
function firstHalf(even: v128, odd: v128): v128 {
    return v128.shuffle<f32>(even, odd, 0, 4, 1, 5);
}

@inline
function secondHalf(even: v128, odd: v128): v128 {
    return v128.shuffle<f32>(even, odd, 2, 6, 3, 7);
}
