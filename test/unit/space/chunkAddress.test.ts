import fc from "fast-check";

import { TerraneError } from "../../../src/base/errors.js";
import {
    assertAddress,
    flatAddress,
    formatAddress,
    MAX_CHUNK_COORDINATE,
    MAX_FACE_LEVEL,
    MAX_LEVEL,
    NO_FACE,
    parseAddress,
    type ChunkAddress,
} from "../../../src/space/chunkAddress.js";
import { anyAddress } from "./addresses.js";

const SEED = 42;

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
            fc.property(anyAddress, (address) => {
                expect(parseAddress(formatAddress(address))).toEqual(address);
            }),
            { seed: SEED, numRuns: 2000 },
        );
    });

    test("is level/x/z on flat worlds and face/level/x/z on planets", () => {
        expect(formatAddress(flatAddress(3, -12, 7))).toBe("3/-12/7");
        expect(formatAddress({ face: 5, level: 0, x: 1, z: 2 })).toBe("5/0/1/2");
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
        ["0/24/0/0", "level"],
        ["0/0/-1/0", "x"],
        ["5/20/0/8", "z"],
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
        assertAddress({ face: NO_FACE, level: MAX_LEVEL, x: MAX_CHUNK_COORDINATE, z: -MAX_CHUNK_COORDINATE });
        for (const face of [0, 5]) {
            assertAddress({ face, level: MAX_FACE_LEVEL, x: 0, z: 0 });
            assertAddress({ face, level: 3, x: 0, z: 2 ** (MAX_FACE_LEVEL - 3) - 1 });
        }
        expect(flatAddress(0, 0, 0)).toEqual({ face: NO_FACE, level: 0, x: 0, z: 0 });
        expect(() => flatAddress(MAX_LEVEL + 1, 0, 0)).toThrow(TerraneError);
    });
});
