import { assertName, MAX_FILE_BYTES } from "./chunkStore.js";
import { HttpClient, type HttpClientOptions } from "./httpClient.js";
import { httpFileSettingsOf, type HttpFileSettings } from "./httpSettings.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreClock,
    StoreDescription,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
import { systemClock } from "./storeClock.js";
import { getEachAsync, resultOfAsync } from "./storeRequests.js";

/** How a server of files is asked. */
export interface HttpStoreOptions extends HttpClientOptions, HttpFileSettings {}

/** The one file of a bake that changes below its name. */
const MANIFEST_FILE = "manifest.json";
/** Most missing files that are remembered. */
const MOST_MISSING = 4096;

/**
 * Reads the files below an address of any static web server, such as those that `terrane bake` wrote. It takes nothing, and
 * cannot list. A file that is missing is not asked for again for a while. `manifest.json` is revalidated with the server;
 * other files may come from the browser's cache, and come from the server where those turn out to be damaged.
 */
export class HttpStore implements Store {
    public readonly name: string;
    public readonly isWritable = false;
    /** Null with a `fetch` of the caller's own, which cannot go to another thread. */
    public readonly description: StoreDescription | null;

    private readonly _client: HttpClient;
    private readonly _clock: StoreClock;
    private readonly _missingMs: number;
    /** Milliseconds until which a key is missing, in the order of their asking. */
    private readonly _missing = new Map<string, number>();

    /**
     * @param url of the folder, with or without a slash at its end; its query goes with each request
     * @param client that sends the requests, and is closed with the store. Default: one of its own, by `options`
     * @throws TerraneError where it is no http or https address
     */
    public constructor(url: string, options: HttpStoreOptions = {}, client = new HttpClient(url, options)) {
        const { name = "http", missingMs = 60_000, fetch } = options;
        this.name = name;
        this._client = client;
        this._clock = options.clock ?? systemClock;
        this._missingMs = missingMs;
        const settings = httpFileSettingsOf(options);
        this.description = fetch ? null : { kind: "http", url: this._client.address, ...settings };
    }

    public get retries(): number {
        return this._client.retries;
    }

    /** Returns false for what was missing a moment ago; of the rest nothing is known. */
    public has(key: string): boolean | undefined {
        const untilMs = this._missing.get(key);
        if (untilMs === undefined || this._clock.now() < untilMs) {
            return untilMs === undefined ? undefined : false;
        }
        this._missing.delete(key);
        return undefined;
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        assertName(request.key);
        if (request.signal?.aborted === true) {
            return { status: "aborted" };
        }
        if (this.has(request.key) === false) {
            return { status: "missing" };
        }
        if (request.isSuspect === true) {
            return this._getAsync(request, "reload");
        }
        if (request.key.split("/").at(-1) === MANIFEST_FILE) {
            return this._getAsync(request, "no-cache");
        }
        const result = await this._getAsync(request, "default");
        if (result.status !== "damaged") {
            return result;
        }
        // The browser's cache may hold a file of an older bake.
        const again = await this._getAsync(request, "reload");
        return again.status === "unavailable" ? result : again;
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public putAsync(key: string): Promise<PutResult> {
        return this._refuseAsync(key);
    }

    public deleteAsync(key: string): Promise<DeleteResult> {
        return this._refuseAsync(key);
    }

    public listAsync(): Promise<ListResult> {
        return Promise.resolve({ status: "unavailable", reason: `${this._client.url} cannot list its files.` });
    }

    public closeAsync(): Promise<void> {
        this._client.close();
        return Promise.resolve();
    }

    private async _getAsync(request: StoreRequest, cache: RequestCache): Promise<StoreResult> {
        const { key, maxBytes = MAX_FILE_BYTES, signal } = request;
        const result = await this._client.getBytesAsync(key, { maxBytes, signal, cache });
        if (result.status === "answered") {
            return resultOfAsync(request, result.value.bytes);
        }
        if (result.status === "missing") {
            this._remember(key);
        }
        return result;
    }

    private _remember(key: string): void {
        this._missing.delete(key);
        this._missing.set(key, this._clock.now() + this._missingMs);
        if (this._missing.size > MOST_MISSING) {
            for (const oldest of this._missing.keys()) {
                this._missing.delete(oldest);
                break;
            }
        }
    }

    private async _refuseAsync(key: string): Promise<{ status: "refused"; reason: string }> {
        assertName(key);
        return { status: "refused", reason: `${this._client.url} takes no files.` };
    }
}
