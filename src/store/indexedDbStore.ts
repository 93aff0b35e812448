import type {
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

export interface IndexedDbStoreOptions {
    /** Name of the database. Default: `terrane` */
    readonly database?: string;
    /** Most bytes of what can be made again; what was used longest ago makes room. Default: 2^29 */
    readonly limitBytes?: number;
    /** Milliseconds to wait for the database, which other tabs may hold. Default: 5,000 */
    readonly openTimeoutMs?: number;
    /** Called once, with a sentence, where the browser has no more room. Default: nobody is told */
    readonly onWarning?: ((message: string) => void) | undefined;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Default: the browser's; null for none */
    readonly indexedDB?: IDBFactory | null | undefined;
}

export type IndexedDbOpenResult =
    | { readonly status: "opened"; readonly store: IndexedDbStore }
    /**
     * `fault`: `none` where there is no IndexedDB, as in some sandboxed frames; `denied` where the browser refuses it;
     * `blocked` where another tab holds an older version of the database; `newer` where a newer version of Terrane has
     * made it; `silent` where the browser does not answer in time. `reason` is a sentence.
     */
    | {
          readonly status: "unavailable";
          readonly fault: "none" | "denied" | "blocked" | "newer" | "silent";
          readonly reason: string;
      };

/**
 * Keeps files in a database of the browser, which tabs of one origin share. What can be made again is written at ease, what
 * a user made as safely as the browser can; a write counts when its transaction is complete. `has` answers from a list of keys
 * that is read at opening.
 */
export class IndexedDbStore implements Store {
    public readonly name = "indexedDb";
    public readonly isWritable = true;

    private constructor(public readonly description: StoreDescription) {}

    /** Opens the database, and makes it where there is none yet. Never throws for what a browser may do. */
    public static OpenAsync(_options: IndexedDbStoreOptions = {}): Promise<IndexedDbOpenResult> {
        throw new Error("not yet");
    }

    public has(_key: string): boolean | undefined {
        return undefined;
    }

    public getAsync(_request: StoreRequest): Promise<StoreResult> {
        throw new Error("not yet");
    }

    public getManyAsync(_requests: readonly StoreRequest[], _onResult: StoreResultCallback): Promise<void> {
        throw new Error("not yet");
    }

    public putAsync(_key: string, _bytes: Uint8Array, _options?: PutOptions): Promise<PutResult> {
        throw new Error("not yet");
    }

    public deleteAsync(_key: string, _options?: StoreOptions): Promise<DeleteResult> {
        throw new Error("not yet");
    }

    public listAsync(_prefix?: string, _options?: StoreOptions): Promise<ListResult> {
        throw new Error("not yet");
    }

    public closeAsync(): Promise<void> {
        throw new Error("not yet");
    }
}

/** Asks the browser to keep this origin's data when disks run full. Returns whether it will; false where it cannot be asked. */
export function persistStorageAsync(): Promise<boolean> {
    throw new Error("not yet");
}
