import type { Vec3Like } from "../base/vec3Like.js";
import { isAddress, type ChunkAddress } from "../space/chunkAddress.js";

export const CHUNK_HEADER_BYTES = 128;

/** Bytes a vertex. */
export const VERTEX_BYTES = 24;

export const ChunkFlags = {
    /** The surface is a volume's boundary and brings its own indices; else it is a height grid with shared indices. */
    fused: 1,
    /** Indices are uint32, else uint16. */
    index32: 2,
    /** A height grid whose shared indices have walls below the skirts. */
    walled: 4,
} as const;

/** Everything a chunk's header says. Counts include skirts. */
export interface ChunkHeader {
    address: ChunkAddress;
    generatorVersion: number;
    byteLength: number;
    flags: number;
    /** Metres a quantum: a power of two that all chunks of a level share. */
    quantum: number;
    /** Metres: what positions count from. Whole numbers of quanta. */
    readonly origin: Vec3Like;
    /** Quanta from the origin: the least and the greatest coordinates of all vertices, skirts and walls included. */
    readonly minimum: Vec3Like;
    readonly maximum: Vec3Like;
    vertexCount: number;
    indexCount: number;
    /** Triangles that are not skirts. */
    surfaceTriangleCount: number;
}

const KNOWN_FLAGS = ChunkFlags.fused | ChunkFlags.index32 | ChunkFlags.walled;
/** Metres: finer than any recipe's at level 0, coarser than any recipe's at the coarsest level, by 2^10 at least. */
const FINEST_QUANTUM = 2 ** -32;
const COARSEST_QUANTUM = 2 ** 32;
/** Index 65535 restarts a primitive in WebGL 2: with more vertices indices are uint32. */
const LARGEST_INDEX16 = 65_535;

/** Why bytes of a version that is not `own` are not read, as the end of a sentence that begins with what they are. */
export function faultOfVersion(version: number, own: number): string {
    return version < own
        ? `was baked by an older version: it has format version ${version}, and this library reads ${own}. Bake it again.`
        : `has format version ${version}; this library reads ${own}. Use the library that baked it.`;
}

/**
 * Why a header is that of no chunk, as the end of a sentence that begins with "its header"; null where it may be one's. Each
 * number is held against its range and against the others, so that what reads a chunk later need not doubt any.
 */
export function faultOfHeader(header: ChunkHeader): string | null {
    if (!isAddress(header.address)) {
        const { face, level, x, z } = header.address;
        return `has the address ${face}/${level}/${x}/${z}, which no chunk has`;
    }
    return faultOfPlace(header) ?? faultOfCounts(header);
}

function faultOfPlace({ quantum, origin, minimum, maximum }: ChunkHeader): string | null {
    if (!isPowerOfTwo(quantum)) {
        return `has a quantum of ${quantum} m, which is no power of two from 2^-32 to 2^32`;
    }
    // Division by a power of two is exact.
    const isWhole =
        Number.isSafeInteger(origin.x / quantum) &&
        Number.isSafeInteger(origin.y / quantum) &&
        Number.isSafeInteger(origin.z / quantum);
    if (!isWhole) {
        return `has the origin ${textOf(origin)} m, which is no whole number of quanta of ${quantum} m`;
    }
    if (minimum.x > maximum.x || minimum.y > maximum.y || minimum.z > maximum.z) {
        return `has bounds from ${textOf(minimum)} to ${textOf(maximum)}, between which nothing lies`;
    }
    return null;
}

function textOf({ x, y, z }: Vec3Like): string {
    return `(${x}, ${y}, ${z})`;
}

function isPowerOfTwo(quantum: number): boolean {
    if (!(quantum >= FINEST_QUANTUM && quantum <= COARSEST_QUANTUM)) {
        return false;
    }
    let scaled = quantum;
    while (scaled < 1) {
        scaled *= 2;
    }
    while (scaled > 1) {
        scaled /= 2;
    }
    return scaled === 1;
}

function faultOfCounts({ flags, vertexCount, indexCount, surfaceTriangleCount }: ChunkHeader): string | null {
    if ((flags & ~KNOWN_FLAGS) !== 0) {
        return `has flags ${flags}, of which this version knows but ${KNOWN_FLAGS}`;
    }
    const isFused = (flags & ChunkFlags.fused) !== 0;
    const hasWalls = (flags & ChunkFlags.walled) !== 0;
    if (isFused && hasWalls) {
        return `has flags ${flags}: walls are height grids' alone`;
    }
    const fits = isFused
        ? vertexCount > 0 && indexCount > 0 && indexCount % 3 === 0 && surfaceTriangleCount <= indexCount / 3
        : isHeightGrid(hasWalls, vertexCount, indexCount, surfaceTriangleCount);
    if (!fits) {
        return (
            `has ${vertexCount} vertices, ${indexCount} indices and ${surfaceTriangleCount} triangles of the surface, ` +
            `which no ${isFused ? "fused chunk" : "height grid"} has`
        );
    }
    if (((flags & ChunkFlags.index32) !== 0) !== (isFused && vertexCount > LARGEST_INDEX16)) {
        return `has flags ${flags} with ${vertexCount} vertices: indices are uint32 where there are more than 65535, of fused chunks alone`;
    }
    return null;
}

/** Whether the counts are those of a grid of some resolution with its four skirts, and walls: each follows from it. */
function isHeightGrid(
    hasWalls: boolean,
    vertexCount: number,
    indexCount: number,
    surfaceTriangleCount: number,
): boolean {
    const strips = hasWalls ? 8 : 4;
    const resolution = Math.sqrt(vertexCount + (strips * strips) / 4) - strips / 2 - 1;
    return (
        Number.isInteger(resolution) &&
        resolution > 0 &&
        indexCount === 6 * resolution * (resolution + strips) &&
        surfaceTriangleCount === 2 * resolution * resolution
    );
}
