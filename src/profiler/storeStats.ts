/** What a store did since it was opened. Plain JSON. */
export interface StoreStats {
    /** The store's name, as it was given or as its kind says. */
    readonly name: string;
    /** Number of reads that found something, and it was taken. */
    readonly hits: number;
    /** Number of reads that found nothing, those included that were answered without a look. */
    readonly misses: number;
    /** Number of reads that found something else than was stored. */
    readonly damaged: number;
    /** Number of reads and writes that could not be done: out of reach, no room. Aborted ones are none. */
    readonly failed: number;
    /** Number of further attempts. */
    readonly retries: number;
    /** Bytes that were read. */
    readonly bytesRead: number;
    /** Bytes that were written. */
    readonly bytesWritten: number;
    /** Milliseconds from request to bytes that half of the last 256 hits kept to; 0 before the first. */
    readonly latencyMsP50: number;
    /** Milliseconds from request to bytes that 95 percent of the last 256 hits kept to; 0 before the first. */
    readonly latencyMsP95: number;
}
