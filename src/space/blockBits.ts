import { childX, childZ } from "./chunkTree.js";

// Which chunks there are is told by blocks, aligned squares of 32 x 32 chunks of one level: a bit for each slot, in Morton
// order. The four children of a chunk lie in one block, side by side.

/** Chunks along the side of a block. */
export const BLOCK_SIDE = 32;
/** 32-bit words that hold a block's bits: slot n is bit n % 32 of word n / 32. */
export const BLOCK_WORDS = (BLOCK_SIDE * BLOCK_SIDE) / 32;

/** The bits of 0 to 31, each in a place twice as high. */
const SPREAD = Uint16Array.from({ length: BLOCK_SIDE }, (_, value) => {
    let spread = 0;
    for (let bit = 0; bit < 5; bit++) {
        spread |= ((value >> bit) & 1) << (2 * bit);
    }
    return spread;
});

/** Returns the least coordinate, x or z, of the chunks in a chunk's block. */
export function blockStart(coordinate: number): number {
    return coordinate & -BLOCK_SIDE;
}

/** Returns the slot that a chunk takes in its block, 0 to 1,023. */
export function slotOfChunk(x: number, z: number): number {
    return SPREAD[x & (BLOCK_SIDE - 1)]! | (SPREAD[z & (BLOCK_SIDE - 1)]! << 1);
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
