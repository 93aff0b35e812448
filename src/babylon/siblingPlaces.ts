import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** Chunks that lie under one parent. */
export const SIBLINGS = 4;
/** Siblings that are in some set, as bits: bit n is the one at place n. */
export type SiblingBits = number;

const ALL: SiblingBits = 2 ** SIBLINGS - 1;
/** Indices are laid out for all places, and for all but the last once more: each run around the parent is one range. */
export const INDEX_COPIES = 2 * SIBLINGS - 1;
/** Places by the low bits of z and x: around the parent, so that neighbours follow each other. */
const PLACES = [0, 1, 3, 2] as const;

/** Returns the place of a chunk among its siblings, 0 to 3. */
export function placeAmongSiblings({ x, z }: ChunkAddress): number {
    return PLACES[(z & 1) * 2 + (x & 1)]!;
}

/** Number of siblings in a set. */
export function bitCount(bits: SiblingBits): number {
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1);
}

/** The places of the run that begins at `start` and has `length` of them. */
export function runBits(start: number, length: number): SiblingBits {
    const run = ((1 << length) - 1) << start;
    return (run | (run >> SIBLINGS)) & ALL;
}

/** Returns the place where the run around the parent begins that these are; -1 where they are none, one, or two that lie across. */
export function runStart(bits: SiblingBits): number {
    const length = bitCount(bits);
    for (let start = 0; start < SIBLINGS && length > 1; start++) {
        if (runBits(start, length) === bits) {
            return start;
        }
    }
    return -1;
}

/** Whether indices of merged siblings need 32 bits. */
export function needs32Bits(layout: GridLayout): boolean {
    return SIBLINGS * heightGridVertexCount(layout) > 65_535;
}

/** Creates the indices of all merged siblings of a layout: a height grid's for each place, around the parent and on. */
export function createMergedIndices(grid: Uint16Array, layout: GridLayout): Uint16Array | Uint32Array {
    const length = grid.length * INDEX_COPIES;
    const indices = needs32Bits(layout) ? new Uint32Array(length) : new Uint16Array(length);
    const vertices = heightGridVertexCount(layout);
    for (let copy = 0; copy < INDEX_COPIES; copy++) {
        const first = (copy % SIBLINGS) * vertices;
        for (let i = 0; i < grid.length; i++) {
            indices[copy * grid.length + i] = grid[i]! + first;
        }
    }
    return indices;
}
