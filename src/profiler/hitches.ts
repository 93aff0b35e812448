import { MAIN_THREAD, WAITING, type SpanRing } from "./spanRing.js";

export const MAIN_THREAD_NAME = "main";

/** What one operation ran in a hitch: all its spans that fell into the frame, on the main thread or on workers. */
export interface HitchShare {
    readonly operation: string;
    readonly thread: typeof MAIN_THREAD_NAME | "workers";
    readonly count: number;
    /** Milliseconds of these spans within the frame. Time nested in another span counts for both. */
    readonly totalMs: number;
}

/** A frame that took over twice the median of the frames before it. */
export interface Hitch {
    /** Number of the frame, 1 for the first since the start. */
    readonly frame: number;
    /** When it began, on the profiler's clock. */
    readonly startMs: number;
    /** Milliseconds that it took. */
    readonly frameTimeMs: number;
    /** Median of the up to 256 frames before it, milliseconds. */
    readonly medianMs: number;
    /** Milliseconds that Terrane took in it. */
    readonly updateTimeMs: number;
    /** Milliseconds spent on its draw calls. */
    readonly drawTimeMs: number;
    /**
     * What ran in it, longest first, at most 16. A span that was still running, or had not come back from its worker,
     * is missing.
     */
    readonly ran: readonly HitchShare[];
}

/** A frame over this many times the median is a hitch. */
export const HITCH_RATIO = 2;
/** Frames before one can be a hitch: the median of fewer means nothing. */
export const HITCH_LEAST_FRAMES = 4;
/** Number of hitches that are kept. */
const MOST_HITCHES = 32;
const MOST_SHARES = 16;

/** Keeps the latest hitches, the newest last. */
export class HitchLog {
    private readonly _hitches: Hitch[] = [];

    public add(frame: Omit<Hitch, "ran">, ring: SpanRing, operations: readonly string[]): void {
        if (this._hitches.length === MOST_HITCHES) {
            this._hitches.shift();
        }
        this._hitches.push({ ...frame, ran: sharesOf(frame, ring, operations) });
    }

    public get latest(): Hitch[] {
        return [...this._hitches];
    }
}

function sharesOf(frame: Omit<Hitch, "ran">, ring: SpanRing, operations: readonly string[]): HitchShare[] {
    const { startMs, frameTimeMs } = frame;
    const endMs = startMs + frameTimeMs;
    const found = new Map<number, { count: number; totalMs: number }>();
    ring.forEach((operation, thread, spanStartMs, durationMs) => {
        const ms = Math.min(endMs, spanStartMs + durationMs) - Math.max(startMs, spanStartMs);
        // What waits in a frame does not make it longer.
        if (ms <= 0 || thread === WAITING) {
            return;
        }
        const key = operation * 2 + (thread === MAIN_THREAD ? 0 : 1);
        const share = found.get(key) ?? { count: 0, totalMs: 0 };
        share.count++;
        share.totalMs += ms;
        found.set(key, share);
    });
    return [...found]
        .map(([key, share]): HitchShare => {
            return { operation: operations[key >> 1]!, thread: key % 2 === 0 ? MAIN_THREAD_NAME : "workers", ...share };
        })
        .sort((a, b) => b.totalMs - a.totalMs)
        .slice(0, MOST_SHARES);
}
