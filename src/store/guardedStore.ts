import { messageOf } from "../base/errors.js";
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
    Unavailable,
} from "./store.js";

/** Milliseconds that a store may take to answer. */
const READ_MS = 10_000;
const WRITE_MS = 30_000;

const GET: ReadonlySet<string> = new Set(["found", "missing", "damaged", "unavailable", "aborted"]);
const PUT: ReadonlySet<string> = new Set(["stored", "refused", "unavailable", "aborted"]);
const DELETE: ReadonlySet<string> = new Set(["deleted", "refused", "unavailable", "aborted"]);
const LIST: ReadonlySet<string> = new Set(["listed", "unavailable", "aborted"]);

/**
 * A store of somebody's own, held to its word: what it throws, what it answers that no store may, and what it never answers is
 * `unavailable`, and the world goes on.
 */
export class GuardedStore implements Store {
    public readonly name: string;
    public readonly isWritable: boolean;
    public readonly description = null;

    public constructor(private readonly _store: Store) {
        this.name = String(_store.name);
        this.isWritable = _store.isWritable === true;
    }

    public get retries(): number {
        return this._store.retries ?? 0;
    }

    public get limitBytes(): number {
        return this._store.limitBytes ?? Infinity;
    }

    public get isLasting(): boolean {
        return this._store.isLasting ?? true;
    }

    public has(key: string): boolean | undefined {
        try {
            const answer: unknown = this._store.has?.(key);
            return typeof answer === "boolean" ? answer : undefined;
        } catch {
            return undefined;
        }
    }

    public getAsync(request: StoreRequest): Promise<StoreResult> {
        return this._askAsync(() => this._store.getAsync(request), checkedGet, READ_MS);
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        const open = new Set(requests.keys());
        const answer = (index: number, result: StoreResult): void => {
            if (open.delete(index)) {
                onResult(index, checkedGet(result));
            }
        };
        const answered = await this._askAsync<{ status: string } | Unavailable>(
            async () => {
                await this._store.getManyAsync(requests, answer);
                return { status: "done" };
            },
            (result) => result,
            READ_MS,
        );
        const reason = "reason" in answered ? answered.reason : "It gave no answer.";
        [...open].forEach((index) => answer(index, { status: "unavailable", reason }));
    }

    public putAsync(key: string, bytes: Uint8Array, options?: PutOptions): Promise<PutResult> {
        const checked = (result: PutResult): PutResult => (isOf(PUT, result) ? result : NONSENSE);
        return this._askAsync(() => this._store.putAsync(key, bytes, options), checked, WRITE_MS);
    }

    public deleteAsync(key: string, options?: StoreOptions): Promise<DeleteResult> {
        const checked = (result: DeleteResult): DeleteResult => (isOf(DELETE, result) ? result : NONSENSE);
        return this._askAsync(() => this._store.deleteAsync(key, options), checked, WRITE_MS);
    }

    public listAsync(prefix?: string, options?: StoreOptions): Promise<ListResult> {
        return this._askAsync(() => this._store.listAsync(prefix, options), checkedList, READ_MS);
    }

    /** It is its owner's to close. */
    public closeAsync(): Promise<void> {
        return Promise.resolve();
    }

    private async _askAsync<T>(
        askAsync: () => Promise<T>,
        checked: (result: T) => T,
        ms: number,
    ): Promise<T | Unavailable> {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<Unavailable>((resolve) => {
            const reason = `The store "${this.name}" gave no answer within ${ms / 1000} s.`;
            timer = setTimeout(() => resolve({ status: "unavailable", reason }), ms);
        });
        try {
            return await Promise.race([askAsync().then(checked), late]);
        } catch (error) {
            return { status: "unavailable", reason: `The store "${this.name}" failed: ${messageOf(error)}` };
        } finally {
            clearTimeout(timer);
        }
    }
}

const NONSENSE = { status: "unavailable", reason: "The store gave an answer that no store may give." } as const;

function isOf(statuses: ReadonlySet<string>, result: unknown): boolean {
    return statuses.has(String((result as { status?: unknown } | null | undefined)?.status));
}

function checkedGet(result: StoreResult): StoreResult {
    return isOf(GET, result) && (result.status !== "found" || result.bytes instanceof Uint8Array) ? result : NONSENSE;
}

function checkedList(result: ListResult): ListResult {
    const isList = isOf(LIST, result) && (result.status !== "listed" || Array.isArray(result.keys));
    return isList ? result : NONSENSE;
}
