import type { ExpectedFile } from "../format/checkChunkFile.js";
import { ManifestReader, type ManifestFault, type ManifestReaderOptions } from "./manifestReader.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";

/** What a bake says of the chunk below a key. */
export type ExpectedAnswer =
    { readonly status: "found"; readonly expected: ExpectedFile } | { readonly status: "missing" } | ManifestFault;

/**
 * A bake as a store of chunks: keys as `chunkStoreKey` makes them, files read from another store as the manifest names
 * them. What the manifest does not list is missing without a request; a file is `damaged` where its length or checksum is
 * not the manifest's. Nothing can be written.
 */
export class BakedStore implements Store {
    public readonly isWritable = false;
    public readonly description = null;

    public constructor(
        /** The bake's manifest. */
        public readonly manifest: ManifestReader,
        public readonly name = "baked",
    ) {}

    /**
     * Whether the manifest was checked against a root hash: compare what is in each file with `expectedOfAsync`, byte length and
     * SHA-256, to know that it is what was baked.
     */
    public get isPinned(): boolean {
        return this.manifest.isPinned;
    }

    public get retries(): number {
        return this.manifest.files.retries ?? 0;
    }

    /** Finds out what the manifest says of the chunk below a key. */
    public expectedOfAsync(key: string, options?: StoreOptions): Promise<ExpectedAnswer> {
        void [key, options];
        throw new Error("not yet");
    }

    public has(key: string): boolean | undefined {
        void key;
        throw new Error("not yet");
    }

    public getAsync(request: StoreRequest): Promise<StoreResult> {
        void request;
        throw new Error("not yet");
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        void [requests, onResult];
        throw new Error("not yet");
    }

    public putAsync(): Promise<PutResult> {
        return Promise.resolve({ status: "refused", reason: "A bake is not written to." });
    }

    public deleteAsync(): Promise<DeleteResult> {
        return Promise.resolve({ status: "refused", reason: "A bake is not written to." });
    }

    public listAsync(prefix?: string, options?: StoreOptions): Promise<ListResult> {
        void [prefix, options];
        throw new Error("not yet");
    }

    public closeAsync(): Promise<void> {
        return this.manifest.files.closeAsync();
    }
}

/**
 * Opens the bake that lies in a store.
 *
 * @throws as `ManifestReader.openAsync` does
 */
export async function openBakedStoreAsync(files: Store, options: ManifestReaderOptions): Promise<BakedStore> {
    return new BakedStore(await ManifestReader.openAsync(files, options));
}
