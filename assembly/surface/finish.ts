// From a surface to the bytes of a chunk, all but the header, which the host writes.

import { INDEX_MASK } from "./packedIndex";
import { HEADER_BYTES, loadPosition, VERTEX_BYTES } from "./packedVertex";
import { chunk, indexCount, indices, needVertices, ROOM_BYTES, vertexAt, vertexCount, vertices } from "./surface";

/** The least and the greatest coordinates of all vertices, each as int16 x 4 like a position. */
const BOUNDS: usize = memory.data(16, 16);
const GREATEST: usize = 8;

/** Index 65535 restarts the primitive in WebGL 2, so no vertex may have it. */
const LARGEST_INDEX16: i32 = 65_535;

/** Returns whether indices have four bytes each; else they have two. */
export function isIndex32(): bool {
    return vertexCount > LARGEST_INDEX16;
}

/**
 * Appends the indices to the vertices, and measures the vertices' bounds. Returns the chunk's length in bytes, header
 * included; the host writes the header.
 */
export function finishChunk(): usize {
    const width: usize = isIndex32() ? 4 : 2;
    const indexBytes = (<usize>indexCount * width + 3) & ~3;
    // Indices lie behind the vertices, where there is room for more vertices; vectors write up to 16 bytes more.
    needVertices(<i32>((indexBytes + 16) / ROOM_BYTES) + 1);
    const to = vertices + <usize>vertexCount * VERTEX_BYTES;
    if (isIndex32()) {
        packIndices32(to);
    } else {
        packIndices16(to);
        if (<usize>indexCount * width < indexBytes) {
            store<u16>(to + (<usize>indexCount << 1), 0);
        }
    }
    measure();
    return HEADER_BYTES + <usize>vertexCount * VERTEX_BYTES + indexBytes;
}

/** Copies the indices without how their vertices are mapped. */
function packIndices32(to: usize): void {
    const end = indices + (<usize>indexCount << 2);
    const mask = i32x4.splat(INDEX_MASK);
    for (let from = indices; from < end; from += 16, to += 16) {
        v128.store(to, v128.and(v128.load(from), mask));
    }
}

/** Copies the indices as two bytes each. */
function packIndices16(to: usize): void {
    const end = indices + (<usize>indexCount << 2);
    for (let from = indices; from < end; from += 32, to += 16) {
        const a = v128.load(from);
        const b = v128.load(from, 16);
        v128.store(to, v128.shuffle<i16>(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
    }
}

/** Finds the bounds of all vertices. */
function measure(): void {
    let low = i16x8.splat(i16.MAX_VALUE);
    let high = i16x8.splat(i16.MIN_VALUE);
    const end = vertexAt(vertexCount);
    for (let at = vertices; at < end; at += VERTEX_BYTES) {
        const position = loadPosition(at);
        low = i16x8.min_s(low, position);
        high = i16x8.max_s(high, position);
    }
    v128.store64_lane(BOUNDS, low, 0);
    v128.store64_lane(BOUNDS, high, 0, GREATEST);
}

/** Returns the address of the chunk's header; vertices and indices follow it. */
export function chunkStart(): usize {
    return chunk;
}

/**
 * Returns the least coordinate of any vertex, skirts included, in quanta from the chunk's origin.
 *
 * @param axis 0 for x, 1 for y, 2 for z
 */
export function leastCoordinate(axis: i32): i32 {
    return <i32>load<i16>(BOUNDS + (<usize>axis << 1));
}

/**
 * Returns the greatest coordinate of any vertex, skirts included, in quanta from the chunk's origin.
 *
 * @param axis 0 for x, 1 for y, 2 for z
 */
export function greatestCoordinate(axis: i32): i32 {
    return <i32>load<i16>(BOUNDS + (<usize>axis << 1), GREATEST);
}

/** Returns how many vertices the surface has, skirts included. */
export function verticesMade(): i32 {
    return vertexCount;
}

/** Returns how many indices the surface has; 0 for height grids, which share theirs. */
export function indicesMade(): i32 {
    return indexCount;
}
