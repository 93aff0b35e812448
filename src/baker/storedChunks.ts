import type { PlannedChunk } from "../bake/plan.js";
import { hash64Hex } from "../base/hash.js";
import { faultOfWholeFile } from "../format/checkChunkFile.js";
import { readChunkFileHeader } from "../format/chunkFile.js";
import type { StoredWorld } from "../format/storedWorld.js";
import { chunkFileName } from "../format/chunkStoreKey.js";
import type { ManifestChunk } from "../format/manifest.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { StoreError, type ChunkStore } from "../store/chunkStore.js";

/** Most bytes of a chunk file: a longer one is not read, for it is none. */
export const MAX_CHUNK_FILE_BYTES = 2 ** 26;

/** Number of files read at once: reading and checking take turns. */
const READS = 4;

/** Returns what a manifest says of a chunk file whose checksum was checked. */
export function chunkOfFile(address: ChunkAddress, file: Uint8Array): ManifestChunk {
    const { byteLength, hash } = readChunkFileHeader(file);
    return {
        address: formatAddress(address),
        file: chunkFileName(address),
        byteLength,
        hash,
        storedByteLength: file.byteLength,
        checksum: hash64Hex(file),
    };
}

/**
 * Finds chunks that are in the store already, whole and of this very world. Ends early, without an error, on the
 * signal.
 */
export async function findIntactAsync(
    store: ChunkStore,
    chunks: readonly PlannedChunk[],
    world: StoredWorld,
    signal: AbortSignal | undefined,
    onFound: (chunk: PlannedChunk, entry: ManifestChunk) => void,
): Promise<void> {
    const names = new Set<string>();
    // What else lies in the folder may be a whole disk.
    for (const folder of new Set(chunks.map(({ address }) => folderOf(address)))) {
        for (const name of await store.listAsync(folder)) {
            names.add(name);
        }
    }
    const candidates = chunks.filter(({ address }) => names.has(chunkFileName(address)));
    let next = 0;
    const readNextAsync = async (): Promise<void> => {
        while (next < candidates.length && signal?.aborted !== true) {
            const chunk = candidates[next++]!;
            const file = await readAsync(store, chunkFileName(chunk.address));
            if (file !== null && faultOfWholeFile(chunk.address, world, file) === null) {
                onFound(chunk, chunkOfFile(chunk.address, file));
            }
        }
    };
    await Promise.all(Array.from({ length: READS }, readNextAsync));
}

/** Reads a file; null for what cannot be read too: it is baked again, and replaced. */
async function readAsync(store: ChunkStore, name: string): Promise<Uint8Array | null> {
    try {
        return await store.readAsync(name, MAX_CHUNK_FILE_BYTES);
    } catch (error) {
        if (error instanceof StoreError) {
            return null;
        }
        throw error;
    }
}

function folderOf(address: ChunkAddress): string {
    const name = chunkFileName(address);
    return name.slice(0, name.indexOf("/"));
}
