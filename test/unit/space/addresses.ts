import fc from "fast-check";
import {
    MAX_CHUNK_COORDINATE,
    MAX_FACE_LEVEL,
    MAX_LEVEL,
    NO_FACE,
    type ChunkAddress,
} from "../../../src/space/chunkAddress.js";

const coordinate = fc.oneof(
    fc.integer({ min: -MAX_CHUNK_COORDINATE, max: MAX_CHUNK_COORDINATE }),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(-MAX_CHUNK_COORDINATE, MAX_CHUNK_COORDINATE),
);
const level = fc.integer({ min: 0, max: MAX_LEVEL });
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1));

/** Addresses of flat worlds. */
export const flatAddresses: fc.Arbitrary<ChunkAddress> = fc.record({
    face: fc.constant(NO_FACE),
    level,
    x: coordinate,
    z: coordinate,
});

/** Addresses on the faces of planets. */
export const faceAddresses: fc.Arbitrary<ChunkAddress> = fc
    .record({
        face: fc.integer({ min: 0, max: 5 }),
        level: fc.integer({ min: 0, max: MAX_FACE_LEVEL }),
        u: share,
        v: share,
    })
    .map(({ face, level, u, v }) => {
        const last = 2 ** (MAX_FACE_LEVEL - level) - 1;
        return { face, level, x: Math.round(u * last), z: Math.round(v * last) };
    });

export const anyAddress: fc.Arbitrary<ChunkAddress> = fc.oneof(flatAddresses, faceAddresses);
