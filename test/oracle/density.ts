import type { CaveVolume } from "./caveVolume.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import type { Point } from "./skirts.js";
import { COARSE, type CoarseCells } from "./coarseCells.js";

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
 * Whether a skirt may end at a point: all samples around are rock, which in a border are four. Samples beyond the volume, or in
 * the grid's outermost columns, count as the nearest that are not. In coarse cells, whose corners lie as far apart as a skirt
 * reaches, it is the corner nearest to the point, and to another half as deep again.
 *
 * @param point, deeper in samples from the grid's first sample and the volume's first row
 */
export function isDeepInRock(
    grid: HeightGrid,
    volume: CaveVolume,
    cells: CoarseCells,
    point: Point,
    deeper: Point,
): boolean {
    if (cellSide(cells, point) === COARSE) {
        return isNearestRock(grid, volume, cells, point) && isNearestRock(grid, volume, cells, deeper);
    }
    const [x, row, z] = cornerBy(Math.floor, 1, point);
    const [highX, , highZ] = cornerBy(Math.ceil, 1, point);
    const lowRow = Math.max(0, Math.min(volume.rows - 2, row));
    return [x, highX].every((nearX) =>
        [z, highZ].every((nearZ) =>
            [lowRow, lowRow + 1].every((nearRow) => isRockAt(grid, volume, nearX, nearRow, nearZ)),
        ),
    );
}

/** Whether the nearest corner of a point's cell is rock, in the same sense. */
export function isNearestRock(grid: HeightGrid, volume: CaveVolume, cells: CoarseCells, point: Point): boolean {
    return isRockAt(grid, volume, ...cornerBy(Math.round, cellSide(cells, point), point));
}

/** Samples along a side of the cell that a point lies in. */
function cellSide(cells: CoarseCells, [x, y, z]: Point): number {
    return Math.floor(y) >= cells.firstFineRowOfCell(Math.floor(x), Math.floor(z)) ? 1 : COARSE;
}

/** The cell corner that a point is rounded to. Cells are counted from the chunk's first column. */
function cornerBy(
    round: (cells: number) => number,
    side: number,
    [x, y, z]: Point,
): [x: number, row: number, z: number] {
    return [
        GRID_MARGIN + side * round((x - GRID_MARGIN) / side),
        side * round(y / side),
        GRID_MARGIN + side * round((z - GRID_MARGIN) / side),
    ];
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
