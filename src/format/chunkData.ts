import type { ChunkAddress } from "../space/chunkAddress.js";

/**
 * The packed layout of chunk data, version 1: `docs/specs/chunkData.md` describes each byte.
 * A header, then vertices of 32 bytes, then (fused chunks alone) indices. Little-endian throughout.
 */
export const CHUNK_MAGIC = 0x434e5254; // "TRNC"
export const CHUNK_FORMAT_VERSION = 1;
export const CHUNK_HEADER_BYTES = 128;

/** Byte offsets inside one vertex. Every offset is a multiple of 4, which WebGPU asks for. */
export const VertexLayout = {
    /** Bytes a vertex. */
    stride: 32,
    /** int16 x 3 in quanta from (x * side, baseY, z * side); the fourth int16 is 0. */
    position: 0,
    /** int16 x 3 in quanta: where the vertex moves when it is fully morphed to the next coarser level; 0 until levels morph. */
    morph: 8,
    /** int8 x 3 normalised; the fourth is 0. */
    normal: 16,
    /** int8 x 4 normalised: direction of growing u, and the sign that makes cross(normal, tangent) * w grow with v. */
    tangent: 20,
    /** uint16 x 2 normalised: planar x/z over the chunk's side; box-mapped on steep faces of fused chunks. */
    uv: 24,
    /** uint8 x 4 normalised: relief, moisture, cave (1 on cave walls), sky (1 under the open sky). */
    weights: 28,
} as const;

export const ChunkFlags = {
    /** The surface is a volume's boundary and brings its own indices; else it is a height grid with shared indices. */
    fused: 1,
    /** Indices are uint32, else uint16. */
    index32: 2,
} as const;

/** Everything a chunk's header says. Counts include skirts. */
export interface ChunkHeader {
    address: ChunkAddress;
    generatorVersion: number;
    byteLength: number;
    flags: number;
    /** xxHash64 of all bytes from `HASHED_FROM` on, as 16 hexadecimal digits. */
    hash: string;
    /** Metres a quantum: a power of two that all chunks of a level share. */
    quantum: number;
    /** Metres: height of position y = 0. A multiple of the quantum. */
    baseY: number;
    /** Metres: lowest and highest vertex, skirts included. */
    minY: number;
    maxY: number;
    vertexCount: number;
    indexCount: number;
    /** Triangles that are not skirts. */
    surfaceTriangleCount: number;
}
