import { BLOCK_WORDS, blockStart, hasAllChildren, hasChunk } from "../../../src/space/blockBits.js";
import { slotOfChunk } from "../../../src/space/chunkSquare.js";
import { childX, childZ } from "../../../src/space/chunkTree.js";

test("each chunk of a block has a slot of its own, in Morton order, wherever the block lies", () => {
    for (const [startX, startZ] of [
        [0, 0],
        [-64, 32],
        [-(2 ** 23), 2 ** 23 - 32],
    ] as const) {
        const slots = new Set<number>();
        for (let z = startZ; z < startZ + 32; z++) {
            for (let x = startX; x < startX + 32; x++) {
                expect([blockStart(x), blockStart(z)]).toEqual([startX, startZ]);
                const bits = Array.from({ length: 5 }, (_, i) => `${(z >> i) & 1}${(x >> i) & 1}`).reverse();
                expect(slotOfChunk(x, z)).toBe(Number.parseInt(bits.join(""), 2));
                slots.add(slotOfChunk(x, z));
            }
        }
        expect(slots.size).toBe(1024);
    }
});

test("a block has all children of a chunk where it has each of the four", () => {
    for (const [x, z] of [
        [0, 0],
        [-1, -1],
        [15, 7],
        [-(2 ** 22), 2 ** 22 - 1],
    ] as const) {
        const bits = new Uint32Array(BLOCK_WORDS);
        for (const child of [2, 0, 3, 1]) {
            expect(hasAllChildren(bits, x, z)).toBe(false);
            expect(hasChunk(bits, childX(x, child), childZ(z, child))).toBe(false);
            const slot = slotOfChunk(childX(x, child), childZ(z, child));
            bits[slot >> 5]! |= 1 << (slot & 31);
            expect(hasChunk(bits, childX(x, child), childZ(z, child))).toBe(true);
        }
        expect(hasAllChildren(bits, x, z)).toBe(true);
        expect(hasAllChildren(bits, x ^ 1, z)).toBe(false);
    }
});
