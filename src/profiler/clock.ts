/** Read once: the engine makes an object of it each time. */
const TIME_ORIGIN_MS = performance.timeOrigin;

/**
 * Milliseconds since the epoch, with the resolution of `performance.now`. A worker's `performance.now` counts from the
 * worker's own start; with `timeOrigin` added, spans of all threads lie on one time base.
 */
export function epochNow(): number {
    return TIME_ORIGIN_MS + performance.now();
}
