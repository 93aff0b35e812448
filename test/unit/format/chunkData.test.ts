import fc from "fast-check";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import { initHashAsync } from "../../../src/base/hash.js";
import {
    CHUNK_HEADER_BYTES,
    ChunkFlags,
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
import { bakeMesh } from "../../support/bakedMesh.js";
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
    const point = (max: number) => {
        const quanta = fc.integer({ min: -max, max });
        return fc.record({ x: quanta, y: quanta, z: quanta });
    };
    fc.assert(
        fc.property(
            fc.integer({ min: 0, max: 24 }),
            coordinate,
            coordinate,
            fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 65_530, max: 65_540 })),
            fc.integer({ min: 1, max: 50 }),
            point(2 ** 30),
            point(32_767),
            point(32_767),
            (level, x, z, vertexCount, triangles, origin, one, other) => {
                const is32Bits = vertexCount > 65_535;
                const quantum = 2 ** (level - 7);
                const byteLength = chunkByteLength(vertexCount, triangles * 3, is32Bits);
                const header = {
                    address: { face: -1, level, x, z },
                    generatorVersion: GENERATOR_VERSION,
                    byteLength,
                    flags: 1 + (is32Bits ? 2 : 0),
                    quantum,
                    origin: { x: origin.x * quantum, y: origin.y * quantum, z: origin.z * quantum },
                    minimum: {
                        x: Math.min(one.x, other.x),
                        y: Math.min(one.y, other.y),
                        z: Math.min(one.z, other.z),
                    },
                    maximum: {
                        x: Math.max(one.x, other.x),
                        y: Math.max(one.y, other.y),
                        z: Math.max(one.z, other.z),
                    },
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
    const header = readChunkHeader(bytes);
    for (const forged of [
        { origin: { ...header.origin, y: NaN } },
        { origin: { ...header.origin, y: -Infinity } },
        { quantum: NaN },
        { quantum: Infinity },
        { minimum: header.maximum, maximum: header.minimum },
    ]) {
        writeChunkHeader(bytes, { ...header, ...forged });
        readChunkHeightsToRef(bytes.buffer as ArrayBuffer, ref);
        expect(ref).toEqual({ minY: -1, maxY: 1 });
    }
    writeChunkHeader(bytes, header);
    readChunkHeightsToRef(bytes.buffer as ArrayBuffer, ref);
    const { origin, minimum, maximum, quantum } = header;
    expect(ref).toEqual({ minY: origin.y + minimum.y * quantum, maxY: origin.y + maximum.y * quantum });
});

test("a chunk's origin is its corner, and its bounds are those of all vertices", () => {
    const recipe = Presets.caves({ seed: 3, terrain: { resolution: 32 }, caves: { latticeStep: 4 } });
    const baker = new ChunkBaker(recipe, kernels);
    const kinds = new Set<number>();
    for (const [level, x, z] of [
        [0, 0, 0],
        [0, -1, 7],
        [1, 2, -3],
        [5, -1, -1],
    ] as const) {
        const mesh = bakeMesh(baker, flatAddress(level, x, z));
        const { header, quanta, side } = mesh;
        kinds.add(header.flags);
        expect([header.origin.x, header.origin.z]).toEqual([x * side * header.quantum, z * side * header.quantum]);
        for (const [axis, name] of (["x", "y", "z"] as const).entries()) {
            const places = quanta.filter((_, i) => i % 3 === axis);
            expect(header.minimum[name]).toBe(Math.min(...places));
            expect(header.maximum[name]).toBe(Math.max(...places));
        }
    }
    expect(kinds).toEqual(new Set([0, ChunkFlags.fused, ChunkFlags.walled]));
});

test("a chunk at the origin has no -0 in its header, which has other bits than 0", () => {
    const bytes = bakeSmall();
    const header = readChunkHeader(bytes);
    writeChunkHeader(bytes, { ...header, origin: { x: -0, y: -0, z: -0 } });
    expect(bytes.subarray(72, 96)).toEqual(new Uint8Array(24));
});

test("a chunk of the version before is refused by name, and so is one of a later version", () => {
    const bytes = bakeSmall();
    bytes[4] = 1;
    expect(() => readChunkHeader(bytes)).toThrow(
        "The chunk was baked by an older version: it has format version 1, and this library reads 2. Bake it again.",
    );
    bytes[4] = 3;
    expect(() => readChunkHeader(bytes)).toThrow(/has format version 3; this library reads 2/);
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
