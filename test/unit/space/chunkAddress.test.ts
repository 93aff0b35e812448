import fc from "fast-check";

import { TerraneError } from "../../../src/base/errors.js";
import {
    addressKey,
    assertAddress,
    flatAddress,
    formatAddress,
    MAX_CHUNK_COORDINATE,
    MAX_LEVEL,
    NO_FACE,
    parseAddress,
    type ChunkAddress,
} from "../../../src/space/chunkAddress.js";

const SEED = 42;

const coordinate = fc.oneof(
    fc.integer({ min: -MAX_CHUNK_COORDINATE, max: MAX_CHUNK_COORDINATE }),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(-MAX_CHUNK_COORDINATE, MAX_CHUNK_COORDINATE),
);
const place = { level: fc.integer({ min: 0, max: MAX_LEVEL }), x: coordinate, z: coordinate };
const flat: fc.Arbitrary<ChunkAddress> = fc.record({ face: fc.constant(NO_FACE), ...place });
const any: fc.Arbitrary<ChunkAddress> = fc.record({ face: fc.integer({ min: NO_FACE, max: 5 }), ...place });

function errorFrom(act: () => unknown): TerraneError {
    try {
        act();
    } catch (error) {
        expect(error).toBeInstanceOf(TerraneError);
        return error as TerraneError;
    }
    throw new Error("Nothing was thrown.");
}

describe("text form", () => {
    test(`parsing what was formatted gives the address back (fast-check seed ${SEED})`, () => {
        fc.assert(
            fc.property(any, (address) => {
                expect(parseAddress(formatAddress(address))).toEqual(address);
            }),
            { seed: SEED, numRuns: 2000 },
        );
    });

    test("is level/x/z on flat worlds and face/level/x/z on planets", () => {
        expect(formatAddress(flatAddress(3, -12, 7))).toBe("3/-12/7");
        expect(formatAddress({ face: 5, level: 0, x: 1, z: -2 })).toBe("5/0/1/-2");
        expect(parseAddress("0/12/-7")).toEqual({ face: NO_FACE, level: 0, x: 12, z: -7 });
    });

    test.each([
        "",
        "1",
        "1/2",
        "1/2/3/4/5",
        "a/b/c",
        "0/1.5/2",
        "0/01/2",
        "0/+1/2",
        "0/-0/2",
        "0/ 1/2",
        "0//2",
        "0/1e3/2",
        "0/1/2/",
    ])("%p is refused with the text shown", (text) => {
        const error = errorFrom(() => parseAddress(text));
        expect(error.field).toBe("address");
        expect(error.message).toContain(JSON.stringify(text));
        expect(error.message).toContain("level/x/z");
    });

    test.each([
        ["25/0/0", "level"],
        ["-1/0/0", "level"],
        ["0/8388608/0", "x"],
        ["0/0/-8388608", "z"],
        ["6/0/0/0", "face"],
        ["-2/0/0/0", "face"],
    ])("%p is refused for its %s", (text, field) => {
        expect(errorFrom(() => parseAddress(text)).field).toBe(`address.${field}`);
    });
});

describe("assertAddress", () => {
    const good: ChunkAddress = { face: NO_FACE, level: 2, x: 3, z: 4 };

    test.each(["face", "level", "x", "z"] as const)("refuses what is no integer in range as %s", (field) => {
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -9_000_000, 9_000_000, "0", null, undefined]) {
            const error = errorFrom(() => assertAddress({ ...good, [field]: value } as unknown as ChunkAddress));
            expect(error.field).toBe(`address.${field}`);
            expect(error.value).toBe(value);
            expect(error.allowed).toContain("an integer");
            expect(error.remedy).not.toBe("");
        }
    });

    test("accepts the limits", () => {
        for (const face of [NO_FACE, 0, 5]) {
            assertAddress({ face, level: MAX_LEVEL, x: MAX_CHUNK_COORDINATE, z: -MAX_CHUNK_COORDINATE });
        }
        expect(flatAddress(0, 0, 0)).toEqual({ face: NO_FACE, level: 0, x: 0, z: 0 });
        expect(() => flatAddress(MAX_LEVEL + 1, 0, 0)).toThrow(TerraneError);
    });
});

describe("addressKey", () => {
    test(`two addresses share a key only if they are the same (fast-check seed ${SEED})`, () => {
        fc.assert(
            fc.property(flat, flat, (a, b) => {
                const isSame = a.level === b.level && a.x === b.x && a.z === b.z;
                expect(addressKey(a.level, a.x, a.z) === addressKey(b.level, b.x, b.z)).toBe(isSame);
            }),
            { seed: SEED, numRuns: 5000 },
        );
    });

    test("neighbours at the rim of the world differ, and all keys are exact integers", () => {
        const edge = MAX_CHUNK_COORDINATE;
        const keys = new Set<number>();
        for (const level of [0, 1, MAX_LEVEL - 1, MAX_LEVEL]) {
            for (const x of [-edge, -edge + 1, -1, 0, 1, edge - 1, edge]) {
                for (const z of [-edge, -edge + 1, -1, 0, 1, edge - 1, edge]) {
                    const key = addressKey(level, x, z);
                    expect(Number.isSafeInteger(key)).toBe(true);
                    keys.add(key);
                }
            }
        }
        expect(keys.size).toBe(4 * 7 * 7);
    });
});
