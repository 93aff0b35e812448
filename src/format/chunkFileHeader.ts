import { hash64Of } from "../base/hash.js";
import { readHex } from "../base/hexText.js";
import { isAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { CHUNK_HEADER_BYTES, chunkByteLength, ChunkFlags } from "./chunkData.js";
import { faultOfVersion } from "./chunkHeader.js";
import { faultOfSize, FORMAT_CHUNK_LIMITS, type ChunkLimits } from "./chunkLimits.js";
import { isIndexStreamLength, isVertexStreamLength } from "./codecBounds.js";

/**
 * Chunk files, version 2: chunk data compressed, with a checksum of its own. `docs/specs/chunkFile.md` describes each byte.
 * Little-endian throughout.
 */
export const CHUNK_FILE_MAGIC = 0x464e5254; // "TRNF"
export const CHUNK_FILE_VERSION = 2;
export const CHUNK_FILE_HEADER_BYTES = 112;

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
export const FileLayout = {
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
    /** The chunk's own: 0 on height grids. */
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
const HEADERS_BYTES = CHUNK_FILE_HEADER_BYTES + CHUNK_HEADER_BYTES;

/** Most bytes of a file for each of its chunk's, and beside them: streams that nothing can be saved on are this long. */
const MOST_FILE_PER_CHUNK = 3;
const MOST_FILE_FRAME_BYTES = 2048;

/**
 * Reads what a file says of itself; checks length, checksum, address and counts, in this order. Nothing is unpacked.
 *
 * @param limits of its world's chunks: a longer file is not even hashed
 * @throws ChunkFileError where the bytes are no whole chunk file of this version
 */
export function readChunkFileHeader(file: Uint8Array, limits: ChunkLimits = FORMAT_CHUNK_LIMITS): ChunkFileHeader {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    assertWhole(file, view, limits);
    const address = {
        face: view.getInt32(FileLayout.face, true),
        level: view.getInt32(FileLayout.level, true),
        x: view.getInt32(FileLayout.x, true),
        z: view.getInt32(FileLayout.z, true),
    };
    if (!isAddress(address)) {
        const { face, level, x, z } = address;
        throw new ChunkFileError(`The chunk file says it is of ${face}/${level}/${x}/${z}, which no chunk is.`);
    }
    assertCounts(view, file.byteLength, limits);
    return {
        address,
        world: view.getBigUint64(FileLayout.world, true).toString(16).padStart(16, "0"),
        fileByteLength: file.byteLength,
        byteLength: view.getUint32(FileLayout.byteLength, true),
        hash: readHex(file, FileLayout.hash, HASH_BYTES),
    };
}

/** Returns the most bytes that a file of a world with these limits has. */
export function maxChunkFileBytes({ byteLength }: ChunkLimits): number {
    return MOST_FILE_PER_CHUNK * byteLength + MOST_FILE_FRAME_BYTES;
}

export function fileChecksumOf(file: Uint8Array): bigint {
    return hash64Of(file.subarray(FileLayout.world));
}

function assertWhole(file: Uint8Array, view: DataView, limits: ChunkLimits): void {
    if (file.byteLength < HEADERS_BYTES) {
        throw new ChunkFileError(`A chunk file has at least ${HEADERS_BYTES} bytes; there are ${file.byteLength}.`);
    }
    if (view.getUint32(FileLayout.magic, true) !== CHUNK_FILE_MAGIC) {
        throw new ChunkFileError("These bytes are no chunk file: they do not begin with TRNF.");
    }
    const version = view.getUint32(FileLayout.version, true);
    if (version !== CHUNK_FILE_VERSION) {
        throw new ChunkFileError(`The chunk file ${faultOfVersion(version, CHUNK_FILE_VERSION)}`);
    }
    const fileByteLength = view.getUint32(FileLayout.fileByteLength, true);
    if (fileByteLength !== file.byteLength) {
        throw new ChunkFileError(`The chunk file says it has ${fileByteLength} bytes; there are ${file.byteLength}.`);
    }
    const most = maxChunkFileBytes(limits);
    if (fileByteLength > most) {
        throw new ChunkFileError(`The chunk file has ${fileByteLength} bytes; one of its world has at most ${most}.`);
    }
    if (view.getUint32(FileLayout.padding, true) !== 0) {
        throw new ChunkFileError("The chunk file's header is damaged: bytes 12 to 15 are not 0.");
    }
    if (view.getBigUint64(FileLayout.checksum, true) !== fileChecksumOf(file)) {
        throw new ChunkFileError("The chunk file is damaged: its checksum is not that of its bytes.");
    }
}

/** Bounds everything by which memory and time are taken, though the checksum is right: a file may be made to harm. */
function assertCounts(view: DataView, fileByteLength: number, limits: ChunkLimits): void {
    const at = (offset: number): number => view.getUint32(offset, true);
    const [vertexCount, indexCount, flags] = [
        at(FileLayout.vertexCount),
        at(FileLayout.indexCount),
        at(FileLayout.flags),
    ];
    const byteLength = at(FileLayout.byteLength);
    const fault = faultOfSize({ vertexCount, indexCount, byteLength }, limits);
    if (fault !== null) {
        throw new ChunkFileError(`The chunk file ${fault}.`);
    }
    const expected = chunkByteLength(vertexCount, indexCount, (flags & ChunkFlags.index32) !== 0);
    if (byteLength !== expected) {
        throw new ChunkFileError(`The chunk file's counts ask for ${expected} bytes; it says ${byteLength}.`);
    }
    const [vertexBytes, indexBytes] = [at(FileLayout.vertexBytes), at(FileLayout.indexBytes)];
    const rotationBytes = Math.ceil(indexCount / 12);
    const isFused = (flags & ChunkFlags.fused) !== 0;
    if (
        HEADERS_BYTES + vertexBytes + indexBytes + rotationBytes !== fileByteLength ||
        at(FileLayout.rotationBytes) !== rotationBytes ||
        at(FileLayout.reserved) !== 0 ||
        isFused !== indexCount > 0 ||
        indexCount % 3 !== 0 ||
        !isVertexStreamLength(vertexBytes, vertexCount) ||
        !isIndexStreamLength(indexBytes, indexCount)
    ) {
        throw new ChunkFileError("The chunk file's sections do not fit its length and counts.");
    }
}
