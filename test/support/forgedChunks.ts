import { MeshoptDecoder } from "meshoptimizer/decoder";
import { Presets } from "../../src/recipe/presets.js";
import { ChunkFileError, decodeChunkFile } from "../../src/format/chunkFile.js";
import { FORMAT_CHUNK_LIMITS, type ChunkLimits } from "../../src/format/chunkLimits.js";
import { parseAddress } from "../../src/space/chunkAddress.js";
import {
    assembleFile,
    changedChunk,
    forgeFile,
    INNER_FIELDS,
    OUTER_FIELDS,
    resealed,
    setField,
    type Field,
} from "./chunkForge.js";
import { loadKernelsAsync } from "./kernels.js";
import { Random } from "./randomRecipe.js";
import { bakeStoredAsync, type StoredChunk } from "./storedChunk.js";

export interface ForgeryCounts {
    readonly forged: number;
    /** By a `ChunkFileError`. */
    readonly refused: number;
    /** Taken, and held against the spec: what was changed means nothing, or is another chunk that may be. */
    readonly taken: number;
    /** What went wrong, with how the file was made. */
    readonly faults: readonly string[];
}

interface Forgery {
    readonly how: string;
    readonly file: Uint8Array;
    /** What a reader must give where it takes the file; null where any sound chunk will do. */
    readonly chunk: Uint8Array | null;
}

type Kind = (random: Random, model: Uint8Array, file: Uint8Array) => Forgery;

/** Takes of a file's bytes to what is unpacked of them, at most: a block of 256 vertices in six bytes. */
const MOST_EXPANSION = 1024;

/**
 * Forges `count` chunk files from small baked ones, each with every hash right that its kind can make right, and reads them:
 * with the limits of any world and with those of its own.
 */
export async function forgeChunksAsync(count: number, seed: number): Promise<ForgeryCounts> {
    const models = await modelsAsync();
    const random = new Random(seed);
    const faults: string[] = [];
    let refused = 0;
    let taken = 0;
    const watch = watchDecoder();
    try {
        for (let i = 0; i < count; i++) {
            const { chunk: model, file } = random.pick(models);
            const [name, kind] = random.pick(KINDS);
            const forgery = kind(random, model, file);
            const limits = random.next() < 0.5 ? FORMAT_CHUNK_LIMITS : limitsOf(model);
            const complain = (what: string): number => faults.push(`${i}, ${name}, ${forgery.how}: ${what}`);
            watch.most = 0;
            try {
                const chunk = decodeChunkFile(forgery.file, limits);
                const fault = unsoundnessOf(chunk, limits) ?? differenceFrom(forgery.chunk, chunk);
                if (fault === null) {
                    taken++;
                } else {
                    complain(`taken, though ${fault}`);
                }
            } catch (error) {
                if (error instanceof ChunkFileError) {
                    refused++;
                } else {
                    complain(`threw ${String(error)}`);
                }
            }
            if (watch.most > Math.min(limits.byteLength, MOST_EXPANSION * forgery.file.length)) {
                complain(`${watch.most} bytes were unpacked from ${forgery.file.length}`);
            }
        }
    } finally {
        watch.end();
    }
    return { forged: count, refused, taken, faults };
}

/** Small chunks to forge from: height grids and fused ones, fine and coarse. */
export async function modelsAsync(): Promise<StoredChunk[]> {
    const recipe = Presets.caves({
        seed: 3,
        chunkSize: 16,
        terrain: { resolution: 16 },
        caves: { latticeStep: 1, maxDepth: 64 },
    });
    const addresses = ["0/3/-7", "0/4/4", "0/5/1", "0/12/5", "0/13/5", "0/7/7", "1/2/2", "6/0/0", "24/0/-1"];
    const stored = await bakeStoredAsync(await loadKernelsAsync(), recipe, addresses.map(parseAddress));
    const isFused = stored.map(({ chunk }) => (chunk[24]! & 1) !== 0);
    if (!isFused.includes(true) || !isFused.includes(false)) {
        throw new Error("The models are all of one kind.");
    }
    return stored;
}

