import { MeshoptDecoder } from "meshoptimizer/decoder";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import { initDigestAsync, sha256Hex } from "../base/digest.js";
import { hash64Of, initHashAsync } from "../base/hash.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import {
    CHUNK_HEADER_BYTES,
    chunkByteLength,
    ChunkFlags,
    chunkIndices,
    chunkVertexBytes,
    readChunkHeader,
    VertexLayout,
    type ChunkHeader,
} from "./chunkData.js";
import { packRotations, rotateTriangles } from "./triangleRotations.js";

/**
 * Chunk files, version 1: chunk data compressed, with a checksum of its own. `docs/specs/chunkFile.md` describes each byte.
 * Little-endian throughout.
 */
export const CHUNK_FILE_MAGIC = 0x464e5254; // "TRNF"
export const CHUNK_FILE_VERSION = 1;
export const CHUNK_FILE_HEADER_BYTES = 112;

/** Vertices or indices of a chunk that a reader takes: 16 times what the largest chunk has that was ever measured. */
export const MAX_VERTICES = 2 ** 22;
export const MAX_INDICES = 3 * 2 ** 23;

/** What a chunk file says of itself. */
export interface ChunkFileHeader {
    readonly address: ChunkAddress;
    /** Which world's chunk it is: see `worldKeyOf`. 16 hexadecimal digits. */
    readonly world: string;
    /** Of the whole file. */
    readonly fileByteLength: number;
    /** Of the chunk data inside. */
    readonly byteLength: number;
    /** SHA-256 of the chunk data inside, as 64 hexadecimal digits. */
    readonly hash: string;
}

/** Bytes that are no chunk file of this version, or not a whole one, or not what was written. */
export class ChunkFileError extends Error {
    public override readonly name = "ChunkFileError";
    public readonly code = "TERRANE_CHUNK_FILE";
}

/** Byte offsets inside the header. */
const Layout = {
    magic: 0,
    version: 4,
    fileByteLength: 8,
    /** 0. */
    padding: 12,
    checksum: 16,
    /** The checksum covers all bytes from here on. */
    world: 24,
    face: 32,
    level: 36,
    x: 40,
    z: 44,
    byteLength: 48,
    vertexCount: 52,
    indexCount: 56,
    flags: 60,
    vertexBytes: 64,
    indexBytes: 68,
    rotationBytes: 72,
    /** 0. */
    reserved: 76,
    hash: 80,
} as const;

const HASH_BYTES = 32;
/** meshoptimizer's default effort: 3 is a twentieth smaller at best and takes a third longer. */
const VERTEX_LEVEL = 2;
const VERTEX_CODEC_VERSION = 1;

/** Loads the codec and the hashes. Await it once on each thread before files are read or made. */
export async function initChunkCodecAsync(): Promise<void> {
    await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready, initDigestAsync(), initHashAsync()]);
}

/**
 * A chunk's file.
 *
 * @param chunk chunk data, from its header on
 * @param world key of its world, by `worldKeyOf`
 * @param target where to write it, from byte 0, if it is large enough
 * @returns the file: a view on `target`, or bytes of its own
 */
export function encodeChunkFile(chunk: Uint8Array, world: string, target?: ArrayBuffer): Uint8Array {
    const header = readChunkHeader(chunk);
    const { vertexCount, byteLength, flags } = header;
    const vertices = MeshoptEncoder.encodeVertexBufferLevel(
        chunkVertexBytes(chunk, header),
        vertexCount,
        VertexLayout.stride,
        VERTEX_LEVEL,
        VERTEX_CODEC_VERSION,
    );
    const own = chunkIndices(chunk, header);
    const { indices, rotations } = own === null ? NO_INDICES : encodeIndices(own);
    const fileByteLength =
        CHUNK_FILE_HEADER_BYTES + CHUNK_HEADER_BYTES + vertices.length + indices.length + rotations.length;
    const fits = target !== undefined && target.byteLength >= fileByteLength;
    const file = fits ? new Uint8Array(target, 0, fileByteLength) : new Uint8Array(fileByteLength);
    const view = viewOf(file);
    file.fill(0, 0, CHUNK_FILE_HEADER_BYTES);
    view.setUint32(Layout.magic, CHUNK_FILE_MAGIC, true);
    view.setUint32(Layout.version, CHUNK_FILE_VERSION, true);
    view.setUint32(Layout.fileByteLength, fileByteLength, true);
    view.setBigUint64(Layout.world, BigInt(`0x${world}`), true);
    view.setInt32(Layout.face, header.address.face, true);
    view.setInt32(Layout.level, header.address.level, true);
    view.setInt32(Layout.x, header.address.x, true);
    view.setInt32(Layout.z, header.address.z, true);
    view.setUint32(Layout.byteLength, byteLength, true);
    view.setUint32(Layout.vertexCount, vertexCount, true);
    view.setUint32(Layout.indexCount, own === null ? 0 : own.length, true);
    view.setUint32(Layout.flags, flags, true);
    view.setUint32(Layout.vertexBytes, vertices.length, true);
    view.setUint32(Layout.indexBytes, indices.length, true);
    view.setUint32(Layout.rotationBytes, rotations.length, true);
    writeHex(file, Layout.hash, sha256Hex(chunk.subarray(0, byteLength)));
    let at = CHUNK_FILE_HEADER_BYTES;
    for (const section of [chunk.subarray(0, CHUNK_HEADER_BYTES), vertices, indices, rotations]) {
        file.set(section, at);
        at += section.length;
    }
    view.setBigUint64(Layout.checksum, checksumOf(file), true);
    return file;
}

