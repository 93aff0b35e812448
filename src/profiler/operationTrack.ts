import { Histogram } from "./histogram.js";
import { SampleWindow, WINDOW_SIZE } from "./samples.js";
import type { SpanContext } from "./span.js";
import { DURATION, NESTED, START, type Numbers } from "./timing.js";

/** What one operation cost. Times are milliseconds. */
export interface OperationStats {
    /** Name of the operation. */
    readonly operation: string;
    /** Number of runs since the start, or since `reset`. */
    readonly count: number;
    /** Milliseconds of all runs. */
    readonly totalMs: number;
    /** `totalMs` less the time of spans nested inside. */
    readonly selfMs: number;
    /** Mean of all runs. */
    readonly meanMs: number;
    /** The shortest run. */
    readonly minMs: number;
    /** The longest run. */
    readonly maxMs: number;
    /** The latest run. */
    readonly lastMs: number;
    /** Median of all runs, from buckets 3.1 percent wide. */
    readonly p50Ms: number;
    /** What 95 percent of all runs stay within, from the same buckets. */
    readonly p95Ms: number;
    /** What 99 percent of all runs stay within, from the same buckets. */
    readonly p99Ms: number;
    /** Statistics of the latest 256 runs alone, exact. */
    readonly recent: RecentStats;
    /** The longest run that `span` or `profile` measured, with its context. */
    readonly slowest: SlowestSpan | null;
}

export interface RecentStats {
    readonly count: number;
    readonly meanMs: number;
    readonly maxMs: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
}

export interface SlowestSpan {
    /** When it began, on the profiler's clock. */
    readonly startMs: number;
    readonly durationMs: number;
    readonly context: SpanContext | null;
}

/** Keeps all that is known of one operation, in about 8 KB however long it runs. */
export class OperationTrack {
    private _slowest: SlowestSpan | null = null;

    private readonly _histogram = new Histogram();
    private readonly _durations = new SampleWindow();
    /** By the indices of `_durations`. */
    private readonly _starts = new Float64Array(WINDOW_SIZE);
    private _totalMs = 0;
    private _nestedMs = 0;
    private _minMs = Infinity;
    private _maxMs = 0;

    /** @param id the operation's number in its profiler */
    public constructor(
        public readonly operation: string,
        public readonly id: number,
    ) {}

    /** Adds one run. Allocates nothing. */
    public add(timing: Numbers): void {
        this._histogram.add(timing, DURATION);
        this._starts[this._durations.add(timing, DURATION)] = timing[START]!;
        const durationMs = timing[DURATION]!;
        this._totalMs += durationMs;
        this._nestedMs += timing[NESTED]!;
        if (durationMs < this._minMs) {
            this._minMs = durationMs;
        }
        if (durationMs > this._maxMs) {
            this._maxMs = durationMs;
        }
    }

    /** Keeps a span that was added, unless another took longer. */
    public keepIfSlowest(timing: Numbers, context: SpanContext | null): void {
        if (this._slowest === null || timing[DURATION]! > this._slowest.durationMs) {
            this._slowest = { startMs: timing[START]!, durationMs: timing[DURATION]!, context };
        }
    }

    /** Calls `visit` with the latest samples, oldest first: when each began and how long it took. */
    public forEachRecent(visit: (startMs: number, durationMs: number) => void): void {
        for (let i = 0; i < this._durations.length; i++) {
            visit(this._starts[this._durations.placeOf(i)]!, this._durations.at(i));
        }
    }

    public getStats(): OperationStats {
        const count = this._histogram.count;
        const recent = this._durations.summarise();
        return {
            operation: this.operation,
            count,
            totalMs: this._totalMs,
            selfMs: Math.max(0, this._totalMs - this._nestedMs),
            meanMs: count === 0 ? 0 : this._totalMs / count,
            minMs: count === 0 ? 0 : this._minMs,
            maxMs: this._maxMs,
            lastMs: this._durations.last,
            p50Ms: this._percentile(0.5),
            p95Ms: this._percentile(0.95),
            p99Ms: this._percentile(0.99),
            recent: {
                count: recent.count,
                meanMs: recent.mean,
                maxMs: recent.max,
                p50Ms: recent.p50,
                p95Ms: recent.p95,
                p99Ms: recent.p99,
            },
            slowest: this._slowest,
        };
    }

    /** Returns a percentile, clamped since a bucket's centre may lie beyond what occurred. */
    private _percentile(fraction: number): number {
        return Math.min(
            this._maxMs,
            Math.max(this._minMs === Infinity ? 0 : this._minMs, this._histogram.percentile(fraction)),
        );
    }
}
