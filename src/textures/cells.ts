import { hashOf, randomAt } from "./random.js";

/** Bends a pattern: where each texel looks for it. */
export interface Warp {
    readonly u: Float32Array;
    readonly v: Float32Array;
    /** Tiles' sides that a value of 1 moves by. Folds the pattern into strands where neighbours move apart by more than half. */
    readonly amount: number;
}

export interface CellOptions {
    readonly cells: number;
    /** Cells along v. Default: as along u */
    readonly cellsV?: number;
    readonly seed: number;
    /** How far cells lie above and below each other. */
    readonly offset: number;
    /** How much the plane of a cell rises and falls across it. */
    readonly tilt: number;
    /**
     * Width of the slope between neighbours, in cells: from sharp edges to gentle ones, as chance has it for each pair. Edges that
     * are all alike look like crazy paving. Default: sharp
     */
    readonly bevel?: readonly [least: number, most: number];
    readonly warp?: Warp;
}

/** Cellular noise: for each texel what its cell is like. */
export interface CellTiles {
    /** Height of the cell's tilted plane. */
    readonly plane: Float32Array;
    /** A random number of the cell, 0 to 1. */
    readonly tone: Float32Array;
    /** Distance to the cell's point, in cells. */
    readonly nearest: Float32Array;
    /** 0 at the cell's border, growing inwards: how much farther the second point is, in cells. */
    readonly border: Float32Array;
}

/** Values kept of a cell, one after another. */
const VALUES = 6;

/** Draws cells around jittered points, each a tilted plane: what broken rock is made of. It repeats at its borders. */
export function drawCells(size: number, options: CellOptions): CellTiles {
    const { cells: cellsU, cellsV = cellsU, warp } = options;
    const [leastBevel, mostBevel] = options.bevel ?? [0, 0];
    const plane = new Float32Array(size * size);
    const tone = new Float32Array(size * size);
    const nearest = new Float32Array(size * size);
    const border = new Float32Array(size * size);
    const points = cellPoints(options, cellsU, cellsV);
    const columns = new Int32Array(3);
    for (let y = 0, at = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
            const u = (x / size + (warp === undefined ? 0 : warp.amount * warp.u[at]!)) * cellsU;
            const v = (y / size + (warp === undefined ? 0 : warp.amount * warp.v[at]!)) * cellsV;
            const column = Math.floor(u);
            const row = Math.floor(v);
            for (let k = 0; k < 3; k++) {
                columns[k] = modulo(column + k - 1, cellsU) * VALUES;
            }
            let first = 9;
            let second = 9;
            let cell = 0;
            let du = 0;
            let dv = 0;
            let other = 0;
            let otherU = 0;
            let otherV = 0;
            for (let j = -1; j <= 1; j++) {
                const start = modulo(row + j, cellsV) * cellsU * VALUES;
                for (let i = -1; i <= 1; i++) {
                    const point = start + columns[i + 1]!;
                    const toU = u - (column + i + points[point]!);
                    const toV = v - (row + j + points[point + 1]!);
                    const distance = toU * toU + toV * toV;
                    if (distance < first) {
                        second = first;
                        other = cell;
                        otherU = du;
                        otherV = dv;
                        first = distance;
                        cell = point;
                        du = toU;
                        dv = toV;
                    } else if (distance < second) {
                        second = distance;
                        other = point;
                        otherU = toU;
                        otherV = toV;
                    }
                }
            }
            nearest[at] = Math.sqrt(first);
            border[at] = Math.sqrt(second) - nearest[at]!;
            tone[at] = points[cell + 5]!;
            plane[at] = points[cell + 2]! + points[cell + 3]! * du + points[cell + 4]! * dv;
            const chance = (points[cell + 5]! + points[other + 5]!) * 7.13;
            const width = leastBevel + (mostBevel - leastBevel) * (chance - Math.floor(chance)) ** 2;
            if (border[at]! < width) {
                const share = 0.5 * (1 - border[at]! / width) ** 2;
                const beyond = points[other + 2]! + points[other + 3]! * otherU + points[other + 4]! * otherV;
                plane[at]! += (beyond - plane[at]!) * share;
            }
        }
    }
    return { plane, tone, nearest, border };
}

/** Returns for each cell: its point's u and v within it, the plane's offset and slopes, the tone. */
function cellPoints({ seed, offset, tilt }: CellOptions, cellsU: number, cellsV: number): Float32Array {
    const points = new Float32Array(cellsU * cellsV * VALUES);
    for (let row = 0, at = 0; row < cellsV; row++) {
        for (let column = 0; column < cellsU; column++, at += VALUES) {
            const place = hashOf(column, row, seed);
            points[at] = (place & 0xffff) / 2 ** 16;
            points[at + 1] = (place >>> 16) / 2 ** 16;
            points[at + 2] = offset * (randomAt(column, row, seed + 1) - 0.5);
            points[at + 3] = tilt * (2 * randomAt(column, row, seed + 2) - 1);
            points[at + 4] = tilt * (2 * randomAt(column, row, seed + 3) - 1);
            points[at + 5] = randomAt(column, row, seed + 4);
        }
    }
    return points;
}

function modulo(value: number, divisor: number): number {
    const rest = value % divisor;
    return rest < 0 ? rest + divisor : rest;
}
