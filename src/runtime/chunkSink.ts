import type { ChunkAddress } from "../space/chunkAddress.js";

/**
 * What the runtime asks of whoever draws. The babylon room implements it with pooled meshes; tests with a list.
 * A handle is whatever the sink likes; the runtime only gives it back.
 */
export interface ChunkSink<THandle = unknown> {
    /**
     * Brings chunk data to where it can be drawn, hidden at first. Called within the apply budget.
     * `bytes` is valid until `release(handle)`: the sink may keep the view to upload again after a context loss.
     */
    upload(address: ChunkAddress, bytes: Uint8Array): THandle;
    show(handle: THandle): void;
    hide(handle: THandle): void;
    /** The handle's GPU memory goes back to the sink's pool. Only called on what is hidden. */
    release(handle: THandle): void;
    /** Bytes of GPU buffers, in use or idle. Default: those of the chunks it has. */
    readonly gpuBytes?: number;
    /** Disposes idle GPU buffers: memory is short. */
    trim?(): void;
}
