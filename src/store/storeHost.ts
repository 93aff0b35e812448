import { messageOf } from "../base/errors.js";
import type { StoreCall, StoreReply } from "./loadProtocol.js";
import type { Store, StoreRequest, StoreResult } from "./store.js";

type GetCall = Extract<StoreCall, { method: "get" }>;
type OtherCall = Exclude<StoreCall, { method: "abort" | "get" }>;
type Reply = StoreReply["result"];

/** Answers a session on another thread for the stores that only this one can use. */
export class StoreHost {
    private readonly _aborts = new Map<number, AbortController>();
    /** What came in one go, by store: many stores can read it sooner than one by one. */
    private readonly _gets = new Map<Store, GetCall[]>();

    public constructor(
        private readonly _stores: readonly Store[],
        private readonly _reply: (reply: StoreReply, buffers: ArrayBuffer[]) => void,
    ) {}

    /** Answers a call, some time. */
    public receive(call: StoreCall): void {
        if (call.method === "abort") {
            this._aborts.get(call.call)?.abort();
        } else if (call.method === "get") {
            this._gather(call);
        } else {
            void this._answerAsync(call);
        }
    }

    private _gather(call: GetCall): void {
        const store = this._stores[call.place]!;
        const calls = this._gets.get(store);
        if (calls !== undefined) {
            calls.push(call);
            return;
        }
        this._gets.set(store, [call]);
        queueMicrotask(() => {
            const gathered = this._gets.get(store)!;
            this._gets.delete(store);
            void this._getManyAsync(store, gathered);
        });
    }

    private async _getManyAsync(store: Store, calls: readonly GetCall[]): Promise<void> {
        const open = new Set(calls);
        const answer = (call: GetCall, result: StoreResult): void => {
            if (open.delete(call)) {
                this._end(call, result);
            }
        };
        const requests = calls.map(({ call, key, maxBytes, isListed, isSuspect }): StoreRequest => {
            return { key, maxBytes, isListed, isSuspect, signal: this._begin(call) };
        });
        try {
            await store.getManyAsync(requests, (index, result) => answer(calls[index]!, result));
            // One that says nothing of a request would be waited for without end.
            calls.forEach((call) => answer(call, { status: "unavailable", reason: "The store gave no answer." }));
        } catch (error) {
            // A store of somebody's own may throw what it likes.
            calls.forEach((call) => answer(call, { status: "unavailable", reason: messageOf(error) }));
        }
    }

    private async _answerAsync(call: OtherCall): Promise<void> {
        let result: Reply;
        try {
            result = await this._runAsync(call, this._begin(call.call));
        } catch (error) {
            result = { status: "unavailable", reason: messageOf(error) };
        }
        this._end(call, result);
    }

    private _runAsync(call: OtherCall, signal: AbortSignal): Promise<Reply> {
        const store = this._stores[call.place]!;
        switch (call.method) {
            case "put":
                return store.putAsync(call.key, call.bytes, { ...call.options, signal });
            case "delete":
                return store.deleteAsync(call.key, { signal });
            case "list":
                return store.listAsync(call.prefix, { signal });
        }
    }

    private _begin(call: number): AbortSignal {
        const controller = new AbortController();
        this._aborts.set(call, controller);
        return controller.signal;
    }

    private _end({ call }: StoreCall, result: Reply): void {
        this._aborts.delete(call);
        if (result.status === "found") {
            // What the store gave may be a view on something larger, which is its own.
            const bytes = result.bytes.slice();
            this._reply({ kind: "reply", call, result: { status: "found", bytes } }, [bytes.buffer]);
        } else {
            this._reply({ kind: "reply", call, result }, []);
        }
    }
}
