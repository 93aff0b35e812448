import type { BufferPool } from "../memory/bufferPool.js";

/** Buffers that came back from another thread. */
interface Returned {
    /** The one with the answer. */
    readonly buffer: ArrayBuffer;
    /** The one that was sent, where it was too small. */
    readonly unused: ArrayBuffer | null;
}

/**
 * Enters into a pool's accounts what came back for a buffer of `sentBytes` that was sent out: `buffer` is out from then on, and
 * whoever takes it gives it back.
 */
export function returnBuffers(pool: BufferPool, sentBytes: number, { buffer, unused }: Returned): void {
    const own = unused ?? buffer;
    if (own.byteLength === sentBytes) {
        pool.receive(own);
    } else {
        pool.reportLost(sentBytes);
        pool.adopt(own);
    }
    if (unused !== null) {
        pool.adopt(buffer);
        pool.takeBack(unused);
    }
}
