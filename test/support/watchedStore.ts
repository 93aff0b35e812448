import { asStore } from "../../src/store/asStore.js";
import { MemoryStore } from "../../src/store/memoryStore.js";
import type { ListResult, PutResult, Store, StoreRequest, StoreResult } from "../../src/store/store.js";

/** A store in memory that tells what was read, and that can be out of reach. */
export class WatchedStore implements Store {
    public readonly name = "watched";
    public readonly isWritable = true;
    public readonly description = null;
    /** Keys that were read, in order. */
    public readonly read: string[] = [];
    /** Most bytes that were asked for, by key. */
    public readonly maxBytesOf = new Map<string, number | undefined>();
    /** How often several were asked for at once. */
    public manyCount = 0;
    public isOut = false;
    public isClosed = false;
    private readonly _inner = asStore(new MemoryStore());

    public constructor(files: Iterable<readonly [name: string, bytes: Uint8Array]> = []) {
        for (const [name, bytes] of files) {
            void this._inner.putAsync(name, bytes);
        }
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        this.read.push(request.key);
        this.maxBytesOf.set(request.key, request.maxBytes);
        await Promise.resolve();
        return this.isOut
            ? { status: "unavailable", reason: "The store is out of reach." }
            : this._inner.getAsync(request);
    }

    public async getManyAsync(
        requests: readonly StoreRequest[],
        onResult: (index: number, result: StoreResult) => void,
    ): Promise<void> {
        this.manyCount++;
        await Promise.all(requests.map(async (request, i) => onResult(i, await this.getAsync(request))));
    }

    public putAsync(key: string, bytes: Uint8Array): Promise<PutResult> {
        return this._inner.putAsync(key, bytes);
    }

    public deleteAsync(key: string) {
        return this._inner.deleteAsync(key);
    }

    public listAsync(prefix?: string): Promise<ListResult> {
        return this._inner.listAsync(prefix);
    }

    public closeAsync(): Promise<void> {
        this.isClosed = true;
        return Promise.resolve();
    }
}
