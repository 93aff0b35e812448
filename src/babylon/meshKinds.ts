import { VertexLayout } from "../format/chunkData.js";
import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import type { PooledChunk } from "./pooledChunk.js";

/** What a mesh has room for. The chunks that it draws are all fused, or all height grids of one layout. */
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
/** Classes to each power of two: few, so that meshes are recycled, yet none is more than a quarter larger than its need. */
const CLASSES_PER_POWER = 4;

/** Room for indices, per vertex: a closed surface has two triangles a vertex, skirts have no more. */
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

/** Returns the smallest kind for a fused chunk that needs room for so many vertices. */
export function fusedKindOf(vertexNeed: number, is32Bits: boolean): MeshKind {
    const vertexCapacity = sizeClassOf(vertexNeed);
    const indexCapacity = vertexCapacity * INDICES_PER_VERTEX;
    return { vertexCapacity, indexCapacity, is32Bits, isHeightGrid: false, hasWalls: false };
}

/**
 * Returns the kind for height grids of a layout.
 *
 * @param indexCapacity number of indices that are drawn, with or without skirts and walls
 */
export function gridKindOf(layout: GridLayout, indexCapacity: number): MeshKind {
    const vertexCapacity = heightGridVertexCount(layout);
    return { vertexCapacity, indexCapacity, is32Bits: false, isHeightGrid: true, hasWalls: layout.hasWalls };
}

/** Returns the bytes of the index buffer that a mesh has for itself. */
export function ownIndexBytesOf({ isHeightGrid, indexCapacity, is32Bits }: MeshKind): number {
    return isHeightGrid ? 0 : indexCapacity * (is32Bits ? 4 : 2);
}

/** Returns the bytes of the GPU buffers that a mesh has for itself. */
export function gpuBytesOf(kind: MeshKind): number {
    return kind.vertexCapacity * VertexLayout.stride + ownIndexBytesOf(kind);
}
