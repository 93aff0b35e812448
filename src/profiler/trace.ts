import type { Hitch } from "./hitches.js";
import { MAIN_THREAD, WAITING, type SpanRing } from "./spanRing.js";

/** A span, as a complete event. Times are microseconds. */
export interface TraceSpanEvent {
    readonly ph: "X";
    readonly name: string;
    readonly cat: "terrane";
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly dur: number;
    readonly args?: { readonly context: string };
}

/**
 * The start or the end of a time of waiting; both have the same `id`. They may overlap, which complete events of one
 * thread must not.
 */
export interface TraceWaitEvent {
    readonly ph: "b" | "e";
    readonly name: string;
    readonly cat: "terrane";
    readonly id: number;
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
}

/** A hitch, as an instant event of the whole process at the frame's start. */
export interface TraceInstantEvent {
    readonly ph: "i";
    readonly name: "hitch";
    readonly cat: "terrane";
    readonly s: "p";
    readonly pid: number;
    readonly tid: number;
    readonly ts: number;
    readonly args: { readonly frame: number; readonly frameTimeMs: number; readonly medianMs: number };
}

/** The name of the process or of a thread, or the place of a thread among the others. */
export interface TraceMetadataEvent {
    readonly ph: "M";
    readonly name: "process_name" | "thread_name" | "thread_sort_index";
    readonly pid: number;
    readonly tid: number;
    readonly args: { readonly name: string } | { readonly sort_index: number };
}

export type TraceEvent = TraceSpanEvent | TraceWaitEvent | TraceInstantEvent | TraceMetadataEvent;

/** A trace as plain JSON in the Trace Event Format. */
export interface TraceDocument {
    /** The events: names of threads, spans, waits, hitches. */
    readonly traceEvents: readonly TraceEvent[];
    /** The unit in which viewers show times. */
    readonly displayTimeUnit: "ms";
    /** What viewers pass over. */
    readonly otherData: {
        /** Milliseconds since the epoch at which `ts` is 0. */
        readonly startedMs: number;
        /** Number of earlier spans that have been overwritten. */
        readonly droppedSpans: number;
    };
}

const PID = 1;

/** A span while it is written, in ticks from the start of the trace. */
interface Draft {
    readonly operation: number;
    readonly tid: number;
    start: number;
    end: number;
    readonly context: string | null;
}

/**
 * Creates a trace.
 *
 * @param names of the operations, by number
 */
export function createTrace(ring: SpanRing, names: readonly string[], hitches: readonly Hitch[]): TraceDocument {
    const startedMs = firstMs(ring, hitches);
    const drafts: Draft[] = [];
    ring.forEach((operation, tid, startMs, durationMs, context) => {
        const [start, end] = [ticks(startMs - startedMs), ticks(startMs + durationMs - startedMs)];
        drafts.push({ operation, tid, start, end, context });
    });
    // Where two begin together, the outer one stands first: readers nest them in this order.
    drafts.sort((a, b) => a.start - b.start || b.end - a.end);
    const spans = drafts.filter(({ tid }) => tid !== WAITING);
    nest(spans);
    const threads = new Set([MAIN_THREAD, ...spans.map(({ tid }) => tid)]);
    const waits = drafts.filter(({ tid }) => tid === WAITING);
    return {
        traceEvents: [
            ...metadataOf(threads),
            ...spans.map((draft) => spanOf(draft, names)),
            ...waits.flatMap((draft, id) => waitOf(draft, id, names)),
            ...hitches.map((hitch) => instantOf(hitch, startedMs)),
        ],
        displayTimeUnit: "ms",
        otherData: { startedMs, droppedSpans: ring.dropped },
    };
}

/**
 * Cuts off what sticks out of spans. Readers take the spans of a thread for a stack: each lies within the one around
 * it, or begins after it has ended. Clocks that tick in steps, and stages whose times were added up, break that by a
 * tick or two.
 */
function nest(spans: readonly Draft[]): void {
    const stacks = new Map<number, Draft[]>();
    for (const span of spans) {
        const open = stacks.get(span.tid) ?? [];
        stacks.set(span.tid, open);
        for (let around = open.pop(); around !== undefined; around = open.pop()) {
            const overlap = around.end - span.start;
            const excess = span.end - around.end;
            if (overlap <= 0) {
                continue;
            }
            // Which of the two is too long is told by where most of the later one lies.
            if (excess > overlap) {
                around.end = span.start;
                continue;
            }
            span.end = Math.min(span.end, around.end);
            open.push(around);
            break;
        }
        open.push(span);
    }
}

function spanOf({ operation, tid, start, end, context }: Draft, names: readonly string[]): TraceSpanEvent {
    const args = context === null ? {} : { args: { context } };
    const [ts, dur] = [microseconds(start), microseconds(end - start)];
    return { ph: "X", name: names[operation]!, cat: "terrane", pid: PID, tid, ts, dur, ...args };
}

function waitOf({ operation, start, end }: Draft, id: number, names: readonly string[]): TraceWaitEvent[] {
    const event = { name: names[operation]!, cat: "terrane", id, pid: PID, tid: MAIN_THREAD } as const;
    return [
        { ph: "b", ...event, ts: microseconds(start) },
        { ph: "e", ...event, ts: microseconds(end) },
    ];
}

/**
 * Returns the earliest start of all spans and hitches; 0 if there are none. Counted from here, microseconds keep their
 * fractions.
 */
function firstMs(ring: SpanRing, hitches: readonly Hitch[]): number {
    let first = Infinity;
    ring.forEach((_operation, _thread, startMs) => (first = Math.min(first, startMs)));
    for (const { startMs } of hitches) {
        first = Math.min(first, startMs);
    }
    return first === Infinity ? 0 : first;
}

function metadataOf(threads: ReadonlySet<number>): TraceMetadataEvent[] {
    const events: TraceMetadataEvent[] = [
        { ph: "M", name: "process_name", pid: PID, tid: MAIN_THREAD, args: { name: "Terrane" } },
    ];
    for (const tid of [...threads].sort((a, b) => a - b)) {
        const name = tid === MAIN_THREAD ? "main" : `worker ${tid}`;
        events.push({ ph: "M", name: "thread_name", pid: PID, tid, args: { name } });
        events.push({ ph: "M", name: "thread_sort_index", pid: PID, tid, args: { sort_index: tid } });
    }
    return events;
}

function instantOf({ frame, startMs, frameTimeMs, medianMs }: Hitch, startedMs: number): TraceInstantEvent {
    const ts = microseconds(ticks(startMs - startedMs));
    const args = { frame, frameTimeMs, medianMs };
    return { ph: "i", name: "hitch", cat: "terrane", s: "p", pid: PID, tid: MAIN_THREAD, ts, args };
}

/**
 * Converts milliseconds to ticks, eighths of a microsecond: finer than any clock here, and such that a reader's `ts +
 * dur` is exact.
 */
function ticks(ms: number): number {
    return Math.round(ms * 8000);
}

function microseconds(tickCount: number): number {
    return tickCount / 8;
}