/**
 * What a file says of itself, its length, checksum and counts checked in this order; nothing is unpacked.
 *
 * @throws ChunkFileError where the bytes are no whole chunk file of this version
 */
export function readChunkFileHeader(file: Uint8Array): ChunkFileHeader {
    const view = viewOf(file);
    assertWhole(file, view);
    assertCounts(view, file.byteLength);
    return {
        address: {
            face: view.getInt32(Layout.face, true),
            level: view.getInt32(Layout.level, true),
            x: view.getInt32(Layout.x, true),
            z: view.getInt32(Layout.z, true),
        },
        world: view.getBigUint64(Layout.world, true).toString(16).padStart(16, "0"),
        fileByteLength: file.byteLength,
        byteLength: view.getUint32(Layout.byteLength, true),
        hash: readHex(file, Layout.hash, HASH_BYTES),
    };
}

/**
 * The chunk data inside a file, to the last bit as it was baked.
 *
 * @throws ChunkFileError where the bytes are no whole chunk file of this version, or hold another chunk than they say
 */
export function decodeChunkFile(file: Uint8Array): Uint8Array {
    const { byteLength, hash, address } = readChunkFileHeader(file);
    const view = viewOf(file);
    const chunk = new Uint8Array(byteLength);
    let at = CHUNK_FILE_HEADER_BYTES;
    const next = (length: number): Uint8Array => file.subarray(at, (at += length));
    chunk.set(next(CHUNK_HEADER_BYTES));
    const header = headerInside(chunk, view);
    const vertices = next(view.getUint32(Layout.vertexBytes, true));
    const indices = next(view.getUint32(Layout.indexBytes, true));
    const rotations = next(view.getUint32(Layout.rotationBytes, true));
    try {
        MeshoptDecoder.decodeVertexBuffer(
            chunkVertexBytes(chunk, header),
            header.vertexCount,
            VertexLayout.stride,
            vertices,
        );
        const own = chunkIndices(chunk, header);
        if (own !== null) {
            const target = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
            MeshoptDecoder.decodeIndexBuffer(target, own.length, own.BYTES_PER_ELEMENT, indices);
            rotateTriangles(own, rotations);
            assertIndices(own, header.vertexCount);
        }
    } catch (error) {
        throw new ChunkFileError(`The chunk file cannot be unpacked: ${reasonOf(error)}.`, { cause: error });
    }
    if (sha256Hex(chunk) !== hash) {
        throw new ChunkFileError("The chunk inside the file is not the one whose hash it bears.");
    }
    const inside = header.address;
    const isSame =
        inside.face === address.face &&
        inside.level === address.level &&
        inside.x === address.x &&
        inside.z === address.z;
    if (!isSame) {
        throw new ChunkFileError("The chunk inside the file has another address than the file.");
    }
    return chunk;
}

const NO_INDICES = { indices: new Uint8Array(0), rotations: new Uint8Array(0) };

/**
 * meshoptimizer's triangle codec keeps the order of triangles and may turn each, so that another corner comes first: by how
 * much is kept beside. Together they are smaller by a tenth than its codec for sequences, which turns none.
 */
function encodeIndices(own: Uint16Array | Uint32Array): { indices: Uint8Array; rotations: Uint8Array } {
    const bytes = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
    const indices = MeshoptEncoder.encodeIndexBuffer(bytes, own.length, own.BYTES_PER_ELEMENT);
    const turned = turnedScratch(own);
    const turnedBytes = new Uint8Array(turned.buffer, 0, turned.byteLength);
    MeshoptDecoder.decodeIndexBuffer(turnedBytes, turned.length, turned.BYTES_PER_ELEMENT, indices);
    return { indices, rotations: packRotations(own, turned) };
}

/** Grows to the largest chunk's indices; what is in it matters to no one after the call. */
let scratch = new ArrayBuffer(0);

