import { ChunkFlags, type ChunkHeader } from "../format/chunkData.js";
import { levelHasCaves } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";

/**
 * How the vertices of a height-grid chunk are laid out: (resolution + 1)^2 of the surface, row by row (z outer, x inner), then
 * the skirts' lower rims, resolution + 1 a side: low z, high z, low x, high x; where there are walls, their lower rims follow
 * likewise. Each rim runs towards growing x or z.
 */
export interface GridLayout {
    /** Cells along a side. */
    readonly resolution: number;
    /** Whether walls hang from the skirts. */
    readonly hasWalls: boolean;
}

/** How a chunk's vertices are laid out where it is a height grid, by what its header says. */
export function gridLayoutOf({ flags }: Pick<ChunkHeader, "flags">, resolution: number): GridLayout {
    return { resolution, hasWalls: (flags & ChunkFlags.walled) !== 0 };
}

/** The layout of a recipe's height grids that have most vertices. */
export function largestGridLayout(recipe: Recipe): GridLayout {
    return { resolution: recipe.terrain.resolution, hasWalls: levelHasCaves(recipe, 0) };
}

export function heightGridVertexCount({ resolution, hasWalls }: GridLayout): number {
    const side = resolution + 1;
    return side * side + (hasWalls ? 8 : 4) * side;
}

/** Triangles of a height grid without its skirts. */
export function heightGridTriangleCount(resolution: number): number {
    return 2 * resolution * resolution;
}

/** Indices of a height grid, skirts and walls included. */
export function heightGridIndexCount({ resolution, hasWalls }: GridLayout): number {
    return 6 * resolution * resolution + (hasWalls ? 8 : 4) * 6 * resolution;
}

/** Surface vertex above vertex `i` of skirt `side`. */
export function skirtRimVertex(resolution: number, side: number, i: number): number {
    const rowLength = resolution + 1;
    switch (side) {
        case 0:
            return i;
        case 1:
            return resolution * rowLength + i;
        case 2:
            return i * rowLength;
        default:
            return i * rowLength + resolution;
    }
}

/**
 * Indices of every height-grid chunk of a layout: the surface, then the skirts, then the walls. Quads are split from (0, 0) to
 * (1, 1), which `sampleHeight` relies on. Front faces look up (skirts and walls: outwards) in Babylon's left-handed default.
 */
export function createHeightGridIndices(layout: GridLayout): Uint16Array {
    const { resolution, hasWalls } = layout;
    const rowLength = resolution + 1;
    const indices = new Uint16Array(heightGridIndexCount(layout));
    let at = 0;
    for (let z = 0; z < resolution; z++) {
        for (let x = 0; x < resolution; x++) {
            const a = z * rowLength + x;
            at = pushQuad(indices, at, a, a + 1, a + rowLength + 1, a + rowLength);
        }
    }
    for (let strip = 0; strip < (hasWalls ? 8 : 4); strip++) {
        const lower = rowLength * rowLength + strip * rowLength;
        const side = strip % 4;
        const looksBack = side === 1 || side === 2;
        for (let i = 0; i < resolution; i++) {
            const a = strip < 4 ? skirtRimVertex(resolution, side, i) : lower - 4 * rowLength + i;
            const b = strip < 4 ? skirtRimVertex(resolution, side, i + 1) : a + 1;
            at = looksBack
                ? pushQuad(indices, at, lower + i + 1, lower + i, a, b)
                : pushQuad(indices, at, lower + i, lower + i + 1, b, a);
        }
    }
    return indices;
}

function pushQuad(indices: Uint16Array, at: number, a: number, b: number, c: number, d: number): number {
    indices[at] = a;
    indices[at + 1] = b;
    indices[at + 2] = c;
    indices[at + 3] = a;
    indices[at + 4] = c;
    indices[at + 5] = d;
    return at + 6;
}
