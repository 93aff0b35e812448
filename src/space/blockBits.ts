import { SQUARE_SLOTS, slotOfChunk } from "./chunkSquare.js";
import { childX, childZ } from "./chunkTree.js";

export { slotOfChunk } from "./chunkSquare.js";

// Which chunks there are is told by blocks, aligned squares of 32 x 32 chunks of one level: a bit for each slot, in Morton
// order. The four children of a chunk lie in one block, side by side.

/** 32-bit words that hold a block's bits: slot n is bit n % 32 of word n / 32. */
export const BLOCK_WORDS = SQUARE_SLOTS / 32;

/** Returns the least coordinate, x or z, of the chunks in a chunk's block. */
export function blockStart(coordinate: number): number {
    return coordinate & -32;
}

/** Tells whether a block has a chunk. */
export function hasChunk(bits: Uint32Array, x: number, z: number): boolean {
    const slot = slotOfChunk(x, z);
    return ((bits[slot >> 5]! >>> (slot & 31)) & 1) !== 0;
}

/** Tells whether a block has all four children of a chunk of the next coarser level. */
export function hasAllChildren(bits: Uint32Array, parentX: number, parentZ: number): boolean {
    const slot = slotOfChunk(childX(parentX, 0), childZ(parentZ, 0));
    return ((bits[slot >> 5]! >>> (slot & 31)) & 15) === 15;
}
