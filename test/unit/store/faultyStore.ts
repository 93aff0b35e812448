import type {
    DeleteResult,
    ListResult,
    PutOptions,
    PutResult,
    Store,
    StoreClock,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "../../../src/store/store.js";
import { getEachAsync, resultOfAsync } from "../../../src/store/storeRequests.js";

/**
 * What may go wrong with an operation: it fails; it, and some after it, fail; it ends an hour later; only half of the bytes come;
 * a bit of them is another; there is no room; what it works with is closed under it.
 */
export type Fault = "fail" | "gone" | "delay" | "truncate" | "flip" | "full" | "close";

/** Operations that fail where something is `gone`. */
const GONE_FOR = 7;
export const HOUR_MS = 3_600_000;

/** Counts operations, of which the Nth goes wrong. */
export class Faults {
    public count = 0;

    public constructor(
        public readonly nth: number,
        private readonly _fault: Fault,
    ) {}

    /** Counts one more operation. Returns what goes wrong with it; null for nothing. */
    public next(): Fault | null {
        const since = ++this.count - this.nth;
        return since === 0 || (this._fault === "gone" && since > 0 && since < GONE_FOR) ? this._fault : null;
    }

    public get hasHappened(): boolean {
        return this.count >= this.nth;
    }
}

/**
 * Lets each operation go wrong in turn, from the first until there are no more: every fifth of them, or all where
 * `TERRANE_TEST_ALL_FAULTS` is set.
 *
 * @returns the number of faults that happened
 */
export async function walkAsync(fault: Fault, runAsync: (faults: Faults) => Promise<void>): Promise<number> {
    const step = process.env["TERRANE_TEST_ALL_FAULTS"] ? 1 : 5;
    for (let nth = 1, happened = 0; ; nth += step, happened++) {
        const faults = new Faults(nth, fault);
        try {
            await runAsync(faults);
        } catch (error) {
            throw new Error(`with "${fault}" at operation ${nth}: ${(error as Error).message}`, { cause: error });
        }
        if (!faults.hasHappened) {
            return happened;
        }
    }
}

/** Returns bytes as a fault leaves them. */
export function spoiled(bytes: Uint8Array, fault: Fault | null): Uint8Array {
    if (fault === "truncate") {
        return bytes.slice(0, bytes.length >> 1);
    }
    const own = new Uint8Array(bytes);
    if (fault === "flip") {
        own[own.length >> 1]! ^= 16;
    }
    return own;
}

/** A store whose Nth operation goes wrong. */
export class FaultyStore implements Store {
    public readonly description = null;

    public constructor(
        private readonly _store: Store,
        private readonly _faults: Faults,
        private readonly _clock: StoreClock,
    ) {}

    public get name(): string {
        return this._store.name;
    }

    public get isWritable(): boolean {
        return this._store.isWritable;
    }

    public has(key: string): boolean | undefined {
        return this._store.has?.(key);
    }

    public getAsync(request: StoreRequest): Promise<StoreResult> {
        return this._spoilAsync(request, async (fault) => {
            // The reader inspects what comes, not what was there.
            const { inspectAsync: _, ...bare } = request;
            const result = await this._store.getAsync(bare);
            return result.status === "found" ? resultOfAsync(request, spoiled(result.bytes, fault)) : result;
        });
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        const own = new Uint8Array(bytes);
        return this._spoilAsync<PutResult>(options, async (fault) =>
            fault === "full"
                ? { status: "refused", reason: "There is no room." }
                : this._store.putAsync(key, own, options),
        );
    }

    public deleteAsync(key: string, options: StoreOptions = {}): Promise<DeleteResult> {
        return this._spoilAsync(options, () => this._store.deleteAsync(key, options));
    }

    public listAsync(prefix?: string, options: StoreOptions = {}): Promise<ListResult> {
        return this._spoilAsync(options, () => this._store.listAsync(prefix, options));
    }

    public closeAsync(): Promise<void> {
        return this._store.closeAsync();
    }

    private async _spoilAsync<T>(
        { signal }: StoreOptions,
        workAsync: (fault: Fault | null) => Promise<T>,
    ): Promise<T | { status: "aborted" } | { status: "unavailable"; reason: string }> {
        const fault = this._faults.next();
        if (fault === "fail" || fault === "gone" || fault === "close") {
            return { status: "unavailable", reason: "It is out of reach." };
        }
        if (fault === "delay") {
            await this._clock.waitAsync(HOUR_MS, signal);
        }
        return signal?.aborted === true ? { status: "aborted" } : workAsync(fault);
    }
}
