import { messageOf } from "../base/errors.js";
import type { StoreCall, StoreReply } from "./loadProtocol.js";
import type { Store } from "./store.js";

type RunningCall = Exclude<StoreCall, { method: "abort" }>;

/** Answers a session on another thread for the stores that only this one can use. */
export class StoreHost {
    private readonly _aborts = new Map<number, AbortController>();

    public constructor(
        private readonly _stores: readonly Store[],
        private readonly _reply: (reply: StoreReply, buffers: ArrayBuffer[]) => void,
    ) {}

    /** Answers a call, some time. */
    public receive(call: StoreCall): void {
        if (call.method === "abort") {
            this._aborts.get(call.call)?.abort();
            return;
        }
        void this._answerAsync(call);
    }

    private async _answerAsync(call: RunningCall): Promise<void> {
        const controller = new AbortController();
        this._aborts.set(call.call, controller);
        let result: StoreReply["result"];
        try {
            result = await this._runAsync(call, controller.signal);
        } catch (error) {
            // A store of somebody's own may throw what it likes.
            result = { status: "unavailable", reason: messageOf(error) };
        }
        this._aborts.delete(call.call);
        if (result.status === "found") {
            // What the store gave may be a view on something larger, which is its own.
            const bytes = result.bytes.slice();
            this._reply({ kind: "reply", call: call.call, result: { status: "found", bytes } }, [bytes.buffer]);
            return;
        }
        this._reply({ kind: "reply", call: call.call, result }, []);
    }

    private _runAsync(call: RunningCall, signal: AbortSignal): Promise<StoreReply["result"]> {
        const store = this._stores[call.place]!;
        switch (call.method) {
            case "get":
                return store.getAsync({ key: call.key, maxBytes: call.maxBytes, isListed: call.isListed, signal });
            case "put":
                return store.putAsync(call.key, call.bytes, { ...call.options, signal });
            case "delete":
                return store.deleteAsync(call.key, { signal });
            case "list":
                return store.listAsync(call.prefix, { signal });
        }
    }
}
