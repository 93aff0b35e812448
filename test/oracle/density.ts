import type { CaveVolume } from "./caveVolume.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";

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
 * Whether all eight samples around a point are rock. Samples beyond the volume, or in the grid's outermost ring, count as
 * the nearest that are not.
 *
 * @param x, y, z in samples from the grid's first sample and the volume's first row
 */
export function isWhollyRock(grid: HeightGrid, volume: CaveVolume, x: number, y: number, z: number): boolean {
    for (let corner = 0; corner < 8; corner++) {
        const [right, up, far] = [corner & 1, (corner >> 1) & 1, corner >> 2];
        if (!isRockAt(grid, volume, Math.floor(x) + right, Math.floor(y) + up, Math.floor(z) + far)) {
            return false;
        }
    }
    return true;
}

/** Whether the sample nearest to a point is rock, in the same sense. */
export function isNearestRock(grid: HeightGrid, volume: CaveVolume, x: number, y: number, z: number): boolean {
    return isRockAt(grid, volume, Math.round(x), Math.round(y), Math.round(z));
}

function isRockAt(grid: HeightGrid, volume: CaveVolume, x: number, row: number, z: number): boolean {
    const nearX = Math.max(1, Math.min(grid.countX - 2, x));
    const nearRow = Math.max(0, Math.min(volume.rows - 1, row));
    const nearZ = Math.max(1, Math.min(grid.countZ - 2, z));
    return densityAt(grid, volume, nearZ * grid.countX + nearX, nearRow) < 0;
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
 * @param grid with `GRID_MARGIN` more samples all around than the chunk has
 */
export function needsFusion(grid: HeightGrid, volume: CaveVolume): boolean {
    const { countX, countZ } = grid;
    for (let z = GRID_MARGIN; z < countZ - GRID_MARGIN; z++) {
        for (let x = GRID_MARGIN; x < countX - GRID_MARGIN; x++) {
            if (volume.lowestCave[z * countX + x]! < volume.rows) {
                // Air below the surface: somewhere below it there is rock again.
                return true;
            }
        }
    }
    for (let z = GRID_MARGIN; z < countZ - GRID_MARGIN; z++) {
        for (let x = GRID_MARGIN; x < countX - GRID_MARGIN; x++) {
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
    if (x > GRID_MARGIN) {
        lowestAir = Math.min(lowestAir, height[column - 1]!);
    }
    if (x < countX - 1 - GRID_MARGIN) {
        lowestAir = Math.min(lowestAir, height[column + 1]!);
    }
    if (z > GRID_MARGIN) {
        lowestAir = Math.min(lowestAir, height[column - countX]!);
    }
    if (z < countZ - 1 - GRID_MARGIN) {
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
