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
import type { StoreStats } from "./storeStats.js";

export interface ChainStoreOptions {
    /** Default: `chain` */
    readonly name?: string;
    /** Most bytes that wait to be written to earlier stores; what comes beyond is not. Default: 2^25 */
    readonly maxWaitingBytes?: number;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
}

/**
 * Asks several stores in order, as one. What is missing in one, damaged, out of reach or refused by the request's own
 * inspection is asked of the next; what a later store gave is written to the writable ones before it, in the background. Puts go
 * to the first writable store that takes them. A store whose `has` says no is passed over.
 *
 * A get is `missing` where all stores say so, else as the worst of them: `damaged`, then `unavailable`.
 */
export class ChainStore implements Store {
    public readonly name: string;
    public readonly isWritable: boolean;
    /** Null where one of its stores has none. */
    public readonly description: StoreDescription | null = null;

    public constructor(
        public readonly stores: readonly Store[],
        { name = "chain" }: ChainStoreOptions = {},
    ) {
        this.name = name;
        this.isWritable = stores.some((store) => store.isWritable);
    }

    public get retries(): number {
        return 0;
    }

    /** Returns what each store did, in the chain's order; chains within it with theirs. */
    public statsOf(): StoreStats[] {
        throw new Error("not yet");
    }

    /** Resolves when all that is written in the background at the moment has ended. */
    public settledAsync(): Promise<void> {
        throw new Error("not yet");
    }

    /** Tells whether any store has it; false where all know that they do not. */
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

    /** Deletes from every writable store. */
    public deleteAsync(_key: string, _options?: StoreOptions): Promise<DeleteResult> {
        throw new Error("not yet");
    }

    /** Lists what the stores that can list have, once each; unavailable where none can. */
    public listAsync(_prefix?: string, _options?: StoreOptions): Promise<ListResult> {
        throw new Error("not yet");
    }

    public closeAsync(): Promise<void> {
        throw new Error("not yet");
    }
}
