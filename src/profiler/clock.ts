/** Read once, since the engine makes an object for each read. */
const TIME_ORIGIN_MS = performance.timeOrigin;

/**
 * Returns the milliseconds since the epoch, with the resolution of `performance.now`. A worker's `performance.now`
 * counts from the worker's own start; with `timeOrigin` added, spans of all threads lie on one time base.
 */
export function epochNow(): number {
    return TIME_ORIGIN_MS + performance.now();
}
