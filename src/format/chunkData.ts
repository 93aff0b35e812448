import { hash64Hex, hash64Of } from "../base/hash.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import {
    CHUNK_HEADER_BYTES,
    ChunkFlags,
    faultOfHeader,
    faultOfVersion,
    VERTEX_BYTES,
    type ChunkHeader,
} from "./chunkHeader.js";

export { CHUNK_HEADER_BYTES, ChunkFlags, type ChunkHeader } from "./chunkHeader.js";

/**
 * The packed layout of chunk data, version 2: `docs/specs/chunkData.md` describes each byte.
 * A header, then vertices of 24 bytes, then (fused chunks alone) indices. Little-endian throughout.
 */
export const CHUNK_MAGIC = 0x434e5254; // "TRNC"
export const CHUNK_FORMAT_VERSION = 2;

/** Byte offsets inside one vertex. Every offset is a multiple of 4, which WebGPU asks for. */
export const VertexLayout = {
    /** Bytes a vertex. */
    stride: VERTEX_BYTES,
    /** int16 x 3 in quanta from the header's origin; the fourth int16 is 0. */
    position: 0,
    /** int8 x 3 normalised; the fourth is 0. */
    normal: 8,
    /** int8 x 4 normalised: direction of growing u, and the sign that makes cross(normal, tangent) * w grow with v. */
    tangent: 12,
    /** uint16 x 2 normalised: planar x/z over the chunk's side; box-mapped on steep faces of fused chunks. */
    uv: 16,
    /** uint8 x 4 normalised: relief, moisture, cave (1 on cave walls), sky (1 under the open sky). */
    weights: 20,
} as const;

/** The hash covers all bytes from here on: all but magic, version, length, padding and the hash itself, which are checked. */
export const HASHED_FROM = 24;

/** Byte offsets inside the header. Bytes 60 to 63 and from 108 on are 0, for what later versions add. */
const HeaderLayout = {
    magic: 0,
    version: 4,
    byteLength: 8,
    /** 0. */
    padding: 12,
    hash: 16,
    flags: 24,
    generatorVersion: 28,
    face: 32,
    level: 36,
    x: 40,
    z: 44,
    vertexCount: 48,
    indexCount: 52,
    surfaceTriangleCount: 56,
    /** 0. */
    laterPadding: 60,
    quantum: 64,
    /** float64 x 3. */
    origin: 72,
    /** int16 x 3 each. */
    minimum: 96,
    maximum: 102,
    /** From here on 0. */
    reserved: 108,
} as const;

/** Bytes of a chunk with these counts. `ownIndices` is 0 on height grids, which share theirs. */
export function chunkByteLength(vertexCount: number, ownIndices: number, is32Bits: boolean): number {
    const indexBytes = ownIndices * (is32Bits ? 4 : 2);
    return CHUNK_HEADER_BYTES + vertexCount * VertexLayout.stride + Math.ceil(indexBytes / 4) * 4;
}

/** Writes the header; `writeChunkHash` adds the hash when every other byte stands. */
export function writeChunkHeader(bytes: Uint8Array, header: ChunkHeader): void {
    const view = viewOf(bytes);
    bytes.fill(0, 0, CHUNK_HEADER_BYTES);
    view.setUint32(HeaderLayout.magic, CHUNK_MAGIC, true);
    view.setUint32(HeaderLayout.version, CHUNK_FORMAT_VERSION, true);
    view.setUint32(HeaderLayout.byteLength, header.byteLength, true);
    view.setUint32(HeaderLayout.flags, header.flags, true);
    view.setUint32(HeaderLayout.generatorVersion, header.generatorVersion, true);
    view.setInt32(HeaderLayout.face, header.address.face, true);
    view.setInt32(HeaderLayout.level, header.address.level, true);
    view.setInt32(HeaderLayout.x, header.address.x, true);
    view.setInt32(HeaderLayout.z, header.address.z, true);
    view.setUint32(HeaderLayout.vertexCount, header.vertexCount, true);
    view.setUint32(HeaderLayout.indexCount, header.indexCount, true);
    view.setUint32(HeaderLayout.surfaceTriangleCount, header.surfaceTriangleCount, true);
    view.setFloat64(HeaderLayout.quantum, header.quantum, true);
    const { origin, minimum, maximum } = header;
    // 0 is added because -0 has other bits.
    view.setFloat64(HeaderLayout.origin, origin.x + 0, true);
    view.setFloat64(HeaderLayout.origin + 8, origin.y + 0, true);
    view.setFloat64(HeaderLayout.origin + 16, origin.z + 0, true);
    writeBound(view, HeaderLayout.minimum, minimum);
    writeBound(view, HeaderLayout.maximum, maximum);
}

