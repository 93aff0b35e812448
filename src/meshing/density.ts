import type { CaveVolume } from "../generators/caveVolume.js";
import type { HeightGrid } from "../generators/heightField.js";

/**
 * Density at a sample: negative in rock, positive or 0 in air. The cave term counts below the surface alone, whatever
 * the row: above it there is air already.
 *
 * @param column of the grid; @param row of the volume
 */
export function densityAt(grid: HeightGrid, volume: CaveVolume, column: number, row: number): number {
    const terrain = (volume.firstRow + row) * volume.spacing - grid.height[column]!;
    return terrain < 0 ? Math.max(terrain, -volume.distance[column * volume.rows + row]!) : terrain;
}

/**
 * Density at any point, trilinear between samples; beyond the volume as at its border.
 *
 * @param x, y, z in samples from the grid's first sample and the volume's first row
 */
export function densityBetween(grid: HeightGrid, volume: CaveVolume, x: number, y: number, z: number): number {
    const fx = Math.min(Math.max(x, 0), grid.countX - 1.001);
    const fy = Math.min(Math.max(y, 0), volume.rows - 1.001);
    const fz = Math.min(Math.max(z, 0), grid.countZ - 1.001);
    const ix = Math.floor(fx);
    const iy = Math.floor(fy);
    const iz = Math.floor(fz);
    const column = iz * grid.countX + ix;
    const near = mixAlongX(grid, volume, column, iy, fx - ix, fy - iy);
    const far = mixAlongX(grid, volume, column + grid.countX, iy, fx - ix, fy - iy);
    return near + (fz - iz) * (far - near);
}

function mixAlongX(grid: HeightGrid, volume: CaveVolume, column: number, row: number, tx: number, ty: number): number {
    const a = densityAt(grid, volume, column, row);
    const b = densityAt(grid, volume, column, row + 1);
    const c = densityAt(grid, volume, column + 1, row);
    const d = densityAt(grid, volume, column + 1, row + 1);
    const left = a + ty * (b - a);
    return left + tx * (c + ty * (d - c) - left);
}

/** Whether the cave term changes the density at a sample. */
export function isChangedByCave(grid: HeightGrid, volume: CaveVolume, column: number, row: number): boolean {
    const terrain = (volume.firstRow + row) * volume.spacing - grid.height[column]!;
    return terrain < 0 && -volume.distance[column * volume.rows + row]! > terrain;
}

/**
 * Whether a chunk must be polygonised as a volume: the cave term changes the density at an end of a sign-changing edge
 * of its closed box. Else its surface is the height grid's.
 *
 * @param grid with one more sample all around than the chunk has
 */
export function needsFusion(grid: HeightGrid, volume: CaveVolume): boolean {
    const { countX, countZ } = grid;
    for (let z = 1; z < countZ - 1; z++) {
        for (let x = 1; x < countX - 1; x++) {
            if (volume.lowestCave[z * countX + x]! < volume.rows) {
                // Air below the surface: somewhere below it there is rock again.
                return true;
            }
        }
    }
    for (let z = 1; z < countZ - 1; z++) {
        for (let x = 1; x < countX - 1; x++) {
            if (bendsSurface(grid, volume, x, z)) {
                return true;
            }
        }
    }
    return false;
}

/** Whether the cave term changes rock in this column that has open air right above it or beside it. */
function bendsSurface(grid: HeightGrid, volume: CaveVolume, x: number, z: number): boolean {
    const { countX, countZ, height } = grid;
    const { spacing, firstRow } = volume;
    const column = z * countX + x;
    let lowestAir = height[column]! - spacing;
    if (x > 1) {
        lowestAir = Math.min(lowestAir, height[column - 1]!);
    }
    if (x < countX - 2) {
        lowestAir = Math.min(lowestAir, height[column + 1]!);
    }
    if (z > 1) {
        lowestAir = Math.min(lowestAir, height[column - countX]!);
    }
    if (z < countZ - 2) {
        lowestAir = Math.min(lowestAir, height[column + countX]!);
    }
    const last = Math.ceil(height[column]! / spacing) - 1 - firstRow;
    for (let row = Math.max(0, Math.ceil(lowestAir / spacing) - firstRow); row <= last; row++) {
        if (isChangedByCave(grid, volume, column, row)) {
            return true;
        }
    }
    return false;
}
