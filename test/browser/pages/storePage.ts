// Leaves in `window.stores` what a test does with the stores of a tab.
import { IndexedDbStore, persistStorageAsync } from "../../../src/store/indexedDbStore.js";
import { openStoreAsync } from "../../../src/store/openStore.js";
import type { Store } from "../../../src/store/store.js";
import { findRecordsAsync, writeRecordsAsync } from "../../kills/writeRecords.js";

declare global {
    interface Window {
        stores: typeof stores;
        /** The test's, where it wants to know what is acknowledged. */
        acknowledge?: (key: string, version: number) => Promise<void>;
    }
}

let store: Store | undefined;
const warnings: string[] = [];
const onWarning = (message: string): void => void warnings.push(message);

const stores = {
    warnings,
    persistAsync: persistStorageAsync,

    /** Opens the tab's store; resolves with its name, or why there is none. */
    async openAsync(database: string, limitBytes = 2 ** 29, version = 0): Promise<string> {
        // A later version of the database, where a test wants to see an upgrade held.
        const factory = { open: (name: string) => indexedDB.open(name, version) } as unknown as IDBFactory;
        const result = await IndexedDbStore.OpenAsync({
            database,
            limitBytes,
            openTimeoutMs: 1500,
            onWarning,
            ...(version > 0 && { indexedDB: factory }),
        });
        store = result.status === "opened" ? result.store : undefined;
        return result.status === "opened" ? "opened" : result.fault;
    },

    /** Opens a store by its description; resolves with its name. */
    async openDescribedAsync(database: string): Promise<string> {
        store = await openStoreAsync({ kind: "indexedDb", database, limitBytes: 2 ** 20 }, { onWarning });
        return store.name;
    },

    has: (key: string) => store!.has!(key),

    /** Puts `length` random bytes; resolves with the status. */
    async putAsync(key: string, length: number, isIrreplaceable = false): Promise<string> {
        const bytes = new Uint8Array(length);
        for (let at = 0; at < length; at += 65_536) {
            crypto.getRandomValues(bytes.subarray(at, at + 65_536));
        }
        return (await store!.putAsync(key, bytes, { isIrreplaceable })).status;
    },

    /** Resolves with the number of bytes below a key, or the status. */
    async getAsync(key: string): Promise<number | string> {
        const result = await store!.getAsync({ key });
        return result.status === "found" ? result.bytes.byteLength : result.status;
    },

    deleteAsync: async (key: string) => (await store!.deleteAsync(key)).status,
    listAsync: () => store!.listAsync(),

    /** Upgrades the database as a later version of the page would. */
    upgradeAsync: (database: string, version: number) =>
        new Promise<string>((resolve) => {
            const request = indexedDB.open(database, version);
            request.onblocked = () => resolve("blocked");
            request.onsuccess = () => resolve("upgraded");
            request.onerror = () => resolve(`${request.error}`);
        }),

    /** Holds the database open, and does not let go of it for an upgrade. */
    holdAsync: (database: string) =>
        new Promise<void>((resolve) => {
            indexedDB.open(database, 1).onsuccess = () => resolve();
        }),

    /** Writes until the tab is killed. */
    write: (firstVersion: number, seed: number) => {
        void writeRecordsAsync(store!, firstVersion, seed, (key, version) => void window.acknowledge!(key, version));
    },

    findAsync: () => findRecordsAsync(store!),
};

window.stores = stores;
