import { messageOf } from "../base/errors.js";
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
import { StoreMeter, type StoreStats } from "./storeStats.js";

/** How a chain works. */
export interface ChainStoreOptions {
    /** Default: `chain` */
    readonly name?: string;
    /** Most bytes that wait to be written to earlier stores; what comes beyond is not written. Default: 2^25 */
    readonly maxWaitingBytes?: number;
    /** Measures latencies. Default: the system's */
    readonly clock?: StoreClock | undefined;
}

/** One of the chain's stores. */
interface Link {
    readonly store: Store;
    readonly meter: StoreMeter;
}

/** A request on its way through the chain. */
interface Asked {
    readonly index: number;
    readonly request: StoreRequest;
    /** The worst that was answered yet. */
    result: StoreResult;
}

/**
 * Asks several stores in order, as one. What is missing in one, damaged, out of reach or refused by the request's own
 * inspection is asked of the next; what a later store gave is written to the writable ones before it, in the background. A store
 * whose `has` says no is passed over. Where what was given is suspect, so are all that it may have been copied to: the
 * writable ones but the last.
 *
 * A get is `missing` where all stores say so, else as the worst of them: `damaged`, then `unavailable`. What can be made again
 * is put into the first writable store that takes it; what a user made into all of them, and is `stored` only when it is in each.
 */
export class ChainStore implements Store {
    public readonly name: string;
    public readonly isWritable: boolean;
    /** Null where one of its stores has none. */
    public readonly description: StoreDescription | null;

    private readonly _links: readonly Link[];
    private readonly _clock: StoreClock;
    private readonly _maxWaitingBytes: number;
    private readonly _closing = new AbortController();
    /** What is being written in the background, by key. */
    private readonly _writing = new Map<string, Promise<void>>();
    private _waitingBytes = 0;

    public constructor(
        /** In the order in which they are asked. */
        public readonly stores: readonly Store[],
        options: ChainStoreOptions = {},
    ) {
        const { name = "chain", maxWaitingBytes = 2 ** 25, clock = systemClock } = options;
        this.name = name;
        this.isWritable = stores.some((store) => store.isWritable);
        const descriptions = stores.flatMap(({ description }) => description ?? []);
        const settings = givenOf(options, ["name", "maxWaitingBytes"]);
        this.description =
            descriptions.length < stores.length ? null : { kind: "chain", stores: descriptions, ...settings };
        this._links = stores.map((store) => ({ store, meter: new StoreMeter() }));
        this._clock = clock;
        this._maxWaitingBytes = maxWaitingBytes;
    }

    public get retries(): number {
        return this.stores.reduce((sum, { retries = 0 }) => sum + retries, 0);
    }

    /** Of the first store that takes what is put. */
    public get limitBytes(): number {
        return this._writable?.limitBytes ?? Infinity;
    }

    /** Of the first store that takes what is put. */
    public get isLasting(): boolean {
        return this._writable?.isLasting ?? true;
    }

    /** Returns what each store did, in the chain's order; in the place of a chain within it, what each of that one's did. */
    public statsOf(): StoreStats[] {
        return this._links.flatMap(({ store, meter }) =>
            store instanceof ChainStore ? store.statsOf() : meter.statsOf(store.name, store.retries ?? 0),
        );
    }

    /** Whether anything is being written in the background. */
    public get isWriting(): boolean {
        return this._writing.size > 0;
    }

    /** Resolves when all that is being written in the background has ended. */
    public async settledAsync(): Promise<void> {
        await Promise.all(this._writing.values());
    }

    /** Tells whether any store has it; false where all know that they do not. */
    public has(key: string): boolean | undefined {
        const answers = this.stores.map((store) => store.has?.(key));
        return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        let result: StoreResult = { status: "missing" };
        await this.getManyAsync([request], (_, found) => (result = found));
        return result;
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        requests.forEach(({ key }) => assertName(key));
        const all = requests.map((request, index): Asked => ({ index, request, result: { status: "missing" } }));
        await this._askAsync(0, all, onResult);
    }

