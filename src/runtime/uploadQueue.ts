import type { ChunkRecord } from "../residency/chunkRecord.js";

/** Chunks whose data is here and waits for a sink. The most urgent leaves first. */
export class UploadQueue<TItem extends { readonly record: ChunkRecord }> {
    private readonly _items: TItem[] = [];

    /** @param _priorityOf lower is sooner; polled */
    public constructor(private readonly _priorityOf: (item: TItem) => number) {}

    public get count(): number {
        return this._items.length;
    }

    /** Adds an item that is not in yet. */
    public add(item: TItem): void {
        this._items.push(item);
    }

    public has(item: TItem): boolean {
        return this._items.includes(item);
    }

    /** Takes an item out, where it is in. */
    public remove(item: TItem): void {
        const index = this._items.indexOf(item);
        const last = this._items[this._items.length - 1]!;
        if (index >= 0) {
            this._items[index] = last;
            this._items.pop();
        }
    }

    public clear(): void {
        this._items.length = 0;
    }

    /** Priority of the most urgent item; Infinity where there is none. */
    public get priority(): number {
        const item = this.peek();
        return item === null ? Number.POSITIVE_INFINITY : this._priorityOf(item);
    }

    /** Returns the most urgent item, which stays; null where there is none. */
    public peek(): TItem | null {
        let best: TItem | null = null;
        let least = Number.POSITIVE_INFINITY;
        for (let i = 0; i < this._items.length; i++) {
            const priority = this._priorityOf(this._items[i]!);
            if (best === null || priority < least) {
                best = this._items[i]!;
                least = priority;
            }
        }
        return best;
    }
}
