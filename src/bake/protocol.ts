import type { ExpectedFile } from "../format/checkChunkFile.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** The stages of a bake, in the order in which they run. */
export const STAGES = ["noise", "heightfield", "sdf", "fusion", "tangents", "serialize", "hash"] as const;
export type Stage = (typeof STAGES)[number];

/** Milliseconds per stage, indexed as `STAGES`. */
export type StageMs = number[];

/**
 * The typed map of what crosses between threads. A worker is asked its version, then runs one call, `serve`, as long as it lives: a
 * call a batch would leave several kilobytes of garbage on the thread that draws. Batches come through `port`, a
 * `BatchMessage` each; what the worker says are events of the call. Both sides import this and nothing else of each other.
 */
export interface WorkerMethods {
    /** Of the library that the worker was built with. */
    version: { request: void; event: never; response: string };
    serve: { request: ServeRequest; event: WorkerEvent; response: never };
}

export interface ServeRequest {
    readonly port: MessagePort;
    /** Compiled `terrane.wasm`: what is cloned is a handle, not the code. */
    readonly kernels: WebAssembly.Module;
}

export interface BatchMessage {
    /** The sender's number of the batch, for its answer. */
    readonly id: number;
    readonly request: BakeBatchRequest;
}

/** That a worker has loaded and serves; or a batch's answer; or, with its buffers gone, what it was lost of. */
export type WorkerEvent =
    | "serving"
    | { readonly id: number; readonly response: BakeBatchResponse }
    | { readonly id: number; readonly lost: string };

export interface BakeTask {
    readonly id: number;
    readonly address: ChunkAddress;
    /** Leased; travels by transfer and comes back in the outcome, filled or not. */
    readonly buffer: ArrayBuffer;
    /** What is expected of the file in `buffer`, where it is to be checked. */
    readonly expected?: ExpectedFile & { readonly world: StoredWorld };
}

/** What a baked chunk comes back as: chunk data, to be drawn, or a chunk file (docs/specs), to be stored. */
export type ChunkEncoding = "packed" | "file";

/** What a thread does with a batch: bakes its chunks, or checks chunk files, each whole in its task's buffer. */
export type BatchJob = "bake" | "check";

export interface BakeBatchRequest {
    /** Default `bake`. */
    readonly job?: BatchJob;
    /** The recipe as JSON: a string is cheap to clone and serves as the key of the worker's bakers. */
    readonly recipeJson: string;
    /** Default `packed`. */
    readonly encoding?: ChunkEncoding;
    readonly tasks: readonly BakeTask[];
}

export type BakeOutcome =
    | {
          readonly id: number;
          readonly ok: true;
          /** Holds the chunk from byte 0. The task's own buffer, or a larger one where that was too small. */
          readonly buffer: ArrayBuffer;
          readonly byteLength: number;
          readonly stageMs: StageMs;
          /** When the bake of this chunk began and ended: milliseconds since the epoch, by `performance.timeOrigin + now`. */
          readonly startedMs: number;
          readonly endedMs: number;
          /** The task's own buffer, where it was too small to be used. */
          readonly unused: ArrayBuffer | null;
      }
    | {
          readonly id: number;
          readonly ok: false;
          readonly message: string;
          readonly code: string;
          readonly buffer: ArrayBuffer;
      };

export interface BakeBatchResponse {
    readonly outcomes: readonly BakeOutcome[];
    /** Bytes of the kernels' memory, which the thread keeps. */
    readonly kernelBytes?: number;
    /** Bytes of the thread's heap and what hangs on it, garbage included, where it can tell: in Node. */
    readonly heapBytes?: number;
}
