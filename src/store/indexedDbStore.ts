import { assertName } from "./chunkStore.js";
import { givenOf } from "./givenOf.js";
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
import { systemClock } from "./storeClock.js";
import { StoreConnection } from "./storeConnection.js";
import { transactAsync, type DatabaseFault, type StoreDatabase, type StoreTransaction } from "./storeDatabase.js";
import { StoreIndex, type StoreEntry } from "./storeIndex.js";
import { resultOfAsync } from "./storeRequests.js";
import { StoreTabs } from "./storeTabs.js";

/** Which database is opened, and how it is used. */
export interface IndexedDbStoreOptions {
    /** Name of the database. Default: `terrane` */
    readonly database?: string;
    /** Most bytes of what can be made again; what was used longest ago makes room. Default: 2^29 */
    readonly limitBytes?: number;
    /** Milliseconds to wait for the database to open, which another tab may hold. Default: 5,000 */
    readonly openTimeoutMs?: number;
    /** Milliseconds to wait for a transaction. Default: 10,000 */
    readonly timeoutMs?: number;
    /** Called once, with a sentence, where the browser has no more room. Default: nobody is told */
    readonly onWarning?: ((message: string) => void) | undefined;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Default: the browser's; null for none */
    readonly indexedDB?: IDBFactory | null | undefined;
}

/** What came of opening a database. */
export type IndexedDbOpenResult = IndexedDbOpened | IndexedDbUnavailable;

/** The database is open. */
export interface IndexedDbOpened {
    /** Tells this answer from others. */
    readonly status: "opened";
    /** The store that it is. */
    readonly store: IndexedDbStore;
}

/** There is no database to be had. */
export interface IndexedDbUnavailable {
    /** Tells this answer from others. */
    readonly status: "unavailable";
    /** Why, for programs. */
    readonly fault: DatabaseFault;
    /** Why, as a sentence. */
    readonly reason: string;
}

/** Share of the limit, or of what is there, that makes room at once: eviction reads all entries. */
const EVICTED_SHARE = 1 / 8;
/** Number of times that room is made for one file before the browser is taken to be full. */
const EVICTIONS = 3;
/** Milliseconds for which nothing that can be made again is written after the browser was full. */
const FULL_MS = 60_000;
/** Milliseconds, and number of files, until their last use is written, all at once. */
const USE_MS = 5000;
const MOST_USED = 512;

/**
 * Keeps files in a database of the browser, which tabs of one origin share. What can be made again is written at ease, what
 * a user made as safely as the browser can; a write counts when its transaction is complete. `has` answers from a list of keys
 * that is read at opening and follows what other tabs say. A connection that the browser closes is opened anew; one that
 * another tab needs closed, to upgrade the database, stays closed.
 */
export class IndexedDbStore implements Store {
    public readonly name = "indexedDb";
    public readonly isWritable = true;
    public readonly description: StoreDescription;
    public readonly limitBytes: number;

    private readonly _clock: StoreClock;
    private readonly _index = new StoreIndex();
    private readonly _connection: StoreConnection;
    private readonly _tabs: StoreTabs;
    /** Keys whose last use is not written yet. */
    private readonly _used = new Set<string>();
    private _isUseAwaited = false;
    private _evicting: Promise<unknown> = Promise.resolve();
    /** Bytes that are being written and may be evicted later. */
    private _reservedBytes = 0;
    private _isFull = false;
    private _fullUntilMs = -Infinity;
    private _hasWarned = false;

    private constructor(private readonly _options: IndexedDbStoreOptions) {
        const { database = "terrane", limitBytes = 2 ** 29, clock = systemClock } = _options;
        const timeouts = givenOf(_options, ["openTimeoutMs", "timeoutMs"]);
        this.description = { kind: "indexedDb", database, limitBytes, ...timeouts };
        this.limitBytes = limitBytes;
        this._clock = clock;
        this._connection = new StoreConnection({
            name: database,
            factory: _options.indexedDB,
            openTimeoutMs: _options.openTimeoutMs ?? 5000,
            timeoutMs: _options.timeoutMs ?? 10_000,
            clock,
            onOpened: (entries) => this._index.reset(entries),
        });
        this._tabs = new StoreTabs(
            database,
            (entry) => this._index.set(entry),
            (keys) => void this._lookAsync(keys),
        );
    }

    /** Opens the database, and makes it where there is none yet. Never throws for what a browser may do. */
    public static async OpenAsync(options: IndexedDbStoreOptions = {}): Promise<IndexedDbOpenResult> {
        const store = new IndexedDbStore(options);
        const fault = await store._connection.openAsync();
        if (fault === null) {
            return { status: "opened", store };
        }
        await store.closeAsync();
        return { status: "unavailable", ...fault };
    }

    public has(key: string): boolean | undefined {
        return this._connection.isOpen ? this._index.get(key) !== undefined : undefined;
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        let result: StoreResult = { status: "missing" };
        await this.getManyAsync([request], (_, found) => (result = found));
        return result;
    }

