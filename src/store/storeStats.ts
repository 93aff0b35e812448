/** What a store did since it was opened. */
export interface StoreStats {
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
    readonly bytesRead: number;
    readonly bytesWritten: number;
    /** Milliseconds from request to bytes, of the last 256 hits; 0 before the first. */
    readonly latencyMsP50: number;
    readonly latencyMsP95: number;
}
