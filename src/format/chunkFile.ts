import { MeshoptDecoder } from "meshoptimizer/decoder";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import { initDigestAsync, sha256Hex } from "../base/digest.js";
import { messageOf } from "../base/errors.js";
import { initHashAsync } from "../base/hash.js";
import {
    CHUNK_HEADER_BYTES,
    chunkIndices,
    chunkVertexBytes,
    createChunkHeader,
    isChunkIntact,
    readBareHeaderToRef,
    readChunkHeader,
    VertexLayout,
    type ChunkHeader,
} from "./chunkData.js";
import {
    CHUNK_FILE_HEADER_BYTES,
    CHUNK_FILE_MAGIC,
    CHUNK_FILE_VERSION,
    ChunkFileError,
    fileChecksumOf,
    FileLayout,
    readChunkFileHeader,
    type ChunkFileHeader,
} from "./chunkFileHeader.js";
import { faultOfSize, FORMAT_CHUNK_LIMITS, type ChunkLimits } from "./chunkLimits.js";
import { INDEX_STREAM_MAGIC, VERTEX_STREAM_MAGIC } from "./codecBounds.js";
import { packRotations, rotateTriangles } from "./triangleRotations.js";

export { CHUNK_FILE_HEADER_BYTES, ChunkFileError, readChunkFileHeader } from "./chunkFileHeader.js";

/** meshoptimizer's default effort: 3 is a twentieth smaller at best and takes a third longer. */
const VERTEX_LEVEL = 2;
const VERTEX_CODEC_VERSION = 1;

// They load as they are imported, wanted or not: where a policy forbids wasm, who awaits them is told, and nobody else.
MeshoptEncoder.ready.catch(() => {});
MeshoptDecoder.ready.catch(() => {});

/** Loads what `unpackChunkFile` needs. Await it once on each thread before. */
export async function initChunkDecoderAsync(): Promise<void> {
    await Promise.all([MeshoptDecoder.ready, initHashAsync()]);
}

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
    view.setUint32(FileLayout.magic, CHUNK_FILE_MAGIC, true);
    view.setUint32(FileLayout.version, CHUNK_FILE_VERSION, true);
    view.setUint32(FileLayout.fileByteLength, fileByteLength, true);
    view.setBigUint64(FileLayout.world, BigInt(`0x${world}`), true);
    view.setInt32(FileLayout.face, header.address.face, true);
    view.setInt32(FileLayout.level, header.address.level, true);
    view.setInt32(FileLayout.x, header.address.x, true);
    view.setInt32(FileLayout.z, header.address.z, true);
    view.setUint32(FileLayout.byteLength, byteLength, true);
    view.setUint32(FileLayout.vertexCount, vertexCount, true);
    view.setUint32(FileLayout.indexCount, own === null ? 0 : own.length, true);
    view.setUint32(FileLayout.flags, flags, true);
    view.setUint32(FileLayout.vertexBytes, vertices.length, true);
    view.setUint32(FileLayout.indexBytes, indices.length, true);
    view.setUint32(FileLayout.rotationBytes, rotations.length, true);
    writeHex(file, FileLayout.hash, sha256Hex(chunk.subarray(0, byteLength)));
    let at = CHUNK_FILE_HEADER_BYTES;
    for (const section of [chunk.subarray(0, CHUNK_HEADER_BYTES), vertices, indices, rotations]) {
        file.set(section, at);
        at += section.length;
    }
    view.setBigUint64(FileLayout.checksum, fileChecksumOf(file), true);
    return file;
}

/**
 * Returns the chunk data inside a file, to the last bit as it was baked. What the file says is checked against `limits` and
 * its own length before memory is taken by it; the chunk takes at most 1,024 times the file's bytes.
 *
 * @param limits of its world's chunks. Default: of any world's
 * @throws ChunkFileError where the bytes are no whole chunk file of this version, hold another chunk than they say, or one that
 * no world has
 */
export function decodeChunkFile(file: Uint8Array, limits: ChunkLimits = FORMAT_CHUNK_LIMITS): Uint8Array {
    const { chunk, header } = unpackChunkFile(file, limits);
    if (sha256Hex(chunk) !== header.hash) {
        throw new ChunkFileError(OTHER_CHUNK);
    }
    return chunk;
}

const OTHER_CHUNK = "The chunk inside the file is not the one whose hash it bears.";

/** A chunk that was unpacked from its file. */
export interface UnpackedChunk {
    /** The chunk data: a view on the target, or bytes of its own. */
    readonly chunk: Uint8Array;
    /** What the file says of it. Nobody has compared its SHA-256. */
    readonly header: ChunkFileHeader;
}

/**
 * Does as `decodeChunkFile`, but for the SHA-256: the file's checksum and the chunk's own find damage, not forgery. Needs no
 * more than `initChunkDecoderAsync`.
 *
 * @param target where to unpack to, from byte 0, if it is large enough; what it holds after an error is undefined
 */
