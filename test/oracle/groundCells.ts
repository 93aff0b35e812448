import type { CaveVolume } from "./caveVolume.js";
import { isChangedByCave } from "./density.js";
import type { HeightGrid } from "./heightField.js";

/** Rows below the lowest ground around a column down to which caves may change how the ground is cut. */
const ROWS_BELOW = 2;

/**
 * Where the ground of a chunk with caves is cut by marching cubes: in the cells around columns where caves come near it.
 * Elsewhere it is the height grid's.
 */
export class GroundCells {
    private readonly _isMouth: readonly boolean[];

    public constructor(
        private readonly _grid: HeightGrid,
        volume: CaveVolume,
    ) {
        this._isMouth = Array.from({ length: _grid.countX * _grid.countZ }, (_, column) => {
            const [x, z] = [column % _grid.countX, Math.floor(column / _grid.countX)];
            const isOutermost = x === 0 || z === 0 || x === _grid.countX - 1 || z === _grid.countZ - 1;
            return !isOutermost && isMouth(_grid, volume, column);
        });
    }

    /** Whether the cell between columns (x, z) and (x + 1, z + 1) is cut. */
    public isCellCut(x: number, z: number): boolean {
        return this._hasMouth(x, x + 1, z, z + 1);
    }

    /** Whether the ground has vertices between columns (x, z) and (x + 1, z): a cell beside that edge is cut. */
    public isCutAlongX(x: number, z: number): boolean {
        return this._hasMouth(x, x + 1, z - 1, z + 1);
    }

    /** The same between columns (x, z) and (x, z + 1). */
    public isCutAlongZ(x: number, z: number): boolean {
        return this._hasMouth(x - 1, x + 1, z, z + 1);
    }

    private _hasMouth(lowX: number, highX: number, lowZ: number, highZ: number): boolean {
        for (let z = lowZ; z <= highZ; z++) {
            for (let x = lowX; x <= highX; x++) {
                if (this._isMouth[z * this._grid.countX + x]!) {
                    return true;
                }
            }
        }
        return false;
    }
}

/** Whether the cave term changes rock that lies near open air, in this column or in those of the cells around. */
function isMouth(grid: HeightGrid, volume: CaveVolume, column: number): boolean {
    const { height, countX } = grid;
    const { spacing, firstRow } = volume;
    let lowest = height[column]! - spacing;
    for (let neighbour = 0; neighbour < 9; neighbour++) {
        lowest = Math.min(lowest, height[column + (neighbour % 3) - 1 + (Math.floor(neighbour / 3) - 1) * countX]!);
    }
    const end = Math.ceil(height[column]! / spacing) - firstRow;
    for (let row = Math.max(0, Math.floor(lowest / spacing) - ROWS_BELOW - firstRow); row < end; row++) {
        if (isChangedByCave(grid, volume, column, row)) {
            return true;
        }
    }
    return false;
}
