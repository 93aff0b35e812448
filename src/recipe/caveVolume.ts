import type { Problem } from "../base/errors.js";
import { levelHasCaves, spacingAt } from "./lattice.js";
import type { Recipe } from "./recipe.js";

/*
 * What a chunk's caves may take: the kernels keep a few slices of samples, which take some 85 bytes for each row of a slice,
 * and all nodes of the cave lattice, which take 4. Together that leaves room for vertices in 128 MB.
 */

/** Rows of all columns of a slice. */
const MOST_SLICE_ROWS = 380_000;
const MOST_NODES = 7_000_000;
/** Rows are numbered by 15 bits. */
const MOST_ROWS = 30_000;
/** Columns of samples around a chunk: as `GRID_MARGIN` has it, on both sides. */
const COLUMNS_AROUND = 6;

/** Whether the kernels have room for caves on so many rows of a grid's columns, and nodes of the cave lattice. */
export function isRoomForCaves(rows: number, columns: number, nodes: number): boolean {
    return rows <= MOST_ROWS && rows * columns <= MOST_SLICE_ROWS && nodes <= MOST_NODES;
}

/**
 * Returns what is wrong with a recipe whose caves would find no room in any chunk, however level its ground; null where they
 * find some. Chunks over steep ground may still find none: they are baked without caves.
 */
export function caveRoomProblem(recipe: Recipe): Problem | null {
    if (hasRoom(recipe)) {
        return null;
    }
    const { caves, terrain } = recipe;
    const reason =
        "beyond, the caves of any chunk would take more than the 128 MB of memory that a worker has for them";
    let depth = caves.maxDepth;
    while (depth >= 1 && !hasRoom({ ...recipe, caves: { ...caves, maxDepth: depth } })) {
        depth = Math.floor(depth * 0.9);
    }
    if (depth >= 1) {
        return {
            field: "recipe.caves.maxDepth",
            value: caves.maxDepth,
            allowed: `at most ${depth}, all else being as it is: ${reason}`,
            remedy: "Lower it or terrain.resolution, or raise chunkSize or caves.latticeStep.",
        };
    }
    return {
        field: "recipe.terrain.resolution",
        value: terrain.resolution,
        allowed: `less, all else being as it is: ${reason}`,
        remedy: "Lower it, or raise chunkSize or caves.latticeStep.",
    };
}

function hasRoom(recipe: Recipe): boolean {
    const columns = recipe.terrain.resolution + COLUMNS_AROUND + 1;
    for (let level = 0; levelHasCaves(recipe, level); level++) {
        const spacing = spacingAt(recipe, level);
        const samplesPerNode = Math.max(1, recipe.caves.latticeStep / spacing);
        const rows = recipe.caves.maxDepth / spacing;
        if (!isRoomForCaves(rows, columns, (rows * columns * columns) / samplesPerNode ** 3)) {
            return false;
        }
    }
    return true;
}
