import type { CaveVolume } from "./caveVolume.js";
import { isChangedByCave } from "./density.js";
import type { HeightGrid } from "./heightField.js";
import type { CoarseCells } from "./coarseCells.js";

/** Rows below the lowest ground around a column down to which caves may change how the ground is cut. */
const ROWS_BELOW = 2;

/**
 * Where the ground of a chunk with caves is cut by marching cubes: in the cells around columns where caves come near it.
 * Elsewhere it is the height grid's.
 */
export class GroundCells {
    private readonly _isMouth: boolean[];

    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
    ) {
        this._isMouth = Array.from({ length: _grid.countX * _grid.countZ }, (_, column) => {
            const [x, z] = [column % _grid.countX, Math.floor(column / _grid.countX)];
            const isOutermost = x === 0 || z === 0 || x === _grid.countX - 1 || z === _grid.countZ - 1;
            return !isOutermost && isMouth(_grid, _volume, column);
        });
    }

    /** Whether caves come near the ground of a column. Those of the outermost columns are not known and count as none. */
    public isMouth(x: number, z: number): boolean {
        return this._isMouth[z * this._grid.countX + x]!;
    }

    /**
     * Leaves mouths in the midst of fine cells alone: no others are cut. There the ground stays whole: air that is an edge
     * away from open air turns to rock in the volume.
     */
    public confineTo(cells: CoarseCells): void {
        this._isMouth.forEach((isMouth, column) => {
            const [x, z] = [column % this._grid.countX, Math.floor(column / this._grid.countX)];
            if (isMouth && !cells.isFineAround(x, z)) {
                this._isMouth[column] = false;
                closeMouth(this._grid, this._volume, column);
            }
        });
    }

    /** The first row of a column whose caves count for that, which may lie below the volume. Not for the outermost columns. */
    public mouthRow(x: number, z: number): number {
        return mouthRow(this._grid, this._volume, z * this._grid.countX + x);
    }

    /** Whether the cell between columns (x, z) and (x + 1, z + 1) is cut. */
    public isCellCut(x: number, z: number): boolean {
        return this._hasMouth(x, x + 1, z, z + 1);
    }

    /** Whether the ground has vertices between columns (x, z) and (x + 1, z): a cell beside that edge is cut. */
    public isCutAlongX(x: number, z: number): boolean {
        return this._hasMouth(x, x + 1, z - 1, z + 1);
    }

    /** Whether the ground is cut between columns (x, z) and (x, z + 1). */
    public isCutAlongZ(x: number, z: number): boolean {
        return this._hasMouth(x - 1, x + 1, z, z + 1);
    }

    private _hasMouth(lowX: number, highX: number, lowZ: number, highZ: number): boolean {
        for (let z = lowZ; z <= highZ; z++) {
            for (let x = lowX; x <= highX; x++) {
                if (this.isMouth(x, z)) {
                    return true;
                }
            }
        }
        return false;
    }
}

/** Turns what touches open air in a column to rock, as deep as it lies below the ground: caves do not bend the ground there. */
function closeMouth(grid: HeightGrid, volume: CaveVolume, column: number): void {
    const { spacing, firstRow, rows, distance, lowestCave } = volume;
    const end = Math.ceil(grid.height[column]! / spacing) - firstRow;
    const start = Math.max(0, Math.ceil(lowestAirBeside(grid, spacing, column) / spacing) - firstRow);
    for (let row = start; row < end; row++) {
        const at = column * rows + row;
        distance[at] = Math.max(distance[at]!, grid.height[column]! - (firstRow + row) * spacing);
    }
    if (lowestCave[column]! >= start) {
        lowestCave[column] = rows;
    }
}

/**
 * Whether caves change the ground of a column: the cave term changes rock that is an edge away from open air, or a cave's air
 * comes so near to it, in this column or in those of the cells around, that its surface would meet the ground.
 */
function isMouth(grid: HeightGrid, volume: CaveVolume, column: number): boolean {
    const { spacing, firstRow, rows } = volume;
    const end = Math.ceil(grid.height[column]! / spacing) - firstRow;
    const bend = lowestAirBeside(grid, spacing, column);
    for (let row = Math.max(0, mouthRow(grid, volume, column)); row < end; row++) {
        const isBent = (firstRow + row) * spacing >= bend && isChangedByCave(grid, volume, column, row);
        if (isBent || volume.distance[column * rows + row]! <= 0) {
            return true;
        }
    }
    return false;
}

/** Metres: from here up a column's rock may have open air right above it or beside it. */
function lowestAirBeside({ height, countX }: HeightGrid, spacing: number, column: number): number {
    const beside = [column - 1, column + 1, column - countX, column + countX].map((at) => height[at]!);
    return Math.min(height[column]! - spacing, ...beside);
}

function mouthRow({ height, countX }: HeightGrid, { spacing, firstRow }: CaveVolume, column: number): number {
    let lowest = height[column]! - spacing;
    for (let neighbour = 0; neighbour < 9; neighbour++) {
        lowest = Math.min(lowest, height[column + (neighbour % 3) - 1 + (Math.floor(neighbour / 3) - 1) * countX]!);
    }
    return Math.floor(lowest / spacing) - ROWS_BELOW - firstRow;
}
