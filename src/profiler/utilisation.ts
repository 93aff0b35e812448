import type { SpanRing } from "./spanRing.js";

/**
 * Returns the share of the `windowMs` from `startMs` on in which each thread ran an operation, by the thread's number.
 */
export function utilisationOf(ring: SpanRing, operation: number, startMs: number, windowMs: number): number[] {
    const busyMs: number[] = [];
    ring.forEach((ran, thread, spanStartMs, durationMs) => {
        const endMs = Math.min(startMs + windowMs, spanStartMs + durationMs);
        const ms = endMs - Math.max(startMs, spanStartMs);
        if (ran === operation && ms > 0) {
            busyMs[thread] = (busyMs[thread] ?? 0) + ms;
        }
    });
    return Array.from(busyMs, (ms = 0) => Math.min(1, ms / windowMs));
}
