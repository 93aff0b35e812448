import type { Fetch } from "./httpClient.js";
import type { Store, StoreClock, StoreDescription } from "./store.js";

export interface OpenStoreOptions {
    /** Called with a sentence where a store works less well than it was meant to, once for each cause. */
    readonly onWarning?: ((message: string) => void) | undefined;
    /** Default: the global `fetch` */
    readonly fetch?: Fetch | undefined;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Returns numbers from 0 to below 1. Default: `Math.random` */
    readonly random?: (() => number) | undefined;
    /** Default: the browser's; null for none */
    readonly indexedDB?: IDBFactory | null | undefined;
}

/**
 * Opens a store by its description, on whatever thread. Where the browser gives no database, a memory of at most 2^26 bytes
 * takes its place, and `onWarning` is told.
 *
 * @throws TerraneError for a wrong address or path
 */
export function openStoreAsync(_description: StoreDescription, _options: OpenStoreOptions = {}): Promise<Store> {
    throw new Error("not yet");
}
