import { MACRO_CHANNELS, MacroField } from "../../../src/generators/macroField.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

/** A block of nodes, [node z][channel][node x]. */
function blockOf(field: MacroField, x: number, z: number, countX: number, countZ: number): Float32Array {
    const block = new Float32Array(countX * MACRO_CHANNELS * countZ);
    field.shapeNodes(x, z, countX, countZ);
    field.writeNodes(x, z, countX, countZ, countX, block, 0);
    return block;
}

test(`nodes are the same in whatever blocks and order they are asked for (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let world = 0; world < 8; world++) {
        const recipe = randomRecipe(random);
        const field = new MacroField(recipe);
        for (let i = 0; i < 40; i++) {
            // Blocks overlap, and lie across the borders of tiles.
            const [x, z] = [random.whole(-40, 20), random.whole(-40, 20)];
            const [countX, countZ] = [random.whole(1, 20), random.whole(1, 20)];
            const block = blockOf(field, x, z, countX, countZ);
            const [column, row] = [random.whole(0, countX - 1), random.whole(0, countZ - 1)];
            const alone = blockOf(new MacroField(recipe), x + column, z + row, 1, 1);
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                expect(block[(row * MACRO_CHANNELS + channel) * countX + column]).toBe(alone[channel]);
            }
        }
    }
});

test("a tile's values are those of its nodes", () => {
    const field = new MacroField(randomRecipe(new Random(seed)));
    const expected = blockOf(field, -3, 18, 1, 1);
    const from = MacroField.OffsetOf(-3, 18);
    expect(field.tileOf(-3, 18).slice(from, from + MACRO_CHANNELS)).toEqual(expected);
});

test("tiles are leased, as many as are kept, and one that took another's place holds its own nodes", () => {
    const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const recipe = randomRecipe(new Random(seed));
    const field = new MacroField(recipe, null, buffers);
    const pool = buffers.poolOf("noiseField3d");
    const first = blockOf(field, 0, 0, 1, 1);
    const each = pool.bytesOut;
    expect(each).toBeGreaterThan(0);
    // One node of each of 1,100 tiles: more than are kept.
    for (let tile = 1; tile <= 1100; tile++) {
        blockOf(field, tile * 16, 0, 1, 1);
    }
    expect([pool.bytesOut, pool.bytesIdle]).toEqual([1024 * each, 0]);
    expect(pool.misses).toBe(1024);
    expect(blockOf(field, 0, 0, 1, 1)).toEqual(first);
    expect(blockOf(field, 3, 5, 1, 1)).toEqual(blockOf(new MacroField(recipe), 3, 5, 1, 1));
});

test("tiles so far apart that they share a place among those kept each hold their own nodes", () => {
    const recipe = randomRecipe(new Random(seed));
    const field = new MacroField(recipe);
    // In tiles of 16 nodes: 2^26 apart, and such that a sum of keys would be the same.
    for (const [x, z] of [
        [16, 0],
        [0, 2 ** 30],
        [16, 2 ** 30],
        [16 - 2 ** 31, 0],
        [16, 0],
    ] as const) {
        expect(blockOf(field, x, z, 2, 2)).toEqual(blockOf(new MacroField(recipe), x, z, 2, 2));
    }
});
