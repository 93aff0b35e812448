import { movingMean } from "../base/movingMean.js";

/** Recent means, in milliseconds, of where a chunk's time goes from its request until the main thread has it. */
export class BakeLatency {
    /** From the request until the chunk is sent. */
    public queuedMs = 0;
    /** At the worker: waiting for the batch before it, and being baked. */
    public bakingMs = 0;
    /** From the end of its bake: waiting for the rest of its batch, and on the way. */
    public returningMs = 0;

    /**
     * Counts a chunk. All times are on one clock; a worker's may be off by a little, so no part is taken to be below 0.
     */
    public add(requestedMs: number, sentMs: number, startedMs: number, endedMs: number, receivedMs: number): void {
        this.queuedMs = movingMean(this.queuedMs, Math.max(0, sentMs - requestedMs));
        this.bakingMs = movingMean(this.bakingMs, Math.max(0, endedMs - Math.min(startedMs, sentMs)));
        this.returningMs = movingMean(this.returningMs, Math.max(0, receivedMs - endedMs));
    }
}
