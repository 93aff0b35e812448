import type { ManifestChunk, ManifestError } from "../format/manifest.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkSquare } from "../space/chunkSquare.js";
import type { Store, StoreOptions } from "./store.js";

/** How a bake's manifest is read. */
export interface ManifestReaderOptions extends StoreOptions {
    /** Version of this library's generator: a manifest of another is refused. */
    readonly generatorVersion: number;
    /** Root hash as it is known from elsewhere: all that is read is checked against it. Default: it is not compared */
    readonly rootHash?: string | undefined;
    /** Most bytes of nodes that are kept for the next question. Default: 16 MiB */
    readonly cacheBytes?: number;
}

/** What could not be read of a manifest. */
export type ManifestFault =
    /** A node is not what the manifest says, or not there. */
    | { readonly status: "damaged"; readonly error: ManifestError }
    /** The store cannot tell now: asked again, it is read again. */
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

/** What a manifest says of a chunk. */
export type EntryAnswer =
    | { readonly status: "found"; readonly entry: ManifestChunk }
    /** The bake has no such chunk; where the root hash is known, that is proven. */
    | { readonly status: "missing" }
    | ManifestFault;

/** Which chunks of a block a bake has. */
export type PresenceAnswer =
    /** A bit for each of the block's 1,024 chunks, in Morton order: bit i % 32 of word i / 32. */
    | { readonly status: "found"; readonly bits: Uint32Array }
    /** None. */
    | { readonly status: "missing" }
    | ManifestFault;

/** What a manifest says of a block's chunks. */
export type BlockAnswer =
    | { readonly status: "found"; readonly block: ChunkSquare; readonly entries: readonly ManifestChunk[] }
    | (ManifestFault & { readonly square: ChunkSquare });

/**
 * Reads the manifest of a bake, node by node as they are needed, of any version. Each node is checked against what its
 * parent says of it: length, then checksum, then what is in it; where the root hash is given, its own hash too. What does
 * not match is a `ManifestError`.
 */
export class ManifestReader {
    private constructor(
        /** The store of the bake's files. */
        public readonly files: Store,
        public readonly recipe: Recipe,
        /** The world of its chunks. */
        public readonly world: StoredWorld,
        public readonly generatorVersion: number,
        public readonly rootHash: string,
        public readonly chunkCount: number,
        /** Whether everything is checked against a root hash that was known before. */
        public readonly isPinned: boolean,
    ) {}

    /**
     * Reads `manifest.json`.
     *
     * @param files what `terrane bake` wrote: `manifest.json` lies at its root
     * @throws ManifestError where it is none, of another generator version, or does not match the root hash
     * @throws StoreError where it is not there or cannot be read now
     * @throws the signal's reason where that ended it
     */
    public static openAsync(files: Store, options: ManifestReaderOptions): Promise<ManifestReader> {
        void files;
        void options;
        void new ManifestReader(files, {} as Recipe, {} as StoredWorld, 0, "", 0, false);
        throw new Error("not yet");
    }

    /** Levels of the bake, by face and level. */
    public get levels(): readonly { readonly face: number; readonly level: number; readonly chunkCount: number }[] {
        throw new Error("not yet");
    }

    /** Returns what is known of a chunk without reading: null where the bake has none, undefined where that is not known yet. */
    public entryOf(address: ChunkAddress): ManifestChunk | null | undefined {
        void address;
        throw new Error("not yet");
    }

    /** Finds out what the manifest says of a chunk. Those who ask for one node at once share its reading. */
    public entryOfAsync(address: ChunkAddress, options?: StoreOptions): Promise<EntryAnswer> {
        void [address, options];
        throw new Error("not yet");
    }

    /** Returns which chunks of a block there are, without reading: null for none, undefined where that is not known yet. */
    public presenceOf(block: ChunkSquare): Uint32Array | null | undefined {
        void block;
        throw new Error("not yet");
    }

    /** Finds out which chunks of a block the bake has. */
    public presenceOfAsync(block: ChunkSquare, options?: StoreOptions): Promise<PresenceAnswer> {
        void [block, options];
        throw new Error("not yet");
    }

    /**
     * Lists the bake's blocks by face, level and Morton order, with the entries of each, and holds one path of nodes at a time.
     * A node that cannot be read is told of, and the list goes on after it.
     */
    // eslint-disable-next-line require-yield -- not yet
    public async *blocksAsync(options?: StoreOptions): AsyncGenerator<BlockAnswer> {
        void options;
        await Promise.resolve();
        throw new Error("not yet");
    }
}
