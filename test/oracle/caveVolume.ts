import { MACRO_CHANNELS, MacroChannel } from "../../src/generators/macroField.js";
import {
    CAVE_COUNTRY_EDGE,
    CaveField,
    createCaveLattice,
    lipWidthAt,
    shapeCave,
    type CaveLattice,
} from "./caveField.js";
import type { HeightGrid } from "./heightField.js";

/** Rows below the deepest cave and above the highest ground, so that differences over two samples exist wherever a vertex lies. */
const ROWS_BEYOND = 2;
/** The first row's number is a multiple of this, so that chunks above different ground agree on which rows are coarse cells'. */
const ROW_BLOCK = 8;

/**
 * Cave distance on the samples of a height grid and on rows of the same spacing, which all chunks of a level share.
 * Column by column, each from its lowest row upwards. Reused from bake to bake.
 */
export interface CaveVolume {
    /** Metres between samples and between rows. */
    spacing: number;
    /** Metres over which a wall and the ground round the edge where they meet. */
    lipWidth: number;
    /** Number of the first row, in rows from y = 0. */
    firstRow: number;
    /** Metres below the surface at which caves end: whole quanta. */
    maxDepth: number;
    rows: number;
    /** Columns along x and z: those of the height grid. */
    countX: number;
    countZ: number;
    /** Metres, negative or 0 inside a cave. NaN in the outermost columns. Meaningless where y >= the column's height. */
    distance: Float64Array;
    /** Row of the lowest sample of each column that lies in a cave, or `rows` where none does. */
    lowestCave: Int32Array;
    lattice: CaveLattice;
    /** Whether cave walls away from mouths are polygonised on coarse cells. */
    hasCoarseCells: boolean;
}

export function createCaveVolume(): CaveVolume {
    return {
        spacing: 1,
        lipWidth: 1,
        firstRow: 0,
        maxDepth: 0,
        rows: 0,
        countX: 0,
        countZ: 0,
        distance: new Float64Array(0),
        lowestCave: new Int32Array(0),
        lattice: createCaveLattice(),
        hasCoarseCells: false,
    };
}

/** Whether any column of the grid, the outermost ones aside, lies in cave country. Else caves change nothing that is drawn. */
export function touchesCaveCountry({ countX, countZ, macro }: HeightGrid): boolean {
    for (let z = 1; z < countZ - 1; z++) {
        for (let x = 1; x < countX - 1; x++) {
            if (macro[(z * countX + x) * MACRO_CHANNELS + MacroChannel.caves]! > CAVE_COUNTRY_EDGE) {
                return true;
            }
        }
    }
    return false;
}

/**
 * Fills the volume over a height grid whose first sample is (x, z), in samples of the level.
 *
 * @param spacing metres between samples
 */
export function fillCaveVolume(
    caves: CaveField,
    level: number,
    x: number,
    z: number,
    spacing: number,
    grid: HeightGrid,
    volume: CaveVolume,
): void {
    const { countX, countZ } = grid;
    const { low, high } = heightRange(grid, 1);
    const maxDepth = caves.depthAt(level);
    volume.spacing = spacing;
    volume.lipWidth = lipWidthAt(level) * spacing;
    volume.maxDepth = maxDepth;
    volume.hasCoarseCells = caves.hasCoarseCellsAt(level);
    const lowestRow = Math.floor((low - maxDepth) / spacing) - ROWS_BEYOND;
    volume.firstRow = Math.floor(lowestRow / ROW_BLOCK) * ROW_BLOCK;
    volume.rows = Math.ceil(high / spacing) + ROWS_BEYOND + 1 - volume.firstRow;
    volume.countX = countX;
    volume.countZ = countZ;
    const count = countX * countZ * volume.rows;
    if (volume.distance.length < count) {
        volume.distance = new Float64Array(count);
    }
    if (volume.lowestCave.length < countX * countZ) {
        volume.lowestCave = new Int32Array(countX * countZ);
    }
    volume.distance.fill(Number.NaN, 0, count);
    volume.lowestCave.fill(volume.rows, 0, countX * countZ);
    // Half a sample more at the far sides: no sample lies on the last node, so each is interpolated within the same cell
    // whichever chunk asks.
    const margin = spacing / 2;
    caves.fillLattice(
        level,
        x * spacing,
        volume.firstRow * spacing,
        z * spacing,
        (x + countX - 1) * spacing + margin,
        (volume.firstRow + volume.rows - 1) * spacing + margin,
        (z + countZ - 1) * spacing + margin,
        volume.lattice,
    );
    for (let j = 1; j < countZ - 1; j++) {
        for (let i = 1; i < countX - 1; i++) {
            fillColumn(caves, level, grid, i, j, x + i, z + j, volume);
        }
    }
}

/** Column (i, j) of the grid, which is sample (x, z) of the level. */
function fillColumn(
    caves: CaveField,
    level: number,
    grid: HeightGrid,
    i: number,
    j: number,
    x: number,
    z: number,
    volume: CaveVolume,
): void {
    const { rows, firstRow, spacing, distance, lattice } = volume;
    const at = j * grid.countX + i;
    const height = grid.height[at]!;
    const column = caves.columnAt(
        level,
        grid.macro[at * MACRO_CHANNELS + MacroChannel.caves]!,
        grid.macro[at * MACRO_CHANNELS + MacroChannel.mouths]!,
        steepestStep(grid, at, spacing),
    );
    for (let row = 0; row < rows; row++) {
        const y = (firstRow + row) * spacing;
        const bare = CaveField.SampleLattice(lattice, x * spacing, y, z * spacing);
        const cave = shapeCave(column, bare, height - y, y);
        distance[at * rows + row] = cave;
        if (cave <= 0 && y < height && row < volume.lowestCave[at]!) {
            volume.lowestCave[at] = row;
        }
    }
}

/** Metres: the greatest step in height to one of the four neighbours, at least the spacing. Not for the outermost columns. */
function steepestStep({ countX, height }: HeightGrid, at: number, spacing: number): number {
    const here = height[at]!;
    return Math.max(
        spacing,
        Math.abs(height[at - 1]! - here),
        Math.abs(height[at + 1]! - here),
        Math.abs(height[at - countX]! - here),
        Math.abs(height[at + countX]! - here),
    );
}

/** Lowest and highest of a grid's heights, `margin` samples all around left out. */
export function heightRange(grid: HeightGrid, margin: number): { low: number; high: number } {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let z = margin; z < grid.countZ - margin; z++) {
        for (let x = margin; x < grid.countX - margin; x++) {
            const height = grid.height[z * grid.countX + x]!;
            low = Math.min(low, height);
            high = Math.max(high, height);
        }
    }
    return { low, high };
}
