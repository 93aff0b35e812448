import type { ChunkBytes } from "./chunkRecord.js";

/** Counts the chunk data that is claimed or used: in memory, and not at rest there. */
export class HeldAccount {
    /** Chunks. */
    public count = 0;
    /** Bytes of their buffers. */
    public bytes = 0;
    /** Bytes of the chunks themselves, without what those buffers are longer. */
    public dataBytes = 0;

    public enter({ buffer, byteLength }: ChunkBytes): void {
        this.count++;
        this.bytes += buffer.byteLength;
        this.dataBytes += byteLength;
    }

    public leave({ buffer, byteLength }: ChunkBytes): void {
        this.count--;
        this.bytes -= buffer.byteLength;
        this.dataBytes -= byteLength;
    }
}
