/** Side of the square grids that these functions fill: a power of two. */
export const TILE = 256;

/** A square grid of `TILE` x `TILE` values that repeats at its borders. */
export type Tile = Float32Array;

export function createTile(): Tile {
    return new Float32Array(TILE * TILE);
}

/** Returns an unsigned 32-bit hash of three integers. */
export function hash3(x: number, y: number, seed: number): number {
    let h = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return (h ^ (h >>> 15)) >>> 0;
}

/** Returns a number from 0 to below 1 that follows from three integers. */
function random3(x: number, y: number, seed: number): number {
    return hash3(x, y, seed) / 2 ** 32;
}

/** Adds one octave of gradient noise of about -amplitude to amplitude, with `cellsX` by `cellsY` cells on the tile. */
export function addNoise(tile: Tile, cellsX: number, cellsY: number, amplitude: number, seed: number): void {
    const gradientX = new Float32Array(cellsX * cellsY);
    const gradientY = new Float32Array(cellsX * cellsY);
    for (let i = 0; i < gradientX.length; i++) {
        const angle = random3(i, cellsX, seed) * 2 * Math.PI;
        gradientX[i] = Math.cos(angle) * amplitude * 1.5;
        gradientY[i] = Math.sin(angle) * amplitude * 1.5;
    }
    for (let y = 0, at = 0; y < TILE; y++) {
        const v = (y * cellsY) / TILE;
        const row = Math.floor(v);
        const dy = v - row;
        const fadeY = fade(dy);
        const low = row * cellsX;
        const high = ((row + 1) % cellsY) * cellsX;
        for (let x = 0; x < TILE; x++, at++) {
            const u = (x * cellsX) / TILE;
            const left = Math.floor(u);
            const right = (left + 1) % cellsX;
            const dx = u - left;
            const fadeX = fade(dx);
            const a = gradientX[low + left]! * dx + gradientY[low + left]! * dy;
            const b = gradientX[low + right]! * (dx - 1) + gradientY[low + right]! * dy;
            const c = gradientX[high + left]! * dx + gradientY[high + left]! * (dy - 1);
            const d = gradientX[high + right]! * (dx - 1) + gradientY[high + right]! * (dy - 1);
            const bottom = a + (b - a) * fadeX;
            tile[at] = tile[at]! + bottom + (c + (d - c) * fadeX - bottom) * fadeY;
        }
    }
}

/**
 * Returns octaves of `addNoise` from `cells` cells on, each with twice the cells and `gain` times the amplitude of the one
 * before.
 */
export function fractalTile(cells: number, octaves: number, gain: number, seed: number): Tile {
    const tile = createTile();
    let amplitude = 1;
    for (let octave = 0; octave < octaves; octave++) {
        addNoise(tile, cells << octave, cells << octave, amplitude, seed + octave);
        amplitude *= gain;
    }
    return tile;
}

/** Distances to the nearest point and to the second nearest, in cells, and a random number, 0 to 1, of the nearest. */
export interface CellTiles {
    readonly nearest: Tile;
    readonly second: Tile;
    readonly id: Tile;
}

/** Returns cellular noise with one jittered point a cell. `warp`, in texels, bends it along two other tiles. */
export function cellTiles(cells: number, seed: number, warp = 0, warpX?: Tile, warpY?: Tile): CellTiles {
    // Points of all cells and of a rim around them, so that the inner loop neither hashes nor wraps. A warp of a few cells
    // still lands on the rim.
    const rim = 2 + Math.ceil((Math.abs(warp) * 2 * cells) / TILE);
    const stride = cells + 2 * rim;
    const pointX = new Float32Array(stride * stride);
    const pointY = new Float32Array(stride * stride);
    const ids = new Float32Array(stride * stride);
    for (let row = -rim, at = 0; row < cells + rim; row++) {
        for (let column = -rim; column < cells + rim; column++, at++) {
            const cellX = (column + rim * cells) % cells;
            const cellY = (row + rim * cells) % cells;
            const hash = hash3(cellX, cellY, seed);
            pointX[at] = column + (hash & 0xffff) / 65_536;
            pointY[at] = row + (hash >>> 16) / 65_536;
            ids[at] = random3(cellX, cellY, seed + 1);
        }
    }
    const result: CellTiles = { nearest: createTile(), second: createTile(), id: createTile() };
    for (let y = 0, at = 0; y < TILE; y++) {
        for (let x = 0; x < TILE; x++, at++) {
            const u = ((x + warp * (warpX?.[at] ?? 0)) * cells) / TILE;
            const v = ((y + warp * (warpY?.[at] ?? 0)) * cells) / TILE;
            const first = (Math.floor(v) - 1 + rim) * stride + Math.floor(u) - 1 + rim;
            let nearest = 9;
            let second = 9;
            let nearestPoint = 0;
            for (let row = first; row < first + 3 * stride; row += stride) {
                for (let point = row; point < row + 3; point++) {
                    const dx = pointX[point]! - u;
                    const dy = pointY[point]! - v;
                    const squared = dx * dx + dy * dy;
                    if (squared < nearest) {
                        second = nearest;
                        nearest = squared;
                        nearestPoint = point;
                    } else if (squared < second) {
                        second = squared;
                    }
                }
            }
            result.nearest[at] = Math.sqrt(nearest);
            result.second[at] = Math.sqrt(second);
            result.id[at] = ids[nearestPoint]!;
        }
    }
    return result;
}

/** Returns a tile moved and scaled so that it spans 0 to 1. */
export function normalizeTile(tile: Tile): Tile {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of tile) {
        low = Math.min(low, value);
        high = Math.max(high, value);
    }
    const scale = high > low ? 1 / (high - low) : 0;
    return tile.map((value) => (value - low) * scale);
}

function fade(t: number): number {
    return t * t * t * (t * (t * 6 - 15) + 10);
}