    public async putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        assertName(key);
        await this._writing.get(key);
        let result: PutResult = { status: "refused", reason: "No store of the chain takes anything." };
        let isFirst = true;
        for (const { store, meter } of this._links.filter((link) => link.store.isWritable)) {
            const put = await triedAsync(() => store.putAsync(key, bytes, options));
            meter.countPut(put.status, bytes.byteLength);
            if (put.status === "aborted" || (put.status === "stored" && options.isIrreplaceable !== true)) {
                return put;
            }
            if (isFirst || result.status === "stored") {
                result = put;
            }
            isFirst = false;
        }
        return result;
    }

    /** Deletes from every writable store. */
    public async deleteAsync(key: string, options: StoreOptions = {}): Promise<DeleteResult> {
        assertName(key);
        await this._writing.get(key);
        let result: DeleteResult = { status: "deleted" };
        for (const { store } of this._links.filter((link) => link.store.isWritable)) {
            const deleted = await triedAsync(() => store.deleteAsync(key, options));
            if (result.status === "deleted") {
                result = deleted;
            }
        }
        return result;
    }

    /** Lists what the stores that can list have, each key once; unavailable where none can. */
    public async listAsync(prefix = "", options: StoreOptions = {}): Promise<ListResult> {
        const lists = await Promise.all(
            this.stores.map((store) => triedAsync<ListResult>(() => store.listAsync(prefix, options))),
        );
        if (options.signal?.aborted === true) {
            return { status: "aborted" };
        }
        const listed = lists.flatMap((list) => (list.status === "listed" ? [list.keys] : []));
        return listed.length > 0
            ? { status: "listed", keys: [...new Set(listed.flat())] }
            : (lists[0] ?? { status: "listed", keys: [] });
    }

    public async closeAsync(): Promise<void> {
        this._closing.abort();
        await this.settledAsync();
        await Promise.all(this.stores.map((store) => store.closeAsync()));
    }

    private get _writable(): Store | undefined {
        return this.stores.find(({ isWritable }) => isWritable);
    }

    /** Asks the store at a place of the chain, and the later ones for what it does not give. */
    private async _askAsync(place: number, asked: readonly Asked[], onResult: StoreResultCallback): Promise<void> {
        const link = this._links[place];
        const open = asked.filter(({ index, request, result }) => {
            const isAborted = request.signal?.aborted === true;
            if (isAborted || link === undefined) {
                onResult(index, isAborted ? { status: "aborted" } : result);
            }
            return !isAborted && link !== undefined;
        });
        if (link === undefined || open.length === 0) {
            return;
        }
        const { store, meter } = link;
        const isLast = place === this._links.length - 1;
        const here = open.filter(
            ({ request: { key, isSuspect } }) =>
                store.has?.(key) !== false && (isLast || !store.isWritable || isSuspect !== true),
        );
        const passing = open.filter((one) => !here.includes(one));
        passing.forEach(() => meter.countResult({ status: "missing" }, 0));
        // Who is passed over does not wait for this store.
        await Promise.all([
            this._askAsync(place + 1, passing, onResult),
            this._askOneAsync(place, link, here, onResult),
        ]);
    }

    private async _askOneAsync(
        place: number,
        { store, meter }: Link,
        asked: readonly Asked[],
        onResult: StoreResultCallback,
    ): Promise<void> {
        const startMs = this._clock.now();
        const left = new Set(asked);
        const further: Asked[] = [];
        const take = (one: Asked, result: StoreResult): void => {
            left.delete(one);
            meter.countResult(result, this._clock.now() - startMs);
            if (result.status === "found") {
                this._writeBack(place, one.request.key, result.bytes);
            }
            if (result.status === "found" || result.status === "aborted") {
                onResult(one.index, result);
                return;
            }
            one.result = worse(one.result, result);
            further.push(one);
        };
        let reason = `The store "${store.name}" gave no answer.`;
        try {
            await store.getManyAsync(
                asked.map(({ request }) => request),
                (at, result) => {
                    // A store's second answer to one question is none.
                    if (left.has(asked[at]!)) {
                        take(asked[at]!, result);
                    }
                },
            );
        } catch (error) {
            reason = messageOf(error);
        }
        [...left].forEach((one) => take(one, { status: "unavailable", reason }));
        await this._askAsync(place + 1, further, onResult);
    }

    /** Begins to write what a store gave to the writable ones before it. */
    private _writeBack(place: number, key: string, bytes: Uint8Array): void {
        const earlier = this._links.slice(0, place).filter(({ store }) => store.isWritable);
        const { byteLength } = bytes;
        const isFull = this._waitingBytes + byteLength > this._maxWaitingBytes;
        if (earlier.length === 0 || isFull || this._writing.has(key) || this._closing.signal.aborted) {
            return;
        }
        // The reader may give its bytes away at once.
        const own = new Uint8Array(bytes);
        this._waitingBytes += byteLength;
        const writing = Promise.all(
            earlier.map(async ({ store, meter }) => {
                const put = await triedAsync(() => store.putAsync(key, own, { signal: this._closing.signal }));
                meter.countPut(put.status, byteLength);
            }),
        ).then(() => {
            this._waitingBytes -= byteLength;
            this._writing.delete(key);
        });
        this._writing.set(key, writing);
    }
}

/** Returns the answer that says more of what is wrong. */
function worse(one: StoreResult, other: StoreResult): StoreResult {
    const order = ["missing", "unavailable", "damaged"];
    return order.indexOf(other.status) > order.indexOf(one.status) ? other : one;
}

/** What a store throws, which only a caller's mistake should make it do, is a store out of reach. */
async function triedAsync<T>(workAsync: () => Promise<T>): Promise<T | { status: "unavailable"; reason: string }> {
    try {
        return await workAsync();
    } catch (error) {
        return { status: "unavailable", reason: messageOf(error) };
    }
}
