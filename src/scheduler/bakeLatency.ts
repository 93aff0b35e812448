import { movingMean } from "../base/movingMean.js";

/** Means of late, in milliseconds, of where a chunk's time goes from its request until the main thread has it. */
export class BakeLatency {
    /** Until it is sent. */
    public queuedMs = 0;
    /** At the worker: behind the batch before it, and its own bake. */
    public bakingMs = 0;
    /** From the bake's end on: behind the rest of its batch, and on the way. */
    public returningMs = 0;

    /** All on one clock. A worker's may run apart by a little: no part is below 0. */
    public add(requestedMs: number, sentMs: number, startedMs: number, endedMs: number, receivedMs: number): void {
        this.queuedMs = movingMean(this.queuedMs, Math.max(0, sentMs - requestedMs));
        this.bakingMs = movingMean(this.bakingMs, Math.max(0, endedMs - Math.min(startedMs, sentMs)));
        this.returningMs = movingMean(this.returningMs, Math.max(0, receivedMs - endedMs));
    }
}
