import type { BakeScheduler } from "../scheduler/bakeScheduler.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { priorityOf } from "../streaming/bands.js";
import type { ChunkCache } from "./chunkCache.js";

/** How a request for one chunk ended. */
export type ChunkRequestResult =
    | {
          readonly status: "done";
          readonly address: ChunkAddress;
          /** Valid during the call only: copy what you keep. */
          readonly bytes: Uint8Array;
      }
    | { readonly status: "failed"; readonly address: ChunkAddress; readonly error: Error }
    /** The world was disposed. */
    | { readonly status: "cancelled"; readonly address: ChunkAddress };

export type ChunkRequestCallback = (result: ChunkRequestResult) => void;

interface Asked {
    readonly address: ChunkAddress;
    readonly callbacks: ChunkRequestCallback[];
}

/** Chunks that a game asks for by itself, beside those that viewers need. Each callback is called exactly once. */
export class ChunkRequests {
    private readonly _asked = new Map<number, Asked>();

    public constructor(
        private readonly _scheduler: BakeScheduler,
        private readonly _cache: ChunkCache,
    ) {}

    /** Whether someone waits for the chunk. */
    public isAskedFor(key: number): boolean {
        return this._asked.has(key);
    }

    /** @param band index into `BANDS`. Returns whether the cache answered at once. */
    public request(key: number, address: ChunkAddress, band: number, callback?: ChunkRequestCallback): boolean {
        const cached = this._cache.peek(key);
        if (cached !== null) {
            callback?.({ status: "done", address, bytes: new Uint8Array(cached.buffer, 0, cached.byteLength) });
            return true;
        }
        if (this._scheduler.isQuarantined(key)) {
            const error = new Error("The chunk failed before and was given up.");
            callback?.({ status: "failed", address, error });
            return false;
        }
        let asked = this._asked.get(key);
        if (asked === undefined) {
            asked = { address, callbacks: [] };
            this._asked.set(key, asked);
        }
        if (callback !== undefined) {
            asked.callbacks.push(callback);
        }
        this._scheduler.hold(key, address, priorityOf(false, band, true, address.level, 0));
        return false;
    }

    /** Tells everyone who waits for a chunk, then rethrows what the first that threw has thrown. */
    public settle(key: number, result: ChunkRequestResult): void {
        const asked = this._asked.get(key);
        if (asked === undefined) {
            return;
        }
        this._asked.delete(key);
        const errors: unknown[] = [];
        for (const callback of asked.callbacks) {
            try {
                callback(result);
            } catch (error) {
                errors.push(error);
            }
        }
        if (errors.length > 0) {
            throw errors[0];
        }
    }

    /** Tells everyone who waits, then rethrows like `settle`. */
    public cancelAll(): void {
        const errors: unknown[] = [];
        for (const [key, { address }] of [...this._asked]) {
            try {
                this.settle(key, { status: "cancelled", address });
            } catch (error) {
                errors.push(error);
            }
        }
        if (errors.length > 0) {
            throw errors[0];
        }
    }
}
