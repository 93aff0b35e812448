import { heightBoundOf, riseWithin } from "./heightBound.js";
import { sideAt } from "../space/topology.js";
import type { Recipe } from "./recipe.js";

/** Samples per tunnel radius at least: a level has caves while its spacing is at most radius / this. */
const SAMPLES_PER_RADIUS = 1.75;
/** Most quanta along a chunk's side: four siblings drawn together fit int16, too. */
const MOST_QUANTA = 8192;
/** Most quanta of a height. Heights are whole numbers in f32, which are exact up to twice this. */
const MOST_HEIGHT_QUANTA = 2 ** 23;
const INT16_RANGE = 65_536;
/** Share by which a planet's chunk counts as larger, for what is rounded at both ends of int16. */
const ROUNDED = 1 + 2 ** -13;
/** Share of a chunk's side by which skirts hang below its border at least: four samples of a chunk of 64 cells. */
export const SKIRT_SHARE = 1 / 16;
/** Samples below caves and skirts for which quanta leave room besides. */
const SPARE_SAMPLES = 2;

/** The sample lattice of a recipe. Sizes are powers of two, so that positions are exact. */
export interface Lattice {
    /** Metres between samples at level 0. */
    readonly spacing: number;
    /** Cells along a chunk's side, at every level. */
    readonly resolution: number;
}

export function latticeOf(recipe: Recipe): Lattice {
    return { spacing: spacingAt(recipe, 0), resolution: recipe.terrain.resolution };
}

/** Returns the metres between samples of a level. */
export function spacingAt({ chunkSize, terrain }: Recipe, level: number): number {
    return sideAt(chunkSize, level) / terrain.resolution;
}

/** Tells whether chunks of a level may have caves; a chunk's own fields tell whether it has any. */
export function levelHasCaves(recipe: Recipe, level: number): boolean {
    return recipe.caves.enabled && spacingAt(recipe, level) * SAMPLES_PER_RADIUS <= recipe.caves.radius;
}

/**
 * Tells whether chunks of a level hang walls from their border: those of levels that are too coarse for the caves of
 * finer levels.
 */
export function levelHasWalls(recipe: Recipe, level: number): boolean {
    return levelHasCaves(recipe, 0) && !levelHasCaves(recipe, level);
}

const quantaOf = new WeakMap<Recipe, number[]>();

/**
 * Returns the metres of a quantum at a level: the finest power of two at which int16 holds all that a chunk of the
 * level may rise by (`riseWithin`), and the deepest caves below its lowest ground, whether it has any or not. All
 * chunks of a level share it, and a level's quanta are whole multiples of the finer level's.
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

/**
 * Returns the metres that coordinates of a chunk reach over, given what it rises by. On planets it may lie askew to all axes; the arc
 * over it is longer than what it bulges by.
 */
function extentOf({ topology }: Recipe, side: number, rise: number): number {
    return topology === "flat" ? rise : Math.sqrt(2 * side * side + rise * rise) * ROUNDED;
}

function finestQuantum(recipe: Recipe, level: number): number {
    const side = sideAt(recipe.chunkSize, level);
    const below = recipe.caves.maxDepth + side * SKIRT_SHARE + (SPARE_SAMPLES * side) / recipe.terrain.resolution;
    const { lowest, highest } = heightBoundOf(recipe);
    const least = Math.max(
        extentOf(recipe, side, riseWithin(recipe, side) + below) / INT16_RANGE,
        Math.max(Math.abs(lowest), Math.abs(highest)) / MOST_HEIGHT_QUANTA,
    );
    let quantum = side / MOST_QUANTA;
    while (quantum < least) {
        quantum *= 2;
    }
    return quantum;
}
