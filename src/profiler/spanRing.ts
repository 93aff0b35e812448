import { DURATION, START, type Numbers } from "./timing.js";

/** The thread that draws, the default of `record`. Workers are counted from 1. */
export const MAIN_THREAD = 0;
/** No thread: a time in which something waits while others run. Its spans may overlap in any way. */
export const WAITING = 255;

/**
 * Keeps the latest spans of all operations and threads; new ones overwrite the oldest. Only spans with a context leave
 * an object.
 */
export class SpanRing {
    private readonly _starts: Float64Array;
    private readonly _durations: Float64Array;
    private readonly _operations: Uint16Array;
    private readonly _threads: Uint8Array;
    /** Created with the first context: most rings have none. */
    private _contexts: (string | null)[] | null = null;
    private _written = 0;

    /**
     * @param capacity number of spans that are kept; 0 for none. They take 19 bytes each, and 8 more once one has a
     *   context
     */
    public constructor(public readonly capacity: number) {
        this._starts = new Float64Array(capacity);
        this._durations = new Float64Array(capacity);
        this._operations = new Uint16Array(capacity);
        this._threads = new Uint8Array(capacity);
    }

    public get length(): number {
        return Math.min(this._written, this.capacity);
    }

    /** Number of spans that were overwritten. */
    public get dropped(): number {
        return this._written - this.length;
    }

    /**
     * Adds one span.
     *
     * @param operation its number
     * @param thread 0 to 255
     * @param context a short text, or null
     */
    public add(operation: number, thread: number, timing: Numbers, context: string | null): void {
        if (this.capacity === 0) {
            return;
        }
        const at = this._written++ % this.capacity;
        this._starts[at] = timing[START]!;
        this._durations[at] = timing[DURATION]!;
        this._operations[at] = operation;
        this._threads[at] = thread;
        if (context !== null) {
            this._contexts ??= new Array<string | null>(this.capacity).fill(null);
        }
        if (this._contexts !== null) {
            this._contexts[at] = context;
        }
    }

    /**
     * Calls `visit` with each span, in the order in which they were recorded: by their ends, except those of other
     * threads.
     */
    public forEach(visit: SpanVisitor): void {
        const { length } = this;
        const oldest = this._written - length;
        for (let i = oldest; i < this._written; i++) {
            const at = i % this.capacity;
            const context = this._contexts?.[at] ?? null;
            visit(this._operations[at]!, this._threads[at]!, this._starts[at]!, this._durations[at]!, context);
        }
    }
}

export type SpanVisitor = (
    operation: number,
    thread: number,
    startMs: number,
    durationMs: number,
    context: string | null,
) => void;
