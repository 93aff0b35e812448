/** Where chunks and bakes rest: stores to hand to a world or a baker, and what it takes to write another. */
export { asStore } from "./asStore.js";
export { ChainStore, type ChainStoreOptions } from "./chainStore.js";
export { FileTooLargeError, StoreError, type ChunkStore } from "./chunkStore.js";
export { DirectoryStore } from "./directoryStore.js";
export type { Fetch, HttpClientOptions } from "./httpClient.js";
export { HttpStore, type HttpStoreOptions } from "./httpStore.js";
export {
    IndexedDbStore,
    persistStorageAsync,
    type IndexedDbOpenResult,
    type IndexedDbStoreOptions,
} from "./indexedDbStore.js";
export type { BakeInfo } from "./loadProtocol.js";
export { MemoryStore, type MemoryStoreOptions } from "./memoryStore.js";
export type {
    DeleteResult,
    ListResult,
    PutOptions,
    PutResult,
    Store,
    StoreClock,
    StoreDescription,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
export type { StoreStats } from "./storeStats.js";
