/** What is known of a file in a store that makes room for new ones. */
export interface StoreEntry {
    readonly key: string;
    readonly byteLength: number;
    /** Milliseconds since 1970 of its last use; no two of one page are equal. */
    readonly usedAt: number;
    /** Whether it is never evicted. */
    readonly isIrreplaceable: boolean;
    /** Whether it is evicted after all that is not. Default: false */
    readonly isEvictedLast?: boolean;
}

/** The files of a store, in the order of their last use, and the bytes of those that may be evicted. */
export class StoreIndex {
    /** Bytes of all that may be evicted. */
    public evictableBytes = 0;
    private readonly _entries = new Map<string, StoreEntry>();
    private _lastUse = 0;

    /** Returns a time of use after all others. */
    public now(): number {
        this._lastUse = Math.max(Date.now(), this._lastUse + 2 ** -10);
        return this._lastUse;
    }

    public get(key: string): StoreEntry | undefined {
        return this._entries.get(key);
    }

    public keys(): IterableIterator<string> {
        return this._entries.keys();
    }

    /** Adds an entry as the one used last, or replaces it. */
    public set(entry: StoreEntry): void {
        this.delete(entry.key);
        this._entries.set(entry.key, entry);
        // A clock may have been put back since.
        this._lastUse = Math.max(this._lastUse, entry.usedAt);
        this.evictableBytes += evictableBytesOf(entry);
    }

    public delete(key: string): void {
        const entry = this._entries.get(key);
        if (entry !== undefined) {
            this._entries.delete(key);
            this.evictableBytes -= evictableBytesOf(entry);
        }
    }

    /** Notes that a file is used now. */
    public use(key: string): void {
        const entry = this._entries.get(key);
        if (entry !== undefined) {
            this.set({ ...entry, usedAt: this.now() });
        }
    }

    /** Takes others in the place of all entries, whatever their order. */
    public reset(entries: readonly StoreEntry[]): void {
        this._entries.clear();
        this.evictableBytes = 0;
        for (const entry of [...entries].sort((a, b) => a.usedAt - b.usedAt)) {
            this.set(entry);
        }
    }

    /** Returns the keys that are to be evicted first, as many as free `bytes`; fewer where there are no more. */
    public oldestOf(bytes: number): string[] {
        const keys: string[] = [];
        let freed = 0;
        for (const isLast of [false, true]) {
            for (const entry of this._entries.values()) {
                if (freed >= bytes) {
                    return keys;
                }
                if (!entry.isIrreplaceable && (entry.isEvictedLast ?? false) === isLast) {
                    keys.push(entry.key);
                    freed += entry.byteLength;
                }
            }
        }
        return keys;
    }
}

function evictableBytesOf({ isIrreplaceable, byteLength }: StoreEntry): number {
    return isIrreplaceable ? 0 : byteLength;
}
