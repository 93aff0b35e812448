import fc from "fast-check";
import { MAX_CHUNK_COORDINATE, MAX_FACE_LEVEL, MAX_LEVEL, NO_FACE } from "../../../src/space/chunkAddress.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { addressKey, faceOfKey, levelOfKey, xOfKey, zOfKey } from "../../../src/space/chunkKey.js";
import { anyAddress } from "./addresses.js";

const SEED = Number(process.env.TERRANE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

const keyOf = ({ face, level, x, z }: ChunkAddress) => addressKey(face, level, x, z);

test(`a key is a safe integer and gives its address back, of flat worlds and of faces (seed ${SEED})`, () => {
    fc.assert(
        fc.property(anyAddress, (address) => {
            const key = keyOf(address);
            expect(Number.isSafeInteger(key)).toBe(true);
            expect({ face: faceOfKey(key), level: levelOfKey(key), x: xOfKey(key), z: zOfKey(key) }).toEqual(address);
        }),
        { seed: SEED, numRuns: 20_000 },
    );
});

test("no two addresses share a key, be they of other faces, levels or neighbours at the rim", () => {
    const keys = new Set<number>();
    let count = 0;
    const add = (face: number, level: number, coordinates: readonly number[]) => {
        for (const x of coordinates) {
            for (const z of coordinates) {
                keys.add(addressKey(face, level, x, z));
                count++;
            }
        }
    };
    const edge = MAX_CHUNK_COORDINATE;
    for (let level = 0; level <= MAX_LEVEL; level++) {
        add(NO_FACE, level, [-edge, -edge + 1, -1, 0, 1, edge - 1, edge]);
    }
    for (let face = 0; face <= 5; face++) {
        for (let level = 0; level <= MAX_FACE_LEVEL; level++) {
            const last = 2 ** (MAX_FACE_LEVEL - level) - 1;
            add(
                face,
                level,
                [...new Set([0, 1, last >> 1, last - 1, last])].filter((at) => at >= 0 && at <= last),
            );
        }
    }
    expect(keys.size).toBe(count);
});
