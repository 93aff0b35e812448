import { AvailableBlocks } from "../../../src/residency/availableBlocks.js";
import { BLOCK_WORDS, blockStart } from "../../../src/space/blockBits.js";
import { NO_FACE } from "../../../src/space/chunkAddress.js";
import { Availability } from "../../../src/space/chunkAvailability.js";
import { slotOfChunk } from "../../../src/space/chunkSquare.js";
import { childX, childZ } from "../../../src/space/chunkTree.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const { absent, available, unknown } = Availability;
const LEVELS = { finestLevel: 0, coarsestLevel: 9 };
const seed = testSeed();

function pendingOf(blocks: AvailableBlocks): string[] {
    const texts: string[] = [];
    blocks.takePending({ visitBlock: (face, level, x, z) => void texts.push(`${face}/${level}/${x}/${z}`) });
    return texts;
}

function bitsOf(...chunks: readonly (readonly [number, number])[]): Uint32Array {
    const bits = new Uint32Array(BLOCK_WORDS);
    for (const [x, z] of chunks) {
        bits[slotOfChunk(x, z) >> 5]! |= 1 << (slotOfChunk(x, z) & 31);
    }
    return bits;
}

test("a block that is asked about is unknown and pending until its store tells, and is visited once", () => {
    const blocks = new AvailableBlocks({ ...LEVELS, storeCount: 1 });
    expect(blocks.at(NO_FACE, 2, -5, 40)).toBe(unknown);
    expect(blocks.at(NO_FACE, 2, -6, 41)).toBe(unknown);
    expect(blocks.childrenAt(NO_FACE, 3, -1, 20)).toBe(unknown);
    expect([blocks.pendingCount, pendingOf(blocks), pendingOf(blocks)]).toEqual([1, ["-1/2/-32/32"], []]);
    blocks.at(NO_FACE, 2, -5, 40);
    expect(pendingOf(blocks)).toEqual([]);
    blocks.setBlock(0, NO_FACE, 2, -5, 40, bitsOf([-5, 40], [-2, 40], [-1, 40], [-2, 41], [-1, 41]));
    expect(blocks.pendingCount).toBe(0);
    expect(blocks.at(NO_FACE, 2, -5, 40)).toBe(available);
    expect(blocks.at(NO_FACE, 2, -6, 41)).toBe(absent);
    expect(blocks.childrenAt(NO_FACE, 3, -1, 20)).toBe(available);
    expect(blocks.childrenAt(NO_FACE, 3, -3, 20)).toBe(absent);
});

test("of levels without chunks nobody is asked", () => {
    const blocks = new AvailableBlocks({ storeCount: 1, finestLevel: 2, coarsestLevel: 4 });
    expect([1, 5].map((level) => blocks.at(NO_FACE, level, 0, 0))).toEqual([absent, absent]);
    expect([2, 6].map((level) => blocks.childrenAt(NO_FACE, level, 0, 0))).toEqual([absent, absent]);
    expect([2, 4].map((level) => blocks.at(NO_FACE, level, 0, 0))).toEqual([unknown, unknown]);
    expect(blocks.pendingCount).toBe(2);
    blocks.setLevels(1, 4);
    expect(blocks.childrenAt(NO_FACE, 2, 0, 0)).toBe(unknown);
});

test("with several stores a chunk is there once any has told so, and absent once all have told", () => {
    const blocks = new AvailableBlocks({ ...LEVELS, storeCount: 2 });
    blocks.setBlock(1, NO_FACE, 0, 0, 0, bitsOf([1, 1]));
    expect(blocks.at(NO_FACE, 0, 1, 1)).toBe(available);
    expect(blocks.pendingCount).toBe(0);
    expect(blocks.at(NO_FACE, 0, 2, 1)).toBe(unknown);
    expect(blocks.pendingCount).toBe(1);
    blocks.setBlock(0, NO_FACE, 0, 0, 0, bitsOf([1, 1], [3, 1]));
    expect([1, 2, 3].map((x) => blocks.at(NO_FACE, 0, x, 1))).toEqual([available, absent, available]);
    // One store has it no more, the other does.
    blocks.setChunk(1, NO_FACE, 0, 1, 1, false);
    expect(blocks.at(NO_FACE, 0, 1, 1)).toBe(available);
    blocks.setChunk(0, NO_FACE, 0, 1, 1, false);
    expect(blocks.at(NO_FACE, 0, 1, 1)).toBe(absent);
    blocks.setChunk(1, NO_FACE, 0, 31, 31, true);
    expect(blocks.at(NO_FACE, 0, 31, 31)).toBe(available);
});

test("a block that is forgotten is asked for anew, also while it was pending", () => {
    const blocks = new AvailableBlocks({ ...LEVELS, storeCount: 1 });
    blocks.at(NO_FACE, 0, 0, 0);
    blocks.forgetBlock(NO_FACE, 0, 7, 7);
    expect([blocks.pendingCount, blocks.count, pendingOf(blocks)]).toEqual([0, 0, []]);
    blocks.at(NO_FACE, 0, 0, 0);
    expect(pendingOf(blocks)).toEqual(["-1/0/0/0"]);
    blocks.setBlock(0, NO_FACE, 0, 0, 0, bitsOf([0, 0]));
    blocks.clear();
    expect(blocks.at(NO_FACE, 0, 0, 0)).toBe(unknown);
});

