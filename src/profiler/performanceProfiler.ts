import { DEFAULT_TARGETS, findBottlenecks, type Bottleneck, type OperationTarget } from "./bottlenecks.js";
import { DEFAULT_FRAME_BUDGET_MS, FrameTrack, type FrameMetrics, type FrameStats } from "./frameTrack.js";
import { OperationTrack, type OperationStats } from "./operationTrack.js";
import { REPORT_KIND, REPORT_VERSION, type PerformanceReport } from "./report.js";
import { NULL_SPAN, SpanStack, type RunningSpan, type Span, type SpanContext } from "./span.js";

export interface PerformanceProfilerOptions {
    /** Default true. */
    enabled?: boolean;
    /** Milliseconds since the epoch; default `epochNow`. */
    now?: () => number;
    /** Milliseconds over which a frame is over budget; default 60 Hz and half a millisecond. */
    frameBudgetMs?: number;
}

/**
 * Milliseconds since the epoch, with the resolution of `performance.now`. A worker's `performance.now` counts from the
 * worker's own start; with `timeOrigin` added, spans of all threads lie on one time base.
 */
export function epochNow(): number {
    return performance.timeOrigin + performance.now();
}

/**
 * Measures named operations and frames, in bounded memory: about 8 KB an operation, 6 KB for frames, however long it
 * runs. Knows no engine and no DOM; works in pages, workers and Node. All times are milliseconds.
 */
export class PerformanceProfiler {
    /** While false nothing is recorded and spans are a shared object that does nothing. */
    public isEnabled: boolean;
    /** Limits by operation, for `analyzeBottlenecks`; may be changed at any time. */
    public readonly targets: Record<string, OperationTarget> = { ...DEFAULT_TARGETS };

    private readonly _now: () => number;
    private readonly _frameBudgetMs: number;
    private readonly _operations = new Map<string, OperationTrack>();
    private _frames = new FrameTrack();
    private _startedMs: number;
    private readonly _spans = new SpanStack((span) => this._recordSpan(span));

    public constructor(options: PerformanceProfilerOptions = {}) {
        this.isEnabled = options.enabled ?? true;
        this._now = options.now ?? epochNow;
        this._frameBudgetMs = options.frameBudgetMs ?? DEFAULT_FRAME_BUDGET_MS;
        this._startedMs = this._now();
    }

    /** Milliseconds since the epoch: the clock on which all `startMs` are. */
    public now(): number {
        return this._now();
    }

    /** Counts one run of `operation`. Allocates nothing but at an operation's first run: the form for the frame path. */
    public record(operation: string, startMs: number, durationMs: number): void {
        if (this.isEnabled) {
            this._trackOf(operation).add(startMs, durationMs, 0);
        }
    }

    /**
     * Begins to measure `operation`. Spans begun before this one ends are nested in it and are taken from its self time.
     * One small object a span: use `record` where a frame must leave no garbage. `context` is kept for the slowest alone.
     */
    public span(operation: string, context: SpanContext | null = null): Span {
        if (!this.isEnabled) {
            return NULL_SPAN;
        }
        return this._spans.begin(operation, context, this._now());
    }

    /** Measures `fn`, whether it returns or throws, and gives back what it returns. For synchronous work. */
    public profile<T>(operation: string, context: SpanContext | null, fn: () => T): T {
        const span = this.span(operation, context);
        try {
            return fn();
        } finally {
            span.end();
        }
    }

    /** Counts one frame. Allocates nothing and keeps nothing of `metrics`. */
    public recordFrameMetrics(metrics: FrameMetrics): void {
        if (this.isEnabled) {
            this._frames.add(metrics);
        }
    }

    /** Milliseconds that Terrane took in the last frame recorded. Allocates nothing. */
    public get lastFrameUpdateMs(): number {
        return this._frames.updateLastMs;
    }

    /** Undefined where the operation has not run. */
    public getOperationStats(operation: string): OperationStats | undefined {
        return this._operations.get(operation)?.getStats();
    }

    /** Operations that have run, in order of their first run. */
    public getOperationNames(): string[] {
        return [...this._operations.keys()];
    }

    /** Calls back with the latest 256 runs of an operation, oldest first: when each began and how long it took. */
    public forEachRecent(operation: string, visit: (startMs: number, durationMs: number) => void): void {
        this._operations.get(operation)?.forEachRecent(visit);
    }

    public getFrameStats(): FrameStats {
        return this._frames.getStats(this._frameBudgetMs);
    }

    /** Operations whose recent p95 misses its target, worst first. */
    public analyzeBottlenecks(): Bottleneck[] {
        return findBottlenecks(this._allStats(), this.targets);
    }

    /** Everything known, as plain JSON with a version. */
    public exportReport(): PerformanceReport {
        return {
            kind: REPORT_KIND,
            version: REPORT_VERSION,
            startedMs: this._startedMs,
            createdMs: this._now(),
            operations: this._allStats(),
            frames: this.getFrameStats(),
            targets: { ...this.targets },
            bottlenecks: this.analyzeBottlenecks(),
        };
    }

    /** Forgets all operations and frames; targets stay. */
    public reset(): void {
        this._operations.clear();
        this._frames = new FrameTrack();
        this._startedMs = this._now();
    }

    private _recordSpan(span: RunningSpan): void {
        const durationMs = this._now() - span.startMs;
        if (span.parent !== null) {
            span.parent.nestedMs += durationMs;
        }
        if (!this.isEnabled) {
            return;
        }
        const track = this._trackOf(span.operation);
        track.add(span.startMs, durationMs, Math.min(span.nestedMs, durationMs));
        if (track.slowest === null || durationMs > track.slowest.durationMs) {
            track.slowest = { startMs: span.startMs, durationMs, context: span.context };
        }
    }

    private _trackOf(operation: string): OperationTrack {
        let track = this._operations.get(operation);
        if (track === undefined) {
            track = new OperationTrack(operation);
            this._operations.set(operation, track);
        }
        return track;
    }

    private _allStats(): OperationStats[] {
        return [...this._operations.values()].map((track) => track.getStats());
    }
}
