import { ChainStore } from "./chainStore.js";
import { DirectoryStore } from "./directoryStore.js";
import type { Fetch } from "./httpClient.js";
import { httpBlockSettingsOf, httpFileSettingsOf, httpRangeSettingsOf } from "./httpSettings.js";
import { HttpStore } from "./httpStore.js";
import { IndexedDbStore } from "./indexedDbStore.js";
import { MemoryStore } from "./memoryStore.js";
import { openFileArchive, openHttpArchive } from "./openArchive.js";
import { openFileBlockArchives, openHttpBlockArchives } from "./openBlockArchives.js";
import type { Store, StoreClock, StoreDescription } from "./store.js";

export interface OpenStoreOptions {
    /** Called with a sentence where a store works less well than it was meant to, once for each cause. Default: nobody is told */
    readonly onWarning?: ((message: string) => void) | undefined;
    /** Default: the global `fetch` */
    readonly fetch?: Fetch | undefined;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Returns numbers from 0 to below 1, for the pauses between attempts. Default: `Math.random` */
    readonly random?: (() => number) | undefined;
    /** Default: the browser's; null for none */
    readonly indexedDB?: IDBFactory | null | undefined;
}

/** Most bytes of the memory that takes a database's place. */
const MEMORY_BYTES = 2 ** 26;

/**
 * Opens a store by its description, on whatever thread. Where the browser gives no database, a memory of at most 2^26 bytes
 * takes its place, and `onWarning` is told.
 *
 * @throws TerraneError for a wrong address or path
 * @throws StoreError for a folder in a browser
 */
export async function openStoreAsync(description: StoreDescription, options: OpenStoreOptions = {}): Promise<Store> {
    switch (description.kind) {
        case "directory":
            return new DirectoryStore(description.directory);
        case "http":
            return new HttpStore(description.url, { ...options, ...httpFileSettingsOf(description) });
        case "archive":
            return openHttpArchive(description.url, { ...options, ...httpRangeSettingsOf(description) });
        case "archiveFile":
            return openFileArchive(description.file);
        case "blockArchives":
            return openHttpBlockArchives(description.url, { ...options, ...httpBlockSettingsOf(description) });
        case "blockArchiveFiles":
            return openFileBlockArchives(description.path);
        case "indexedDb": {
            const { database, limitBytes, openTimeoutMs, timeoutMs } = description;
            const own = { database, limitBytes, openTimeoutMs, timeoutMs };
            const result = await IndexedDbStore.OpenAsync({ ...options, ...own });
            if (result.status === "opened") {
                return result.store;
            }
            options.onWarning?.(`${result.reason} What is loaded is kept in memory, and lost with the page.`);
            return new MemoryStore({ limitBytes: Math.min(limitBytes, MEMORY_BYTES) });
        }
        case "chain": {
            const stores = await Promise.all(description.stores.map((one) => openStoreAsync(one, options)));
            const { name, maxWaitingBytes } = description;
            return new ChainStore(stores, { clock: options.clock, name, maxWaitingBytes });
        }
    }
}
