import { deepestCaves, type Recipe } from "../recipe/recipe.js";

/** Slopes up to this fill a chunk's range of int16 heights. */
const STEEPEST = 4;
/** Tunnels narrower than this many samples are not drawn: a level has caves while its spacing is at most radius / this. */
const SAMPLES_PER_RADIUS = 1.75;

/** The sample lattice of a recipe. Powers of two throughout, so that positions are exact. */
export interface Lattice {
    /** Metres between samples at level 0. */
    readonly spacing: number;
    /** Cells along a chunk's side, at every level. */
    readonly resolution: number;
}

export function latticeOf(recipe: Recipe): Lattice {
    return { spacing: recipe.chunkSize / recipe.terrain.resolution, resolution: recipe.terrain.resolution };
}

/** Whether chunks of a level may have caves; whether one has any, its own fields tell. */
export function levelHasCaves({ caves, chunkSize, terrain }: Recipe, level: number): boolean {
    return caves.enabled && (chunkSize / terrain.resolution) * 2 ** level * SAMPLES_PER_RADIUS <= caves.radius;
}

/**
 * Metres a quantum at a level: the finest power of two at which int16 still spans a chunk with slopes of `STEEPEST` and
 * the deepest caves that it may have, whether it has any or not. All chunks of a level share it, and a level's quanta are whole multiples of the finer level's.
 */
export function quantumAt(recipe: Recipe, level: number): number {
    const range = STEEPEST * recipe.chunkSize + deepestCaves(recipe.chunkSize);
    let quantum = 2 ** -16;
    while (quantum * 65_536 < range) {
        quantum *= 2;
    }
    return quantum * 2 ** level;
}
