import type { RemoteStoreRef, SendEvent, StoreCall, StoreReply } from "./loadProtocol.js";
import type {
    DeleteResult,
    ListResult,
    PutOptions,
    PutResult,
    Store,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
import { getEachAsync, resultOfAsync } from "./storeRequests.js";

type Method<T> = T extends unknown ? Omit<T, "kind" | "call" | "place"> : never;
type AnyResult = StoreReply["result"];

/** Calls that wait for the other side, of all stores of a session. */
export class RemoteCalls {
    private readonly _waiting = new Map<number, (result: AnyResult) => void>();
    private _last = 0;

    public constructor(private readonly _send: SendEvent) {}

    /** Sends a call and resolves with its result. */
    public callAsync<T extends AnyResult>(place: number, method: Method<StoreCall>, signal?: AbortSignal): Promise<T> {
        if (signal?.aborted === true) {
            return Promise.resolve({ status: "aborted" } as T);
        }
        const call = ++this._last;
        return new Promise((resolve) => {
            const abort = (): void => this._send({ kind: "call", call, place, method: "abort" });
            this._waiting.set(call, (result) => {
                signal?.removeEventListener("abort", abort);
                resolve(result as T);
            });
            signal?.addEventListener("abort", abort, { once: true });
            this._send({ kind: "call", call, place, ...method });
        });
    }

    /** Settles the call that a reply is to. */
    public settle({ call, result }: StoreReply): void {
        const settle = this._waiting.get(call);
        this._waiting.delete(call);
        settle?.(result);
    }
}

/** A store that the other side of a session has: one that a user wrote, or that needs a function which cannot cross threads. */
export class RemoteStore implements Store {
    public readonly name: string;
    public readonly isWritable: boolean;
    public readonly description = null;
    public readonly limitBytes: number;
    public readonly isLasting: boolean;

    public constructor(
        private readonly _ref: RemoteStoreRef,
        private readonly _calls: RemoteCalls,
    ) {
        this.name = _ref.name;
        this.isWritable = _ref.isWritable;
        this.limitBytes = _ref.limitBytes ?? Infinity;
        this.isLasting = _ref.isLasting ?? true;
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        const found = await this._askAsync(request);
        const result = await inspectedAsync(request, found);
        if (found.status !== "found" || result.status !== "damaged") {
            return result;
        }
        // The store cannot know that what it gave is refused here, and may have better behind a cache.
        const suspecting = { ...request, isSuspect: true };
        const again = await inspectedAsync(request, await this._askAsync(suspecting));
        return again.status === "unavailable" ? result : again;
    }

    /** Calls of one go cross in one message, and are gathered on the other side. */
    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        const { signal, ...rest } = options;
        return this._calls.callAsync(this._ref.place, { method: "put", key, bytes, options: rest }, signal);
    }

    public deleteAsync(key: string, { signal }: StoreOptions = {}): Promise<DeleteResult> {
        return this._calls.callAsync(this._ref.place, { method: "delete", key }, signal);
    }

    public listAsync(prefix = "", { signal }: StoreOptions = {}): Promise<ListResult> {
        return this._calls.callAsync(this._ref.place, { method: "list", prefix }, signal);
    }

    /** It is its owner's to close. */
    public closeAsync(): Promise<void> {
        return Promise.resolve();
    }

    private _askAsync({ key, maxBytes, isListed, isSuspect, signal }: StoreRequest): Promise<StoreResult> {
        return this._calls.callAsync(this._ref.place, { method: "get", key, maxBytes, isListed, isSuspect }, signal);
    }
}

function inspectedAsync(request: StoreRequest, result: StoreResult): Promise<StoreResult> {
    return result.status === "found" ? resultOfAsync(request, result.bytes) : Promise.resolve(result);
}
