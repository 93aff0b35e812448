/** Where chunks and bakes rest: stores to hand to a world or a baker, and what it takes to write another. */
export { ArchiveStore, type ArchiveStoreOptions } from "./archiveStore.js";
export { asStore } from "./asStore.js";
export { BlockArchives, type BlockArchivesOptions } from "./blockArchives.js";
export { ChainStore, type ChainStoreOptions } from "./chainStore.js";
export { FileTooLargeError, StoreError, type ChunkStore } from "./chunkStore.js";
export { DirectoryStore } from "./directoryStore.js";
export type { Fetch, HttpClientOptions } from "./httpClient.js";
export type { HttpRangesOptions } from "./httpRanges.js";
export { HttpStore, type HttpStoreOptions } from "./httpStore.js";
export {
    IndexedDbStore,
    persistStorageAsync,
    type IndexedDbOpenResult,
    type IndexedDbStoreOptions,
} from "./indexedDbStore.js";
export type { BakeInfo } from "./loadProtocol.js";
export { MemoryStore, type MemoryStoreOptions } from "./memoryStore.js";
export { openFileArchive, openHttpArchive } from "./openArchive.js";
export { openBakeFiles } from "./openBakeFiles.js";
export { openFileBlockArchives, openHttpBlockArchives, type HttpBlockArchivesOptions } from "./openBlockArchives.js";
export type {
    FileIdentity,
    RangeChanged,
    RangeMissing,
    RangeRead,
    RangeReader,
    RangeRequest,
    RangeResult,
} from "./rangeReader.js";
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
