/** Patterns that repeat at the borders of a picture: what its colours and heights are made of. */

/** Texels along a side. */
export const SIZE = 512;

/** Returns a random number from 0 up to 1 of a place on a lattice. */
export function randomAt(x: number, y: number, seed: number): number {
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Returns smooth noise of some octaves, -0.5 to 0.5, mean about 0. `u` and `v` go from 0 to 1 over the picture. */
export function noise(u: number, v: number, cellsU: number, cellsV: number, octaves: number, seed: number): number {
    let sum = 0;
    let amplitude = 0.5;
    for (let octave = 0; octave < octaves; octave++) {
        sum += amplitude * valueNoise(u, v, cellsU << octave, cellsV << octave, seed + octave);
        amplitude /= 2;
    }
    return sum;
}

function valueNoise(u: number, v: number, cellsU: number, cellsV: number, seed: number): number {
    const x = u * cellsU;
    const y = v * cellsV;
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [s, t] = [smooth(x - column), smooth(y - row)];
    const at = (i: number, j: number): number =>
        randomAt(modulo(column + i, cellsU), modulo(row + j, cellsV), seed) * 2 - 1;
    return mix(mix(at(0, 0), at(1, 0), s), mix(at(0, 1), at(1, 1), s), t);
}

/** A cell of a honeycomb whose points are jittered. */
export interface Cell {
    /** Random number of the cell, 0 to 1. */
    readonly tone: number;
    /** From the border inwards, in cells. */
    readonly border: number;
    /** From the cell's point, in cells. */
    readonly du: number;
    readonly dv: number;
}

/** Returns the cell at a place. `cells` is even. */
export function honeycomb(u: number, v: number, cells: number, jitter: number, seed: number): Cell {
    const x = u * cells;
    const y = v * cells;
    const row = Math.floor(y);
    let [first, second] = [9, 9];
    let [tone, du, dv] = [0, 0, 0];
    for (let j = -1; j <= 1; j++) {
        // Every other row is shifted by half a cell.
        const shift = ((row + j) & 1) * 0.5;
        const column = Math.floor(x - shift);
        for (let i = -1; i <= 1; i++) {
            const [a, b] = [modulo(column + i, cells), modulo(row + j, cells)];
            const toU = x - (column + i + shift + 0.5 + jitter * (randomAt(a, b, seed) - 0.5));
            const toV = y - (row + j + 0.5 + jitter * (randomAt(a, b, seed + 1) - 0.5));
            const distance = Math.hypot(toU, toV);
            if (distance < first) {
                second = first;
                first = distance;
                tone = randomAt(a, b, seed + 2);
                du = toU;
                dv = toV;
            } else if (distance < second) {
                second = distance;
            }
        }
    }
    return { tone, border: second - first, du, dv };
}

export function mix(from: number, to: number, share: number): number {
    return from + (to - from) * share;
}

/** Returns 0 up to `from` and 1 beyond `to`, with a smooth step between. */
export function step(from: number, to: number, value: number): number {
    return smooth(Math.min(1, Math.max(0, (value - from) / (to - from))));
}

function smooth(share: number): number {
    return share * share * (3 - 2 * share);
}

function modulo(value: number, divisor: number): number {
    return ((value % divisor) + divisor) % divisor;
}
