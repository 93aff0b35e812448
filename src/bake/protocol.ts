import type { ExpectedFile } from "../format/checkChunkFile.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** The stages of a bake, in the order in which they run. */
export const STAGES = ["noise", "heightfield", "sdf", "fusion", "tangents", "serialize", "hash"] as const;
/** A stage of a bake. */
export type Stage = (typeof STAGES)[number];

/** Milliseconds per stage, indexed as `STAGES`. */
export type StageMs = number[];

/**
 * The typed map of what crosses between threads. A worker is asked for its version, then runs one call, `serve`, for as
 * long as it lives: a call a batch would leave several kilobytes of garbage on the thread that draws. Batches come
 * through `port`, a `BatchMessage` each; what the worker says are events of the call. Both sides import this and
 * nothing else of each other.
 */
export interface WorkerMethods {
    /** Returns the version of the library that the worker was built with. */
    version: { request: void; event: never; response: string };
    serve: { request: ServeRequest; event: WorkerEvent; response: never };
    /** Loads chunks from stores for as long as it lives. All is said through the port, in the words of `store/loadProtocol`. */
    load: { request: PortRequest; event: "serving"; response: never };
    /** Draws textures. All is said through the port, in the words of `textures/drawProtocol`. */
    draw: { request: PortRequest; event: "serving"; response: never };
}

export interface PortRequest {
    readonly port: MessagePort;
}

export interface ServeRequest {
    readonly port: MessagePort;
    /** Compiled `terrane.wasm`: what is cloned is a handle, not the code. */
    readonly kernels: WebAssembly.Module;
}

export interface BatchMessage {
    /** The sender's number of the batch, which its answer bears too. */
    readonly id: number;
    readonly request: BakeBatchRequest;
}

/** Says that a worker has loaded and serves; or answers a batch; or says why a batch was lost, with its buffers. */
export type WorkerEvent =
    | "serving"
    | { readonly id: number; readonly response: BakeBatchResponse }
    | { readonly id: number; readonly lost: string };

/** A chunk to bake, or a chunk file to check, and the buffer for it. */
export interface BakeTask {
    /** Number of the task in its batch, which its outcome bears too. */
    readonly id: number;
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** The chunk's buffer. It is transferred, and comes back in the outcome, filled or not. */
    readonly buffer: ArrayBuffer;
    /** What is expected of the file in `buffer`, where it has to be checked. */
    readonly expected?: ExpectedFile & { readonly world: StoredWorld };
}

/** What a baked chunk comes back as: chunk data, to be drawn, or a chunk file (docs/specs), to be stored. */
export type ChunkEncoding = "packed" | "file";

/** What a thread does with a batch: bakes its chunks, or checks chunk files, each whole in its task's buffer. */
export type BatchJob = "bake" | "check";

/** What a thread is asked to do in one message. */
export interface BakeBatchRequest {
    /** What to do with the tasks. Default: `bake`. */
    readonly job?: BatchJob;
    /** The recipe as JSON: a string is cheap to clone and serves as the key of the worker's bakers. */
    readonly recipeJson: string;
    /** What a baked chunk comes back as. Default: `packed`. */
    readonly encoding?: ChunkEncoding;
    /** The tasks, in the order in which they are done. */
    readonly tasks: readonly BakeTask[];
}

/** How a task ended. */
export type BakeOutcome =
    | {
          /** The task's number. */
          readonly id: number;
          /** Whether the task was done. */
          readonly ok: true;
          /** Holds the chunk from byte 0. The task's own buffer, or a larger one where that was too small. */
          readonly buffer: ArrayBuffer;
          /** Bytes of the chunk. */
          readonly byteLength: number;
          /** Milliseconds of each stage. */
          readonly stageMs: StageMs;
          /** When the bake of this chunk began: milliseconds since the epoch, by `performance.timeOrigin + now`. */
          readonly startedMs: number;
          /** When it ended, on the same clock. */
          readonly endedMs: number;
          /** The task's own buffer, where it was too small to be used. */
          readonly unused: ArrayBuffer | null;
      }
    | {
          /** The task's number. */
          readonly id: number;
          /** Whether the task was done. */
          readonly ok: false;
          /** What went wrong, as a sentence. */
          readonly message: string;
          /** The error's code. */
          readonly code: string;
          /** The task's own buffer. */
          readonly buffer: ArrayBuffer;
      };

/** What a thread answers to a batch. */
export interface BakeBatchResponse {
    /** An outcome for each task. */
    readonly outcomes: readonly BakeOutcome[];
    /** Bytes of the kernels' memory, which the thread keeps. */
    readonly kernelBytes?: number;
    /** Bytes of the thread's heap and what hangs on it, garbage included. Only Node tells. */
    readonly heapBytes?: number;
}
