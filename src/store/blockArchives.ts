import { parseChunkFileName } from "../format/chunkStoreKey.js";
import { BLOCK_HEIGHT, squareKey, squareOf, type ChunkSquare } from "../space/chunkSquare.js";
import { assertName } from "./chunkStore.js";
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

/** How a bake in archives is read, one for each block. */
export interface BlockArchivesOptions {
    /** Default: `blockArchives` */
    readonly name?: string;
    /** What another thread opens it by. Default: null, it cannot */
    readonly description?: StoreDescription | null;
    /**
     * Most archives that stay open, beside those that are being read: about 50 KB of memory each. Default: 64, more than the blocks
     * around one viewer
     */
    readonly mostOpen?: number | undefined;
}

/** An archive that is open. */
interface OpenArchive {
    readonly store: Store;
    /** Number of calls that it is answering. */
    calls: number;
}

const READ_ONLY = { status: "refused", reason: "Archives take nothing: pack the bake again." } as const;
const CLOSED = { status: "unavailable", reason: "The bake's archives were closed." } as const;

/**
 * Reads the files of a bake of which each block, 32 x 32 chunks of a level, is an archive of its own: a chunk's file from the archive
 * of its block, opened when it is first needed; all others, those of the manifest, from a folder. Archives that were not
 * read for the longest are closed again, none in the middle of an answer.
 */
export class BlockArchives implements Store {
    public readonly name: string;
    public readonly isWritable = false;
    public readonly description: StoreDescription | null;

    private readonly _mostOpen: number;
    /** By `squareKey` of their blocks; the last is the one that was asked last. */
    private readonly _archives = new Map<number, OpenArchive>();
    private _isClosed = false;

    /**
     * @param _folder has the manifest; closed with the store
     * @param _openArchive opens a block's archive; what it has nothing of is `missing`
     */
    public constructor(
        private readonly _folder: Store,
        private readonly _openArchive: (block: ChunkSquare) => Store,
        { name = "blockArchives", description = null, mostOpen = 64 }: BlockArchivesOptions = {},
    ) {
        this.name = name;
        this.description = description;
        this._mostOpen = mostOpen;
    }

    /** Archives on a server are asked by the client of the folder, which counts for all. */
    public get retries(): number {
        return this._folder.retries ?? 0;
    }

    /** Number of archives that are open. */
    public get openCount(): number {
        return this._archives.size;
    }

    public has(key: string): boolean | undefined {
        const block = blockOfName(key);
        const store = block === null ? this._folder : this._archives.get(squareKey(block))?.store;
        return store?.has?.(key);
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        let answer: StoreResult | undefined;
        await this.getManyAsync([request], (_, result) => (answer = result));
        return answer!;
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        requests.forEach(({ key }) => assertName(key));
        const groups = new Map<number | null, { readonly block: ChunkSquare | null; readonly places: number[] }>();
        requests.forEach(({ key }, place) => {
            const block = blockOfName(key);
            const group = block === null ? null : squareKey(block);
            if (!groups.has(group)) {
                groups.set(group, { block, places: [] });
            }
            groups.get(group)!.places.push(place);
        });
        await Promise.all(
            Array.from(groups.values(), ({ block, places }) => {
                const own = places.map((place) => requests[place]!);
                return this._askAsync(block, own, (i, result) => onResult(places[i]!, result));
            }),
        );
    }

    public putAsync(key: string): Promise<PutResult> {
        assertName(key);
        return Promise.resolve(READ_ONLY);
    }

    public deleteAsync(key: string): Promise<DeleteResult> {
        assertName(key);
        return Promise.resolve(READ_ONLY);
    }

    /** Which archives there are the manifest alone knows. */
    public listAsync(): Promise<ListResult> {
        return Promise.resolve({ status: "unavailable", reason: "Files in archives of blocks are not listed." });
    }

    public async closeAsync(): Promise<void> {
        this._isClosed = true;
        const stores = Array.from(this._archives.values(), ({ store }) => store);
        this._archives.clear();
        await Promise.all([this._folder, ...stores].map((store) => store.closeAsync()));
    }

    private async _askAsync(
        block: ChunkSquare | null,
        requests: readonly StoreRequest[],
        onResult: StoreResultCallback,
    ): Promise<void> {
        if (this._isClosed) {
            requests.forEach((_, i) => onResult(i, CLOSED));
            return;
        }
        if (block === null) {
            return this._folder.getManyAsync(requests, onResult);
        }
        const archive = this._take(block);
        try {
            await archive.store.getManyAsync(requests, onResult);
        } finally {
            archive.calls--;
            this._closeOldest();
        }
    }

    private _take(block: ChunkSquare): OpenArchive {
        const key = squareKey(block);
        const archive = this._archives.get(key) ?? { store: this._openArchive(block), calls: 0 };
        archive.calls++;
        // Maps keep the order in which keys came.
        this._archives.delete(key);
        this._archives.set(key, archive);
        this._closeOldest();
        return archive;
    }

    private _closeOldest(): void {
        for (const [key, { store, calls }] of this._archives) {
            if (this._archives.size <= this._mostOpen) {
                return;
            }
            if (calls === 0) {
                this._archives.delete(key);
                void store.closeAsync();
            }
        }
    }
}

/** Returns the block in whose archive a file lies; null for one that lies in the folder. */
function blockOfName(name: string): ChunkSquare | null {
    const chunk = parseChunkFileName(name);
    return chunk === null ? null : squareOf(chunk, BLOCK_HEIGHT);
}
