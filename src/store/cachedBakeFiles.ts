import { messageOf } from "../base/errors.js";
import { BAKE_IS_READ_ONLY } from "./bakedStore.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";

/** Milliseconds after which a root that is kept is taken: the bake's own is kept for the next time when it comes. */
const LATE_MS = 3000;
/** The one file of a bake that may change below its name. */
const ROOT = "manifest.json";
/** Files that are kept: the manifest's. Chunks rest under keys of their own. */
const KEPT = /^manifest[./]/;

/**
 * The files of a bake, whose manifest a second store keeps for when they are out of reach. `manifest.json` comes from the
 * bake, and from the cache only where the bake gives none that the asker takes; nodes, which their parents name by their
 * hashes, come from the cache first. What the asker refuses is not kept.
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
            const fresh = await this._freshAsync(request);
            return fresh.status === "found" || fresh.status === "aborted"
                ? fresh
                : orElse(await this._cachedAsync(request), fresh);
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
        return Promise.resolve(BAKE_IS_READ_ONLY);
    }

    public deleteAsync(): Promise<DeleteResult> {
        return Promise.resolve(BAKE_IS_READ_ONLY);
    }

    public listAsync(prefix?: string): Promise<ListResult> {
        return this._files.listAsync(prefix);
    }

    /** The cache is its owner's to close. */
    public closeAsync(): Promise<void> {
        return this._files.closeAsync();
    }

    /** Reads the root, for no longer than a while where it is kept: of a host that is silent its creator would wait for half a minute. */
    private async _freshAsync(request: StoreRequest): Promise<StoreResult> {
        const reading = this._files.getAsync(request).then((result) => this._keep(request, result));
        const { inspectAsync: _, ...bare } = request;
        const kept = await this._cachedAsync(bare);
        if (kept.status !== "found") {
            return reading;
        }
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<StoreResult>((resolve) => {
            timer = setTimeout(() => resolve({ status: "unavailable", reason: "It takes long." }), LATE_MS);
        });
        const fresh = await Promise.race([reading, late]);
        clearTimeout(timer);
        return fresh;
    }

    private async _cachedAsync(request: StoreRequest): Promise<StoreResult> {
        try {
            return await this._cache.getAsync({ ...request, key: this._prefix + request.key });
        } catch (error) {
            // A store of somebody's own may throw what it likes.
            return { status: "unavailable", reason: messageOf(error) };
        }
    }

    private _keep({ key }: StoreRequest, result: StoreResult): StoreResult {
        if (result.status === "found") {
            // Nobody waits: without it the bake streams all the same, as long as it is in reach.
            void this._putAsync(this._prefix + key, result.bytes.slice());
        }
        return result;
    }

    private async _putAsync(key: string, bytes: Uint8Array): Promise<void> {
        try {
            await this._cache.putAsync(key, bytes, { isEvictedLast: true });
        } catch {
            // A store of somebody's own may throw what it likes.
        }
    }
}

function orElse(first: StoreResult, second: StoreResult): StoreResult {
    return first.status === "found" || first.status === "aborted" ? first : second;
}
