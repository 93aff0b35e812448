import {
    chunkFileName,
    chunkStoreKey,
    parseChunkFileName,
    parseChunkStoreKey,
} from "../../../src/format/chunkStoreKey.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";

const WORLD = "0123456789abcdef";

test("keys and names lead back to the chunk that they were made from", () => {
    for (const address of [flatAddress(0, 3, -2), flatAddress(24, 0, 0), { face: 5, level: 1, x: 7, z: 9 }]) {
        expect(parseChunkFileName(chunkFileName(address))).toEqual(address);
        expect(parseChunkStoreKey(chunkStoreKey(WORLD, address))).toEqual({ world: WORLD, address });
    }
    expect(chunkStoreKey(WORLD, flatAddress(0, 3, -2))).toBe(`${WORLD}/0/3/-2.trn`);
});

test.each([
    "",
    "0/3/-2.trn",
    `${WORLD}`,
    `${WORLD}/`,
    `${WORLD}/0/3/-2`,
    `${WORLD}/0/3/-2.trn.trn`,
    `${WORLD}/0/03/-2.trn`,
    `${WORLD}/25/0/0.trn`,
    `${WORLD.toUpperCase()}/0/3/-2.trn`,
    `${WORLD}0/0/3/-2.trn`,
    `${WORLD}/manifest.json`,
])("%p is no key of a chunk", (key) => {
    expect(parseChunkStoreKey(key)).toBeNull();
});
