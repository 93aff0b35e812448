import { FRAME_STEPS, placeOfStep } from "./frameRecord.js";
import type { Numbers } from "./timing.js";

const PREFIX = "terrane:";

/**
 * Shows a span in the browser's own performance tools, as `terrane:<operation>`. The measure goes to observers and
 * recordings, and is then removed from the page's buffer, which has no limit. Does nothing where there is no User
 * Timing API.
 *
 * @param startMs milliseconds since the epoch; what began before this thread's time origin is left out
 */
export function measureUserTiming(operation: string, startMs: number, durationMs: number): void {
    const start = startMs - performance.timeOrigin;
    if (start < 0 || typeof performance.measure !== "function") {
        return;
    }
    const name = PREFIX + operation;
    performance.measure(name, { start, duration: durationMs });
    performance.clearMeasures(name);
}

/** Shows the steps of a frame likewise, at once: a recording might end before they are counted. */
export function measureSteps(frame: Numbers): void {
    for (let step = 0; step < FRAME_STEPS.length; step++) {
        const at = placeOfStep(0, step);
        if (!Number.isNaN(frame[at]!)) {
            measureUserTiming(FRAME_STEPS[step]!, frame[at]!, Math.max(0, frame[at + 1]!));
        }
    }
}
