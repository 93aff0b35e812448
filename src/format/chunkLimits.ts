import { levelHasCaves } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { CHUNK_HEADER_BYTES, VERTEX_BYTES } from "./chunkHeader.js";

/** The most that a chunk of a world can have of each. What claims more is none of its chunks. */
export interface ChunkLimits {
    /** Vertices, skirts included. */
    readonly vertexCount: number;
    /** Indices, skirts included; on height grids, the shared ones. */
    readonly indexCount: number;
    /** Bytes of the chunk data, its header included. */
    readonly byteLength: number;
}

const MAX_CHUNK_BYTES = 16 * 2 ** 20;

/** What no chunk of any world exceeds: 16 MiB, and as many vertices or indices of two bytes as fit in. For where the recipe is not known. */
export const FORMAT_CHUNK_LIMITS: ChunkLimits = {
    vertexCount: Math.floor((MAX_CHUNK_BYTES - CHUNK_HEADER_BYTES) / VERTEX_BYTES),
    indexCount: 3 * Math.floor((MAX_CHUNK_BYTES - CHUNK_HEADER_BYTES) / 6),
    byteLength: MAX_CHUNK_BYTES,
};

/** What the kernels write at most: vertices, and behind them indices, in 8 MB. As in assembly/surface/surface.ts. */
const MOST_VERTICES = 2 ** 18;
const MOST_SURFACE_BYTES = 8 * 2 ** 20;

/** What no chunk of a recipe's world exceeds. */
export function chunkLimitsOf(recipe: Recipe): ChunkLimits {
    if (levelHasCaves(recipe, 0)) {
        return {
            vertexCount: MOST_VERTICES,
            indexCount: MOST_SURFACE_BYTES / 2,
            byteLength: CHUNK_HEADER_BYTES + MOST_SURFACE_BYTES,
        };
    }
    const side = recipe.terrain.resolution + 1;
    const vertexCount = side * side + 4 * side;
    return {
        vertexCount,
        indexCount: 6 * recipe.terrain.resolution * (recipe.terrain.resolution + 4),
        byteLength: CHUNK_HEADER_BYTES + vertexCount * VERTEX_BYTES,
    };
}

/** Why counts are more than `limits` allow, as the end of a sentence that begins with what has them; null where they are not. */
export function faultOfSize(size: ChunkLimits, limits: ChunkLimits): string | null {
    const { vertexCount, indexCount, byteLength } = size;
    if (vertexCount <= limits.vertexCount && indexCount <= limits.indexCount && byteLength <= limits.byteLength) {
        return null;
    }
    return (
        `says it has ${vertexCount} vertices, ${indexCount} indices and ${byteLength} bytes; a chunk of its world has at most ` +
        `${limits.vertexCount}, ${limits.indexCount} and ${limits.byteLength}`
    );
}
