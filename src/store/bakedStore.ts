import { hash64Hex } from "../base/hash.js";
import type { ExpectedFile } from "../format/checkChunkFile.js";
import { chunkStoreKey, parseChunkStoreKey } from "../format/chunkStoreKey.js";
import type { ManifestChunk } from "../format/manifest.js";
import { NO_FACE, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { ManifestReader, type EntryAnswer, type ManifestFault, type ManifestReaderOptions } from "./manifestReader.js";
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

export const BAKE_IS_READ_ONLY = { status: "refused", reason: "A bake is not written to." } as const;

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
     * Whether the manifest is checked against a root hash: compare what is in each file with what `expectedOfAsync` gives, byte
     * length and SHA-256, to know that it is what was baked.
     */
    public get isPinned(): boolean {
        return this.manifest.isPinned;
    }

    public get retries(): number {
        return this.manifest.files.retries ?? 0;
    }

    /** Finds out what the manifest says of the chunk below a key. */
    public async expectedOfAsync(key: string, options?: StoreOptions): Promise<ExpectedAnswer> {
        const answer = await this._entryOfAsync(key, options);
        return answer.status === "found" ? { status: "found", expected: answer.entry } : answer;
    }

    /** Tells whether the manifest lists the chunk below a key; undefined where its node has not been read. */
    public has(key: string): boolean | undefined {
        const address = this._addressOf(key);
        const entry = address === null ? null : this.manifest.entryOf(address);
        return entry === undefined ? undefined : entry !== null;
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        const { signal } = request;
        const answer = await this._entryOfAsync(request.key, { signal });
        return answer.status === "found"
            ? this.manifest.files.getAsync(fileRequestOf(request, answer.entry))
            : resultOf(answer);
    }

    /** Those whose nodes are known go to the files' store at once, the others as soon as their nodes have been read. */
    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        const known: number[] = [];
        const unknown: number[] = [];
        requests.forEach(({ key }, index) => (this.has(key) === undefined ? unknown : known).push(index));
        await Promise.all([known, unknown].map((part) => this._getPartAsync(requests, part, onResult)));
    }

    public putAsync(): Promise<PutResult> {
        return Promise.resolve(BAKE_IS_READ_ONLY);
    }

    public deleteAsync(): Promise<DeleteResult> {
        return Promise.resolve(BAKE_IS_READ_ONLY);
    }

    /** Reads all nodes of the levels that the prefix leaves; one that cannot be read makes the list `unavailable`. */
    public async listAsync(prefix = "", options: StoreOptions = {}): Promise<ListResult> {
        const { key: world } = this.manifest.world;
        const keys: string[] = [];
        const isOfLevel = (face: number, level: number): boolean => {
            const start = `${world}/${face === NO_FACE ? "" : `${face}/`}${level}/`;
            return start.startsWith(prefix) || prefix.startsWith(start);
        };
        for await (const answer of this.manifest.blocksAsync({ ...options, isOfLevel })) {
            if (answer.status === "aborted") {
                return answer;
            }
            if (answer.status !== "found") {
                return { status: "unavailable", reason: reasonOf(answer) };
            }
            for (const { address } of answer.entries) {
                const key = chunkStoreKey(world, parseAddress(address));
                if (key.startsWith(prefix)) {
                    keys.push(key);
                }
            }
        }
        return { status: "listed", keys };
    }

    /** Closes the store of the bake's files. */
    public closeAsync(): Promise<void> {
        return this.manifest.files.closeAsync();
    }

    /** Returns the chunk below a key; null where it is none of this world's. */
    private _addressOf(key: string): ChunkAddress | null {
        const chunk = parseChunkStoreKey(key);
        return chunk?.world === this.manifest.world.key ? chunk.address : null;
    }

    private _entryOfAsync(key: string, options?: StoreOptions): Promise<EntryAnswer> {
        const address = this._addressOf(key);
        return address === null ? Promise.resolve({ status: "missing" }) : this.manifest.entryOfAsync(address, options);
    }

    private async _getPartAsync(
        requests: readonly StoreRequest[],
        part: readonly number[],
        onResult: StoreResultCallback,
    ): Promise<void> {
        const indices: number[] = [];
        const files: StoreRequest[] = [];
        await Promise.all(
            part.map(async (index) => {
                const request = requests[index]!;
                const answer = await this._entryOfAsync(request.key, { signal: request.signal });
                if (answer.status === "found") {
                    indices.push(index);
                    files.push(fileRequestOf(request, answer.entry));
                } else {
                    onResult(index, resultOf(answer));
                }
            }),
        );
        if (files.length > 0) {
            await this.manifest.files.getManyAsync(files, (at, result) => onResult(indices[at]!, result));
        }
    }
}

/**
 * Opens the bake that lies in a store.
 *
 * @throws what `ManifestReader.openAsync` throws
 */
export async function openBakedStoreAsync(files: Store, options: ManifestReaderOptions): Promise<BakedStore> {
    return new BakedStore(await ManifestReader.openAsync(files, options));
}

/** Returns the request for a chunk's file: it must be what the manifest says before the asker looks at it. */
function fileRequestOf(
    { maxBytes = Infinity, signal, inspectAsync }: StoreRequest,
    { file, storedByteLength, checksum }: ManifestChunk,
): StoreRequest {
    return {
        key: file,
        maxBytes: Math.min(maxBytes, storedByteLength),
        isListed: true,
        signal,
        inspectAsync: async (bytes) => {
            if (bytes.byteLength !== storedByteLength) {
                return `has ${bytes.byteLength} bytes; the manifest says ${storedByteLength}`;
            }
            if (hash64Hex(bytes) !== checksum) {
                return "has another checksum than the manifest says";
            }
            return (await inspectAsync?.(bytes)) ?? null;
        },
    };
}

function resultOf(answer: Exclude<EntryAnswer, { status: "found" }>): StoreResult {
    return answer.status === "damaged" ? { status: "damaged", reason: reasonOf(answer) } : answer;
}

function reasonOf(fault: Exclude<ManifestFault, { status: "aborted" }>): string {
    return fault.status === "damaged" ? `cannot be found: ${fault.error.message}` : fault.reason;
}
