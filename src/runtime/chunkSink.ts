import type { ChunkAddress } from "../space/chunkAddress.js";

/** What a sink tells of its memory. */
export interface SinkMemory {
    /** Bytes that the sink itself holds, in use or idle: GPU buffers, colliders. Default: those of the chunks it has. */
    readonly gpuBytes?: number;
    /** Disposes what is idle: memory is short. */
    trim?(): void;
}

/**
 * Takes chunk data to where it is used: to the GPU, to a physics engine, to a list in a test. A handle is whatever the sink
 * likes; it is only given back.
 */
export interface ChunkSink<THandle = unknown> extends SinkMemory {
    /**
     * Takes a chunk. Called within the apply budget. `bytes` is valid until `release(handle)`: the sink may keep the view.
     *
     * @throws whatever it likes; the chunk is then given up for this sink
     */
    upload(address: ChunkAddress, bytes: Uint8Array): THandle;
    /** Takes a handle back: nobody needs the chunk any more. */
    release(handle: THandle): void;
}

/** A sink that draws. What it took is hidden at first, and released only while hidden. */
export interface ViewSink<THandle = unknown> extends ChunkSink<THandle> {
    /** Shows a chunk that it took. */
    show(handle: THandle): void;
    /** Hides a chunk that is shown. */
    hide(handle: THandle): void;
}