/** Those of a world whose largest chunk is this one. */
function limitsOf(chunk: Uint8Array): ChunkLimits {
    const view = viewOf(chunk);
    return {
        vertexCount: view.getUint32(48, true),
        indexCount: view.getUint32(52, true),
        byteLength: chunk.byteLength,
    };
}

const EVIL_NUMBERS = [
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    -1,
    -0.25,
    5e-324,
    2 ** -1030,
    1e-10,
    1e308,
    3,
    0.3,
    2 ** 53,
    2 ** 33,
];
const EVIL_INTEGERS = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    24,
    25,
    255,
    65_535,
    65_536,
    2 ** 22,
    2 ** 23,
    2 ** 24,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 5,
    2 ** 32 - 1,
];

function evilValue(random: Random, { type, at }: Field, bytes: Uint8Array): number {
    const view = viewOf(bytes);
    const own =
        type === "float64"
            ? view.getFloat64(at, true)
            : type === "int16"
              ? view.getInt16(at, true)
              : view.getUint32(at, true);
    if (random.next() < 0.3) {
        const nudges =
            type === "float64" ? [own * 2, own / 2, own + 2 ** -20, -own, own + 1] : [own + 1, own - 1, own * 2];
        return random.pick(nudges);
    }
    if (random.next() < 0.2) {
        const bits = new DataView(new ArrayBuffer(8));
        bits.setUint32(0, random.whole(0, 2 ** 32 - 1));
        bits.setUint32(4, random.whole(0, 2 ** 32 - 1));
        return type === "float64" ? bits.getFloat64(0) : bits.getUint32(0);
    }
    return random.pick(type === "float64" ? EVIL_NUMBERS : EVIL_INTEGERS);
}

/** One to three fields of the chunk's own header, and in half of all cases the file's beside it. */
const innerFields: Kind = (random, model) => {
    const told: string[] = [];
    const outer: [Field, number][] = [];
    const chunk = changedChunk(model, (copy) => {
        for (let n = random.whole(1, 3); n > 0; n--) {
            const field = random.pick(INNER_FIELDS);
            const value = evilValue(random, field, copy);
            setField(copy, field.at, field.type, value);
            outer.push([field, value]);
            told.push(`${field.name} ${value}`);
        }
    });
    const isTold = random.next() < 0.5;
    const original = viewOf(model);
    const file = forgeFile(model, chunk, (bytes) => {
        for (const [{ at, outerAt }, value] of outer) {
            if (outerAt !== undefined) {
                setField(bytes, outerAt, "uint32", isTold ? value : original.getUint32(at, true));
            }
        }
    });
    return { how: `${told.join(", ")}, ${isTold ? "told" : "untold"}`, file, chunk };
};

const outerFields: Kind = (random, model, file) => {
    const copy = file.slice();
    const told: string[] = [];
    for (let n = random.whole(1, 2); n > 0; n--) {
        const field = random.pick(OUTER_FIELDS);
        const value = evilValue(random, field, copy);
        setField(copy, field.at, field.type, value);
        told.push(`${field.name} ${value}`);
    }
    return { how: told.join(", "), file: resealed(copy), chunk: model };
};

const flippedBytes: Kind = (random, model, file) => {
    const copy = file.slice();
    const told: string[] = [];
    for (let n = random.whole(1, 8); n > 0; n--) {
        const at = random.next() < 0.3 ? random.whole(0, 239) : random.whole(0, copy.length - 1);
        copy[at]! ^= random.whole(1, 255);
        told.push(`byte ${at}`);
    }
    return { how: told.join(", "), file: resealed(copy), chunk: model };
};

/** What is packed inside, with all hashes right: vertices that leave the bounds, indices that leave the vertices. */
const flippedInside: Kind = (random, model) => {
    const told: string[] = [];
    const chunk = changedChunk(model, (copy) => {
        for (let n = random.whole(1, 4); n > 0; n--) {
            const at = random.whole(128, copy.length - 1);
            copy[at]! ^= random.whole(1, 255);
            told.push(`byte ${at}`);
        }
    });
    return { how: told.join(", "), file: forgeFile(model, chunk), chunk };
};

