import { heightBoundOf, riseWithin } from "./heightBound.js";
import type { Recipe } from "./recipe.js";

/** Tunnels narrower than this many samples are not drawn: a level has caves while its spacing is at most radius / this. */
const SAMPLES_PER_RADIUS = 1.75;
/** Quanta along a chunk's side at most: four siblings drawn together fit int16, too. */
const MOST_QUANTA = 8192;
/** Heights in quanta are whole numbers in f32: exact up to twice this. */
const MOST_HEIGHT_QUANTA = 2 ** 23;
const INT16_RANGE = 65_536;
/** Skirts reach this share of a chunk's side below a height grid's border: four samples of a chunk of 64 cells. */
export const SKIRT_SHARE = 1 / 16;
/** Fused chunks' skirts run along normals and must not come out of thin walls: two samples. Meshes' bounds count on this. */
export const FUSED_SKIRT_SAMPLES = 2;

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
 * Whether chunks of a level hang walls from their border: those that are too coarse for the caves that finer levels have.
 */
export function levelHasWalls(recipe: Recipe, level: number): boolean {
    return levelHasCaves(recipe, 0) && !levelHasCaves(recipe, level);
}

const quantaOf = new WeakMap<Recipe, number[]>();

/**
 * Metres a quantum at a level: the finest power of two at which int16 holds all that a chunk of the level may rise by
 * (`riseWithin`), with the deepest caves below its lowest ground, whether it has any or not. All chunks of a level share it, and
 * a level's quanta are whole multiples of the finer level's.
 */
export function quantumAt(recipe: Recipe, level: number): number {
    let quanta = quantaOf.get(recipe);
    if (quanta === undefined) {
        quanta = [];
        quantaOf.set(recipe, quanta);
    }
    for (let next = quanta.length; next <= level; next++) {
        quanta.push(Math.max(quanta[next - 1] ?? 0, finestQuantum(recipe, next)));
    }
    return quanta[level]!;
}

function finestQuantum(recipe: Recipe, level: number): number {
    const side = recipe.chunkSize * 2 ** level;
    const below = recipe.caves.maxDepth + side * SKIRT_SHARE + (FUSED_SKIRT_SAMPLES * side) / recipe.terrain.resolution;
    const { lowest, highest } = heightBoundOf(recipe);
    const least = Math.max(
        (riseWithin(recipe, side) + below) / INT16_RANGE,
        Math.max(Math.abs(lowest), Math.abs(highest)) / MOST_HEIGHT_QUANTA,
    );
    let quantum = side / MOST_QUANTA;
    while (quantum < least) {
        quantum *= 2;
    }
    return quantum;
}
