import { CHUNK_HEADER_BYTES, ChunkFlags, readChunkHeader } from "../../../src/format/chunkData.js";
import { ChunkFileError, decodeChunkFile } from "../../../src/format/chunkFile.js";
import { FORMAT_CHUNK_LIMITS } from "../../../src/format/chunkLimits.js";
import { assembleFile, changedChunk, forgeFile, INNER_FIELDS, setField } from "../../support/chunkForge.js";
import { forgeChunksAsync, modelsAsync, unsoundnessOf } from "../../support/forgedChunks.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const COUNT = 4000;
let grid: Uint8Array;
let fused: Uint8Array;

beforeAll(async () => {
    const stored = await modelsAsync();
    const isFused = (chunk: Uint8Array): boolean => (readChunkHeader(chunk).flags & ChunkFlags.fused) !== 0;
    grid = stored.find(({ chunk }) => !isFused(chunk))!.chunk;
    fused = stored.find(({ chunk }) => isFused(chunk))!.chunk;
});

const models = (): Uint8Array[] => [grid, fused];
const field = (name: string) => INNER_FIELDS.find((one) => one.name === name)!;

/** A file in which the chunk's header says something else, and everything around agrees with it. */
function forged(model: Uint8Array, changes: Record<string, number>): Uint8Array {
    const chunk = changedChunk(model, (copy) => {
        for (const [name, value] of Object.entries(changes)) {
            setField(copy, field(name).at, field(name).type, value);
        }
    });
    return forgeFile(model, chunk);
}

test("what is forged without a change is what was baked: the forge's hashes are right", () => {
    for (const model of models()) {
        expect(Buffer.compare(decodeChunkFile(forged(model, {})), model)).toBe(0);
        expect(unsoundnessOf(model, FORMAT_CHUNK_LIMITS)).toBeNull();
    }
});

