import type { PlannedChunk } from "../bake/plan.js";
import { hash64Hex } from "../base/hash.js";
import { faultOfWholeFile } from "../format/checkChunkFile.js";
import { readChunkFileHeader } from "../format/chunkFile.js";
import type { StoredWorld } from "../format/storedWorld.js";
import { chunkFileName } from "../format/chunkStoreKey.js";
import { manifestChunk, type ManifestChunk } from "../format/manifestEntry.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { Store } from "../store/store.js";
import { listFolderAsync } from "./bakeFiles.js";

/** Most bytes of a chunk file: a longer one is not read, for it is none. */
export const MAX_CHUNK_FILE_BYTES = 2 ** 26;

/** Number of files read at once: reading and checking take turns. */
const READS = 4;

/** Returns what a manifest says of a chunk file whose checksum was checked. */
export function chunkOfFile(address: ChunkAddress, file: Uint8Array): ManifestChunk {
    const { byteLength, hash } = readChunkFileHeader(file);
    return manifestChunk(address, { byteLength, hash, storedByteLength: file.byteLength, checksum: hash64Hex(file) });
}

/**
 * Finds chunks that are in the store already, whole and of this very world. Ends early, without an error, on the
 * signal.
 */
export async function findIntactAsync(
    store: Store,
    chunks: readonly PlannedChunk[],
    world: StoredWorld,
    signal: AbortSignal | undefined,
    onFound: (chunk: PlannedChunk, entry: ManifestChunk) => void,
): Promise<void> {
    const names = new Set<string>();
    // What else lies in the folder may be a whole disk.
    for (const folder of new Set(chunks.map(({ address }) => folderOf(address)))) {
        for (const name of await listFolderAsync(store, folder)) {
            names.add(name);
        }
    }
    const candidates = chunks.filter(({ address }) => names.has(chunkFileName(address)));
    let next = 0;
    const readNextAsync = async (): Promise<void> => {
        while (next < candidates.length && signal?.aborted !== true) {
            const chunk = candidates[next++]!;
            // What cannot be read is baked again, and replaced.
            const key = chunkFileName(chunk.address);
            const result = await store.getAsync({ key, maxBytes: MAX_CHUNK_FILE_BYTES, signal });
            if (result.status === "found" && faultOfWholeFile(chunk.address, world, result.bytes) === null) {
                onFound(chunk, chunkOfFile(chunk.address, result.bytes));
            }
        }
    };
    await Promise.all(Array.from({ length: READS }, readNextAsync));
}

function folderOf(address: ChunkAddress): string {
    const name = chunkFileName(address);
    return name.slice(0, name.indexOf("/"));
}
