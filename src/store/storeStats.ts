import type { StoreResult } from "./store.js";

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

/** Most hits whose latency is remembered. */
const MOST_LATENCIES = 256;

/** Counts what a store does. */
export class StoreMeter {
    public hits = 0;
    public misses = 0;
    public damaged = 0;
    public failed = 0;
    public bytesRead = 0;
    public bytesWritten = 0;
    private readonly _latencies = new Float64Array(MOST_LATENCIES);

    /** Counts a read. */
    public countResult(result: StoreResult, latencyMs: number): void {
        switch (result.status) {
            case "found":
                this._latencies[this.hits % MOST_LATENCIES] = latencyMs;
                this.hits++;
                this.bytesRead += result.bytes.byteLength;
                break;
            case "missing":
                this.misses++;
                break;
            case "damaged":
                this.damaged++;
                break;
            case "unavailable":
                this.failed++;
                break;
            case "aborted":
                break;
        }
    }

    /** Counts a write. */
    public countPut(status: "stored" | "refused" | "unavailable" | "aborted", byteLength: number): void {
        if (status === "stored") {
            this.bytesWritten += byteLength;
        } else if (status !== "aborted") {
            this.failed++;
        }
    }

    public statsOf(name: string, retries: number): StoreStats {
        const { hits, misses, damaged, failed, bytesRead, bytesWritten } = this;
        const sorted = this._latencies.slice(0, Math.min(hits, MOST_LATENCIES)).sort();
        const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        const latencies = { latencyMsP50: at(0.5), latencyMsP95: at(0.95) };
        return { name, hits, misses, damaged, failed, retries, bytesRead, bytesWritten, ...latencies };
    }
}