test.each<[string, Record<string, number>, RegExp]>([
    ["a quantum of NaN", { quantum: NaN }, /quantum of NaN m, which is no power of two/],
    ["a quantum of 0", { quantum: 0 }, /quantum of 0 m/],
    ["a negative quantum", { quantum: -0.25 }, /quantum of -0\.25 m/],
    ["a denormal quantum", { quantum: 5e-324 }, /quantum of 5e-324 m/],
    ["an infinite quantum", { quantum: Infinity }, /quantum of Infinity m/],
    ["a quantum that is no power of two", { quantum: 0.3 }, /quantum of 0\.3 m/],
    ["an infinite origin", { originX: -Infinity }, /origin \(-Infinity, .*no whole number of quanta/],
    ["an origin of NaN", { originY: NaN }, /origin \(.*, NaN, .*no whole number of quanta/],
    ["an origin between quanta", { originZ: 2 ** -30 }, /no whole number of quanta/],
    ["an origin farther than quanta can be counted", { originX: 2 ** 60 }, /no whole number of quanta/],
    ["x that ends before it begins", { minX: 100, maxX: -100 }, /bounds from \(100, .*between which nothing lies/],
    ["y that ends before it begins", { minY: 100, maxY: -100 }, /bounds from .*between which nothing lies/],
    ["z that ends before it begins", { minZ: 100, maxZ: -100 }, /bounds from .*between which nothing lies/],
    ["a least x that no vertex has", { minX: -32_768 }, /its vertices lie elsewhere/],
    ["a greatest x that no vertex has", { maxX: 32_767 }, /its vertices lie elsewhere/],
    ["a least y that no vertex has", { minY: -32_768 }, /its vertices lie elsewhere/],
    ["a greatest y that no vertex has", { maxY: 32_767 }, /its vertices lie elsewhere/],
    ["a least z that no vertex has", { minZ: -32_768 }, /its vertices lie elsewhere/],
    ["a greatest z that no vertex has", { maxZ: 32_767 }, /its vertices lie elsewhere/],
    ["the version before", { version: 1 }, /baked by an older version.*Bake it again/],
    ["level -5", { level: -5 }, /which no chunk is/],
    ["level 25", { level: 25 }, /which no chunk is/],
    ["face 6", { face: 6 }, /which no chunk is/],
    ["a place beyond the last", { x: 2 ** 23 }, /which no chunk is/],
    ["2^32 - 1 vertices", { vertexCount: 2 ** 32 - 1 }, /4294967295 vertices/],
    ["2^32 - 1 triangles of the surface", { surfaceTriangleCount: 2 ** 32 - 1 }, /4294967295 triangles of the surface/],
    [
        "no vertices",
        { vertexCount: 0, byteLength: CHUNK_HEADER_BYTES },
        /counts ask for|0 vertices|sections do not fit/,
    ],
    ["flags of a later version", { flags: 7 }, /flags 7|sections do not fit|counts ask for/],
    ["bytes after the surface's triangles", { laterPadding: 1 }, /not 0 where nothing is said yet/],
    ["bytes at the header's end", { lastReserved: 1 }, /not 0 where nothing is said yet/],
])("%s is refused, though every hash is right", (_, changes, message) => {
    for (const model of models()) {
        const file = forged(model, changes);
        expect(() => decodeChunkFile(file)).toThrow(ChunkFileError);
        expect(() => decodeChunkFile(file)).toThrow(message);
    }
});

test("2^32 - 1 indices are refused, of fused chunks and of height grids, whose own are none", () => {
    expect(() => decodeChunkFile(forged(fused, { indexCount: 2 ** 32 - 1 }))).toThrow(/4294967295 indices/);
    expect(() => decodeChunkFile(forged(grid, { indexCount: 2 ** 32 - 1 }))).toThrow(/4294967295 indices/);
});

test("an index beyond the vertices is refused, though every hash is right", () => {
    const { vertexCount } = readChunkHeader(fused);
    const chunk = changedChunk(fused, (copy) => {
        new DataView(copy.buffer, copy.byteOffset).setUint16(CHUNK_HEADER_BYTES + vertexCount * 24, vertexCount, true);
    });
    expect(() => decodeChunkFile(forgeFile(fused, chunk))).toThrow(/an index is \d+, of \d+ vertices/);
});

test("a chunk whose own hash is wrong is refused, though the file's are right", () => {
    const chunk = grid.slice();
    chunk[16]! ^= 1;
    expect(() => decodeChunkFile(forgeFile(grid, chunk))).toThrow(/not the one whose hash it bears/);
});

describe("few bytes that claim a large chunk", () => {
    /** A height grid whose vertices are all the same, in as few bytes as the codec can say it. */
    function bomb(resolution: number, streamBytes?: number): Uint8Array {
        const vertexCount = (resolution + 3) ** 2 - 4;
        const chunk = new Uint8Array(CHUNK_HEADER_BYTES + vertexCount * 24);
        chunk.set(grid.subarray(0, CHUNK_HEADER_BYTES));
        const changed = changedChunk(chunk, (copy) => {
            setField(copy, 8, "uint32", copy.length);
            setField(copy, 48, "uint32", vertexCount);
            setField(copy, 52, "uint32", 6 * resolution * (resolution + 4));
            setField(copy, 56, "uint32", 2 * resolution * resolution);
            copy.fill(0, 72, 108);
        });
        const vertices = new Uint8Array(streamBytes ?? 31 + 6 * Math.ceil(vertexCount / 256));
        // Of each block, that none of a vertex's bytes changes: twice two bits a byte.
        vertices.fill(0xaa, 1, vertices.length - 30);
        vertices[0] = 0xa1;
        return assembleFile(changed, { vertices, indices: new Uint8Array(0), rotations: new Uint8Array(0) });
    }

    test("540 bytes cannot: so short a stream holds less", () => {
        const file = bomb(700, 540 - 240);
        expect(file.length).toBe(540);
        expect(() => decodeChunkFile(file)).toThrow(/sections do not fit/);
        expect(() => decodeChunkFile(bomb(2000, 540 - 240))).toThrow(/at most 699045/);
    });

    test("12 KB can, of which the limits of a world know nothing", () => {
        const file = bomb(700);
        expect(file.length).toBeLessThan(12_500);
        expect(decodeChunkFile(file).byteLength).toBe(CHUNK_HEADER_BYTES + (703 ** 2 - 4) * 24);
        const { vertexCount, indexCount, byteLength } = readChunkHeader(fused);
        expect(() => decodeChunkFile(file, { vertexCount, indexCount, byteLength })).toThrow(
            /494205 vertices.*at most/,
        );
        expect(() => decodeChunkFile(file, { ...FORMAT_CHUNK_LIMITS, byteLength: 2 ** 20 })).toThrow(/at most/);
    });

    test("a file longer than any chunk's is refused before it is hashed", () => {
        const file = new Uint8Array(3 * FORMAT_CHUNK_LIMITS.byteLength + 2049);
        file.set(forged(grid, {}).subarray(0, 240));
        setField(file, 8, "uint32", file.length);
        expect(() => decodeChunkFile(file)).toThrow(/one of its world has at most/);
    });
});

test(`of ${COUNT} forged files none is taken that the spec forbids (seed ${seed})`, async () => {
    const { forged: made, refused, taken, faults } = await forgeChunksAsync(COUNT, seed);
    expect(faults).toEqual([]);
    expect(refused + taken).toBe(made);
    // Some must be taken, or the forge's hashes are wrong, and some refused of each kind.
    expect(taken).toBeGreaterThan(COUNT / 100);
    expect(refused).toBeGreaterThan(COUNT / 2);
});
