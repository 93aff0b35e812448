import type { CaveVolume } from "./caveVolume.js";
import type { GroundCells } from "./groundCells.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";

/** Samples along a side of a wide cell. */
export const WIDE = 2;

/** The first column of the first wide cells, those beside the chunk. */
const FIRST = GRID_MARGIN - WIDE;

/**
 * Where caves are polygonised on wide cells, of two samples a side, because their lattice tells no more: away from mouths.
 * Around mouths cells are narrow, of one sample a side, as the ground's are. Wide cells stand above one another on three by
 * three columns. Where one at their corners is a mouth's, narrow cells take their place near the ground: from the row on that is
 * the first to decide on mouths. They are counted from the chunk's first column and from the volume's first row, so that
 * chunks share them, and there is one more on each side of the chunk: those decide how the chunk's own are joined to
 * narrow ones.
 *
 * Columns are the grid's.
 */
export class WideCells {
    private readonly _count: number;
    private readonly _lows: readonly number[];

    public constructor(grid: HeightGrid, volume: CaveVolume, ground: GroundCells) {
        const count = (grid.countX - 1 - 2 * FIRST) / WIDE;
        this._count = count;
        this._lows = Array.from({ length: count * count }, (_, cell) =>
            volume.hasWideCells
                ? firstNarrowRow(ground, FIRST + (cell % count) * WIDE, FIRST + Math.floor(cell / count) * WIDE)
                : 0,
        );
    }

    /**
     * The first row of the narrow cells between columns (x, z) and (x + 1, z + 1), an even one, or infinity where all are
     * wide. Beyond the outermost as there.
     */
    public lowOfCell(x: number, z: number): number {
        return this._lows[this._cellAt(z) * this._count + this._cellAt(x)]!;
    }

    /** The first row at which narrow cells touch a column: all its samples from there on count. */
    public lowOf(x: number, z: number): number {
        return Math.min(
            this.lowOfCell(x - 1, z - 1),
            this.lowOfCell(x, z - 1),
            this.lowOfCell(x - 1, z),
            this.lowOfCell(x, z),
        );
    }

    /** Whether the four cells around a column are narrow somewhere. */
    public isNarrowAround(x: number, z: number): boolean {
        return [-1, 0].every((k) => [-1, 0].every((i) => this.lowOfCell(x + i, z + k) < Number.POSITIVE_INFINITY));
    }

    /** Whether a sample is any cell's corner. Others do not exist for the surface. */
    public isCorner(x: number, row: number, z: number): boolean {
        return (isWide(x - GRID_MARGIN) && isWide(z - GRID_MARGIN) && isWide(row)) || row >= this.lowOf(x, z);
    }

    /** Of the wide cell that lies between a column and the next, held to those that are known. */
    private _cellAt(column: number): number {
        return Math.max(0, Math.min(this._count - 1, Math.floor((column - FIRST) / WIDE)));
    }
}

/** The last place up to another where a wide cell may have corners. */
export function wideFloor(place: number): number {
    return Math.floor(place / WIDE) * WIDE;
}

function isWide(place: number): boolean {
    return place === wideFloor(place);
}

/** Of the cells that begin at column (x, z), or infinity where no column at a corner of theirs is a mouth. */
function firstNarrowRow(ground: GroundCells, x: number, z: number): number {
    const columns = columnsOfCell().map(([i, k]): [number, number] => [x + i, z + k]);
    if (![0, 2, 6, 8].some((corner) => ground.isMouth(...columns[corner]!))) {
        return Number.POSITIVE_INFINITY;
    }
    return wideFloor(Math.max(0, Math.min(...columns.map(([i, k]) => ground.mouthRow(i, k)))));
}

/** The columns that a wide cell stands on, from its first. */
export function columnsOfCell(): [i: number, k: number][] {
    return [0, 1, 2].flatMap((k) => [0, 1, 2].map((i): [number, number] => [i, k]));
}
