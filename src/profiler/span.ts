export type SpanContext = Readonly<Record<string, unknown>>;

/** A running measurement. `using span = profiler.span(...)` ends it with its block; `end()` ends it at once. */
export interface Span extends Disposable {
    /** Ends the span; a second call does nothing. */
    end(): void;
}

/** What a disabled profiler hands out. */
export const NULL_SPAN: Span = { end() {}, [Symbol.dispose]() {} };

export type SpanEnded = (span: RunningSpan) => void;

/** Knows which span is innermost, so that time nested inside another can be told from its own. */
export class SpanStack {
    private _innermost: RunningSpan | null = null;

    public constructor(private readonly _ended: SpanEnded) {}

    public begin(operation: string, context: SpanContext | null, startMs: number): RunningSpan {
        this._innermost = new RunningSpan(this, operation, context, startMs, this._innermost);
        return this._innermost;
    }

    public end(span: RunningSpan): void {
        this._ended(span);
        // Spans across an await may end before those inside them: go on to the next that still runs.
        while (this._innermost !== null && !this._innermost.isRunning) {
            this._innermost = this._innermost.parent;
        }
    }
}

export class RunningSpan implements Span {
    /** Milliseconds that spans directly inside this one took. */
    public nestedMs = 0;
    public isRunning = true;

    public constructor(
        private readonly _stack: SpanStack,
        public readonly operation: string,
        public readonly context: SpanContext | null,
        public readonly startMs: number,
        public readonly parent: RunningSpan | null,
    ) {}

    public end(): void {
        if (this.isRunning) {
            this.isRunning = false;
            this._stack.end(this);
        }
    }

    public [Symbol.dispose](): void {
        this.end();
    }
}
