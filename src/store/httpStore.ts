import type { HttpClientOptions } from "./httpClient.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreDescription,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";

export interface HttpStoreOptions extends HttpClientOptions {
    /** Default: `http` */
    readonly name?: string;
    /** Milliseconds for which a file that was missing is not asked for again. Default: 60,000 */
    readonly missingMs?: number;
}

/**
 * Reads the files below an address of any static web server, such as those that `terrane bake` wrote. It takes nothing, and
 * cannot list. A file that is missing is not asked for again for a while. `manifest.json` is revalidated with the server;
 * other files may come from the browser's cache, and come from the server where those turn out to be damaged.
 */
export class HttpStore implements Store {
    public readonly name: string;
    public readonly isWritable = false;
    /** Null with a `fetch` of the caller's own, which cannot go to another thread. */
    public readonly description: StoreDescription | null = null;

    /**
     * @param url of the folder, with or without a slash at its end
     * @throws TerraneError where it is no http or https address
     */
    public constructor(_url: string, { name = "http" }: HttpStoreOptions = {}) {
        this.name = name;
    }

    public get retries(): number {
        return 0;
    }

    public has(_key: string): boolean | undefined {
        return undefined;
    }

    public getAsync(_request: StoreRequest): Promise<StoreResult> {
        throw new Error("not yet");
    }

    public getManyAsync(_requests: readonly StoreRequest[], _onResult: StoreResultCallback): Promise<void> {
        throw new Error("not yet");
    }

    public putAsync(_key: string): Promise<PutResult> {
        throw new Error("not yet");
    }

    public deleteAsync(_key: string): Promise<DeleteResult> {
        throw new Error("not yet");
    }

    public listAsync(): Promise<ListResult> {
        throw new Error("not yet");
    }

    public closeAsync(): Promise<void> {
        throw new Error("not yet");
    }
}
