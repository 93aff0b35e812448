import type { StoreStats } from "../profiler/storeStats.js";
import type { StoreResult } from "./store.js";

export type { StoreStats } from "../profiler/storeStats.js";

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
