import type { BakedStore } from "./bakedStore.js";
import { ChainStore } from "./chainStore.js";
import type { Store } from "./store.js";
import type { StoreStats } from "./storeStats.js";

/** What a session has open. */
export class OpenedStores {
    /** The caller's stores and the bake, asked in this order. */
    public readonly chain: ChainStore;
    /** The first of the caller's stores that takes what is put; null where none does. */
    public readonly writable: Store | null;
    /** All others, from which that one is filled. */
    public readonly others: ChainStore;

    public constructor(
        /** The caller's stores. */
        public readonly given: readonly Store[],
        public readonly bake: BakedStore | null,
    ) {
        const all = bake === null ? given : [...given, bake];
        this.writable = given.find(({ isWritable }) => isWritable) ?? null;
        this.chain = new ChainStore(all);
        this.others = new ChainStore(all.filter((store) => store !== this.writable));
    }

    /** Bytes that the store which takes what is put keeps at most; Infinity where that is not known. */
    public get limitBytes(): number {
        return this.writable?.limitBytes ?? Infinity;
    }

    /** Whether what that store takes outlives the page; true where there is none. */
    public get isLasting(): boolean {
        return this.writable?.isLasting ?? true;
    }

    /** Returns what each store did, for the world and for downloads. */
    public statsOf(): StoreStats[] {
        const others = this.others.statsOf();
        return this.chain.statsOf().map((one) => {
            const more = others.find(({ name }) => name === one.name);
            return more === undefined
                ? one
                : {
                      ...one,
                      hits: one.hits + more.hits,
                      misses: one.misses + more.misses,
                      damaged: one.damaged + more.damaged,
                      failed: one.failed + more.failed,
                      bytesRead: one.bytesRead + more.bytesRead,
                  };
        });
    }
}
