import { messageOf } from "../base/errors.js";
import { encodeChunkFile, readChunkFileHeader } from "../format/chunkFile.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** A chunk's file, and the chunk's address. */
export interface PackedChunk {
    readonly address: ChunkAddress;
    readonly file: Uint8Array;
}

/** Packs chunk data as a file of its world. Returns why that cannot be done, as a sentence, where it cannot. */
export function packChunk(chunk: Uint8Array, { key, limits }: StoredWorld): PackedChunk | string {
    try {
        const file = encodeChunkFile(chunk, key);
        return { address: readChunkFileHeader(file, limits).address, file };
    } catch (error) {
        return messageOf(error);
    }
}
