import type { CaveVolume } from "./caveVolume.js";
import type { GroundCells } from "./groundCells.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";

/** Samples along a side of a coarse cell. */
export const COARSE = 2;

/** The first column of the first coarse cells, those beside the chunk. */
const FIRST = GRID_MARGIN - COARSE;

/**
 * Where caves are polygonised on coarse cells, of two samples a side, because their lattice tells no more: away from mouths.
 * Around mouths cells are fine, of one sample a side, as the ground's are. Coarse cells stand above one another on three by
 * three columns. Where one at their corners is a mouth's, fine cells take their place near the ground: from the row on that is
 * the first to decide on mouths. They are counted from the chunk's first column and from the volume's first row, so that
 * chunks share them, and there is one more on each side of the chunk: those decide how the chunk's own are joined to
 * fine ones.
 *
 * Columns are the grid's.
 */
export class CoarseCells {
    private readonly _count: number;
    private readonly _lows: readonly number[];

    public constructor(grid: HeightGrid, volume: CaveVolume, ground: GroundCells) {
        const count = (grid.countX - 1 - 2 * FIRST) / COARSE;
        this._count = count;
        this._lows = Array.from({ length: count * count }, (_, cell) =>
            volume.hasCoarseCells
                ? lowestMouthRow(ground, FIRST + (cell % count) * COARSE, FIRST + Math.floor(cell / count) * COARSE)
                : 0,
        );
    }

    /**
     * The first row of the fine cells between columns (x, z) and (x + 1, z + 1), an even one, or infinity where all are
     * coarse. Beyond the outermost as there.
     */
    public firstFineRowOfCell(x: number, z: number): number {
        return this._lows[this._cellAt(z) * this._count + this._cellAt(x)]!;
    }

    /** The first row at which fine cells touch a column: all its samples from there on count. */
    public firstFineRow(x: number, z: number): number {
        return Math.min(
            this.firstFineRowOfCell(x - 1, z - 1),
            this.firstFineRowOfCell(x, z - 1),
            this.firstFineRowOfCell(x - 1, z),
            this.firstFineRowOfCell(x, z),
        );
    }

    /** Whether the four cells around a column are fine somewhere. */
    public isFineAround(x: number, z: number): boolean {
        return [-1, 0].every((k) =>
            [-1, 0].every((i) => this.firstFineRowOfCell(x + i, z + k) < Number.POSITIVE_INFINITY),
        );
    }

    /** Whether a sample is any cell's corner. Others do not exist for the surface. */
    public isCorner(x: number, row: number, z: number): boolean {
        return (
            (isCoarsePlace(x - GRID_MARGIN) && isCoarsePlace(z - GRID_MARGIN) && isCoarsePlace(row)) ||
            row >= this.firstFineRow(x, z)
        );
    }

    /** Returns the number of the coarse cell between a column and the next, clamped to those that are known. */
    private _cellAt(column: number): number {
        return Math.max(0, Math.min(this._count - 1, Math.floor((column - FIRST) / COARSE)));
    }
}

/** The last place up to another where a coarse cell may have corners. */
export function coarseFloor(place: number): number {
    return Math.floor(place / COARSE) * COARSE;
}

function isCoarsePlace(place: number): boolean {
    return place === coarseFloor(place);
}

/** Returns the first fine row above column (x, z), or infinity where no column at the corners of its coarse cells is a mouth. */
function lowestMouthRow(ground: GroundCells, x: number, z: number): number {
    const columns = columnsOfCell().map(([i, k]): [number, number] => [x + i, z + k]);
    if (![0, 2, 6, 8].some((corner) => ground.isMouth(...columns[corner]!))) {
        return Number.POSITIVE_INFINITY;
    }
    return coarseFloor(Math.max(0, Math.min(...columns.map(([i, k]) => ground.mouthRow(i, k)))));
}

/** The columns that a coarse cell stands on, from its first. */
export function columnsOfCell(): [i: number, k: number][] {
    return [0, 1, 2].flatMap((k) => [0, 1, 2].map((i): [number, number] => [i, k]));
}
