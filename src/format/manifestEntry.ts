import { formatAddress } from "../space/chunkAddress.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { gridCoordinate, type ChunkSquare } from "../space/chunkSquare.js";
import { chunkFileName } from "./chunkStoreKey.js";
import { leafHash, type HashedSquare } from "./merkle.js";

/** One chunk of a bake. */
export interface ManifestChunk {
    /** Address as text, as in `0/3/-2`. */
    readonly address: string;
    /** Path in the bake's folder, which follows from the address. */
    readonly file: string;
    /** Bytes of the chunk data. */
    readonly byteLength: number;
    /** SHA-256 of the chunk data, 64 hexadecimal digits. */
    readonly hash: string;
    /** Bytes of the file. */
    readonly storedByteLength: number;
    /** xxHash64 of the file, 16 hexadecimal digits. */
    readonly checksum: string;
}

/** What is said of a manifest's node: by its parent, or by `manifest.json`. */
export interface ManifestNodeEntry {
    /** The chunks that it tells of. */
    readonly square: ChunkSquare;
    /** Number of chunks of the square that were baked. */
    readonly chunkCount: number;
    /** Merkle hash of the square, 64 hexadecimal digits. */
    readonly hash: string;
    /** Bytes of the node's file. */
    readonly byteLength: number;
    /** xxHash64 of the node's file, 16 hexadecimal digits. */
    readonly checksum: string;
}

/** Says that something is no manifest of a version that is known here, or does not match what vouches for it. */
export class ManifestError extends Error {
    public override readonly name: string = "ManifestError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_MANIFEST";
}

/** Says that a bake is of another generator than this library's: its chunks cannot be baked again, nor mixed with new ones. */
export class GeneratorVersionError extends ManifestError {
    public override readonly name = "GeneratorVersionError";

    public constructor(
        /** Version of the generator that baked. */
        public readonly generatorVersion: number,
        /** Version of this library's generator. */
        public readonly ownVersion: number,
    ) {
        super(
            `The bake is of generator version ${generatorVersion}; this library has ${ownVersion}. ` +
                "Bake it again, or use the library that baked it.",
        );
    }
}

/** Most bytes of chunk data, and of a file: what a typed array may have. */
export const MAX_ENTRY_BYTES = 2 ** 31 - 1;

/** Returns an entry for a chunk, with the texts that follow from its address. */
export function manifestChunk(
    address: ChunkAddress,
    rest: Pick<ManifestChunk, "byteLength" | "hash" | "storedByteLength" | "checksum">,
): ManifestChunk {
    const { byteLength, hash, storedByteLength, checksum } = rest;
    return {
        address: formatAddress(address),
        file: chunkFileName(address),
        byteLength,
        hash,
        storedByteLength,
        checksum,
    };
}

/** Returns the Merkle leaf of a chunk: the hash of its address, length and hash. */
export function leafOf({ address, byteLength, hash }: Pick<ManifestChunk, "address" | "byteLength" | "hash">): string {
    return leafHash(`${address} ${byteLength} ${hash}`);
}

/** Returns a node's square with its hash, as the tree above it needs it. */
export function hashedSquareOf({ square: { face, height, x, z }, hash }: ManifestNodeEntry): HashedSquare {
    return { x: gridCoordinate(face, height, x), z: gridCoordinate(face, height, z), hash };
}
