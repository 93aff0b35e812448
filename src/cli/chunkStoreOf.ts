import { FileTooLargeError, MAX_FILE_BYTES, StoreError, type ChunkStore } from "../store/chunkStore.js";
import type { Store } from "../store/store.js";

/** Returns a store with the face of a `ChunkStore`, which throws what a `Store` tells. */
export function chunkStoreOf(store: Store): ChunkStore {
    const thrown = (name: string, what: string, result: { status: string; reason?: string }): StoreError => {
        const { reason = result.status } = result;
        return new StoreError(`${name} could not be ${what}: ${reason}`, name, undefined, reason);
    };
    return {
        readAsync: async (name, maxBytes = MAX_FILE_BYTES) => {
            const result = await store.getAsync({ key: name, maxBytes });
            if (result.status === "found" || result.status === "missing") {
                return result.status === "found" ? result.bytes : null;
            }
            const length = /^has (\d+|more)/.exec("reason" in result ? result.reason : "")?.[1];
            throw length === undefined
                ? thrown(name, "read", result)
                : new FileTooLargeError(name, length === "more" ? null : Number(length), maxBytes);
        },
        writeAsync: async (name, bytes) => {
            const result = await store.putAsync(name, bytes);
            if (result.status !== "stored") {
                throw thrown(name, "written", result);
            }
        },
        listAsync: async (folder) => {
            const result = await store.listAsync(folder === undefined ? "" : `${folder}/`);
            if (result.status !== "listed") {
                throw thrown(folder ?? "", "listed", result);
            }
            return result.keys;
        },
        deleteAsync: async (name) => {
            const result = await store.deleteAsync(name);
            if (result.status !== "deleted") {
                throw thrown(name, "deleted", result);
            }
        },
    };
}