function writeBound(view: DataView, at: number, { x, y, z }: Vec3Like): void {
    view.setInt16(at, x, true);
    view.setInt16(at + 2, y, true);
    view.setInt16(at + 4, z, true);
}

function readBoundToRef(view: DataView, at: number, ref: Vec3Like): void {
    ref.x = view.getInt16(at, true);
    ref.y = view.getInt16(at + 2, true);
    ref.z = view.getInt16(at + 4, true);
}

/** Hashes a finished chunk into its header. Await `initHashAsync` on this thread before. */
export function writeChunkHash(bytes: Uint8Array): void {
    writeHash(bytes, hash64Of(bytes.subarray(HASHED_FROM)));
}

const HASH_BYTES = 8;

/** Writes a hash into the header: xxHash64 of all bytes from `HASHED_FROM` on, signed or not. */
export function writeHash(bytes: Uint8Array, hash: bigint): void {
    viewOf(bytes).setBigUint64(HeaderLayout.hash, BigInt.asUintN(64, hash), true);
}

/** Bytes that are no chunk of this version, or not a whole one. */
export class ChunkFormatError extends Error {
    public override readonly name = "ChunkFormatError";
    public readonly code = "TERRANE_CHUNK_FORMAT";
}

/** What the header says of the bytes' hash: 16 hexadecimal digits. */
export function readChunkHash(bytes: Uint8Array): string {
    return viewOf(bytes).getBigUint64(HeaderLayout.hash, true).toString(16).padStart(16, "0");
}

/** Returns a copy of the hash in the header, to know the bytes by when they are gone. */
export function copyChunkHash(bytes: Uint8Array): Uint8Array {
    return bytes.slice(HeaderLayout.hash, HeaderLayout.hash + HASH_BYTES);
}

/** Whether the header says that the bytes are those whose hash was copied. */
export function hasChunkHash(bytes: Uint8Array, hash: Uint8Array): boolean {
    for (let i = 0; i < HASH_BYTES; i++) {
        if (bytes[HeaderLayout.hash + i] !== hash[i]) {
            return false;
        }
    }
    return true;
}

/** Where a chunk lies in height. */
export interface ChunkHeights {
    /** Metres: lowest and highest vertex, skirts included. */
    minY: number;
    maxY: number;
}

/**
 * The heights in a header that is not looked at any further, into `ref`, which stays as it is where they are none: who reads the
 * whole header refuses such a chunk. Throws where there are not even the bytes of one.
 */
export function readChunkHeightsToRef(buffer: ArrayBuffer, ref: ChunkHeights): void {
    const view = new DataView(buffer);
    const quantum = view.getFloat64(HeaderLayout.quantum, true);
    const originY = view.getFloat64(HeaderLayout.origin + 8, true);
    const minY = originY + view.getInt16(HeaderLayout.minimum + 2, true) * quantum;
    const maxY = originY + view.getInt16(HeaderLayout.maximum + 2, true) * quantum;
    if (minY > -Infinity && minY <= maxY && maxY < Infinity) {
        ref.minY = minY;
        ref.maxY = maxY;
    }
}

/** Tells whether chunk data, whose header is right, is that of a fused chunk. */
export function isFusedChunk(buffer: ArrayBuffer): boolean {
    return (new DataView(buffer).getUint32(HeaderLayout.flags, true) & ChunkFlags.fused) !== 0;
}

/**
 * The header of chunk data. Throws a `ChunkFormatError` where magic, version or lengths are wrong, or a number is one that no
 * chunk has; whether the bytes are those that were baked only `isChunkIntact` tells.
 */
export function readChunkHeader(bytes: Uint8Array): ChunkHeader {
    const header = createChunkHeader();
    readChunkHeaderToRef(bytes, header);
    return header;
}

/** A header to be read into. */
export function createChunkHeader(): MutableHeader {
    return {
        address: { face: 0, level: 0, x: 0, z: 0 },
        generatorVersion: 0,
        byteLength: 0,
        flags: 0,
        quantum: 0,
        origin: { x: 0, y: 0, z: 0 },
        minimum: { x: 0, y: 0, z: 0 },
        maximum: { x: 0, y: 0, z: 0 },
        vertexCount: 0,
        indexCount: 0,
        surfaceTriangleCount: 0,
    };
}

/** Reads a header into `ref`, its address, origin and bounds included, as `readChunkHeader` does. */
export function readChunkHeaderToRef(bytes: Uint8Array, ref: MutableHeader): void {
    readBareHeaderToRef(bytes, ref);
    if (bytes.byteLength < ref.byteLength) {
        throw new ChunkFormatError(`The chunk's header says ${ref.byteLength} bytes; there are ${bytes.byteLength}.`);
    }
}

