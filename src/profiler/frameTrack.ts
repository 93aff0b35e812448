import { SampleWindow } from "./samples.js";

/** One frame, as the host measured it. The object may be reused: nothing of it is kept. */
export interface FrameMetrics {
    /** Milliseconds from this frame's start to the next one's. */
    readonly frameTimeMs: number;
    /** Milliseconds spent on draw calls. */
    readonly drawTimeMs: number;
    /** Milliseconds that Terrane took on the main thread. */
    readonly updateTimeMs: number;
    readonly memoryBytes: number;
    readonly chunkCount: number;
    readonly triangleCount: number;
}

export type FrameTier = "Excellent" | "Good" | "Fair" | "Poor";

/** The latest 256 frames, but for `frames`. All 0, smoothness 1 and tier Poor before the first. */
export interface FrameStats {
    /** All since the start. */
    readonly frames: number;
    readonly fps: number;
    readonly meanMs: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
    readonly longestMs: number;
    /** A frame over this many milliseconds is over budget. */
    readonly budgetMs: number;
    readonly framesOverBudget: number;
    /** 1 - variance / mean squared of the frame times, never below 0. */
    readonly smoothness: number;
    readonly tier: FrameTier;
    readonly drawMeanMs: number;
    readonly updateMeanMs: number;
    readonly updateP95Ms: number;
    /** Of the last frame. */
    readonly updateLastMs: number;
    readonly memoryBytes: number;
    readonly chunkCount: number;
    readonly triangleCount: number;
}

/** A frame at 60 Hz; the half-millisecond keeps a display's jitter from counting as a miss. */
export const DEFAULT_FRAME_BUDGET_MS = 1000 / 60 + 0.5;

export class FrameTrack {
    private readonly _frameMs = new SampleWindow();
    private readonly _drawMs = new SampleWindow();
    private readonly _updateMs = new SampleWindow();
    private _frames = 0;
    private _memoryBytes = 0;
    private _chunkCount = 0;
    private _triangleCount = 0;

    /** Adds one frame. Allocates nothing. */
    public add(metrics: FrameMetrics): void {
        this._frameMs.add(metrics.frameTimeMs);
        this._drawMs.add(metrics.drawTimeMs);
        this._updateMs.add(metrics.updateTimeMs);
        this._memoryBytes = metrics.memoryBytes;
        this._chunkCount = metrics.chunkCount;
        this._triangleCount = metrics.triangleCount;
        this._frames++;
    }

    /** Milliseconds of Terrane in the last frame. Allocates nothing: the performance viewer reads it each frame. */
    public get updateLastMs(): number {
        return this._updateMs.last;
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
        };
    }
}

function tierOf(fps: number): FrameTier {
    return fps >= 55 ? "Excellent" : fps >= 45 ? "Good" : fps >= 30 ? "Fair" : "Poor";
}
