import {
    bitCount,
    createMergedIndices,
    INDEX_COPIES,
    needs32Bits,
    placeAmongSiblings,
    runBits,
    runStart,
    SIBLINGS,
} from "../../../src/babylon/siblingPlaces.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";

test("places go around the parent, on both sides of the origin: each is a neighbour of the next", () => {
    for (const corner of [-6, -2, 0, 4]) {
        const byPlace = Array.from({ length: SIBLINGS }, (_, i) =>
            flatAddress(0, corner + (i & 1), corner + (i >> 1)),
        ).sort((a, b) => placeAmongSiblings(a) - placeAmongSiblings(b));
        expect(byPlace.map(placeAmongSiblings)).toEqual([0, 1, 2, 3]);
        byPlace.forEach(({ x, z }, place) => {
            const next = byPlace[(place + 1) % SIBLINGS]!;
            expect(Math.abs(next.x - x) + Math.abs(next.z - z)).toBe(1);
        });
    }
});

test("sets that are runs have a start from which their run is they; all others have none", () => {
    const runs = [];
    for (let bits = 0; bits < 2 ** SIBLINGS; bits++) {
        const start = runStart(bits);
        if (start >= 0) {
            expect(runBits(start, bitCount(bits))).toBe(bits);
            runs.push(bits);
        }
    }
    // Pairs of neighbours, all but one, and all: not two that lie across.
    expect(runs).toEqual([0b0011, 0b0110, 0b0111, 0b1001, 0b1011, 0b1100, 0b1101, 0b1110, 0b1111]);
});

test("each run around the parent is one range of the indices", () => {
    const grid = Uint16Array.of(0, 1, 2, 2, 1, 3);
    const vertices = 4;
    const indices = createMergedIndices(grid, vertices);
    expect(indices).toHaveLength(grid.length * INDEX_COPIES);
    for (let start = 0; start < SIBLINGS; start++) {
        for (let length = 1; length <= SIBLINGS; length++) {
            const range = indices.slice(start * grid.length, (start + length) * grid.length);
            const members = new Set(Array.from(range, (index) => Math.floor(index / vertices)));
            expect([...members].reduce((bits, member) => bits | (1 << member), 0)).toBe(runBits(start, length));
        }
    }
});

test("indices have 32 bits where 16 do not reach the last vertex", () => {
    expect([needs32Bits(16_383), needs32Bits(16_384)]).toEqual([false, true]);
    expect(createMergedIndices(Uint16Array.of(20_000), 20_001)).toEqual(
        Uint32Array.of(20_000, 40_001, 60_002, 80_003, 20_000, 40_001, 60_002),
    );
});
