import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import { hash64Hex } from "../../src/base/hash.js";
import { chunkFileName } from "../../src/format/chunkStoreKey.js";
import { createManifest, manifestFiles, type ManifestChunk } from "../../src/format/manifest.js";
import { Presets } from "../../src/recipe/presets.js";
import { formatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { MemoryStore } from "../../src/store/memoryStore.js";
import type { Store } from "../../src/store/store.js";

/** A bake of files that are made up. */
export async function madeUpBakeAsync(addresses: readonly ChunkAddress[]) {
    const store = new MemoryStore();
    const chunks: ManifestChunk[] = [];
    for (const [i, address] of addresses.entries()) {
        const bytes = new Uint8Array(20 + (i % 7)).fill(i % 256);
        const file = chunkFileName(address);
        await store.putAsync(file, bytes);
        chunks.push({
            address: formatAddress(address),
            file,
            byteLength: 100,
            hash: "0".repeat(64),
            storedByteLength: bytes.byteLength,
            checksum: hash64Hex(bytes),
        });
    }
    const manifest = createManifest(Presets.endless({ seed: 1 }), GENERATOR_VERSION, chunks);
    for (const { name, bytes } of manifestFiles(manifest)) {
        await store.putAsync(name, bytes);
    }
    return { store, manifest };
}

/** Returns all files of a store, by their names. */
export async function filesOfAsync(store: Store): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>();
    for (const key of ((await store.listAsync()) as { keys: string[] }).keys.sort()) {
        files.set(key, ((await store.getAsync({ key })) as { bytes: Uint8Array }).bytes);
    }
    return files;
}
