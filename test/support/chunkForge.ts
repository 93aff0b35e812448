import { MeshoptDecoder } from "meshoptimizer/decoder";
import { MeshoptEncoder } from "meshoptimizer/encoder";
import { sha256Hex } from "../../src/base/digest.js";
import { hash64Of } from "../../src/base/hash.js";
import { CHUNK_HEADER_BYTES, chunkIndices, readChunkHeader, writeChunkHash } from "../../src/format/chunkData.js";
import { CHUNK_FILE_HEADER_BYTES } from "../../src/format/chunkFile.js";
import { packRotations } from "../../src/format/triangleRotations.js";

/**
 * Makes chunk files that say what one likes, with every hash right: what a reader of files from elsewhere must stand. Offsets are
 * those of docs/specs, written out, so that they do not move with the code under test.
 */

export type FieldType = "uint32" | "int32" | "int16" | "float64";
export interface Field {
    readonly name: string;
    readonly at: number;
    readonly type: FieldType;
    /** Where the file's own header says the same. */
    readonly outerAt?: number;
}

/** Of the chunk data's header, all but its hash. */
export const INNER_FIELDS: readonly Field[] = [
    { name: "magic", at: 0, type: "uint32" },
    { name: "version", at: 4, type: "uint32" },
    { name: "byteLength", at: 8, type: "uint32", outerAt: 48 },
    { name: "padding", at: 12, type: "uint32" },
    { name: "flags", at: 24, type: "uint32", outerAt: 60 },
    { name: "generatorVersion", at: 28, type: "uint32" },
    { name: "face", at: 32, type: "int32", outerAt: 32 },
    { name: "level", at: 36, type: "int32", outerAt: 36 },
    { name: "x", at: 40, type: "int32", outerAt: 40 },
    { name: "z", at: 44, type: "int32", outerAt: 44 },
    { name: "vertexCount", at: 48, type: "uint32", outerAt: 52 },
    { name: "indexCount", at: 52, type: "uint32", outerAt: 56 },
    { name: "surfaceTriangleCount", at: 56, type: "uint32" },
    { name: "laterPadding", at: 60, type: "uint32" },
    { name: "quantum", at: 64, type: "float64" },
    { name: "originX", at: 72, type: "float64" },
    { name: "originY", at: 80, type: "float64" },
    { name: "originZ", at: 88, type: "float64" },
    { name: "minX", at: 96, type: "int16" },
    { name: "minY", at: 98, type: "int16" },
    { name: "minZ", at: 100, type: "int16" },
    { name: "maxX", at: 102, type: "int16" },
    { name: "maxY", at: 104, type: "int16" },
    { name: "maxZ", at: 106, type: "int16" },
    { name: "reserved", at: 108, type: "uint32" },
    { name: "lastReserved", at: 124, type: "uint32" },
];

/** Of the file's header, all but its checksum and the chunk's hash. */
export const OUTER_FIELDS: readonly Field[] = [
    ["magic", 0],
    ["version", 4],
    ["fileByteLength", 8],
    ["padding", 12],
    ["face", 32],
    ["level", 36],
    ["x", 40],
    ["z", 44],
    ["byteLength", 48],
    ["vertexCount", 52],
    ["indexCount", 56],
    ["flags", 60],
    ["vertexBytes", 64],
    ["indexBytes", 68],
    ["rotationBytes", 72],
    ["reserved", 76],
].map(([name, at]) => ({ name: String(name), at: Number(at), type: "uint32" }));

export function setField(bytes: Uint8Array, at: number, type: FieldType, value: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (type === "float64") {
        view.setFloat64(at, value, true);
    } else if (type === "int16") {
        view.setInt16(at, value, true);
    } else {
        view.setUint32(at, value >>> 0, true);
    }
}

/** A copy of a chunk with something changed and its own hash right. */
export function changedChunk(chunk: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array {
    const copy = chunk.slice();
    change(copy);
    writeChunkHash(copy);
    return copy;
}

/** A file of `chunk`, whose vertices and indices lie where those of `model` do, whatever its header says. */
export function forgeFile(model: Uint8Array, chunk: Uint8Array, change: (file: Uint8Array) => void = () => {}) {
    const header = readChunkHeader(model);
    const vertexEnd = CHUNK_HEADER_BYTES + header.vertexCount * 24;
    const vertices = MeshoptEncoder.encodeVertexBufferLevel(
        chunk.subarray(CHUNK_HEADER_BYTES, vertexEnd),
        header.vertexCount,
        24,
        2,
        1,
    );
    return assembleFile(chunk, { vertices, ...indexStreams(chunkIndices(chunk, header)) }, change);
}

function indexStreams(own: Uint16Array | Uint32Array | null): Omit<Streams, "vertices"> {
    if (own === null) {
        return { indices: new Uint8Array(0), rotations: new Uint8Array(0) };
    }
    const bytes = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
    const indices = MeshoptEncoder.encodeIndexBuffer(bytes, own.length, own.BYTES_PER_ELEMENT);
    const turned = own.slice();
    const target = new Uint8Array(turned.buffer, turned.byteOffset, turned.byteLength);
    MeshoptDecoder.decodeIndexBuffer(target, turned.length, turned.BYTES_PER_ELEMENT, indices);
    return { indices, rotations: packRotations(own, turned) };
}

export interface Streams {
    readonly vertices: Uint8Array;
    readonly indices: Uint8Array;
    readonly rotations: Uint8Array;
}

/** A file of these very streams. `change` comes after all but the checksum is written. */
export function assembleFile(chunk: Uint8Array, streams: Streams, change: (file: Uint8Array) => void = () => {}) {
    const sections = [chunk.subarray(0, CHUNK_HEADER_BYTES), streams.vertices, streams.indices, streams.rotations];
    const length = sections.reduce((sum, section) => sum + section.length, CHUNK_FILE_HEADER_BYTES);
    const file = new Uint8Array(length);
    const view = new DataView(file.buffer);
    const inside = new DataView(chunk.buffer, chunk.byteOffset);
    view.setUint32(0, 0x464e5254, true);
    view.setUint32(4, 2, true);
    view.setUint32(8, length, true);
    for (const { at, outerAt } of INNER_FIELDS) {
        if (outerAt !== undefined) {
            view.setUint32(outerAt, inside.getUint32(at, true), true);
        }
    }
    if (streams.indices.length === 0) {
        view.setUint32(56, 0, true);
    }
    view.setUint32(64, streams.vertices.length, true);
    view.setUint32(68, streams.indices.length, true);
    view.setUint32(72, streams.rotations.length, true);
    file.set(Buffer.from(sha256Hex(chunk), "hex"), 80);
    let at = CHUNK_FILE_HEADER_BYTES;
    for (const section of sections) {
        file.set(section, at);
        at += section.length;
    }
    change(file);
    return resealed(file);
}

/** The same bytes with the checksum right. */
export function resealed(file: Uint8Array): Uint8Array {
    if (file.length >= 24) {
        new DataView(file.buffer, file.byteOffset).setBigUint64(16, hash64Of(file.subarray(24)), true);
    }
    return file;
}
