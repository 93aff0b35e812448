import { StoreError } from "../store/chunkStore.js";
import type { Store } from "../store/store.js";
import { placeIn } from "../store/storePlace.js";

/**
 * Writes a file of a bake.
 *
 * @throws StoreError where the store does not take it
 */
export async function writeFileAsync(store: Store, name: string, bytes: Uint8Array): Promise<void> {
    const result = await store.putAsync(name, bytes);
    if (result.status !== "stored") {
        const reason = result.status === "aborted" ? "the store gave up" : result.reason;
        const place = placeIn(store, name);
        throw new StoreError(`${place} could not be written: ${reason}`, place, undefined, reason);
    }
}

/**
 * Lists the files of a bake that lie in a folder, or below it.
 *
 * @throws StoreError where the store cannot tell
 */
export async function listFolderAsync(store: Store, folder: string): Promise<string[]> {
    const result = await store.listAsync(`${folder}/`);
    if (result.status !== "listed") {
        const reason = result.status === "aborted" ? "the store gave up" : result.reason;
        const place = placeIn(store, folder);
        throw new StoreError(`${place} could not be listed: ${reason}`, place, undefined, reason);
    }
    return result.keys;
}
