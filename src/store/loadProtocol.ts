import type { Recipe } from "../recipe/recipe.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkSquare } from "../space/chunkSquare.js";
import type { DeleteResult, ListResult, PutOptions, PutResult, Store, StoreDescription, StoreResult } from "./store.js";
import type { StoreStats } from "./storeStats.js";

/*
 * What crosses between the thread that draws and the session that loads chunks from stores, which runs on another thread or on
 * the same. Both sides import this and nothing else of each other.
 */

/** A store that only the thread that draws can use: the session asks for it there. */
export interface RemoteStoreRef {
    readonly kind: "remote";
    /** Its place among those of the other side. */
    readonly place: number;
    readonly name: string;
    readonly isWritable: boolean;
    readonly limitBytes?: number | undefined;
    readonly isLasting?: boolean | undefined;
}

/** How a session gets at a store. Stores themselves cross no thread. */
export type StoreRef = StoreDescription | RemoteStoreRef | Store;

/** A bake from which chunks are loaded. */
export interface BakeRef {
    /** Where its files are. */
    readonly files: StoreRef;
    /** Names the bake among those whose manifests the caller's store keeps for when the files are out of reach. */
    readonly address: string;
    /** Version of this library's generator; null where a bake of any other is welcome. */
    readonly generatorVersion: number | null;
    readonly rootHash?: string | undefined;
}

/** What a session opens. */
export interface LoadSettings {
    /** Stores of chunks, asked in this order and before the bake. */
    readonly stores: readonly StoreRef[];
    readonly bake: BakeRef | null;
}

/** What a bake says of itself. */
export interface BakeInfo {
    /** The world's recipe. */
    readonly recipe: Recipe;
    /** Version of the generator that baked it. */
    readonly generatorVersion: number;
    /** Hash of all that was baked, 64 hexadecimal digits. */
    readonly rootHash: string;
    /** Number of chunks of all levels. */
    readonly chunkCount: number;
    /** The levels that it has chunks of, by face and level, and how many. */
    readonly levels: readonly { readonly face: number; readonly level: number; readonly chunkCount: number }[];
}

/** A chunk to load. */
export interface LoadTask {
    readonly id: number;
    readonly address: ChunkAddress;
    /** Where to unpack it to, if it is large enough. Transferred, and comes back with the answer. */
    readonly buffer: ArrayBuffer;
}

