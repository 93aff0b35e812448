import type { LevelFade } from "../lod/levelFade.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

export type { LevelFade } from "../lod/levelFade.js";

/** What a sink tells of its memory. */
export interface SinkMemory {
    /** Bytes that the sink itself holds, in use or idle: GPU buffers, colliders. Default: those of the chunks it has. */
    readonly gpuBytes?: number;
    /** Bytes of the textures that it draws the ground with. Default: 0 */
    readonly textureBytes?: number;
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

/** A sink that draws. What it took is hidden at first, and released only while hidden, or while it fades out. */
export interface ViewSink<THandle = unknown> extends ChunkSink<THandle> {
    /** Whether what is shown and hidden now can fade. Read each frame. Default: no, all switches at once. */
    readonly canFade?: boolean;
    /**
     * Shows a chunk that it took.
     *
     * @param fade the exchange by which it comes, in place of what is hidden by the same; null for at once
     */
    show(handle: THandle, fade: LevelFade | null): void;
    /**
     * Hides a chunk that is shown.
     *
     * @param fade the exchange by which it goes: it is drawn on until `endFade`, even where it is released before, and its
     * bytes with it; null for at once
     */
    hide(handle: THandle, fade: LevelFade | null): void;
    /** An exchange is over, or cut short: what comes by it is shown wholly from now on, what goes is not drawn any more. */
    endFade?(fade: LevelFade): void;
}