function turnedScratch({
    length,
    byteLength,
    BYTES_PER_ELEMENT,
}: Uint16Array | Uint32Array): Uint16Array | Uint32Array {
    if (scratch.byteLength < byteLength) {
        scratch = new ArrayBuffer(byteLength);
    }
    return BYTES_PER_ELEMENT === 2 ? new Uint16Array(scratch, 0, length) : new Uint32Array(scratch, 0, length);
}

function assertWhole(file: Uint8Array, view: DataView): void {
    if (file.byteLength < CHUNK_FILE_HEADER_BYTES + CHUNK_HEADER_BYTES) {
        throw new ChunkFileError(
            `A chunk file has at least ${CHUNK_FILE_HEADER_BYTES + CHUNK_HEADER_BYTES} bytes; there are ${file.byteLength}.`,
        );
    }
    if (view.getUint32(Layout.magic, true) !== CHUNK_FILE_MAGIC) {
        throw new ChunkFileError("These bytes are no chunk file: they do not begin with TRNF.");
    }
    const version = view.getUint32(Layout.version, true);
    if (version !== CHUNK_FILE_VERSION) {
        throw new ChunkFileError(`The chunk file has version ${version}; this library reads ${CHUNK_FILE_VERSION}.`);
    }
    const fileByteLength = view.getUint32(Layout.fileByteLength, true);
    if (fileByteLength !== file.byteLength) {
        throw new ChunkFileError(`The chunk file says it has ${fileByteLength} bytes; there are ${file.byteLength}.`);
    }
    if (view.getUint32(Layout.padding, true) !== 0) {
        throw new ChunkFileError("The chunk file's header is damaged: bytes 12 to 15 are not 0.");
    }
    if (view.getBigUint64(Layout.checksum, true) !== checksumOf(file)) {
        throw new ChunkFileError("The chunk file is damaged: its checksum is not that of its bytes.");
    }
}

/** Bounds everything by which memory is taken, though the checksum is right: a file may be made to harm. */
function assertCounts(view: DataView, fileByteLength: number): void {
    const at = (offset: number): number => view.getUint32(offset, true);
    const [vertexCount, indexCount, flags] = [at(Layout.vertexCount), at(Layout.indexCount), at(Layout.flags)];
    if (vertexCount > MAX_VERTICES || indexCount > MAX_INDICES || indexCount % 3 !== 0) {
        throw new ChunkFileError(`The chunk file says it has ${vertexCount} vertices and ${indexCount} indices.`);
    }
    const expected = chunkByteLength(vertexCount, indexCount, (flags & ChunkFlags.index32) !== 0);
    if (at(Layout.byteLength) !== expected) {
        throw new ChunkFileError(
            `The chunk file's counts ask for ${expected} bytes; it says ${at(Layout.byteLength)}.`,
        );
    }
    const sections = at(Layout.vertexBytes) + at(Layout.indexBytes) + at(Layout.rotationBytes);
    const rotationBytes = Math.ceil(indexCount / 12);
    const isFused = (flags & ChunkFlags.fused) !== 0;
    if (
        CHUNK_FILE_HEADER_BYTES + CHUNK_HEADER_BYTES + sections !== fileByteLength ||
        at(Layout.rotationBytes) !== rotationBytes ||
        at(Layout.reserved) !== 0 ||
        isFused !== indexCount > 0
    ) {
        throw new ChunkFileError("The chunk file's sections do not fit its length and counts.");
    }
}

/** The header of the chunk inside, which must ask for as many bytes as the file said. */
function headerInside(chunk: Uint8Array, view: DataView): ChunkHeader {
    let header: ChunkHeader;
    try {
        header = readChunkHeader(chunk);
    } catch (error) {
        throw new ChunkFileError(`The chunk inside the file cannot be read: ${reasonOf(error)}`, { cause: error });
    }
    const isSame =
        header.byteLength === chunk.byteLength &&
        header.vertexCount === view.getUint32(Layout.vertexCount, true) &&
        header.flags === view.getUint32(Layout.flags, true);
    if (!isSame) {
        throw new ChunkFileError("The chunk inside the file has other counts than the file.");
    }
    return header;
}

function assertIndices(indices: Uint16Array | Uint32Array, vertexCount: number): void {
    for (let i = 0; i < indices.length; i++) {
        if (indices[i]! >= vertexCount) {
            throw new Error(`an index is ${indices[i]}, of ${vertexCount} vertices`);
        }
    }
}

function checksumOf(file: Uint8Array): bigint {
    return hash64Of(file.subarray(Layout.world));
}

function writeHex(bytes: Uint8Array, at: number, hex: string): void {
    for (let i = 0; i < hex.length / 2; i++) {
        bytes[at + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    }
}

function readHex(bytes: Uint8Array, at: number, length: number): string {
    return Array.from(bytes.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function viewOf(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
