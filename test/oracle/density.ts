import type { CaveVolume } from "./caveVolume.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import type { CoarseCells } from "./coarseCells.js";

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

/** Whether the cave term changes the density at a sample. */
export function isChangedByCave(grid: HeightGrid, volume: CaveVolume, column: number, row: number): boolean {
    const terrain = (volume.firstRow + row) * volume.spacing - grid.height[column]!;
    return terrain < 0 && -volume.distance[column * volume.rows + row]! > terrain;
}

/**
 * Whether a chunk must be polygonised as a volume: a cell's corner lies in a cave, or the cave term changes the density at
 * the end in the chunk's closed box of a sign-changing edge of the ground. Else its surface is the height grid's.
 *
 * @param grid with `GRID_MARGIN` more samples all around than the chunk has
 */
export function needsFusion(grid: HeightGrid, volume: CaveVolume, cells: CoarseCells): boolean {
    for (let z = GRID_MARGIN; z < grid.countZ - GRID_MARGIN; z++) {
        for (let x = GRID_MARGIN; x < grid.countX - GRID_MARGIN; x++) {
            // Air below the surface: somewhere below it there is rock again.
            const isBent = cells.isFineAround(x, z) && bendsSurface(grid, volume, x, z);
            if (isBent || meetsCave(grid, volume, cells, x, z)) {
                return true;
            }
        }
    }
    return false;
}

/** Whether a cell's corner in this column lies in a cave. */
function meetsCave(grid: HeightGrid, volume: CaveVolume, cells: CoarseCells, x: number, z: number): boolean {
    const column = z * grid.countX + x;
    for (let row = volume.lowestCave[column]!; row < volume.rows; row++) {
        if (isInCave(grid, volume, column, row) && cells.isCorner(x, row, z)) {
            return true;
        }
    }
    return false;
}

function isInCave(grid: HeightGrid, volume: CaveVolume, column: number, row: number): boolean {
    const isBelowGround = (volume.firstRow + row) * volume.spacing < grid.height[column]!;
    return isBelowGround && volume.distance[column * volume.rows + row]! <= 0;
}

/**
 * Whether the cave term changes rock in this column that has open air right above it or beside it. At the chunk's border that
 * may be beyond it: then nothing of the chunk's own is bent, but to look which would take longer than to mesh such chunks.
 */
function bendsSurface(grid: HeightGrid, volume: CaveVolume, x: number, z: number): boolean {
    const { countX, height } = grid;
    const { spacing, firstRow } = volume;
    const column = z * countX + x;
    const lowestAir = Math.min(
        height[column]! - spacing,
        height[column - 1]!,
        height[column + 1]!,
        height[column - countX]!,
        height[column + countX]!,
    );
    const last = Math.ceil(height[column]! / spacing) - 1 - firstRow;
    for (let row = Math.max(0, Math.ceil(lowestAir / spacing) - firstRow); row <= last; row++) {
        if (isChangedByCave(grid, volume, column, row)) {
            return true;
        }
    }
    return false;
}
