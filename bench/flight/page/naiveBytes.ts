import type { TerrainWorld } from "../../../src/index.js";

/** Float32 attributes: position 3, normal 3, tangent 4, uv 2, weights 4. */
const VERTEX_BYTES = 4 * (3 + 3 + 4 + 2 + 4);
const INDEX_BYTES = 4;
/** Bytes of a packed vertex. */
const PACKED_VERTEX_BYTES = 24;

/**
 * Returns the bytes of the same chunks held plainly: float32 attributes and 32-bit indices of its own for each chunk,
 * on the GPU for those that are drawn, and once more in memory for all that are drawn or cached. Nothing idle, nothing
 * rounded.
 */
export function naiveBytes(world: TerrainWorld): number {
    const { verticesShown, trianglesShown, cachedBytes } = world.getStats();
    const shown = verticesShown * VERTEX_BYTES + trianglesShown * 3 * INDEX_BYTES;
    const packed = verticesShown * PACKED_VERTEX_BYTES;
    // What is cached is as plain as what is shown.
    const cached = packed > 0 ? (cachedBytes * shown) / packed : 0;
    return 2 * shown + cached;
}
