import type { Hitch } from "./hitches.js";
import { MAIN_THREAD, type SpanRing } from "./spanRing.js";

/** A span: a complete event. Times are microseconds. */
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

/** A hitch: an instant of the whole process, at the frame's begin. */
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

/** The name of the process or of a thread, and the order in which threads stand. */
export interface TraceMetadataEvent {
    readonly ph: "M";
    readonly name: "process_name" | "thread_name" | "thread_sort_index";
    readonly pid: number;
    readonly tid: number;
    readonly args: { readonly name: string } | { readonly sort_index: number };
}

export type TraceEvent = TraceSpanEvent | TraceInstantEvent | TraceMetadataEvent;

/** Plain JSON in the Trace Event Format. */
export interface TraceDocument {
    readonly traceEvents: readonly TraceEvent[];
    readonly displayTimeUnit: "ms";
    readonly otherData: {
        /** Milliseconds since the epoch: where `ts` is 0. */
        readonly startedMs: number;
        /** Spans that were recorded before those here, and have been overwritten. */
        readonly droppedSpans: number;
    };
}

const PID = 1;

/** @param names of the operations, by number */
export function createTrace(ring: SpanRing, names: readonly string[], hitches: readonly Hitch[]): TraceDocument {
    const startedMs = firstMs(ring, hitches);
    const spans: TraceSpanEvent[] = [];
    const threads = new Set([MAIN_THREAD]);
    ring.forEach((operation, tid, startMs, durationMs, context) => {
        threads.add(tid);
        const startNs = nanoseconds(startMs - startedMs);
        // From rounded ends, so that a span that ends with the one around it does not stick out of it.
        const dur = (nanoseconds(startMs + durationMs - startedMs) - startNs) / 1000;
        const ts = startNs / 1000;
        const args = context === null ? {} : { args: { context } };
        spans.push({ ph: "X", name: names[operation]!, cat: "terrane", pid: PID, tid, ts, dur, ...args });
    });
    // Where two begin together, the outer one stands first: readers nest them in this order.
    spans.sort((a, b) => a.ts - b.ts || b.dur - a.dur);
    return {
        traceEvents: [...metadataOf(threads), ...spans, ...hitches.map((hitch) => instantOf(hitch, startedMs))],
        displayTimeUnit: "ms",
        otherData: { startedMs, droppedSpans: ring.dropped },
    };
}

/** 0 where there is nothing. Counted from here, microseconds keep their fractions. */
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
    const ts = nanoseconds(startMs - startedMs) / 1000;
    const args = { frame, frameTimeMs, medianMs };
    return { ph: "i", name: "hitch", cat: "terrane", s: "p", pid: PID, tid: MAIN_THREAD, ts, args };
}

/** Whole ones, which are finer than any clock here. */
function nanoseconds(ms: number): number {
    return Math.round(ms * 1e6);
}