    /** Reads all in one transaction. */
    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        requests.forEach(({ key }) => assertName(key));
        const wanted = requests.filter(({ key, signal }) => this.has(key) !== false && signal?.aborted !== true);
        const places = new Map(wanted.map((request, at) => [request, at]));
        const readings = new Map<StoreDatabase, Promise<(Uint8Array | undefined)[]>>();
        const readAsync = (database: StoreDatabase): Promise<(Uint8Array | undefined)[]> => {
            const reading =
                readings.get(database) ??
                transactAsync(database, "readonly", (transaction) => {
                    const files = transaction.objectStore("files");
                    return Promise.all(wanted.map(({ key }) => files.get(key)));
                });
            readings.set(database, reading);
            return reading;
        };
        const answerAsync = async (request: StoreRequest): Promise<StoreResult> => {
            const at = places.get(request);
            if (at === undefined) {
                return { status: request.signal?.aborted === true ? "aborted" : "missing" };
            }
            const ran = await this._connection.runAsync(request.signal, readAsync);
            return ran.status === "done"
                ? this._foundAsync(request, ran.value[at])
                : ran.status === "noRoom"
                  ? this._connection.unavailable("it has no room")
                  : ran;
        };
        await Promise.all(requests.map(async (request, index) => onResult(index, await answerAsync(request))));
    }

    public async putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        assertName(key);
        const { isIrreplaceable = false, isEvictedLast = false, signal } = options;
        if (signal?.aborted === true) {
            return { status: "aborted" };
        }
        const { byteLength } = bytes;
        if (!isIrreplaceable && (byteLength > this.limitBytes || this._clock.now() < this._fullUntilMs)) {
            const most = `at most ${this.limitBytes} bytes are kept`;
            return { status: "refused", reason: byteLength > this.limitBytes ? `${most}.` : NO_ROOM };
        }
        // The caller's again when this returns; and of a view the database would keep the whole buffer.
        const own = new Uint8Array(bytes);
        const reserved = isIrreplaceable ? 0 : byteLength;
        this._reservedBytes += reserved;
        try {
            if (reserved > 0) {
                await this._evictAsync(() => this._bytesOverLimit());
            }
            const usedAt = this._index.now();
            return await this._putAsync(own, { key, byteLength, usedAt, isIrreplaceable, isEvictedLast }, signal);
        } finally {
            this._reservedBytes -= reserved;
        }
    }

    public async deleteAsync(key: string, { signal }: StoreOptions = {}): Promise<DeleteResult> {
        assertName(key);
        const ran = await this._connection.runAsync(signal, async (database) => {
            await transactAsync(database, "readwrite", (transaction) => deleteKeysAsync(transaction, [key]));
            this._forget([key]);
        });
        return ran.status === "done"
            ? { status: "deleted" }
            : ran.status === "noRoom"
              ? { status: "refused", reason: NO_ROOM }
              : ran;
    }

    public async listAsync(prefix = "", { signal }: StoreOptions = {}): Promise<ListResult> {
        const ran = await this._connection.runAsync(signal, (database) =>
            transactAsync(database, "readonly", (transaction) => transaction.objectStore("entries").getAllKeys()),
        );
        return ran.status === "done"
            ? { status: "listed", keys: ran.value.filter((key) => key.startsWith(prefix)) }
            : ran.status === "noRoom"
              ? this._connection.unavailable("it has no room")
              : ran;
    }

    public async closeAsync(): Promise<void> {
        if (this._connection.isOpen) {
            await this._writeUseAsync();
        }
        this._connection.close("it was closed");
        this._tabs.close();
    }

    private async _foundAsync(request: StoreRequest, bytes: Uint8Array | undefined): Promise<StoreResult> {
        const { key } = request;
        if (bytes === undefined) {
            // Another tab has made room.
            this._index.delete(key);
            return { status: "missing" };
        }
        this._index.use(key);
        this._use(key);
        return resultOfAsync(request, bytes);
    }

    private async _putAsync(bytes: Uint8Array, entry: StoreEntry, signal?: AbortSignal): Promise<PutResult> {
        const { key, byteLength, isIrreplaceable } = entry;
        const writeAsync = async (database: StoreDatabase): Promise<void> => {
            await transactAsync(
                database,
                "readwrite",
                (transaction) =>
                    Promise.all([
                        transaction.objectStore("files").put(bytes, key),
                        transaction.objectStore("entries").put(entry),
                    ]),
                isIrreplaceable ? "strict" : "relaxed",
            );
            this._index.set(entry);
            this._tabs.tellPut(entry);
        };
        // What can be made again pushes out only so much; a browser that stays full would lose all of it otherwise.
        const evictions = isIrreplaceable ? Infinity : this._isFull ? 0 : EVICTIONS;
        const share = isIrreplaceable ? 1 / 2 : EVICTED_SHARE;
        for (let evicted = 0; ; evicted++) {
            const ran = await this._connection.runAsync(signal, writeAsync);
            if (ran.status === "done") {
                this._isFull = false;
                return { status: "stored" };
            }
            if (ran.status !== "noRoom") {
                return ran;
            }
            const bytesToFree = (): number => Math.max(byteLength, this._index.evictableBytes * share, 1);
            if (evicted >= evictions || (await this._evictAsync(bytesToFree)) === 0) {
                return this._refuse();
            }
        }
    }

    private _refuse(): PutResult {
        this._isFull = true;
        this._fullUntilMs = this._clock.now() + FULL_MS;
        if (!this._hasWarned) {
            this._hasWarned = true;
            this._options.onWarning?.(`${NO_ROOM} What is new is not kept.`);
        }
        return { status: "refused", reason: NO_ROOM };
    }

    /** Returns the bytes that must make room, and some more so that the next put need not look again; 0 where there is room. */
    private _bytesOverLimit(): number {
        const over = this._index.evictableBytes + this._reservedBytes - this.limitBytes;
        return over > 0 ? over + this.limitBytes * EVICTED_SHARE : 0;
    }

    /**
     * Deletes what was used longest ago, by what all tabs have written of it, one eviction after another.
     *
     * @param bytesToFree asked when it is this one's turn; 0 or less for none
     * @returns the number of files deleted
     */
    private _evictAsync(bytesToFree: () => number): Promise<number> {
        const evictAsync = async (database: StoreDatabase): Promise<number> => {
            // In one transaction: a write that ends between a look and the deletion would be forgotten.
            const keys = await transactAsync(database, "readwrite", async (transaction) => {
                const entries = await transaction.objectStore("entries").getAll();
                // Uses that are not written yet are newer.
                this._index.reset(entries.map((entry) => newer(entry, this._index.get(entry.key))));
                const oldest = this._index.oldestOf(bytesToFree());
                await deleteKeysAsync(transaction, oldest);
                return oldest;
            });
            this._forget(keys);
            return keys.length;
        };
        const evicting = this._evicting.then(async () => {
            const ran = bytesToFree() > 0 ? await this._connection.runAsync(undefined, evictAsync) : null;
            return ran?.status === "done" ? ran.value : 0;
        });
        this._evicting = evicting;
        return evicting;
    }

    private _forget(keys: readonly string[]): void {
        if (keys.length > 0) {
            keys.forEach((key) => this._index.delete(key));
            this._tabs.tellDeleted(keys);
        }
    }

    /** Looks which of `keys` are there: another tab says that it has deleted them, and this one may have put them since. */
    private async _lookAsync(keys: readonly string[]): Promise<void> {
        await this._connection.runAsync(undefined, async (database) => {
            const found = await transactAsync(database, "readonly", (transaction) => {
                const entries = transaction.objectStore("entries");
                return Promise.all(keys.map((key) => entries.getKey(key)));
            });
            keys.forEach((key, i) => found[i] === undefined && this._index.delete(key));
        });
    }

    private _use(key: string): void {
        this._used.add(key);
        if (this._used.size >= MOST_USED) {
            void this._writeUseAsync();
        } else if (!this._isUseAwaited) {
            this._isUseAwaited = true;
            void this._clock.waitAsync(USE_MS, this._connection.closing).then(() => {
                this._isUseAwaited = false;
                return this._writeUseAsync();
            });
        }
    }

    /** Writes when files were used last: of those that are still there, for another tab may have made room. */
    private async _writeUseAsync(): Promise<void> {
        const keys = [...this._used];
        this._used.clear();
        if (keys.length === 0 || !this._connection.isOpen) {
            return;
        }
        await this._connection.runAsync(undefined, (database) =>
            transactAsync(database, "readwrite", async (transaction) => {
                const entries = transaction.objectStore("entries");
                const writeAsync = async (key: string): Promise<void> => {
                    const entry = await entries.get(key);
                    const now = entry && newer(entry, this._index.get(key));
                    if (now !== entry) {
                        await entries.put(now!);
                    }
                };
                await Promise.all(keys.map(writeAsync));
            }),
        );
    }
}

/** Returns an entry, as used when `known` says where that is later. */
function newer(entry: StoreEntry, known: StoreEntry | undefined): StoreEntry {
    return known !== undefined && known.usedAt > entry.usedAt ? { ...entry, usedAt: known.usedAt } : entry;
}

async function deleteKeysAsync(transaction: StoreTransaction<"readwrite">, keys: readonly string[]): Promise<void> {
    const [files, entries] = [transaction.objectStore("files"), transaction.objectStore("entries")];
    await Promise.all(keys.flatMap((key) => [files.delete(key), entries.delete(key)]));
}

const NO_ROOM = "The browser has no more room for this page.";

/** Asks the browser to keep this origin's data when disks run full. Returns whether it will; false where it cannot be asked. */
export async function persistStorageAsync(): Promise<boolean> {
    try {
        return (await globalThis.navigator?.storage?.persist?.()) ?? false;
    } catch {
        return false;
    }
}
