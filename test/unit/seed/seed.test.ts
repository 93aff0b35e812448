import fc from "fast-check";

import { seedFrom, subSeed } from "../../../src/seed/seed.js";

const SEED = 20261125;

describe("seedFrom", () => {
    test("takes unsigned 32-bit integers as they are", () => {
        for (const seed of [0, 1, 12345, 0x7fffffff, 0x80000000, 0xffffffff]) {
            expect(seedFrom(seed)).toBe(seed);
        }
    });

    test("hashes texts to unsigned 32-bit integers that differ", () => {
        const texts = ["terra", "Terra", "terra ", "arret", "1", "12345", "ä", "a\u0308", "𝔸"];
        const seeds = texts.map((text) => seedFrom(text));
        expect(new Set(seeds).size).toBe(texts.length);
        for (const seed of seeds) {
            expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
        }
        expect(seedFrom("12345")).not.toBe(seedFrom(12345));
    });

    test("a text's seed is the same for ever", () => {
        expect([seedFrom("terra"), seedFrom("")]).toEqual([3573318233, 3099819549]);
    });
});

describe("subSeed", () => {
    test("is the same for ever", () => {
        const ofStream = subSeed(subSeed(1, "terrain", "detail", 2), "chunk", "x", -3);
        expect(subSeed(1, "terrain", "detail", 0)).toBe(1078932740);
        expect(subSeed(ofStream, "chunk", "z", 4)).toBe(2324051963);
    });

    test("differs by seed, domain, context and index", () => {
        const seeds = [
            subSeed(1, "terrain", "detail", 0),
            subSeed(2, "terrain", "detail", 0),
            subSeed(1, "caves", "detail", 0),
            subSeed(1, "terrain", "warp", 0),
            subSeed(1, "terrain", "detail", 1),
            subSeed(1, "terrain", "detail", -1),
            subSeed(1, "detail", "terrain", 0),
            subSeed(1, "terrai", "ndetail", 0),
            subSeed(1, "terraind", "etail", 0),
            subSeed(1, "terraindetail", "", 0),
            subSeed(1, "", "terraindetail", 0),
        ];
        expect(new Set(seeds).size).toBe(seeds.length);
    });

    test("the index defaults to 0", () => {
        expect(subSeed(7, "terrain", "warp")).toBe(subSeed(7, "terrain", "warp", 0));
    });

    test(`names never run into each other (fast-check seed ${SEED})`, () => {
        const streams = fc.tuple(fc.string(), fc.string(), fc.integer({ min: 0, max: 100 }));
        fc.assert(
            fc.property(fc.nat(), streams, streams, (seed, a, b) => {
                const isSame = a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
                expect(subSeed(seed, ...a) === subSeed(seed, ...b)).toBe(isSame);
            }),
            { seed: SEED, numRuns: 2000 },
        );
    });

    test("the streams of one name never collide: 10^5 indices", () => {
        const seeds = new Set<number>();
        for (let i = 0; i < 100_000; i++) {
            seeds.add(subSeed(12345, "terrain", "detail", i));
        }
        expect(seeds.size).toBe(100_000);
    });

    test("10^5 names collide as seldom as chance lets 32 bits collide", () => {
        // Chance: 10^10 / 2 / 2^32 = 1.2 pairs.
        const seeds = new Set<number>();
        for (let i = 0; i < 100_000; i++) {
            seeds.add(subSeed(12345, "terrain", `context${i}`));
        }
        expect(100_000 - seeds.size).toBeLessThanOrEqual(6);
    });

    test("every bit of the seed moves about half of the stream's bits", () => {
        let flips = 0;
        for (let bit = 0; bit < 32; bit++) {
            const difference =
                subSeed(99, "caves", "tunnels", 3) ^ subSeed((99 ^ (1 << bit)) >>> 0, "caves", "tunnels", 3);
            const ones = [...(difference >>> 0).toString(2)].filter((digit) => digit === "1").length;
            expect(ones).toBeGreaterThanOrEqual(5);
            flips += ones;
        }
        expect(flips / 32).toBeGreaterThan(14);
        expect(flips / 32).toBeLessThan(18);
    });
});
