import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";

/** The one file of a bake that may change below its name. */
const ROOT = "manifest.json";
/** Files that are kept: the manifest's. Chunks rest under keys of their own. */
const KEPT = /^manifest[./]/;

/**
 * The files of a bake, whose manifest a second store keeps for when they are out of reach. `manifest.json` comes from the
 * bake, and from the cache only where that cannot be asked; nodes, which their parents name by their hashes, come from the
 * cache first.
 */
export class CachedBakeFiles implements Store {
    public readonly name: string;
    public readonly isWritable = false;
    public readonly description = null;

    /** @param _prefix of the cache's keys: names the bake */
    public constructor(
        private readonly _files: Store,
        private readonly _cache: Store,
        private readonly _prefix: string,
    ) {
        this.name = _files.name;
    }

    public get retries(): number {
        return this._files.retries ?? 0;
    }

    public has(key: string): boolean | undefined {
        return this._files.has?.(key);
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        if (!KEPT.test(request.key)) {
            return this._files.getAsync(request);
        }
        if (request.key === ROOT) {
            const fresh = this._keep(request, await this._files.getAsync(request));
            return fresh.status === "unavailable" ? orElse(await this._cachedAsync(request), fresh) : fresh;
        }
        const cached = await this._cachedAsync(request);
        return cached.status === "found" || cached.status === "aborted"
            ? cached
            : this._keep(request, await this._files.getAsync(request));
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        const others: number[] = [];
        const kept: Promise<void>[] = [];
        requests.forEach((request, index) => {
            if (KEPT.test(request.key)) {
                kept.push(this.getAsync(request).then((result) => onResult(index, result)));
            } else {
                others.push(index);
            }
        });
        const rest = others.map((index) => requests[index]!);
        await Promise.all([...kept, this._files.getManyAsync(rest, (i, result) => onResult(others[i]!, result))]);
    }

    public putAsync(): Promise<PutResult> {
        return Promise.resolve({ status: "refused", reason: "A bake is not written to." });
    }

    public deleteAsync(): Promise<DeleteResult> {
        return Promise.resolve({ status: "refused", reason: "A bake is not written to." });
    }

    public listAsync(prefix?: string): Promise<ListResult> {
        return this._files.listAsync(prefix);
    }

    /** The cache is its owner's to close. */
    public closeAsync(): Promise<void> {
        return this._files.closeAsync();
    }

    private _cachedAsync(request: StoreRequest): Promise<StoreResult> {
        return this._cache.getAsync({ ...request, key: this._prefix + request.key });
    }

    private _keep({ key }: StoreRequest, result: StoreResult): StoreResult {
        if (result.status === "found") {
            // Nobody waits: without it the bake streams all the same, as long as it is in reach.
            void this._cache.putAsync(this._prefix + key, result.bytes.slice());
        }
        return result;
    }
}

function orElse(first: StoreResult, second: StoreResult): StoreResult {
    return first.status === "found" ? first : second;
}
