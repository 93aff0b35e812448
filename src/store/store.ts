import type { HttpBlockSettings, HttpFileSettings, HttpRangeSettings } from "./httpSettings.js";

/**
 * Where bytes rest, by key: memory, a folder, a server, a browser's database, or several of them in a chain. What a store
 * cannot do at the moment is a tagged answer; only a caller's mistake throws, a `TerraneError`.
 *
 * Keys are relative paths of letters, digits, `-`, `_`, `.` and `/`, as `isName` allows. What rests below a key never
 * changes: the keys of chunks name the world that they are of.
 */
export interface Store {
    /** As statistics and messages call it, as in `memory`. */
    readonly name: string;
    /** Whether it takes what `putAsync` brings. */
    readonly isWritable: boolean;
    /** What another thread opens the same store by; null where only this thread can use it. */
    readonly description: StoreDescription | null;
    /** Number of times that it had to try again. Default: 0 */
    readonly retries?: number;
    /** Most bytes that it keeps of what can be made again. Default: Infinity, it is not known */
    readonly limitBytes?: number;
    /** Whether what it takes outlives the page or process. Default: true */
    readonly isLasting?: boolean;

    /** Reads what rests below a key. */
    getAsync(request: StoreRequest): Promise<StoreResult>;
    /**
     * Reads several at once, which many stores can do sooner than one by one. Calls back once for each, in any order, and
     * resolves after the last.
     */
    getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void>;
    /** Writes bytes whole: readers find what was there before or these, whenever the writer dies. */
    putAsync(key: string, bytes: Uint8Array, options?: PutOptions): Promise<PutResult>;
    /** Deletes what rests below a key, if there is anything. */
    deleteAsync(key: string, options?: StoreOptions): Promise<DeleteResult>;
    /** Lists all keys that begin with `prefix`, in no order. */
    listAsync(prefix?: string, options?: StoreOptions): Promise<ListResult>;
    /** Ends what is under way, and lets go of what is open. Everything answers `unavailable` from then on. */
    closeAsync(): Promise<void>;
    /**
     * Tells without a look whether there is something below a key: undefined where that is not known yet. Default: it is
     * never known
     */
    has?(key: string): boolean | undefined;
}

/** What ends any call early. */
export interface StoreOptions {
    /** Ends the call early: it answers `aborted`. */
    readonly signal?: AbortSignal | undefined;
}

/** What is asked of a store. */
export interface StoreRequest extends StoreOptions {
    /** Below which it rests. */
    readonly key: string;
    /** The most bytes that the caller can use; what is longer is `damaged`, and not read to its end. Default: 2^29 */
    readonly maxBytes?: number;
    /**
     * Whether something says that there is such a file, as a bake's manifest does: a store whose own index says that there is
     * none reads that index anew, from time to time. Default: false
     */
    readonly isListed?: boolean | undefined;
    /**
     * Whether what was given a moment ago was refused, by an asker whose `inspectAsync` could not come along, as that of another
     * thread: a store that has it from caches, or finds it by an index, gets it past those. Default: false
     */
    readonly isSuspect?: boolean | undefined;
    /**
     * Looks at what was found. Returns why it is not what was asked for, which makes it `damaged`; null where it is. A chain
     * then asks its next store. Default: whatever is found is taken.
     */
    inspectAsync?(bytes: Uint8Array): Promise<string | null>;
}

/** Called with the place of a request among those that were asked, and its answer. */
export type StoreResultCallback = (index: number, result: StoreResult) => void;

/** What a store says of a key. */
export type StoreResult = Found | Missing | Damaged | Unavailable | Aborted;

/** There is something below the key. */
export interface Found {
    /** Tells this answer from others. */
    readonly status: "found";
    /** What was stored. The receiver's own. */
    readonly bytes: Uint8Array;
}

/** There is nothing below the key. */
export interface Missing {
    /** Tells this answer from others. */
    readonly status: "missing";
}

/** There is something below the key, but it is not as it was stored, or too long. */
export interface Damaged {
    /** Tells this answer from others. */
    readonly status: "damaged";
    /** Why, as the end of a sentence that begins with what it is. */
    readonly reason: string;
}

/** The store cannot tell now: it is out of reach, or closed. */
export interface Unavailable {
    /** Tells this answer from others. */
    readonly status: "unavailable";
    /** Why, as a sentence or its end. */
    readonly reason: string;
}

/** The call was ended early by its signal. */
export interface Aborted {
    /** Tells this answer from others. */
    readonly status: "aborted";
}