/** A chunk to pack and store. */
export interface PutTask {
    readonly id: number;
    /** Holds the chunk data from byte 0. Transferred, and comes back with the answer. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
}

/** What a session is asked. */
export type LoadRequest =
    | { readonly kind: "open"; readonly settings: LoadSettings }
    /** The world whose chunks are meant from now on. Whatever bears the number of another is called off. */
    | {
          readonly kind: "world";
          readonly world: number;
          readonly recipe: Recipe;
          readonly generatorVersion: number;
      }
    /** All that came up in a frame. */
    | {
          readonly kind: "work";
          readonly world: number;
          readonly loads: readonly LoadTask[];
          readonly aborts: readonly number[];
          readonly puts: readonly PutTask[];
          /** Blocks of which it matters what chunks there are. */
          readonly blocks: readonly ChunkSquare[];
      }
    /** A chunk to bring into the first store that takes any, for when all others are out of reach. */
    | { readonly kind: "download"; readonly world: number; readonly id: number; readonly address: ChunkAddress }
    | { readonly kind: "close" }
    | StoreReply;

/** Which chunks of a block can be had, as far as stores list what they have. */
export interface HeldBlock {
    readonly block: ChunkSquare;
    /** A bit for each of 1,024 chunks, in Morton order; null for none. */
    readonly bits: Uint32Array | null;
    /** Whether there may be more: a manifest could not be read now. Ask again later. Default: false */
    readonly isPartial?: boolean;
}

/** What a session says of itself, and asks for. */
export type SessionEvent =
    | {
          readonly kind: "opened";
          readonly bake: BakeInfo | null;
          readonly isWritable: boolean;
          /** Bytes that the store which takes chunks keeps at most; Infinity where that is not known. */
          readonly limitBytes: number;
          /** Whether what that store takes outlives the page. */
          readonly isLasting: boolean;
      }
    | { readonly kind: "refused"; readonly error: RefusedError }
    | { readonly kind: "stats"; readonly stores: readonly StoreStats[] }
    | { readonly kind: "warning"; readonly message: string }
    /** All that was on its way is written, and nothing follows. */
    | { readonly kind: "closed" }
    | StoreCall;

/** What a session says of chunks. */
export type ChunkEvent =
    /** What is known of the world's chunks. Comes before any `held` and any answer of that world. */
    | {
          readonly kind: "world";
          readonly world: number;
          /** Whether blocks that are not listed have no chunk. */
          readonly isComplete: boolean;
          /** Whether there is a store that cannot say what it has: chunks that are listed nowhere may be there. */
          readonly isBlind: boolean;
          readonly blocks: readonly HeldBlock[];
      }
    | { readonly kind: "held"; readonly world: number; readonly blocks: readonly HeldBlock[] }
    | LoadAnswer
    | StoredAnswer
    | DownloadAnswer;

export type LoadEvent = SessionEvent | ChunkEvent;

/** How loading ended that was asked for. */
export interface LoadAnswer {
    readonly kind: "answer";
    readonly id: number;
    /** `aborted` is said of what was called off, once its buffer is free. */
    readonly status: "found" | "missing" | "damaged" | "unavailable" | "aborted";
    /** Holds the chunk data from byte 0 where it was found. The task's own, or a larger one. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
    /** The task's own buffer, where it was too small. */
    readonly unused: ArrayBuffer | null;
    /** Why it was not found, as a sentence; empty where nothing is to be said. */
    readonly reason: string;
    /** Milliseconds from the request's arrival to the chunk's being unpacked, and of that unpacking. */
    readonly loadMs: number;
    readonly unpackMs: number;
}

export interface StoredAnswer {
    readonly kind: "stored";
    readonly id: number;
    /** `unwanted` where nobody would read it: it is of another world, or no bake proves it. */
    readonly status: PutResult["status"] | "unwanted";
    readonly buffer: ArrayBuffer;
    /** Of its file. */
    readonly bytes: number;
    readonly reason: string;
}

export interface DownloadAnswer {
    readonly kind: "downloaded";
    readonly id: number;
    /** `had` where it was there already. */
    readonly status: "stored" | "had" | "missing" | "refused" | "unavailable";
    /** Of its file. */
    readonly bytes: number;
    readonly reason: string;
}

/** An error that opening ended with, as far as it crosses threads. */
export interface RefusedError {
    /** Of a bake that another version of the generator has made; else undefined. */
    readonly generatorVersion?: number | undefined;
    readonly name: string;
    readonly message: string;
    readonly path: string;
}

/** The session asks for a store of the other side. */
export type StoreCall = { readonly kind: "call"; readonly call: number; readonly place: number } & (
    | {
          readonly method: "get";
          readonly key: string;
          readonly maxBytes: number | undefined;
          readonly isListed: boolean | undefined;
          readonly isSuspect: boolean | undefined;
      }
    | { readonly method: "put"; readonly key: string; readonly bytes: Uint8Array; readonly options: PutOptions }
    | { readonly method: "delete"; readonly key: string }
    | { readonly method: "list"; readonly prefix: string }
    | { readonly method: "abort" }
);

export interface StoreReply {
    readonly kind: "reply";
    readonly call: number;
    readonly result: StoreResult | PutResult | DeleteResult | ListResult;
}

/** Tells the other side of an event, with the buffers in it. */
export type SendEvent = (event: LoadEvent, buffers?: ArrayBuffer[]) => void;