test("whoever waits is told once all that is pending is known, forgotten or given up", async () => {
    const blocks = new AvailableBlocks({ ...LEVELS, storeCount: 1 });
    await blocks.whenKnownAsync();
    for (const end of ["setBlock", "forgetBlock", "clear", "close"] as const) {
        let isTold = false;
        blocks.at(NO_FACE, 0, 0, 0);
        blocks.at(NO_FACE, 1, 0, 0);
        blocks.setBlock(0, NO_FACE, 1, 0, 0, bitsOf());
        const wait = blocks.whenKnownAsync().then(() => (isTold = true));
        await Promise.resolve();
        expect([end, isTold]).toEqual([end, false]);
        blocks[end](0, NO_FACE, 0, 0, 0, bitsOf());
        if (end === "forgetBlock") {
            blocks.forgetBlock(NO_FACE, 0, 0, 0);
        }
        await wait;
        blocks.clear();
    }
    expect(blocks.at(NO_FACE, 0, 0, 0)).toBe(absent);
    expect(blocks.pendingCount).toBe(0);
});

test("no more blocks than the limit are kept, the longest unused go first, and none of the last two frames goes", () => {
    const blocks = new AvailableBlocks({ ...LEVELS, storeCount: 1, limit: 10 });
    for (let i = 0; i < 30; i++) {
        blocks.setBlock(0, NO_FACE, 0, 32 * i, 0, bitsOf([32 * i, 0]));
        expect(blocks.count).toBeLessThanOrEqual(10);
    }
    blocks.clear();
    for (let frame = 0; frame < 100; frame++) {
        blocks.setBlock(0, NO_FACE, 0, 32 * frame, 0, bitsOf([32 * frame, 0]));
        // One that is used in every frame, beside the newest.
        expect(blocks.at(NO_FACE, 0, 0, 0)).toBe(available);
        expect(blocks.at(NO_FACE, 0, 32 * frame, 0)).toBe(available);
        expect(pendingOf(blocks)).toEqual([]);
    }
    expect(blocks.count).toBe(10);
    const kept = [0, 92, 98, 99, 80].map((i) => blocks.at(NO_FACE, 0, 32 * i, 0));
    expect(kept).toEqual([available, available, available, available, unknown]);
    // A frame that needs more than the limit has them all.
    for (let i = 0; i < 40; i++) {
        blocks.setBlock(0, NO_FACE, 3, 32 * i, 0, bitsOf([32 * i, 0]));
        blocks.at(NO_FACE, 3, 32 * i, 0);
    }
    expect(Array.from({ length: 40 }, (_, i) => blocks.at(NO_FACE, 3, 32 * i, 0))).toEqual(Array(40).fill(available));
});

test("a chain without stores, or with too many, is refused", () => {
    for (const storeCount of [0, 31, 1.5, Number.NaN]) {
        expect(() => new AvailableBlocks({ ...LEVELS, storeCount })).toThrow(/storeCount/);
    }
    new AvailableBlocks({ ...LEVELS, storeCount: 30 });
});

test(`answers are those of plain sets, whatever stores tell in whatever order (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 20; round++) {
        const storeCount = random.whole(1, 3);
        const blocks = new AvailableBlocks({ ...LEVELS, storeCount });
        const has = Array.from({ length: storeCount }, () => new Set<string>());
        const told = Array.from({ length: storeCount }, () => new Set<string>());
        const blockOf = (face: number, level: number, x: number, z: number): string =>
            `${face}/${level}/${blockStart(x)}/${blockStart(z)}`;
        const expected = (face: number, level: number, x: number, z: number): number => {
            if (has.some((texts) => texts.has(`${face}/${level}/${x}/${z}`))) {
                return available;
            }
            return told.every((texts) => texts.has(blockOf(face, level, x, z))) ? absent : unknown;
        };
        for (let step = 0; step < 400; step++) {
            const face = random.pick([-1, 0, 5]);
            const level = random.whole(0, 2);
            const store = random.whole(0, storeCount - 1);
            const [x, z] = [random.whole(-34, 34), random.whole(-34, 34)];
            const action = random.next();
            if (action < 0.1) {
                const start = [blockStart(x), blockStart(z)] as const;
                const chunks = Array.from(
                    { length: 700 },
                    () => [start[0] + random.whole(0, 31), start[1] + random.whole(0, 31)] as const,
                );
                for (let i = 0; i < 1024; i++) {
                    has[store]!.delete(`${face}/${level}/${start[0] + (i & 31)}/${start[1] + (i >> 5)}`);
                }
                chunks.forEach(([ownX, ownZ]) => has[store]!.add(`${face}/${level}/${ownX}/${ownZ}`));
                told[store]!.add(blockOf(face, level, x, z));
                blocks.setBlock(store, face, level, x, z, bitsOf(...chunks));
            } else if (action < 0.3 && told[store]!.has(blockOf(face, level, x, z))) {
                const isThere = random.next() < 0.5;
                has[store]![isThere ? "add" : "delete"](`${face}/${level}/${x}/${z}`);
                blocks.setChunk(store, face, level, x, z, isThere);
            } else if (action < 0.32) {
                for (let i = 0; i < 1024; i++) {
                    const text = `${face}/${level}/${blockStart(x) + (i & 31)}/${blockStart(z) + (i >> 5)}`;
                    has.forEach((texts) => texts.delete(text));
                }
                told.forEach((texts) => texts.delete(blockOf(face, level, x, z)));
                blocks.forgetBlock(face, level, x, z);
            }
            expect(blocks.at(face, level, x, z)).toBe(expected(face, level, x, z));
            const children = [0, 1, 2, 3].map((i) => expected(face, level, childX(x, i), childZ(z, i)));
            const all = children.every((child) => child === available)
                ? available
                : children.includes(absent)
                  ? absent
                  : unknown;
            expect(blocks.childrenAt(face, level + 1, x, z)).toBe(all);
        }
    }
});