/** Reads a header as `readChunkHeaderToRef` does; what follows it need not be there. */
export function readBareHeaderToRef(bytes: Uint8Array, ref: MutableHeader): void {
    const view = viewOf(bytes);
    if (bytes.byteLength < CHUNK_HEADER_BYTES) {
        throw new ChunkFormatError(`A chunk has at least ${CHUNK_HEADER_BYTES} bytes; there are ${bytes.byteLength}.`);
    }
    if (view.getUint32(HeaderLayout.magic, true) !== CHUNK_MAGIC) {
        throw new ChunkFormatError("These bytes are not a chunk: they do not begin with TRNC.");
    }
    const version = view.getUint32(HeaderLayout.version, true);
    if (version !== CHUNK_FORMAT_VERSION) {
        throw new ChunkFormatError(`The chunk ${faultOfVersion(version, CHUNK_FORMAT_VERSION)}`);
    }
    if (view.getUint32(HeaderLayout.padding, true) !== 0) {
        throw new ChunkFormatError("The chunk's header is damaged: bytes 12 to 15 are not 0.");
    }
    ref.address.face = view.getInt32(HeaderLayout.face, true);
    ref.address.level = view.getInt32(HeaderLayout.level, true);
    ref.address.x = view.getInt32(HeaderLayout.x, true);
    ref.address.z = view.getInt32(HeaderLayout.z, true);
    ref.generatorVersion = view.getUint32(HeaderLayout.generatorVersion, true);
    ref.byteLength = view.getUint32(HeaderLayout.byteLength, true);
    ref.flags = view.getUint32(HeaderLayout.flags, true);
    ref.quantum = view.getFloat64(HeaderLayout.quantum, true);
    ref.origin.x = view.getFloat64(HeaderLayout.origin, true);
    ref.origin.y = view.getFloat64(HeaderLayout.origin + 8, true);
    ref.origin.z = view.getFloat64(HeaderLayout.origin + 16, true);
    readBoundToRef(view, HeaderLayout.minimum, ref.minimum);
    readBoundToRef(view, HeaderLayout.maximum, ref.maximum);
    ref.vertexCount = view.getUint32(HeaderLayout.vertexCount, true);
    ref.indexCount = view.getUint32(HeaderLayout.indexCount, true);
    ref.surfaceTriangleCount = view.getUint32(HeaderLayout.surfaceTriangleCount, true);
    const fault = isReservedZero(view) ? faultOfHeader(ref) : "has bytes that are not 0 where nothing is said yet";
    if (fault !== null) {
        throw new ChunkFormatError(`The bytes are no chunk: its header ${fault}.`);
    }
    const ownIndices = (ref.flags & ChunkFlags.fused) === 0 ? 0 : ref.indexCount;
    const expected = chunkByteLength(ref.vertexCount, ownIndices, (ref.flags & ChunkFlags.index32) !== 0);
    if (ref.byteLength !== expected) {
        throw new ChunkFormatError(`The chunk's counts ask for ${expected} bytes; its header says ${ref.byteLength}.`);
    }
}

function isReservedZero(view: DataView): boolean {
    let bits = view.getUint32(HeaderLayout.laterPadding, true);
    for (let at: number = HeaderLayout.reserved; at < CHUNK_HEADER_BYTES; at += 4) {
        bits |= view.getUint32(at, true);
    }
    return bits === 0;
}

/** Whether the bytes are those that were hashed. Await `initHashAsync` on this thread before. */
export function isChunkIntact(bytes: Uint8Array, header: ChunkHeader): boolean {
    return hash64Hex(bytes.subarray(HASHED_FROM, header.byteLength)) === readChunkHash(bytes);
}

/** The packed vertices, `VertexLayout.stride` bytes each: a view. */
export function chunkVertexBytes(bytes: Uint8Array, { vertexCount }: Pick<ChunkHeader, "vertexCount">): Uint8Array {
    return bytes.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + vertexCount * VertexLayout.stride);
}

/** A fused chunk's indices: a view. Null on height grids, which share theirs. */
export function chunkIndices(
    bytes: Uint8Array,
    header: Pick<ChunkHeader, "flags" | "vertexCount" | "indexCount">,
): Uint16Array | Uint32Array | null {
    if ((header.flags & ChunkFlags.fused) === 0) {
        return null;
    }
    const from = bytes.byteOffset + CHUNK_HEADER_BYTES + header.vertexCount * VertexLayout.stride;
    return (header.flags & ChunkFlags.index32) !== 0
        ? new Uint32Array(bytes.buffer, from, header.indexCount)
        : new Uint16Array(bytes.buffer, from, header.indexCount);
}

type MutableHeader = Omit<ChunkHeader, "address"> & {
    readonly address: { -readonly [Key in keyof ChunkAddress]: ChunkAddress[Key] };
};

function viewOf(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
