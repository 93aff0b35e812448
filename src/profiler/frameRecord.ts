import type { Numbers } from "./timing.js";
import { FRAME_WIDTH } from "./frameNumbers.js";

/** The operations that run in each frame of a world, once or not at all, in the order in which they end. */
export const FRAME_STEPS = ["selectLevels", "updateStreaming", "updateWorld", "drawTerrain", "drawFrame"] as const;

/** Indices in `FRAME_STEPS`. */
export const FrameStep = {
    selectLevels: 0,
    updateStreaming: 1,
    updateWorld: 2,
    drawTerrain: 3,
    drawFrame: 4,
} as const satisfies Record<(typeof FRAME_STEPS)[number], number>;

const STEP_WIDTH = 2;

/** How many numbers a frame has, including its steps. */
export const FRAME_RECORD_WIDTH = FRAME_WIDTH + FRAME_STEPS.length * STEP_WIDTH;

/**
 * Returns the index of a step's start in a frame that begins at `at`; its duration follows. Both are NaN if it did not
 * run.
 */
export function placeOfStep(at: number, step: number): number {
    return at + FRAME_WIDTH + step * STEP_WIDTH;
}

/**
 * The frame of a world while it runs. What is always measured is written side by side into one array and goes to the
 * profiler in one call: each call from a frame finds caches that drawing has emptied, and costs a microsecond or two
 * where it takes a tenth in a loop.
 */
export class FrameRecord {
    /**
     * The frame's numbers by `FrameNumbers`, then its steps. What is not known is NaN; of a frame without `frameTimeMs`
     * only the steps count.
     */
    public readonly numbers: Numbers = new Float64Array(FRAME_RECORD_WIDTH).fill(Number.NaN);

    /** Records a step that begins and ends at these milliseconds. */
    public setStep(step: number, startMs: number, endMs: number): void {
        const at = placeOfStep(0, step);
        this.numbers[at] = startMs;
        this.numbers[at + 1] = endMs - startMs;
    }

    /** Adds a part to a step that runs in several; the first part tells when the step began. */
    public addToStep(step: number, startMs: number, endMs: number): void {
        const at = placeOfStep(0, step);
        const { numbers } = this;
        if (Number.isNaN(numbers[at]!)) {
            this.setStep(step, startMs, endMs);
        } else {
            numbers[at + 1] = numbers[at + 1]! + endMs - startMs;
        }
    }

    public clearSteps(): void {
        this.numbers.fill(Number.NaN, FRAME_WIDTH);
    }
}