/** Parts that overlap, leave gaps, or are followed by something. */
const movedParts: Kind = (random, model, file) => {
    const extra = random.pick([0, 0, 1, 4, 100]);
    const copy = new Uint8Array(file.length + extra);
    copy.set(file);
    const view = viewOf(copy);
    view.setUint32(8, random.next() < 0.7 ? copy.length : file.length, true);
    const by = random.pick([-100, -8, -1, 0, 1, 8, 100, 2 ** 31]);
    const [from, to] = random.pick([
        [64, 68],
        [68, 72],
        [64, 72],
    ] as const);
    view.setUint32(from, view.getUint32(from, true) + by, true);
    view.setUint32(to, view.getUint32(to, true) - (random.next() < 0.7 ? by : by - extra), true);
    return { how: `${by} from ${from} to ${to}, ${extra} more`, file: resealed(copy), chunk: model };
};

const otherLengths: Kind = (random, model, file) => {
    const length = random.next() < 0.5 ? random.whole(0, 400) : random.whole(0, file.length * 2);
    const copy = new Uint8Array(length);
    copy.set(file.subarray(0, Math.min(length, file.length)));
    if (length >= 12) {
        viewOf(copy).setUint32(8, length, true);
    }
    return { how: `cut or filled to ${length}`, file: resealed(copy), chunk: model };
};

/** Few bytes that claim a large chunk: as little as the codecs can say, or nonsense, with all counts in step. */
const bombs: Kind = (random, model) => {
    const resolution = random.whole(1, 2 ** random.whole(1, 15));
    const vertexCount = random.next() < 0.5 ? (resolution + 3) ** 2 - 4 : random.whole(1, 2 ** random.whole(4, 32) - 1);
    const isFused = random.next() < 0.5;
    const isWide = isFused && vertexCount > 65_535;
    const indexCount = isFused ? 3 * random.whole(1, 2 ** random.whole(2, 30)) : 6 * resolution * (resolution + 4);
    const byteLength = 128 + vertexCount * 24 + Math.ceil((isFused ? indexCount * (isWide ? 4 : 2) : 0) / 4) * 4;
    const chunk = changedChunk(model, (copy) => {
        const set = (at: number, value: number): void => setField(copy, at, "uint32", value);
        set(8, byteLength);
        set(24, (isFused ? 1 : 0) | (isWide ? 2 : 0));
        set(48, vertexCount);
        set(52, indexCount);
        set(56, isFused ? 1 : 2 * resolution * resolution);
    });
    const bytes = Math.min(40_000, random.next() < 0.7 ? 31 + 6 * Math.ceil(vertexCount / 256) : random.whole(1, 300));
    const vertices = new Uint8Array(bytes);
    vertices[0] = 0xa1;
    const triangles = isFused ? Math.min(40_000, random.next() < 0.7 ? 17 + indexCount / 3 : random.whole(1, 300)) : 0;
    const indices = new Uint8Array(triangles);
    if (triangles > 0) {
        indices[0] = 0xe1;
    }
    const rotations = new Uint8Array(isFused ? Math.min(40_000, Math.ceil(indexCount / 12)) : 0);
    const file = assembleFile(chunk, { vertices, indices, rotations });
    return { how: `${vertexCount} vertices, ${indexCount} indices in ${file.length} bytes`, file, chunk: null };
};

const KINDS: readonly (readonly [string, Kind])[] = [
    ["fields of the chunk", innerFields],
    ["fields of the chunk", innerFields],
    ["fields of the file", outerFields],
    ["flipped bytes", flippedBytes],
    ["flipped inside", flippedInside],
    ["moved parts", movedParts],
    ["other lengths", otherLengths],
    ["bombs", bombs],
];

/** How much the decoder was asked to unpack at once, in bytes. */
function watchDecoder(): { most: number; end(): void } {
    const { decodeVertexBuffer, decodeIndexBuffer } = MeshoptDecoder;
    const watch = {
        most: 0,
        end: () => Object.assign(MeshoptDecoder, { decodeVertexBuffer, decodeIndexBuffer }),
    };
    const watched =
        (decode: typeof decodeVertexBuffer): typeof decodeVertexBuffer =>
        (target, count, size, source, filter) => {
            watch.most = Math.max(watch.most, count * size);
            decode(target, count, size, source, filter);
        };
    MeshoptDecoder.decodeVertexBuffer = watched(decodeVertexBuffer);
    MeshoptDecoder.decodeIndexBuffer = watched(decodeIndexBuffer);
    return watch;
}

