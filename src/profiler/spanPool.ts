import { RunningSpan, SpanState, type SpanContext, type SpanOwner } from "./span.js";
import { createTiming, DURATION, NESTED, START, type Numbers } from "./timing.js";

/** Called with a span that has just ended. */
export type SpanEnded = (span: RunningSpan, timing: Numbers) => void;

/** Spare spans that are kept before the oldest is used again, so that a stale handle meets a span that does nothing. */
const LEAST_SPARE = 32;
/** Most spare spans: the collector takes any more. */
const MOST_SPARE = 1024;

/** Begins, ends and recycles spans, and knows which one is innermost, so that nested time can be told from own time. */
export class SpanPool implements SpanOwner {
    private _innermost: RunningSpan | null = null;
    /** The queue of spare spans, linked by `parent`. */
    private _firstSpare: RunningSpan | null = null;
    private _lastSpare: RunningSpan | null = null;
    private _spareCount = 0;
    private readonly _timing = createTiming();

    public constructor(
        private readonly _now: () => number,
        private readonly _onEnded: SpanEnded,
    ) {}

    public begin(operation: string, context: SpanContext | null): RunningSpan {
        const span = this._take();
        const parent = this._innermost;
        span.state = SpanState.running;
        span.operation = operation;
        span.context = context;
        span.nestedMs = 0;
        span.parent = parent;
        if (parent !== null) {
            parent.child = span;
        }
        this._innermost = span;
        const nowMs = this._now();
        span.startMs = nowMs;
        span.nestedFromMs = nowMs;
        return span;
    }

    public end(span: RunningSpan): void {
        const nowMs = this._now();
        const { parent, child } = span;
        span.state = SpanState.ended;
        if (parent !== null) {
            parent.nestedMs += nowMs - span.nestedFromMs;
            parent.child = child;
        }
        if (child === null) {
            this._innermost = parent;
        } else {
            // Spans across an await may end before those inside them, which the span around both then takes over.
            child.parent = parent;
            child.nestedFromMs = nowMs;
        }
        span.parent = null;
        span.child = null;
        const timing = this._timing;
        timing[START] = span.startMs;
        // A clock may be set back.
        timing[DURATION] = Math.max(0, nowMs - span.startMs);
        timing[NESTED] = span.nestedMs;
        this._onEnded(span, timing);
    }

    public takeBack(span: RunningSpan): void {
        span.state = SpanState.spare;
        span.context = null;
        if (this._spareCount >= MOST_SPARE) {
            return;
        }
        if (this._lastSpare === null) {
            this._firstSpare = span;
        } else {
            this._lastSpare.parent = span;
        }
        this._lastSpare = span;
        this._spareCount++;
    }

    private _take(): RunningSpan {
        if (this._spareCount <= LEAST_SPARE) {
            return new RunningSpan(this);
        }
        const span = this._firstSpare!;
        this._firstSpare = span.parent;
        this._spareCount--;
        return span;
    }
}
