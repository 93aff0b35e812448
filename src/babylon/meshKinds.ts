import { VertexLayout } from "../format/chunkData.js";
import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import type { PooledChunk } from "./pooledChunk.js";

/** What a mesh has room for. Its chunks are all fused, or all height grids of one layout. */
export interface MeshKind {
    /** Vertices. */
    readonly vertexCapacity: number;
    /** Indices. */
    readonly indexCapacity: number;
    readonly is32Bits: boolean;
    /** Height grids share the index buffer of their layout; fused chunks have one of their own. */
    readonly isHeightGrid: boolean;
    /** Of height grids: whether walls hang from their skirts. */
    readonly hasWalls: boolean;
}

const SMALLEST_CLASS = 1024;
/** Classes to each power of two: a class is at most a quarter larger than what it is for. Few, so that meshes are recycled. */
const CLASSES_PER_POWER = 4;

/** Indices that there is room for per vertex: a closed surface has two triangles a vertex, skirts no more. */
const INDICES_PER_VERTEX = 6;

/** Returns the smallest size class that holds `count`. */
function sizeClassOf(count: number): number {
    let power = SMALLEST_CLASS;
    while (power * 2 <= count) {
        power *= 2;
    }
    const step = power / CLASSES_PER_POWER;
    return Math.max(SMALLEST_CLASS, Math.ceil(count / step) * step);
}

/**
 * Returns the number of vertices that a mesh must have room for to draw `chunk`. Of fused chunks, the room for indices follows
 * from it, so that one number is the whole class, and meshes of few classes are recycled often.
 */
export function vertexNeedOf({ isHeightGrid, vertexCount, indexCount }: PooledChunk): number {
    return isHeightGrid ? vertexCount : Math.max(vertexCount, Math.ceil(indexCount / INDICES_PER_VERTEX));
}

/** Returns the smallest kind that a fused chunk with such a need fits into. */
export function fusedKindOf(vertexNeed: number, is32Bits: boolean): MeshKind {
    const vertexCapacity = sizeClassOf(vertexNeed);
    const indexCapacity = vertexCapacity * INDICES_PER_VERTEX;
    return { vertexCapacity, indexCapacity, is32Bits, isHeightGrid: false, hasWalls: false };
}

/** @param indexCapacity of one height grid, with or without its skirts and walls */
export function gridKindOf(layout: GridLayout, indexCapacity: number): MeshKind {
    const vertexCapacity = heightGridVertexCount(layout);
    return { vertexCapacity, indexCapacity, is32Bits: false, isHeightGrid: true, hasWalls: layout.hasWalls };
}

/** Bytes of the index buffer that a mesh has for itself. */
export function ownIndexBytesOf({ isHeightGrid, indexCapacity, is32Bits }: MeshKind): number {
    return isHeightGrid ? 0 : indexCapacity * (is32Bits ? 4 : 2);
}

/** Bytes of the GPU buffers that a mesh has for itself. */
export function gpuBytesOf(kind: MeshKind): number {
    return kind.vertexCapacity * VertexLayout.stride + ownIndexBytesOf(kind);
}