export function unpackChunkFile(file: Uint8Array, limits: ChunkLimits, target?: ArrayBuffer): UnpackedChunk {
    const says = readChunkFileHeader(file, limits);
    const view = viewOf(file);
    let at = CHUNK_FILE_HEADER_BYTES;
    const next = (length: number): Uint8Array => file.subarray(at, (at += length));
    const headerBytes = next(CHUNK_HEADER_BYTES);
    const header = headerInside(headerBytes, says, view, limits);
    const vertices = next(view.getUint32(FileLayout.vertexBytes, true));
    const indices = next(view.getUint32(FileLayout.indexBytes, true));
    const rotations = next(view.getUint32(FileLayout.rotationBytes, true));
    if (vertices[0] !== VERTEX_STREAM_MAGIC || (indices.length > 0 && indices[0] !== INDEX_STREAM_MAGIC)) {
        throw new ChunkFileError("The chunk file cannot be unpacked: its parts are packed in another way.");
    }
    const fits = target !== undefined && target.byteLength >= says.byteLength;
    const chunk = fits ? new Uint8Array(target, 0, says.byteLength) : new Uint8Array(says.byteLength);
    // What fills up the last index's four bytes is 0, and not stored.
    chunk.fill(0, chunk.byteLength - 4);
    chunk.set(headerBytes);
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
        throw new ChunkFileError(`The chunk file cannot be unpacked: ${messageOf(error)}.`, { cause: error });
    }
    if (!isChunkIntact(chunk, header)) {
        throw new ChunkFileError(OTHER_CHUNK);
    }
    assertVertices(chunk, header);
    return { chunk, header: says };
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

/** The header of the chunk inside, which must be a chunk's, and say what the file says. */
function headerInside(bytes: Uint8Array, says: ChunkFileHeader, view: DataView, limits: ChunkLimits): ChunkHeader {
    const header = createChunkHeader();
    try {
        readBareHeaderToRef(bytes, header);
    } catch (error) {
        throw new ChunkFileError(`The chunk inside the file cannot be read: ${messageOf(error)}`, { cause: error });
    }
    const fault = faultOfSize(header, limits);
    if (fault !== null) {
        throw new ChunkFileError(`The chunk inside the file ${fault}.`);
    }
    const ownIndices = view.getUint32(FileLayout.indexCount, true);
    const isSame =
        header.byteLength === says.byteLength &&
        header.vertexCount === view.getUint32(FileLayout.vertexCount, true) &&
        header.flags === view.getUint32(FileLayout.flags, true) &&
        (ownIndices === 0 || ownIndices === header.indexCount);
    if (!isSame) {
        throw new ChunkFileError("The chunk inside the file has other counts than the file.");
    }
    const { face, level, x, z } = says.address;
    const inside = header.address;
    if (inside.face !== face || inside.level !== level || inside.x !== x || inside.z !== z) {
        throw new ChunkFileError("The chunk inside the file has another address than the file.");
    }
    return header;
}

/** Bounds are believed without a look at the vertices, by culling, picking and level selection: here they are compared. */
function assertVertices(chunk: Uint8Array, { vertexCount, minimum, maximum }: ChunkHeader): void {
    const shorts = new Int16Array(chunk.buffer, CHUNK_HEADER_BYTES, (vertexCount * VertexLayout.stride) / 2);
    let [minX, minY, minZ] = [shorts[0]!, shorts[1]!, shorts[2]!];
    let [maxX, maxY, maxZ] = [minX, minY, minZ];
    for (let at = VertexLayout.position / 2; at < shorts.length; at += VertexLayout.stride / 2) {
        const x = shorts[at]!;
        const y = shorts[at + 1]!;
        const z = shorts[at + 2]!;
        minX = Math.min(minX, x);
        minY = Math.min(minY, y);
        minZ = Math.min(minZ, z);
        maxX = Math.max(maxX, x);
        maxY = Math.max(maxY, y);
        maxZ = Math.max(maxZ, z);
    }
    const isExact =
        minX === minimum.x &&
        minY === minimum.y &&
        minZ === minimum.z &&
        maxX === maximum.x &&
        maxY === maximum.y &&
        maxZ === maximum.z;
    if (!isExact) {
        throw new ChunkFileError(
            `The chunk inside the file says it lies from (${minimum.x}, ${minimum.y}, ${minimum.z}) to ` +
                `(${maximum.x}, ${maximum.y}, ${maximum.z}) quanta; its vertices lie elsewhere.`,
        );
    }
}

function assertIndices(indices: Uint16Array | Uint32Array, vertexCount: number): void {
    for (let i = 0; i < indices.length; i++) {
        if (indices[i]! >= vertexCount) {
            throw new Error(`an index is ${indices[i]}, of ${vertexCount} vertices`);
        }
    }
}

function writeHex(bytes: Uint8Array, at: number, hex: string): void {
    for (let i = 0; i < hex.length / 2; i++) {
        bytes[at + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    }
}

function viewOf(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
