/**
 * Calls `run` in a task of its own: by `setImmediate` where there is one, which runs after input and output; elsewhere
 * by a timer, a few milliseconds late.
 */
export function nextMacrotask(run: () => void): void {
    if (typeof setImmediate === "function") {
        setImmediate(run);
    } else {
        setTimeout(run, 0);
    }
}
