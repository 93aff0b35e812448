/**
 * How long meshoptimizer's streams are, least and most, for counts of vertices and indices: what a stream of another length
 * claims, it cannot hold. Known before anything is unpacked, so that a few bytes cannot ask for memory that they do not fill.
 */

import { VERTEX_BYTES } from "./chunkHeader.js";

const VERTICES_PER_BLOCK = 256;
/** A block in which nothing changes: two bits for each of a vertex's bytes. */
const LEAST_BLOCK_BYTES = VERTEX_BYTES / 4;
/** Of the vertex codec: the first byte, and the first vertex with the kinds of its bytes, two bits each, at the end. */
const VERTEX_FRAME_BYTES = 1 + VERTEX_BYTES + VERTEX_BYTES / 4;
/** What changes at random is kept as it is, with two bits for each sixteen of its bytes. */
const MOST_BYTES_A_VERTEX = VERTEX_BYTES + 1;
const MOST_FRAME_BYTES = 1024;
/** Of the triangle codec: the first byte, and a table of sixteen. */
const INDEX_FRAME_BYTES = 17;
/** A code, another, and three numbers of five bytes. */
const MOST_BYTES_A_TRIANGLE = 17;

/** First bytes of the streams that a chunk file holds: which codec, and its version 1. */
export const VERTEX_STREAM_MAGIC = 0xa1;
export const INDEX_STREAM_MAGIC = 0xe1;

export function isVertexStreamLength(bytes: number, vertexCount: number): boolean {
    const least = VERTEX_FRAME_BYTES + LEAST_BLOCK_BYTES * Math.ceil(vertexCount / VERTICES_PER_BLOCK);
    return bytes >= least && bytes <= MOST_BYTES_A_VERTEX * vertexCount + MOST_FRAME_BYTES;
}

/** Height grids have no stream. */
export function isIndexStreamLength(bytes: number, indexCount: number): boolean {
    const triangles = indexCount / 3;
    return triangles === 0
        ? bytes === 0
        : bytes >= INDEX_FRAME_BYTES + triangles && bytes <= INDEX_FRAME_BYTES + MOST_BYTES_A_TRIANGLE * triangles;
}
