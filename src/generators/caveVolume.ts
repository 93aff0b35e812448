import { CaveField, createCaveLattice, type CaveLattice } from "./caveField.js";
import type { HeightGrid } from "./heightField.js";
import { MACRO_CHANNELS, MacroChannel } from "./macroField.js";

/** Cave distance where nobody asks for it: far above the ground, below all caves, or in columns without any. */
export const FAR_FROM_CAVES = 1e9;

/** Rows above the surface that are filled too, so that differences over two samples exist wherever a vertex may lie. */
const ROWS_ABOVE = 2;

/**
 * Cave distance on the samples of a height grid and on rows of the same spacing, which all chunks of a level share.
 * Column by column, each from its lowest row upwards. Reused from bake to bake.
 */
export interface CaveVolume {
    /** Metres between samples and between rows. */
    spacing: number;
    /** Number of the first row, in rows from y = 0. */
    firstRow: number;
    /** Metres below the surface at which caves end. */
    maxDepth: number;
    rows: number;
    /** Columns along x and z: those of the height grid. */
    countX: number;
    countZ: number;
    /** Metres, negative or 0 inside a cave; `FAR_FROM_CAVES` where not evaluated. Meaningless where y >= the column's height. */
    distance: Float32Array;
    /** Row of the lowest sample of each column that lies in a cave, or `rows` where none does. */
    lowestCave: Int32Array;
    lattice: CaveLattice;
}

export function createCaveVolume(): CaveVolume {
    return {
        spacing: 1,
        firstRow: 0,
        maxDepth: 0,
        rows: 0,
        countX: 0,
        countZ: 0,
        distance: new Float32Array(0),
        lowestCave: new Int32Array(0),
        lattice: createCaveLattice(),
    };
}

/** Whether any column of the grid lies in cave country. Where none does, caves change nothing that is drawn. */
export function touchesCaveCountry(grid: HeightGrid): boolean {
    for (let at = MacroChannel.caves, i = grid.countX * grid.countZ; i > 0; i--, at += MACRO_CHANNELS) {
        if (grid.macro[at]! > 0) {
            return true;
        }
    }
    return false;
}

/**
 * Fills the volume over a height grid whose first sample is (x, z), in samples of the level.
 *
 * @param spacing metres between samples; @param maxDepth metres below the surface at which caves end
 * @param isSealed whether the chunk's border columns are rock throughout. The coarsest level that has caves is sealed:
 * its neighbours may be of the next, which has none, and a tunnel that ran on into them would show the sky behind it.
 */
export function fillCaveVolume(
    caves: CaveField,
    level: number,
    x: number,
    z: number,
    spacing: number,
    maxDepth: number,
    isSealed: boolean,
    grid: HeightGrid,
    volume: CaveVolume,
): void {
    const { countX, countZ, height } = grid;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < countX * countZ; at++) {
        low = Math.min(low, height[at]!);
        high = Math.max(high, height[at]!);
    }
    volume.spacing = spacing;
    volume.maxDepth = maxDepth;
    volume.firstRow = Math.floor((low - maxDepth) / spacing) - 1;
    volume.rows = Math.floor(high / spacing) + 1 + ROWS_ABOVE - volume.firstRow;
    volume.countX = countX;
    volume.countZ = countZ;
    const count = countX * countZ * volume.rows;
    if (volume.distance.length < count) {
        volume.distance = new Float32Array(count);
    }
    if (volume.lowestCave.length < countX * countZ) {
        volume.lowestCave = new Int32Array(countX * countZ);
    }
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
    for (let row = 0, column = 0; row < countZ; row++) {
        for (let i = 0; i < countX; i++, column++) {
            const isBorder = i === 1 || i === countX - 2 || row === 1 || row === countZ - 2;
            if (isSealed && isBorder) {
                clearColumn(volume, column);
            } else {
                fillColumn(caves, grid, column, (x + i) * spacing, (z + row) * spacing, maxDepth, volume);
            }
        }
    }
}

function fillColumn(
    caves: CaveField,
    grid: HeightGrid,
    column: number,
    x: number,
    z: number,
    maxDepth: number,
    volume: CaveVolume,
): void {
    const { rows, firstRow, spacing, distance, lattice } = volume;
    const from = column * rows;
    clearColumn(volume, column);
    if (!isNearCaveCountry(grid, column)) {
        return;
    }
    const height = grid.height[column]!;
    const country = grid.macro[column * MACRO_CHANNELS + MacroChannel.caves]!;
    const mouth = grid.macro[column * MACRO_CHANNELS + MacroChannel.mouths]!;
    const steepest = steepestStep(grid, column, spacing);
    const lowest = Math.max(0, Math.floor((height - maxDepth) / spacing) - 1 - firstRow);
    const highest = Math.min(rows - 1, Math.floor(height / spacing) + ROWS_ABOVE - firstRow);
    for (let row = lowest; row <= highest; row++) {
        const y = (firstRow + row) * spacing;
        const bare = CaveField.SampleLattice(lattice, x, y, z);
        distance[from + row] = caves.shape(bare, height - y, y, country, mouth, steepest);
        if (distance[from + row]! <= 0 && y < height && row < volume.lowestCave[column]!) {
            volume.lowestCave[column] = row;
        }
    }
}

function clearColumn({ distance, lowestCave, rows }: CaveVolume, column: number): void {
    distance.fill(FAR_FROM_CAVES, column * rows, (column + 1) * rows);
    lowestCave[column] = rows;
}

/** Columns beside cave country are filled too: differences across its edge are taken from them. */
function isNearCaveCountry(grid: HeightGrid, column: number): boolean {
    const { countX, countZ, macro } = grid;
    const x = column % countX;
    const z = (column - x) / countX;
    for (let j = Math.max(0, z - 2); j <= Math.min(countZ - 1, z + 2); j++) {
        for (let i = Math.max(0, x - 2); i <= Math.min(countX - 1, x + 2); i++) {
            if (macro[(j * countX + i) * MACRO_CHANNELS + MacroChannel.caves]! > 0) {
                return true;
            }
        }
    }
    return false;
}

/** Metres: the greatest step in height to one of the four neighbours, at least the spacing. */
function steepestStep(grid: HeightGrid, column: number, spacing: number): number {
    const { countX, countZ, height } = grid;
    const x = column % countX;
    const z = (column - x) / countX;
    const here = height[column]!;
    let steepest = spacing;
    if (x > 0) {
        steepest = Math.max(steepest, Math.abs(height[column - 1]! - here));
    }
    if (x < countX - 1) {
        steepest = Math.max(steepest, Math.abs(height[column + 1]! - here));
    }
    if (z > 0) {
        steepest = Math.max(steepest, Math.abs(height[column - countX]! - here));
    }
    if (z < countZ - 1) {
        steepest = Math.max(steepest, Math.abs(height[column + countX]! - here));
    }
    return steepest;
}
