import type { ManifestChunk, ManifestError } from "../format/manifest.js";
import type { ChunkSquare } from "../space/chunkSquare.js";
import type { StoreOptions } from "./store.js";

/** How a bake's manifest is read. */
export interface ManifestReaderOptions extends StoreOptions {
    /** Version of this library's generator: a manifest of another is refused. Null reads any. */
    readonly generatorVersion: number | null;
    /** Root hash as it is known from elsewhere: all that is read is checked against it. Default: it is not compared */
    readonly rootHash?: string | undefined;
    /** Whether each node is checked against the hash that its parent has of it. Default: where `rootHash` is given */
    readonly checksHashes?: boolean;
    /** Most bytes of nodes that are kept for the next question. Default: 16 MiB */
    readonly cacheBytes?: number;
}

/** Why a manifest cannot tell. `file` is the node that could not be read. */
export type ManifestFault =
    /** It is not what the manifest says, or not there. `reason` is the end of a sentence that begins with its name. */
    | {
          readonly status: "damaged";
          readonly file: string;
          readonly reason: string;
          readonly error: ManifestError;
      }
    /** The store cannot tell now: asked again, it is read again. `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly file: string; readonly reason: string }
    | { readonly status: "aborted" };

/** What a manifest says of a chunk. */
export type EntryAnswer =
    | { readonly status: "found"; readonly entry: ManifestChunk }
    /** The bake has no such chunk; where the root hash is known, that is proven. */
    | { readonly status: "missing" }
    | ManifestFault;

/** Which chunks of a block a bake has. */
export type PresenceAnswer =
    /** A bit for each of the block's 1,024 chunks, in Morton order: bit i % 32 of word i / 32. To be read alone. */
    | { readonly status: "found"; readonly bits: Uint32Array }
    /** None. */
    | { readonly status: "missing" }
    | ManifestFault;

/** What a manifest says of a block's chunks. */
export type BlockAnswer =
    | { readonly status: "found"; readonly square: ChunkSquare; readonly entries: readonly ManifestChunk[] }
    | ManifestFault;

/** Which blocks are listed. */
export interface BlockListOptions extends StoreOptions {
    /** Returns whether a level is listed. Default: all are */
    isOfLevel?(face: number, level: number): boolean;
}
