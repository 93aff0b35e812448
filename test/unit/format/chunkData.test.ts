import fc from "fast-check";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import { initHashAsync } from "../../../src/base/hash.js";
import {
    CHUNK_HEADER_BYTES,
    ChunkFormatError,
    chunkByteLength,
    isChunkIntact,
    readChunkHeader,
    readChunkHeightsToRef,
    writeChunkHash,
    writeChunkHeader,
} from "../../../src/format/chunkData.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

const SEED = 20261125;

beforeAll(initHashAsync);

function bakeSmall(): Uint8Array {
    const baker = new ChunkBaker(Presets.endless({ seed: 3, terrain: { resolution: 16 } }), kernels);
    const { buffer, byteLength } = baker.bake(flatAddress(0, -5, 9), new ArrayBuffer(0));
    return new Uint8Array(buffer, 0, byteLength);
}

test(`a header is read as it was written (seed ${SEED})`, () => {
    const coordinate = fc.integer({ min: -(2 ** 23) + 1, max: 2 ** 23 - 1 });
    const quanta = fc.integer({ min: -30_000, max: 30_000 });
    fc.assert(
        fc.property(
            fc.integer({ min: 0, max: 24 }),
            coordinate,
            coordinate,
            fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 65_530, max: 65_540 })),
            fc.integer({ min: 1, max: 50 }),
            fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
            quanta,
            quanta,
            (level, x, z, vertexCount, triangles, base, one, other) => {
                const is32Bits = vertexCount > 65_535;
                const quantum = 2 ** (level - 7);
                const byteLength = chunkByteLength(vertexCount, triangles * 3, is32Bits);
                const header = {
                    address: { face: -1, level, x, z },
                    generatorVersion: GENERATOR_VERSION,
                    byteLength,
                    flags: 1 + (is32Bits ? 2 : 0),
                    quantum,
                    baseY: base * quantum,
                    minY: (base + Math.min(one, other)) * quantum,
                    maxY: (base + Math.max(one, other)) * quantum,
                    vertexCount,
                    indexCount: triangles * 3,
                    surfaceTriangleCount: triangles,
                };
                const bytes = new Uint8Array(byteLength);
                writeChunkHeader(bytes, header);
                writeChunkHash(bytes);
                const read = readChunkHeader(bytes);
                expect(read).toEqual(header);
                expect(isChunkIntact(bytes, read)).toBe(true);
            },
        ),
        { seed: SEED, numRuns: 100 },
    );
});

test("heights that are none leave what is known of a chunk's as it is", () => {
    const bytes = bakeSmall();
    const ref = { minY: -1, maxY: 1 };
    const view = new DataView(bytes.buffer);
    const [minY, maxY] = [view.getFloat64(80, true), view.getFloat64(88, true)];
    for (const [low, high] of [
        [NaN, maxY],
        [minY, NaN],
        [-Infinity, maxY],
        [minY, Infinity],
        [1, -1],
    ]) {
        view.setFloat64(80, low!, true);
        view.setFloat64(88, high!, true);
        readChunkHeightsToRef(bytes.buffer as ArrayBuffer, ref);
        expect(ref).toEqual({ minY: -1, maxY: 1 });
    }
    view.setFloat64(80, minY, true);
    view.setFloat64(88, maxY, true);
    readChunkHeightsToRef(bytes.buffer as ArrayBuffer, ref);
    expect(ref).toEqual({ minY, maxY });
});

test("every truncation of a chunk is refused", () => {
    const bytes = bakeSmall();
    for (let length = 0; length < bytes.byteLength; length += length < CHUNK_HEADER_BYTES + 8 ? 1 : 997) {
        expect(() => readChunkHeader(bytes.subarray(0, length))).toThrow(ChunkFormatError);
    }
});

test("every flipped bit of the header and of some vertices is refused or seen by the hash", () => {
    const bytes = bakeSmall();
    const offsets = [...Array(CHUNK_HEADER_BYTES + 64).keys(), bytes.byteLength - 1];
    for (const offset of offsets) {
        for (let bit = 0; bit < 8; bit++) {
            bytes[offset]! ^= 1 << bit;
            let isSeen = true;
            try {
                isSeen = !isChunkIntact(bytes, readChunkHeader(bytes));
            } catch (error) {
                expect(error).toBeInstanceOf(ChunkFormatError);
            }
            if (!isSeen) {
                throw new Error(`bit ${bit} of byte ${offset} flipped unseen`);
            }
            bytes[offset]! ^= 1 << bit;
        }
    }
    expect(isChunkIntact(bytes, readChunkHeader(bytes))).toBe(true);
});
