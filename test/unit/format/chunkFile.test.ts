import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { ChunkFlags, readChunkHeader } from "../../../src/format/chunkData.js";
import {
    CHUNK_FILE_HEADER_BYTES,
    ChunkFileError,
    decodeChunkFile,
    encodeChunkFile,
    initChunkCodecAsync,
    readChunkFileHeader,
    unpackChunkFile,
} from "../../../src/format/chunkFile.js";
import { FORMAT_CHUNK_LIMITS } from "../../../src/format/chunkLimits.js";
import { hash64Of } from "../../../src/base/hash.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, parseAddress } from "../../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { bakeStoredAsync, type StoredChunk } from "../../support/storedChunk.js";
import { testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();

/** Bit flips and truncations of a whole file take a decode each where the checksum is put right: small ones only. */
const smallRecipe = Presets.endless({ seed: 3, chunkSize: 16, terrain: { resolution: 16 }, caves: { latticeStep: 1 } });
let grid: StoredChunk;
let fused: StoredChunk;

beforeAll(async () => {
    await initChunkCodecAsync();
    const addresses = Array.from({ length: 400 }, (_, i) => flatAddress(0, i % 20, Math.floor(i / 20)));
    const isFused = ({ chunk }: StoredChunk): boolean => (readChunkHeader(chunk).flags & ChunkFlags.fused) !== 0;
    const stored = await bakeStoredAsync(kernels, Presets.caves({ ...smallRecipe, id: "small-caves" }), addresses);
    grid = stored.find((one) => !isFused(one))!;
    fused = stored.filter(isFused).sort((a, b) => a.file.length - b.file.length)[0]!;
});

describe.each([
    ["endless", Presets.endless({ seed: 1 })],
    ["caves", Presets.caves({ seed: 3 })],
    ["caves of resolution 128", Presets.caves({ seed: 4, terrain: { resolution: 128 }, caves: { latticeStep: 1 } })],
])("chunks of %s", (_, recipe) => {
    const addresses = ["0/3/-7", "0/-20/0", "0/1/1", "0/-12/5", "1/2/2", "3/-1/0", "6/0/0"].map(parseAddress);

    test("come out as they were, to the last bit, and smaller than gzip makes them", async () => {
        const kinds = new Set<number>();
        for (const { chunk, file, world } of await bakeStoredAsync(kernels, recipe, addresses)) {
            const header = readChunkHeader(chunk);
            kinds.add(header.flags & ChunkFlags.fused);
            expect(Buffer.compare(decodeChunkFile(file), chunk)).toBe(0);
            const limits = FORMAT_CHUNK_LIMITS;
            // Into a buffer that somebody has used, and beside one that is too small.
            const target = new ArrayBuffer(chunk.length + 100);
            new Uint8Array(target).fill(0xab);
            const into = unpackChunkFile(file, limits, target);
            expect([into.chunk.buffer === target, Buffer.compare(into.chunk, chunk)]).toEqual([true, 0]);
            const small = new ArrayBuffer(chunk.length - 1);
            const beside = unpackChunkFile(file, limits, small);
            expect([beside.chunk.buffer === small, Buffer.compare(beside.chunk, chunk)]).toEqual([false, 0]);
            expect(file.length).toBeLessThan(gzipSync(chunk, { level: 6 }).length);
            expect(readChunkFileHeader(file)).toEqual({
                address: header.address,
                world,
                fileByteLength: file.length,
                byteLength: chunk.length,
                hash: expect.stringMatching(/^[0-9a-f]{64}$/),
            });
        }
        expect(kinds).toEqual(new Set([0, ChunkFlags.fused]));
    });
});

test("a file goes into the buffer that is given where it fits, and is the same", () => {
    const dirty = new Uint8Array(fused.file.length + 100).fill(0xaa);
    const file = encodeChunkFile(fused.chunk, fused.world, dirty.buffer);
    expect(file.buffer).toBe(dirty.buffer);
    expect(Buffer.compare(file, fused.file)).toBe(0);
    const small = new ArrayBuffer(10);
    expect(encodeChunkFile(fused.chunk, fused.world, small).buffer).not.toBe(small);
});

describe("a damaged file", () => {
    const kinds = (): [string, StoredChunk][] => [
        ["grid", grid],
        ["fused", fused],
    ];

    test("of whatever length it is cut to is found", () => {
        for (const [, { file }] of kinds()) {
            for (let length = 0; length < file.length; length++) {
                expect(() => readChunkFileHeader(file.subarray(0, length))).toThrow(ChunkFileError);
            }
            const longer = new Uint8Array(file.length + 1);
            longer.set(file);
            expect(() => readChunkFileHeader(longer)).toThrow(/says it has \d+ bytes; there are \d+/);
        }
    });

    test("with any single bit flipped is found", () => {
        for (const [, { file }] of kinds()) {
            const bytes = file.slice();
            for (let bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit >> 3]! ^= 1 << (bit & 7);
                expect(() => readChunkFileHeader(bytes)).toThrow(ChunkFileError);
                bytes[bit >> 3]! ^= 1 << (bit & 7);
            }
        }
    });

    test("that bears the right checksum all the same is found when it is unpacked, and takes no memory by itself", () => {
        for (const [, { file, chunk }] of kinds()) {
            // The header and the first bytes of each part; the rest lies inside one codec's stream or another.
            const bits = Array.from({ length: 3000 }, (_, i) =>
                i < CHUNK_FILE_HEADER_BYTES * 8 ? i : Math.floor((i / 3000) * file.length * 8),
            );
            let harmless = 0;
            for (const bit of bits) {
                const bytes = resealed(file, (copy) => (copy[bit >> 3]! ^= 1 << (bit & 7)));
                let decoded: Uint8Array;
                try {
                    decoded = decodeChunkFile(bytes);
                } catch (error) {
                    expect(error).toBeInstanceOf(ChunkFileError);
                    continue;
                }
                // What is not part of the chunk may differ: the world's key, and padding of the codecs' streams.
                expect(Buffer.compare(decoded, chunk)).toBe(0);
                harmless++;
            }
            expect(harmless).toBeLessThan(bits.length / 10);
        }
    });

    test("whose counts ask for more than any chunk has is refused before memory is taken", () => {
        for (const [at, value] of [
            [52, 2 ** 32 - 1],
            [56, 2 ** 32 - 1],
            [56, 3 * 2 ** 24],
            [48, 2 ** 31],
            [64, 2 ** 32 - 1],
            [72, 2 ** 30],
        ] as const) {
            const bytes = resealed(fused.file, (copy) => new DataView(copy.buffer).setUint32(at, value, true));
            expect(() => decodeChunkFile(bytes)).toThrow(ChunkFileError);
        }
    });

    test(`of random bytes is none (seed ${seed})`, () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, hasMagic) => {
                if (hasMagic) {
                    bytes.set(fused.file.subarray(0, Math.min(8, bytes.length)));
                }
                expect(() => decodeChunkFile(bytes)).toThrow(ChunkFileError);
            }),
            { seed, numRuns: 2000 },
        );
    });

    test.each([
        ["another magic", (copy: Uint8Array) => (copy[0] = 0), /do not begin with TRNF/],
        ["another version", (copy: Uint8Array) => (copy[4] = 9), /has format version 9; this library reads 2/],
        [
            "the version before",
            (copy: Uint8Array) => (copy[4] = 1),
            /The chunk file was baked by an older version: .* 1, and this library reads 2\. Bake it again\./,
        ],
        ["padding", (copy: Uint8Array) => (copy[12] = 1), /bytes 12 to 15 are not 0/],
        ["another address than its chunk", (copy: Uint8Array) => (copy[40] = 77), /another address than the file/],
        ["another hash", (copy: Uint8Array) => (copy[81]! ^= 1), /not the one whose hash it bears/],
    ])("with %s says so", (_, change, message) => {
        expect(() => decodeChunkFile(resealed(fused.file, change))).toThrow(message);
    });
});

/** A changed copy whose checksum is right. */
function resealed(file: Uint8Array, change: (copy: Uint8Array) => unknown): Uint8Array {
    const copy = file.slice();
    change(copy);
    new DataView(copy.buffer).setBigUint64(16, hash64Of(copy.subarray(24)), true);
    return copy;
}
