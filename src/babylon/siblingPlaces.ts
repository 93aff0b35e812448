import type { ChunkAddress } from "../space/chunkAddress.js";

/** Number of chunks under one parent. */
export const SIBLINGS = 4;
/** A set of siblings: bit n is the one at place n. */
export type SiblingBits = number;

const ALL: SiblingBits = 2 ** SIBLINGS - 1;
/** Members that indices are laid out for: all, and all but the last once more. Each run around the parent is one range then. */
export const INDEX_COPIES = 2 * SIBLINGS - 1;
/** Places by the low bits of z and x. They go around the parent, so that neighbours follow each other. */
const PLACES = [0, 1, 3, 2] as const;

/** Returns the place of a chunk among its siblings, 0 to 3. */
export function placeAmongSiblings({ x, z }: ChunkAddress): number {
    return PLACES[(z & 1) * 2 + (x & 1)]!;
}

/** Returns the number of siblings in a set. */
export function bitCount(bits: SiblingBits): number {
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1);
}

/** Returns the places of a run around the parent: `length` of them from `start` on. */
export function runBits(start: number, length: number): SiblingBits {
    const run = ((1 << length) - 1) << start;
    return (run | (run >> SIBLINGS)) & ALL;
}

/** Returns the place where the run begins that `bits` are; -1 where they are none, a single one, or two that lie across. */
export function runStart(bits: SiblingBits): number {
    const length = bitCount(bits);
    for (let start = 0; start < SIBLINGS && length > 1; start++) {
        if (runBits(start, length) === bits) {
            return start;
        }
    }
    return -1;
}

/**
 * Returns whether indices of merged siblings need 32 bits.
 *
 * @param vertices of one member
 */
export function needs32Bits(vertices: number): boolean {
    return SIBLINGS * vertices > 65_535;
}

/**
 * Returns the indices that all merged siblings of a layout are drawn with: those of a height grid for each place, around the
 * parent and on.
 *
 * @param grid indices of one member
 * @param vertices of one member
 */
export function createMergedIndices(grid: Uint16Array, vertices: number): Uint16Array | Uint32Array {
    const length = grid.length * INDEX_COPIES;
    const indices = needs32Bits(vertices) ? new Uint32Array(length) : new Uint16Array(length);
    for (let copy = 0; copy < INDEX_COPIES; copy++) {
        const first = (copy % SIBLINGS) * vertices;
        for (let i = 0; i < grid.length; i++) {
            indices[copy * grid.length + i] = grid[i]! + first;
        }
    }
    return indices;
}
