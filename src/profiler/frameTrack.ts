import { AllocationTrack, type AllocationStats } from "./allocationTrack.js";
import { FrameNumbers } from "./frameNumbers.js";
import { HITCH_LEAST_FRAMES, HITCH_RATIO } from "./hitches.js";
import { RunningMedian } from "./runningMedian.js";
import { SampleWindow } from "./samples.js";
import type { Numbers } from "./timing.js";

/**
 * Called with a frame.
 *
 * @param frame its number, 1 for the first since the start, as in a `Hitch`
 */
export type FrameVisitor = (frame: number, frameTimeMs: number, updateTimeMs: number, drawTimeMs: number) => void;

export type FrameTier = "Excellent" | "Good" | "Fair" | "Poor";

/**
 * Statistics of the latest 256 frames; `frames` and `hitches` count all since the start. Before the first frame all are
 * 0, the smoothness is 1 and the tier Poor.
 */
export interface FrameStats {
    /** Number of frames since the start. */
    readonly frames: number;
    /** Frames a second, by the mean. */
    readonly fps: number;
    /** Mean milliseconds of a frame. */
    readonly meanMs: number;
    /** Median milliseconds of a frame. */
    readonly p50Ms: number;
    /** Milliseconds that 95 percent of frames stay within. */
    readonly p95Ms: number;
    /** Milliseconds that 99 percent of frames stay within. */
    readonly p99Ms: number;
    /** Milliseconds of the longest frame. */
    readonly longestMs: number;
    /** Frames that take more milliseconds are over budget. */
    readonly budgetMs: number;
    /** Number of frames over `budgetMs`. */
    readonly framesOverBudget: number;
    /** Smoothness of the frame times: 1 - variance / mean squared, never below 0. */
    readonly smoothness: number;
    /** The smoothness in a word. */
    readonly tier: FrameTier;
    /** Mean milliseconds spent on draw calls. */
    readonly drawMeanMs: number;
    /** Mean milliseconds that Terrane took on the main thread. */
    readonly updateMeanMs: number;
    /** Milliseconds that Terrane stays within in 95 percent of frames. */
    readonly updateP95Ms: number;
    /** Milliseconds that Terrane took in the last frame. */
    readonly updateLastMs: number;
    /** Bytes in use, in the last frame. */
    readonly memoryBytes: number;
    /** Chunks shown in the last frame. */
    readonly chunkCount: number;
    /** Triangles of the last frame. */
    readonly triangleCount: number;
    /** Draw calls of the last frame that told them. */
    readonly drawCalls: number;
    /** Number of hitches since the start: frames over twice the median of the frames before them. */
    readonly hitches: number;
    /** What frames allocated. */
    readonly allocations: AllocationStats;
}

/** A frame at 60 Hz, and half a millisecond so that a display's jitter does not count as a miss. */
export const DEFAULT_FRAME_BUDGET_MS = 1000 / 60 + 0.5;

export class FrameTrack {
    private readonly _frameMs = new SampleWindow();
    private readonly _drawMs = new SampleWindow();
    private readonly _updateMs = new SampleWindow();
    private _frames = 0;
    private _memoryBytes = 0;
    private _chunkCount = 0;
    private _triangleCount = 0;
    private _drawCalls = 0;
    private _hitches = 0;
    private readonly _median = new RunningMedian();
    private readonly _allocations = new AllocationTrack();

    /** Number of frames since the start. */
    public get frames(): number {
        return this._frames;
    }

    /** Median of the latest 256 frames, milliseconds. */
    public get medianMs(): number {
        return this._median.median;
    }

    /** Tells whether the frame whose numbers begin at `at` would be a hitch, if it were the next. */
    public isHitch(numbers: Numbers, at: number): boolean {
        const isKnown = this._median.count >= HITCH_LEAST_FRAMES;
        return isKnown && numbers[at + FrameNumbers.frameTimeMs]! > HITCH_RATIO * this._median.median;
    }

    /** Adds the frame whose numbers begin at `at`. Allocates nothing. */
    public add(numbers: Numbers, at: number): void {
        const drawCalls = numbers[at + FrameNumbers.drawCalls]!;
        if (this.isHitch(numbers, at)) {
            this._hitches++;
        }
        this._median.add(numbers, at + FrameNumbers.frameTimeMs);
        this._frameMs.add(numbers, at + FrameNumbers.frameTimeMs);
        this._drawMs.add(numbers, at + FrameNumbers.drawTimeMs);
        this._updateMs.add(numbers, at + FrameNumbers.updateTimeMs);
        this._allocations.add(numbers, at);
        this._drawCalls = Number.isNaN(drawCalls) ? this._drawCalls : drawCalls;
        this._memoryBytes = numbers[at + FrameNumbers.memoryBytes]!;
        this._chunkCount = numbers[at + FrameNumbers.chunkCount]!;
        this._triangleCount = numbers[at + FrameNumbers.triangleCount]!;
        this._frames++;
    }

    /** Calls `visit` with each of the latest 256 frames, oldest first. */
    public forEachRecent(visit: FrameVisitor): void {
        const count = this._frameMs.length;
        for (let i = 0; i < count; i++) {
            const frame = this._frames - count + i + 1;
            visit(frame, this._frameMs.at(i), this._updateMs.at(i), this._drawMs.at(i));
        }
    }

    public getStats(budgetMs: number): FrameStats {
        const frame = this._frameMs.summarise();
        const update = this._updateMs.summarise();
        let framesOverBudget = 0;
        for (let i = 0; i < frame.count; i++) {
            if (this._frameMs.at(i) > budgetMs) {
                framesOverBudget++;
            }
        }
        const fps = frame.mean > 0 ? 1000 / frame.mean : 0;
        return {
            frames: this._frames,
            fps,
            meanMs: frame.mean,
            p50Ms: frame.p50,
            p95Ms: frame.p95,
            p99Ms: frame.p99,
            longestMs: frame.max,
            budgetMs,
            framesOverBudget,
            smoothness: frame.mean > 0 ? Math.max(0, 1 - frame.variance / frame.mean ** 2) : 1,
            tier: tierOf(fps),
            drawMeanMs: this._drawMs.summarise().mean,
            updateMeanMs: update.mean,
            updateP95Ms: update.p95,
            updateLastMs: this._updateMs.last,
            memoryBytes: this._memoryBytes,
            chunkCount: this._chunkCount,
            triangleCount: this._triangleCount,
            drawCalls: this._drawCalls,
            hitches: this._hitches,
            allocations: this._allocations.getStats(),
        };
    }
}

function tierOf(fps: number): FrameTier {
    return fps >= 55 ? "Excellent" : fps >= 45 ? "Good" : fps >= 30 ? "Fair" : "Poor";
}
