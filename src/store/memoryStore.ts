import { assertName } from "./chunkStore.js";
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
import { StoreIndex } from "./storeIndex.js";
import { getEachAsync, resultOfAsync } from "./storeRequests.js";

/** How much a memory keeps. */
export interface MemoryStoreOptions {
    /** Most bytes of what can be made again; what was used longest ago makes room. Default: no limit */
    readonly limitBytes?: number;
}

/** Keeps files in memory, for as long as the page or process lives: for pages that have nothing better, and for tests. */
export class MemoryStore implements Store {
    public readonly name = "memory";
    public readonly isWritable = true;
    public readonly description = null;
    public readonly isLasting = false;
    public readonly limitBytes: number;

    private readonly _files = new Map<string, Uint8Array>();
    private readonly _index = new StoreIndex();
    private _isClosed = false;

    public constructor({ limitBytes = Infinity }: MemoryStoreOptions = {}) {
        this.limitBytes = limitBytes;
    }

    public has(key: string): boolean | undefined {
        return this._isClosed ? undefined : this._files.has(key);
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        assertName(request.key);
        const ended = this._ended(request);
        if (ended !== null) {
            return ended;
        }
        const bytes = this._files.get(request.key);
        if (bytes === undefined) {
            return { status: "missing" };
        }
        this._index.use(request.key);
        return resultOfAsync(request, bytes, copyOf);
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public async putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        assertName(key);
        const ended = this._ended(options);
        if (ended !== null) {
            return ended;
        }
        const { byteLength } = bytes;
        const { isIrreplaceable = false, isEvictedLast = false } = options;
        if (!isIrreplaceable && byteLength > this.limitBytes) {
            return { status: "refused", reason: `At most ${this.limitBytes} bytes are kept in memory.` };
        }
        this._files.set(key, copyOf(bytes));
        this._index.set({ key, byteLength, usedAt: this._index.now(), isIrreplaceable, isEvictedLast });
        for (const oldest of this._index.oldestOf(this._index.evictableBytes - this.limitBytes)) {
            this._delete(oldest);
        }
        return { status: "stored" };
    }

    public async deleteAsync(key: string, options: StoreOptions = {}): Promise<DeleteResult> {
        assertName(key);
        const ended = this._ended(options);
        if (ended !== null) {
            return ended;
        }
        this._delete(key);
        return { status: "deleted" };
    }

    public async listAsync(prefix = "", options: StoreOptions = {}): Promise<ListResult> {
        const keys = [...this._files.keys()].filter((key) => key.startsWith(prefix));
        return this._ended(options) ?? { status: "listed", keys };
    }

    public closeAsync(): Promise<void> {
        this._isClosed = true;
        this._files.clear();
        this._index.reset([]);
        return Promise.resolve();
    }

    private _delete(key: string): void {
        this._files.delete(key);
        this._index.delete(key);
    }

    private _ended({ signal }: StoreOptions): { status: "aborted" } | { status: "unavailable"; reason: string } | null {
        return this._isClosed
            ? { status: "unavailable", reason: "The memory was closed." }
            : signal?.aborted === true
              ? { status: "aborted" }
              : null;
    }
}

/** A Buffer's own `slice` copies nothing. */
function copyOf(bytes: Uint8Array): Uint8Array {
    return new Uint8Array(bytes);
}