/** What docs/specs/chunkData.md forbids and `chunk` does, in words; null where it does nothing of the kind. */
export function unsoundnessOf(chunk: Uint8Array, limits: ChunkLimits): string | null {
    const view = viewOf(chunk);
    const u = (at: number): number => view.getUint32(at, true);
    const f = (at: number): number => view.getFloat64(at, true);
    const [flags, vertexCount, indexCount, surfaceTriangles] = [u(24), u(48), u(52), u(56)];
    const [quantum, ...origin] = [f(64), f(72), f(80), f(88)] as const;
    const bounds = [96, 98, 100, 102, 104, 106].map((at) => view.getInt16(at, true));
    const isFused = (flags & 1) !== 0;
    const indexBytes = isFused ? indexCount * ((flags & 2) !== 0 ? 4 : 2) : 0;
    const address = [32, 36, 40, 44].map((at) => view.getInt32(at, true));
    const ranges = [0, 1, 2].map((axis) => {
        const places = Array.from({ length: vertexCount }, (_, v) => view.getInt16(128 + 24 * v + 2 * axis, true));
        return [Math.min(...places), Math.max(...places)] as const;
    });
    const indices = isFused
        ? Array.from({ length: indexCount }, (_, i) => {
              const from = 128 + 24 * vertexCount;
              return (flags & 2) !== 0 ? u(from + 4 * i) : view.getUint16(from + 2 * i, true);
          })
        : [];
    const rules: [string, boolean][] = [
        ["it is no chunk of version 2", u(0) === 0x434e5254 && u(4) === 2],
        [
            "its length is not what its counts ask for",
            chunk.byteLength === u(8) && u(8) === 128 + 24 * vertexCount + Math.ceil(indexBytes / 4) * 4,
        ],
        [
            "it is larger than its limits",
            vertexCount <= limits.vertexCount &&
                indexCount <= limits.indexCount &&
                chunk.byteLength <= limits.byteLength,
        ],
        ["padding is not 0", [12, 60, 108, 112, 116, 120, 124].every((at) => u(at) === 0)],
        ["it has unknown flags", flags <= 7],
        ["it is fused and has walls", (flags & 5) !== 5],
        ["its face is none", address[0]! >= -1 && address[0]! <= 5],
        ["its level is none", address[1]! >= 0 && address[1]! <= 24],
        ["its place is none", Math.abs(address[2]!) < 2 ** 23 && Math.abs(address[3]!) < 2 ** 23],
        ["its quantum is no power of two", quantum > 0 && (view.getBigUint64(64, true) & 0xf_ffff_ffff_ffffn) === 0n],
        ["its quantum is out of range", quantum >= 2 ** -40 && quantum <= 2 ** 40],
        ["its origin is no whole number of quanta", origin.every((metres) => Number.isInteger(metres / quantum))],
        [
            "its bounds are not its vertices'",
            ranges.every(([low, high], axis) => low === bounds[axis] && high === bounds[axis + 3]),
        ],
        ["it has no vertices", vertexCount > 0],
        ["its indices are no triangles", indexCount > 0 && indexCount % 3 === 0],
        ["it has more surface than triangles", surfaceTriangles * 3 <= indexCount],
        ["an index is beyond its vertices", indices.every((index) => index < vertexCount)],
        [
            "the width of its indices is not that of its vertices",
            ((flags & 2) !== 0) === (isFused && vertexCount > 65_535),
        ],
    ];
    return rules.find(([, holds]) => !holds)?.[0] ?? null;
}

function differenceFrom(expected: Uint8Array | null, chunk: Uint8Array): string | null {
    return expected === null || Buffer.compare(expected, chunk) === 0 ? null : "it is another chunk than was packed";
}

function viewOf(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
