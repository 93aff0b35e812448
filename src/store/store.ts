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
    readonly key: string;
    /** The most bytes that the caller can use; what is longer is `damaged`, and not read to its end. Default: 2^29 */
    readonly maxBytes?: number;
    /**
     * Looks at what was found. Returns why it is not what was asked for, which makes it `damaged`; null where it is. A chain
     * then asks its next store. Default: whatever is found is taken.
     */
    inspectAsync?(bytes: Uint8Array): Promise<string | null>;
}

export type StoreResultCallback = (index: number, result: StoreResult) => void;

/** What a store says of a key. */
export type StoreResult =
    /** The bytes are the receiver's own. */
    | { readonly status: "found"; readonly bytes: Uint8Array }
    | { readonly status: "missing" }
    /** It is there, but it is not as it was stored, or too long. `reason` is the end of a sentence that begins with what it is. */
    | { readonly status: "damaged"; readonly reason: string }
    /** The store cannot tell now: it is out of reach, or closed. `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

export interface PutOptions extends StoreOptions {
    /**
     * Whether the bytes were made by a user and exist nowhere else: they are written as safely as the store can, and never
     * evicted. Default: false, they can be made again
     */
    readonly isIrreplaceable?: boolean;
}

export type PutResult =
    /** The bytes are there, and survive the end of this page or process. */
    | { readonly status: "stored" }
    /** There is no room, or the store takes nothing. */
    | { readonly status: "refused"; readonly reason: string }
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

export type DeleteResult =
    /** There is nothing below the key now. */
    | { readonly status: "deleted" }
    | { readonly status: "refused"; readonly reason: string }
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

export type ListResult =
    | { readonly status: "listed"; readonly keys: string[] }
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

/** Plain data from which `openStore` makes a store on any thread. */
export type StoreDescription =
    | { readonly kind: "directory"; readonly directory: string }
    | { readonly kind: "http"; readonly url: string; readonly headers?: Readonly<Record<string, string>> }
    | { readonly kind: "indexedDb"; readonly database: string; readonly limitBytes: number }
    | { readonly kind: "chain"; readonly stores: readonly StoreDescription[] };

/** Time, as stores measure it and wait: a test's own, where it wants to see hours pass. */
export interface StoreClock {
    /** Milliseconds, from any beginning. */
    now(): number;
    /** Resolves after `ms` milliseconds, or as soon as `signal` is aborted. Never rejects. */
    waitAsync(ms: number, signal?: AbortSignal): Promise<void>;
}
