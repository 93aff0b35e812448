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

    public constructor(
        private readonly _ref: RemoteStoreRef,
        private readonly _calls: RemoteCalls,
    ) {
        this.name = _ref.name;
        this.isWritable = _ref.isWritable;
    }

    public async getAsync({ key, maxBytes, isListed, signal, inspectAsync }: StoreRequest): Promise<StoreResult> {
        const { place } = this._ref;
        const call = { method: "get", key, maxBytes, isListed } as const;
        const result = await this._calls.callAsync<StoreResult>(place, call, signal);
        if (result.status !== "found" || inspectAsync === undefined) {
            return result;
        }
        const reason = await inspectAsync(result.bytes);
        return reason === null ? result : { status: "damaged", reason };
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        await Promise.all(requests.map(async (request, index) => onResult(index, await this.getAsync(request))));
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
}
