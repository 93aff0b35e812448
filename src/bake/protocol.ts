import type { ExpectedFile } from "../format/checkChunkFile.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** The stages of a bake, in the order in which they run. */
export const STAGES = ["noise", "heightfield", "sdf", "fusion", "tangents", "serialize", "hash"] as const;
export type Stage = (typeof STAGES)[number];

/** Milliseconds per stage, indexed as `STAGES`. */
export type StageMs = number[];

/**
 * The typed map of what crosses between threads: method name to its request and its answer. Both sides import this and
 * nothing else of each other.
 */
export interface WorkerMethods {
    bakeBatch: { request: WorkerBatchRequest; response: BakeBatchResponse };
    /** Answers at once; wakes workerpool's queue after a crash, and tells that a worker has loaded. */
    ping: { request: null; response: "pong" };
}

export interface BakeTask {
    readonly id: number;
    readonly address: ChunkAddress;
    /** Leased; travels by transfer and comes back in the outcome, filled or not. */
    readonly buffer: ArrayBuffer;
    /** What is expected of the file in `buffer`, where it is to be checked. */
    readonly expected?: ExpectedFile & { readonly world: string };
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

/** A batch as it crosses to a worker. */
export interface WorkerBatchRequest extends BakeBatchRequest {
    /** Compiled `terrane.wasm`: what is cloned is a handle, not the code. */
    readonly kernels: WebAssembly.Module;
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
