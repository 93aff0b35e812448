import { messageOf } from "../base/errors.js";
import { hash64Hex } from "../base/hash.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { decodeChunkFile } from "./chunkFile.js";
import { readChunkFileHeader, type ChunkFileHeader } from "./chunkFileHeader.js";
import type { ChunkLimits } from "./chunkLimits.js";
import type { StoredWorld } from "./storedWorld.js";

/** What is known of a chunk file before it is read. */
export interface ExpectedFile {
    /** Of the file, and xxHash64 of all its bytes. */
    readonly storedByteLength: number;
    readonly checksum: string;
    /** Of the chunk data inside, and its SHA-256. */
    readonly byteLength: number;
    readonly hash: string;
}

/**
 * Why a file is not what was expected of it: length, then checksum, then what the file says of itself, then what is packed in
 * it. Null where all is well. The answer is the end of a sentence that begins with the file's name.
 */
export function faultOfExpectedFile(
    address: ChunkAddress,
    world: StoredWorld,
    expected: ExpectedFile,
    file: Uint8Array,
): string | null {
    if (file.byteLength !== expected.storedByteLength) {
        return `has ${file.byteLength} bytes; the manifest says ${expected.storedByteLength}`;
    }
    if (hash64Hex(file) !== expected.checksum) {
        return "has another checksum than the manifest says";
    }
    const fault = faultOfFile(address, world, file);
    if (fault !== null) {
        return fault;
    }
    const { byteLength, hash } = readChunkFileHeader(file, world.limits);
    if (byteLength !== expected.byteLength || hash !== expected.hash) {
        return "holds another chunk than the manifest says: length or hash differ";
    }
    return faultInside(file, world.limits);
}

/** Why a file is not this world's chunk of this address; null where it is. Does not unpack it. */
export function faultOfFile(address: ChunkAddress, world: StoredWorld, file: Uint8Array): string | null {
    let header: ChunkFileHeader;
    try {
        header = readChunkFileHeader(file, world.limits);
    } catch (error) {
        return `is no whole chunk file: ${messageOf(error)}`;
    }
    const [expected, found] = [formatAddress(address), formatAddress(header.address)];
    if (expected !== found) {
        return `is the file of chunk ${found}, not ${expected}`;
    }
    return header.world === world.key ? null : "is of another world: its recipe or generator version differ";
}

/** Why a file is not this world's chunk of this address, or what is packed in it is damaged; null where all is well. */
export function faultOfWholeFile(address: ChunkAddress, world: StoredWorld, file: Uint8Array): string | null {
    return faultOfFile(address, world, file) ?? faultInside(file, world.limits);
}

/** Why the bytes inside a file are not those that were baked; null where they are. */
function faultInside(file: Uint8Array, limits: ChunkLimits): string | null {
    try {
        decodeChunkFile(file, limits);
        return null;
    } catch (error) {
        return `is damaged: ${messageOf(error)}`;
    }
}
