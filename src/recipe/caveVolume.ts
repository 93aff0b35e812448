import { TerraneError } from "../base/errors.js";
import { riseWithin } from "./heightBound.js";
import { latticeOf, levelHasCaves } from "./lattice.js";
import { coarsestLatticeStep } from "./latticeError.js";
import type { Recipe } from "./recipe.js";

/*
 * What a chunk's caves take, bounded by the recipe: the kernels keep a few slices of samples, which take some 85 bytes for each
 * row of a slice, and all nodes of the cave lattice, which take 4. Together that leaves room for vertices in 128 MB.
 */

/** Rows of all columns of a slice. */
const MOST_SLICE_ROWS = 2 ** 19;
const MOST_NODES = 5 * 2 ** 20;
/** Rows are numbered by 15 bits. */
const MOST_ROWS = 30_000;
/** Columns of samples around a chunk: as `GRID_MARGIN` has it, on both sides. */
const COLUMNS_AROUND = 6;
/** Rows beyond ground and caves, with what whole groups of rows add. */
const ROWS_BEYOND = 56;

/** Refuses a recipe whose caves would take more than a worker has: names the field that has to change, and the nearest that works. */
export function assertCavesFit(recipe: Recipe): void {
    if (fits(recipe)) {
        return;
    }
    const { caves, terrain } = recipe;
    const reason =
        "finer, a chunk's caves would take more than the 128 MB of memory that a worker has for it, so steep is the ground";
    for (let step = 2 * caves.latticeStep; step <= Math.min(64, coarsestLatticeStep(caves)); step *= 2) {
        if (fits({ ...recipe, caves: { ...caves, latticeStep: step } })) {
            throw new TerraneError(
                "recipe.caves.latticeStep",
                caves.latticeStep,
                `at least ${step}, all else being as it is: ${reason}`,
                "Raise it, or lower terrain.resolution, caves.maxDepth or the heights of terrain.",
            );
        }
    }
    for (let resolution = terrain.resolution / 2; resolution >= 16; resolution /= 2) {
        if (fits({ ...recipe, terrain: { ...terrain, resolution } })) {
            throw new TerraneError(
                "recipe.terrain.resolution",
                terrain.resolution,
                `at most ${resolution}, all else being as it is: ${reason}`,
                "Lower it, caves.maxDepth or the heights of terrain, or raise caves.latticeStep or chunkSize.",
            );
        }
    }
    throw new TerraneError(
        "recipe.caves.enabled",
        true,
        `false over ground so steep: ${reason}`,
        "Leave caves out, or lower the heights of terrain or caves.maxDepth, or raise chunkSize.",
    );
}

function fits(recipe: Recipe): boolean {
    const { resolution, spacing: finest } = latticeOf(recipe);
    const columns = resolution + COLUMNS_AROUND + 1;
    for (let level = 0; levelHasCaves(recipe, level); level++) {
        const spacing = finest * 2 ** level;
        const height = riseWithin(recipe, columns * spacing) + recipe.caves.maxDepth;
        const rows = height / spacing + ROWS_BEYOND;
        const samplesPerNode = Math.max(1, recipe.caves.latticeStep / spacing);
        const nodesAlong = columns / samplesPerNode + 3;
        const nodes = (rows / samplesPerNode + 2) * nodesAlong * nodesAlong;
        if (rows > MOST_ROWS || rows * columns > MOST_SLICE_ROWS || nodes > MOST_NODES) {
            return false;
        }
    }
    return true;
}