/** There is no room, or the store takes nothing. */
export interface Refused {
    /** Tells this answer from others. */
    readonly status: "refused";
    /** Why, as a sentence. */
    readonly reason: string;
}

/** How bytes are written. */
export interface PutOptions extends StoreOptions {
    /**
     * Whether the bytes were made by a user and exist nowhere else: they are written as safely as the store can, and never
     * evicted. Default: false, they can be made again
     */
    readonly isIrreplaceable?: boolean;
    /**
     * Whether it is evicted after all that is not: other files are of no use without it, as chunks without the manifest of
     * their bake, which is read once and then not used for long. Default: false
     */
    readonly isEvictedLast?: boolean;
}

/** What came of writing. */
export type PutResult = Stored | Refused | Unavailable | Aborted;

/** The bytes are there, and survive the end of this page or process, unless the store is the page's own memory. */
export interface Stored {
    /** Tells this answer from others. */
    readonly status: "stored";
}

/** What came of deleting. */
export type DeleteResult = Deleted | Refused | Unavailable | Aborted;

/** There is nothing below the key now. */
export interface Deleted {
    /** Tells this answer from others. */
    readonly status: "deleted";
}

/** What came of listing. */
export type ListResult = Listed | Unavailable | Aborted;

/** All keys that were asked for. */
export interface Listed {
    /** Tells this answer from others. */
    readonly status: "listed";
    /** In no order. */
    readonly keys: string[];
}

/** Plain data from which `openStoreAsync` makes a store on any thread. */
export type StoreDescription =
    | DirectoryDescription
    | HttpDescription
    | ArchiveDescription
    | ArchiveFileDescription
    | BlockArchivesDescription
    | BlockArchiveFilesDescription
    | IndexedDbDescription
    | ChainDescription;

/** A folder, for Node. */
export interface DirectoryDescription {
    /** Tells this kind from others. */
    readonly kind: "directory";
    /** Path of the folder. */
    readonly directory: string;
}

/** Files on a web server. */
export interface HttpDescription extends HttpFileSettings {
    /** Tells this kind from others. */
    readonly kind: "http";
    /** Address of the folder, absolute. */
    readonly url: string;
}

/** A packed bake on a web server. */
export interface ArchiveDescription extends HttpRangeSettings {
    /** Tells this kind from others. */
    readonly kind: "archive";
    /** Address of the file, absolute. */
    readonly url: string;
}

/** A packed bake on disk, for Node. */
export interface ArchiveFileDescription {
    /** Tells this kind from others. */
    readonly kind: "archiveFile";
    /** Path of the file. */
    readonly file: string;
}

/** A bake on a web server, an archive for each block. */
export interface BlockArchivesDescription extends HttpBlockSettings {
    /** Tells this kind from others. */
    readonly kind: "blockArchives";
    /** Address of the archives, absolute, with `{block}` for each block's level, x and z. */
    readonly url: string;
}

/** A bake on disk, an archive for each block, for Node. */
export interface BlockArchiveFilesDescription {
    /** Tells this kind from others. */
    readonly kind: "blockArchiveFiles";
    /** Path of the archives, with `{block}` for each block's level, x and z. */
    readonly path: string;
}

/** A database of the browser. */
export interface IndexedDbDescription {
    /** Tells this kind from others. */
    readonly kind: "indexedDb";
    /** Its name. */
    readonly database: string;
    /** Most bytes of what can be made again. */
    readonly limitBytes: number;
    /** Milliseconds to wait for the database to open. Default: 5,000 */
    readonly openTimeoutMs?: number | undefined;
    /** Milliseconds to wait for a transaction. Default: 10,000 */
    readonly timeoutMs?: number | undefined;
}

/** Several stores, asked in order. */
export interface ChainDescription {
    /** Tells this kind from others. */
    readonly kind: "chain";
    /** In the order in which they are asked. */
    readonly stores: readonly StoreDescription[];
    /** Default: `chain` */
    readonly name?: string | undefined;
    /** Most bytes that wait to be written to earlier stores. Default: 2^25 */
    readonly maxWaitingBytes?: number | undefined;
}

/** Time, as stores measure it and wait: a test's own, where it wants to see hours pass. */
export interface StoreClock {
    /** Milliseconds, from any beginning. */
    now(): number;
    /** Resolves after `ms` milliseconds, or as soon as `signal` is aborted. Never rejects. */
    waitAsync(ms: number, signal?: AbortSignal): Promise<void>;
}
