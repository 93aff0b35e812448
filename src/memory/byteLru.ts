import { TerraneError } from "../base/errors.js";

interface Entry<TValue> {
    readonly key: number;
    value: TValue;
    bytes: number;
    older: Entry<TValue> | null;
    newer: Entry<TValue> | null;
}

/** Of so many oldest entries, the one least worth keeping is evicted. */
const CANDIDATES = 16;
/** A place in `_costs`. */
const HIGHEST = 1;

/**
 * Keeps the most recently used values, as many as `limitBytes` allows. The order is a linked list through the entries:
 * moving an entry by deleting it from a Map and setting it again would fill the Map's table with gaps, and the growth
 * of that table now and then is garbage on the frame path.
 */
export class ByteLru<TValue> {
    private readonly _entries = new Map<number, Entry<TValue>>();
    private _oldest: Entry<TValue> | null = null;
    private _newest: Entry<TValue> | null = null;
    private _bytes = 0;
    private _limitBytes: number;
    /** The cost written last, and the highest so far. */
    private readonly _costs = new Float64Array(2);

    /**
     * @param limitBytes from 0 up; Infinity for no limit
     * @param onEvict called with each value that is evicted for want of room, replaced by another or cleared, when it
     *   has left the cache; not called by `delete`
     * @param costOf writes into the first place of `ref` how little a value is worth keeping: of the 16 oldest, the one
     *   with the highest cost goes first. Default: the oldest goes first
     */
    public constructor(
        limitBytes: number,
        private readonly _onEvict: (key: number, value: TValue) => void,
        private readonly _costOf: ((key: number, ref: Float64Array) => void) | null = null,
    ) {
        this._limitBytes = checkBytes("limitBytes", limitBytes);
    }

    public get limitBytes(): number {
        return this._limitBytes;
    }

    /** Sets the limit; a lower one evicts at once. */
    public set limitBytes(value: number) {
        this._limitBytes = checkBytes("limitBytes", value);
        this._evictToLimit();
    }

    public get bytes(): number {
        return this._bytes;
    }

    public get count(): number {
        return this._entries.size;
    }

    /** Returns the keys of all values, in no particular order. */
    public keys(): IterableIterator<number> {
        return this._entries.keys();
    }

    /** Tells whether a key has a value, without counting as a use. */
    public has(key: number): boolean {
        return this._entries.has(key);
    }

    /** Returns a key's value, which is now the most recently used; undefined if there is none. Allocates nothing. */
    public get(key: number): TValue | undefined {
        const entry = this._entries.get(key);
        if (entry === undefined) {
            return undefined;
        }
        if (entry !== this._newest) {
            this._unlink(entry);
            this._linkNewest(entry);
        }
        return entry.value;
    }

    /** Keeps a value. One that is larger than the limit is evicted at once, after all others. */
    public set(key: number, value: TValue, bytes: number): void {
        checkBytes("bytes", bytes);
        const existing = this._entries.get(key);
        if (existing === undefined) {
            const entry: Entry<TValue> = { key, value, bytes, older: null, newer: null };
            this._entries.set(key, entry);
            this._linkNewest(entry);
            this._bytes += bytes;
        } else {
            const replaced = existing.value;
            this._bytes += bytes - existing.bytes;
            existing.value = value;
            existing.bytes = bytes;
            this._unlink(existing);
            this._linkNewest(existing);
            if (replaced !== value) {
                this._onEvict(key, replaced);
            }
        }
        this._evictToLimit();
    }

    /** Removes a value and returns it; undefined if there is none. */
    public delete(key: number): TValue | undefined {
        const entry = this._entries.get(key);
        if (entry === undefined) {
            return undefined;
        }
        this._remove(entry);
        return entry.value;
    }

    /** Evicts all values, the oldest first. */
    public clear(): void {
        this._evictTo(-1);
    }

    private _evictToLimit(): void {
        this._evictTo(this._limitBytes);
    }

    private _evictTo(bytes: number): void {
        while (this._oldest !== null && this._bytes > bytes) {
            const entry = this._leastWorth(this._oldest);
            this._remove(entry);
            this._onEvict(entry.key, entry.value);
        }
    }

    private _leastWorth(oldest: Entry<TValue>): Entry<TValue> {
        if (this._costOf === null) {
            return oldest;
        }
        let worst = oldest;
        // In an array, not in variables: numbers given back by calls are objects wherever those are not inlined.
        const costs = this._costs;
        costs[HIGHEST] = Number.NEGATIVE_INFINITY;
        let entry: Entry<TValue> | null = oldest;
        for (let i = 0; i < CANDIDATES && entry !== null; i++, entry = entry.newer) {
            this._costOf(entry.key, costs);
            if (costs[0]! > costs[HIGHEST]!) {
                costs[HIGHEST] = costs[0]!;
                worst = entry;
            }
        }
        return worst;
    }

    private _remove(entry: Entry<TValue>): void {
        this._entries.delete(entry.key);
        this._unlink(entry);
        this._bytes -= entry.bytes;
    }

    private _linkNewest(entry: Entry<TValue>): void {
        entry.older = this._newest;
        entry.newer = null;
        if (this._newest === null) {
            this._oldest = entry;
        } else {
            this._newest.newer = entry;
        }
        this._newest = entry;
    }

    private _unlink(entry: Entry<TValue>): void {
        if (entry.older === null) {
            this._oldest = entry.newer;
        } else {
            entry.older.newer = entry.newer;
        }
        if (entry.newer === null) {
            this._newest = entry.older;
        } else {
            entry.newer.older = entry.older;
        }
    }
}

function checkBytes(field: string, value: number): number {
    if (!(value >= 0)) {
        throw new TerraneError(field, value, "a number of 0 or more", "Pass a size in bytes.");
    }
    return value;
}
