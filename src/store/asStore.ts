import { messageOf } from "../base/errors.js";
import { FileTooLargeError, MAX_FILE_BYTES, StoreError, type ChunkStore } from "./chunkStore.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
import { getEachAsync, resultOfAsync } from "./storeRequests.js";

/** Returns a store as it is, or a `ChunkStore` with the face of one. */
export function asStore(store: Store | ChunkStore): Store {
    return "getAsync" in store ? store : new AdaptedStore(store);
}

/** A `ChunkStore` of somebody's own. It knows no signals: what is under way goes on to its end. */
class AdaptedStore implements Store {
    public readonly name = "custom";
    public readonly isWritable = true;
    public readonly description = null;
    private _isClosed = false;

    public constructor(private readonly _store: ChunkStore) {}

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        const { key, maxBytes = MAX_FILE_BYTES, signal } = request;
        return this._answerAsync<StoreResult>(signal, async () => {
            let bytes: Uint8Array | null;
            try {
                bytes = await this._store.readAsync(key, maxBytes);
            } catch (error) {
                if (error instanceof FileTooLargeError) {
                    return { status: "damaged", reason: lengthText(error) };
                }
                throw error;
            }
            return bytes === null ? { status: "missing" } : resultOfAsync(request, bytes);
        });
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public putAsync(key: string, bytes: Uint8Array, options?: StoreOptions): Promise<PutResult> {
        return this._answerAsync<PutResult>(options?.signal, async () => {
            await this._store.writeAsync(key, bytes);
            return { status: "stored" };
        });
    }

    public deleteAsync(key: string, options?: StoreOptions): Promise<DeleteResult> {
        return this._answerAsync<DeleteResult>(options?.signal, async () => {
            await this._store.deleteAsync(key);
            return { status: "deleted" };
        });
    }

    public listAsync(prefix = "", options?: StoreOptions): Promise<ListResult> {
        return this._answerAsync<ListResult>(options?.signal, async () => {
            const end = prefix.lastIndexOf("/");
            const names = await this._store.listAsync(end < 0 ? undefined : prefix.slice(0, end));
            return { status: "listed", keys: names.filter((name) => name.startsWith(prefix)) };
        });
    }

    public closeAsync(): Promise<void> {
        this._isClosed = true;
        return Promise.resolve();
    }

    private async _answerAsync<TResult>(
        signal: AbortSignal | undefined,
        workAsync: () => Promise<TResult>,
    ): Promise<TResult | { status: "aborted" } | { status: "unavailable"; reason: string }> {
        if (signal?.aborted === true) {
            return { status: "aborted" };
        }
        if (this._isClosed) {
            return { status: "unavailable", reason: "The store is closed." };
        }
        try {
            return await workAsync();
        } catch (error) {
            return { status: "unavailable", reason: error instanceof StoreError ? error.reason : messageOf(error) };
        }
    }
}

function lengthText({ byteLength, maxBytes }: FileTooLargeError): string {
    return `has ${byteLength === null ? "more bytes while it is read" : `${byteLength} bytes`}; at most ${maxBytes} are read`;
}
