import fc from "fast-check";
import { flatAddress, MAX_CHUNK_COORDINATE, NO_FACE, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import {
    ancestorSquare,
    BLOCK_HEIGHT,
    childSquare,
    chunkInBlock,
    compareChunks,
    compareSquares,
    GRID_HEIGHT,
    isSquare,
    parentSquare,
    parseBlock,
    slotInBlock,
    slotOf,
    SQUARE_SLOTS,
    squareKey,
    squareOf,
    squareOfChunk,
    type ChunkSquare,
} from "../../../src/space/chunkSquare.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const HEIGHTS = [5, 10, 15, 20, 25];

const coordinate = fc.oneof(
    fc.integer({ min: -70, max: 70 }),
    fc.integer({ min: -MAX_CHUNK_COORDINATE, max: MAX_CHUNK_COORDINATE }),
    fc.constantFrom(-MAX_CHUNK_COORDINATE, MAX_CHUNK_COORDINATE),
);
const flat = fc.record({ face: fc.constant(NO_FACE), level: fc.nat(24), x: coordinate, z: coordinate });
const onFace = fc
    .record({ face: fc.nat(5), level: fc.nat(23), x: fc.nat(2 ** 23 - 1), z: fc.nat(2 ** 23 - 1) })
    .map(({ face, level, x, z }) => ({ face, level, x: x % 2 ** (23 - level), z: z % 2 ** (23 - level) }));
const address: fc.Arbitrary<ChunkAddress> = fc.oneof(flat, onFace);

test(`a block of chunk x, z is x / 32, z / 32, rounded down; of other heights likewise, below the whole grid (seed ${seed})`, () => {
    fc.assert(
        fc.property(address, (chunk) => {
            for (const height of HEIGHTS) {
                const square = squareOf(chunk, height);
                const side = 2 ** height;
                const place =
                    height === GRID_HEIGHT ? [0, 0] : [Math.floor(chunk.x / side), Math.floor(chunk.z / side)];
                expect(square).toEqual({ face: chunk.face, level: chunk.level, height, x: place[0], z: place[1] });
                expect(isSquare(square)).toBe(true);
            }
            const block = squareOf(chunk, BLOCK_HEIGHT);
            expect(chunkInBlock(block, slotInBlock(chunk))).toEqual(chunk);
            expect(slotOf(squareOfChunk(chunk))).toBe(slotInBlock(chunk));
        }),
        { seed, numRuns: 500 },
    );
});

test(`a square is the child, in its slot, of the one above it (seed ${seed})`, () => {
    fc.assert(
        fc.property(address, fc.constantFrom(5, 10, 15, 20), (chunk, height) => {
            const square = squareOf(chunk, height);
            const parent = parentSquare(square);
            expect(parent).toEqual(squareOf(chunk, height + 5));
            expect(ancestorSquare(square, height + 5)).toEqual(parent);
            const slot = slotOf(square);
            expect(slot >= 0 && slot < SQUARE_SLOTS).toBe(true);
            expect(childSquare(parent, slot)).toEqual(square);
        }),
        { seed, numRuns: 500 },
    );
});

test("slots are in Morton order: x in the even bits, z in the odd ones", () => {
    const block = squareOf(flatAddress(0, 0, 0), BLOCK_HEIGHT);
    const places = Array.from({ length: SQUARE_SLOTS }, (_, slot) => chunkInBlock(block, slot));
    expect(places.slice(0, 8).map(({ x, z }) => [x, z])).toEqual([
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
        [2, 0],
        [3, 0],
        [2, 1],
        [3, 1],
    ]);
    const bitsOf = (value: number): string => value.toString(2).padStart(5, "0");
    places.forEach(({ x, z }, slot) => {
        const interleaved = [...bitsOf(z)].map((bit, i) => bit + bitsOf(x)[i]!).join("");
        expect(Number.parseInt(interleaved, 2)).toBe(slot);
    });
    expect(new Set(places.map(({ x, z }) => `${x} ${z}`)).size).toBe(SQUARE_SLOTS);
});

test(`chunks in Morton order are grouped by square at every height, their slots ascending (seed ${seed})`, () => {
    const places = fc.array(fc.record({ face: fc.constant(NO_FACE), level: fc.nat(1), x: coordinate, z: coordinate }), {
        minLength: 2,
        maxLength: 40,
    });
    fc.assert(
        fc.property(places, (chunks) => {
            const sorted = [...chunks].sort(compareChunks);
            for (let i = 1; i < sorted.length; i++) {
                const [a, b] = [sorted[i - 1]!, sorted[i]!];
                const path = (chunk: ChunkAddress): number[] => [
                    chunk.level,
                    ...[20, 15, 10, 5].map((height) => slotOf(squareOf(chunk, height))),
                    slotInBlock(chunk),
                ];
                const [pathA, pathB] = [path(a), path(b)];
                const differs = pathA.findIndex((slot, at) => slot !== pathB[at]);
                expect(differs < 0 || pathA[differs]! < pathB[differs]!).toBe(true);
                expect(compareSquares(squareOf(a, 5), squareOf(b, 5))).toBeLessThanOrEqual(0);
            }
        }),
        { seed, numRuns: 300 },
    );
});

test(`no two squares have one key, which is a safe integer (seed ${seed})`, () => {
    const square = fc.tuple(address, fc.constantFrom(...HEIGHTS)).map(([chunk, height]) => squareOf(chunk, height));
    const textOf = ({ face, level, height, x, z }: ChunkSquare): string => [face, level, height, x, z].join(" ");
    fc.assert(
        fc.property(fc.array(square, { minLength: 2, maxLength: 60 }), (squares) => {
            const keys = squares.map(squareKey);
            expect(keys.every(Number.isSafeInteger)).toBe(true);
            expect(new Set(keys).size).toBe(new Set(squares.map(textOf)).size);
        }),
        { seed, numRuns: 300 },
    );
});

test("there is no square beyond the world's ends", () => {
    const square = (face: number, level: number, height: number, x: number, z: number): ChunkSquare => ({
        face,
        level,
        height,
        x,
        z,
    });
    expect(isSquare(square(NO_FACE, 0, 5, -(2 ** 18), 2 ** 18 - 1))).toBe(true);
    expect(isSquare(square(NO_FACE, 0, 5, -(2 ** 18) - 1, 0))).toBe(false);
    expect(isSquare(square(NO_FACE, 0, 5, 0, 2 ** 18))).toBe(false);
    expect(isSquare(square(NO_FACE, 0, 25, 0, 0))).toBe(true);
    expect(isSquare(square(NO_FACE, 0, 25, 1, 0))).toBe(false);
    expect(isSquare(square(2, 10, 5, 255, 0))).toBe(true);
    expect(isSquare(square(2, 10, 5, 256, 0))).toBe(false);
    expect(isSquare(square(2, 10, 5, -1, 0))).toBe(false);
    expect(isSquare(square(2, 23, 5, 0, 0))).toBe(true);
});

test.each([
    ["0/-1/2", { face: NO_FACE, level: 0, height: 5, x: -1, z: 2 }],
    ["3/10/255/0", { face: 3, level: 10, height: 5, x: 255, z: 0 }],
    ["3/10/256/0", null],
    ["25/0/0", null],
    ["0/262144/0", null],
    ["0/01/0", null],
    ["0/1", null],
    ["6/0/0/0", null],
    ["0/1/2/3/4", null],
    ["0/-0/2", null],
    ["", null],
])("a block as text: %s", (text, block) => {
    expect(parseBlock(text)).toEqual(block);
});
