export type SpanContext = Readonly<Record<string, unknown>>;

/**
 * A running measurement. `using span = profiler.span(...)` ends it with its block; `end()` ends it at once.
 *
 * Calling `end()` again, or leaving the block of a span that was ended by hand, does nothing. When its block is left
 * the object goes back to the profiler, which reuses it after at least 32 others: whoever keeps it beyond its block
 * holds a span that does nothing, and later one that belongs to someone else. A span that only `end()` ends, without a
 * block, is not recycled, since nobody says that it is done with: it costs one small object.
 */
export interface Span extends Disposable {
    /** Ends the span; a second call does nothing. */
    end(): void;
}

/** The span of a disabled profiler. */
export const NULL_SPAN: Span = { end() {}, [Symbol.dispose]() {} };

/** States of a span: a running one belongs to the stack, an ended one to whoever began it, a spare one to the pool. */
export const SpanState = { running: 0, ended: 1, spare: 2 } as const;
export type SpanState = (typeof SpanState)[keyof typeof SpanState];

/** What hands spans out, and is told when one ends and when its user is done with it. */
export interface SpanOwner {
    end(span: RunningSpan): void;
    /** Takes back a span that has ended and that its user is done with. */
    takeBack(span: RunningSpan): void;
}

/** A span of a pool. Its numbers begin as NaN, so that they are stored in place from the first one on. */
export class RunningSpan implements Span {
    public state: SpanState = SpanState.spare;
    public operation = "";
    public context: SpanContext | null = null;
    public startMs = Number.NaN;
    /** Milliseconds of the spans directly inside. */
    public nestedMs = Number.NaN;
    /**
     * Milliseconds from which this span's time counts as nested in its parent: later than its start if a parent ended
     * first.
     */
    public nestedFromMs = Number.NaN;
    /** The span around this one; of a spare span, the next spare one. */
    public parent: RunningSpan | null = null;
    /** The latest span directly inside. */
    public child: RunningSpan | null = null;

    public constructor(private readonly _owner: SpanOwner) {}

    public end(): void {
        if (this.state === SpanState.running) {
            this._owner.end(this);
        }
    }

    public [Symbol.dispose](): void {
        if (this.state === SpanState.running) {
            this._owner.end(this);
        }
        if (this.state === SpanState.ended) {
            this._owner.takeBack(this);
        }
    }
}
