import { nodeBuiltin } from "../base/host.js";
import type { StoreClock } from "./store.js";

/** The system's time. */
export const systemClock: StoreClock = {
    now: () => performance.now(),
    waitAsync: (ms, signal) =>
        new Promise((resolve) => {
            if (signal?.aborted === true) {
                resolve();
                return;
            }
            const end = (): void => {
                clearTimeout(timer);
                signal?.removeEventListener("abort", end);
                resolve();
            };
            const timer = setTimeout(end, ms);
            signal?.addEventListener("abort", end);
        }),
};

/** Why a promise was not waited for to its end. */
export type Ending = "late" | "aborted";

/**
 * Waits for `work` for at most `ms` milliseconds and until `signal` is aborted, then hands what came of it to one of the two
 * callbacks. What `work` does later is nobody's.
 *
 * @throws whatever `work` rejects with
 */
export async function withinAsync<T, R>(
    clock: StoreClock,
    ms: number,
    work: Promise<T>,
    signal: AbortSignal | undefined,
    onDone: (value: T) => R,
    onEnding: (ending: Ending) => R,
): Promise<R> {
    const over = new AbortController();
    const unlink = linkAbort(over, signal);
    try {
        return await Promise.race([
            work.then(onDone),
            clock.waitAsync(ms, over.signal).then(() => onEnding(signal?.aborted === true ? "aborted" : "late")),
        ]);
    } finally {
        unlink();
        over.abort();
    }
}

/**
 * Aborts `controller` as soon as one of `signals` is. Returns what ends that: signals that live long would keep it otherwise,
 * which `AbortSignal.any` leaves to the garbage collector, where it is known at all.
 */
export function linkAbort(controller: AbortController, ...signals: readonly (AbortSignal | undefined)[]): () => void {
    const abort = (): void => controller.abort();
    // Node takes more than ten listeners for a leak.
    const events = nodeBuiltin<typeof import("node:events")>("node:events");
    for (const signal of signals) {
        if (signal !== undefined) {
            events?.setMaxListeners(0, signal);
        }
        if (signal?.aborted === true) {
            abort();
        }
        signal?.addEventListener("abort", abort);
    }
    return () => signals.forEach((signal) => signal?.removeEventListener("abort", abort));
}
