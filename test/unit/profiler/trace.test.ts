import * as v from "valibot";
import { Random } from "../../support/randomRecipe.js";
import { PerformanceProfiler, WAITING } from "../../../src/profiler/performanceProfiler.js";

/** What the Trace Event Format asks of the events that Terrane writes. */
const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const common = { cat: v.literal("terrane"), pid: v.literal(1), tid: id, ts: time };
const traceSchema = v.strictObject({
    traceEvents: v.array(
        v.variant("ph", [
            v.strictObject({
                ...common,
                ph: v.literal("X"),
                name: v.pipe(v.string(), v.nonEmpty()),
                dur: time,
                args: v.optional(v.strictObject({ context: v.string() })),
            }),
            v.strictObject({
                ...common,
                ph: v.literal("i"),
                name: v.literal("hitch"),
                s: v.picklist(["g", "p", "t"]),
                args: v.strictObject({ frame: id, frameTimeMs: time, medianMs: time }),
            }),
            v.strictObject({ ...common, ph: v.picklist(["b", "e"]), name: v.pipe(v.string(), v.nonEmpty()), id }),
            v.strictObject({
                ph: v.literal("M"),
                name: v.picklist(["process_name", "thread_name", "thread_sort_index"]),
                pid: v.literal(1),
                tid: id,
                args: v.union([v.strictObject({ name: v.string() }), v.strictObject({ sort_index: id })]),
            }),
        ]),
    ),
    displayTimeUnit: v.picklist(["ms", "ns"]),
    otherData: v.strictObject({ startedMs: time, droppedSpans: id }),
});

/** Near today's: microseconds of it have lost their fractions. */
const EPOCH = 1_764_000_000_000;

function withClock(traceCapacity?: number) {
    const clock = { ms: EPOCH };
    return { clock, profiler: new PerformanceProfiler({ now: () => clock.ms, traceCapacity }) };
}

/** As a file would be read. */
function traceOf(profiler: PerformanceProfiler) {
    const trace = v.parse(traceSchema, JSON.parse(JSON.stringify(profiler.exportTrace())));
    const spans = trace.traceEvents.filter((event) => event.ph === "X");
    return { ...trace, spans };
}

test("spans are complete events in microseconds, on a track of each thread, contexts with them", () => {
    const { clock, profiler } = withClock();
    profiler.profile("updateWorld", null, () => {
        clock.ms += 1;
        profiler.profile("uploadChunk", { address: "0/3/-2", bytes: 4096, of: {} }, () => (clock.ms += 2.5));
    });
    profiler.record("bakeTerrain", EPOCH + 0.25, 12, 2);
    const { spans, traceEvents, otherData } = traceOf(profiler);
    expect(spans).toEqual([
        { ph: "X", name: "updateWorld", cat: "terrane", pid: 1, tid: 0, ts: 0, dur: 3500 },
        { ph: "X", name: "bakeTerrain", cat: "terrane", pid: 1, tid: 2, ts: 250, dur: 12000 },
        {
            ph: "X",
            name: "uploadChunk",
            cat: "terrane",
            pid: 1,
            tid: 0,
            ts: 1000,
            dur: 2500,
            args: { context: "address=0/3/-2 bytes=4096" },
        },
    ]);
    expect(otherData).toEqual({ startedMs: EPOCH, droppedSpans: 0 });
    const threads = traceEvents.filter(({ name }) => name === "thread_name");
    expect(threads).toMatchObject([
        { tid: 0, args: { name: "main" } },
        { tid: 2, args: { name: "worker 2" } },
    ]);
});

test("a hitch is an instant", () => {
    const { clock, profiler } = withClock();
    const rest = { drawTimeMs: 1, updateTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
    for (const frameTimeMs of [10, 10, 10, 10, 10, 80]) {
        profiler.recordFrameMetrics({ frameTimeMs, startMs: clock.ms, ...rest });
        clock.ms += frameTimeMs;
    }
    profiler.record("late", clock.ms, 1);
    const instants = traceOf(profiler).traceEvents.filter(({ ph }) => ph === "i");
    expect(instants).toMatchObject([{ ts: 0, args: { frame: 6, frameTimeMs: 80, medianMs: 10 } }]);
});

test("on one thread spans nest or follow each other: none sticks out of the one around it", () => {
    const { clock, profiler } = withClock();
    for (let i = 0; i < 200; i++) {
        profiler.profile("outer", null, () => {
            clock.ms += 0.1 + (i % 7) * 0.013;
            profiler.profile("inner", null, () => (clock.ms += 0.2 + (i % 5) * 0.0071));
        });
    }
    const open: number[] = [];
    for (const { ts, dur } of traceOf(profiler).spans) {
        while (open.length > 0 && Math.round(open.at(-1)! * 1000) <= Math.round(ts * 1000)) {
            open.pop();
        }
        const end = ts + dur;
        if (open.length > 0) {
            expect(Math.round(end * 1000)).toBeLessThanOrEqual(Math.round(open.at(-1)! * 1000));
        }
        open.push(end);
    }
});

test("what sticks out by a tick of the clock is cut off, also where it began inside of another", () => {
    const { profiler } = withClock();
    const record = (name: string, from: number, to: number) => profiler.record(name, EPOCH + from, to - from);
    record("parent", 0, 10);
    record("child", 4, 10.005);
    record("late", 20, 30.005);
    record("next", 30, 40);
    record("around", 20, 50);
    const { spans } = traceOf(profiler);
    expect(spans.map(({ name, ts, dur }) => [name, ts, dur])).toEqual([
        ["parent", 0, 10_000],
        ["child", 4000, 6000],
        ["around", 20_000, 30_000],
        ["late", 20_000, 10_000],
        ["next", 30_000, 10_000],
    ]);
});

test("sums of times are exact, however far the trace goes", () => {
    const { profiler } = withClock();
    const random = new Random(7);
    for (let i = 0, ms = 0; i < 300; i++) {
        const durationMs = random.between(0, 7);
        profiler.record("step", EPOCH + ms, durationMs);
        ms += durationMs;
    }
    const { spans } = traceOf(profiler);
    expect(spans).toHaveLength(300);
    for (let i = 1; i < spans.length; i++) {
        expect(spans[i - 1]!.ts + spans[i - 1]!.dur).toBeLessThanOrEqual(spans[i]!.ts);
    }
});

test("times of waiting overlap: each is a pair of events of its own, and no part of a hitch", () => {
    const { clock, profiler } = withClock();
    profiler.record("awaitChunk", EPOCH, 50, WAITING);
    profiler.record("awaitChunk", EPOCH + 10, 90, WAITING);
    profiler.record("updateWorld", EPOCH + 5, 8);
    const { spans, traceEvents } = traceOf(profiler);
    expect(spans.map(({ name }) => name)).toEqual(["updateWorld"]);
    const waits = traceEvents.filter((event) => event.ph === "b" || event.ph === "e");
    expect(waits.map((event) => [event.ph, "ts" in event && event.ts, "id" in event && event.id])).toEqual([
        ["b", 0, 0],
        ["e", 50_000, 0],
        ["b", 10_000, 1],
        ["e", 100_000, 1],
    ]);
    expect(traceEvents.filter(({ name }) => name === "thread_name")).toHaveLength(1);
    expect(profiler.getOperationStats("awaitChunk")).toMatchObject({ count: 2, maxMs: 90 });

    const rest = { drawTimeMs: 1, updateTimeMs: 1, memoryBytes: 0, chunkCount: 0, triangleCount: 0 };
    for (const frameTimeMs of [10, 10, 10, 10, 10, 80]) {
        profiler.recordFrameMetrics({ frameTimeMs, startMs: clock.ms, ...rest });
    }
    expect(profiler.getHitches()[0]!.ran.map(({ operation }) => operation)).toEqual(["updateWorld"]);
});

test("the latest spans are kept, and those that were overwritten are counted", () => {
    const { profiler } = withClock(8);
    for (let i = 0; i < 20; i++) {
        profiler.record(`step${i}`, EPOCH + i, 0.5);
    }
    const { spans, otherData } = traceOf(profiler);
    expect(spans.map(({ name }) => name)).toEqual(Array.from({ length: 8 }, (_, i) => `step${12 + i}`));
    expect(otherData).toEqual({ startedMs: EPOCH + 12, droppedSpans: 12 });
    expect(profiler.getOperationNames()).toHaveLength(20);
});

test("a place that had a context keeps none of it for the next span there", () => {
    const { profiler } = withClock(2);
    profiler.profile("a", { address: "0/0/0" }, () => undefined);
    profiler.record("b", EPOCH, 1);
    profiler.record("c", EPOCH, 1);
    expect(traceOf(profiler).spans.map(({ name, args }) => [name, args])).toEqual([
        ["b", undefined],
        ["c", undefined],
    ]);
});

test("a long context is cut", () => {
    const { profiler } = withClock();
    profiler.profile("a", { text: "x".repeat(500) }, () => undefined);
    const { context } = traceOf(profiler).spans[0]!.args!;
    expect(context).toHaveLength(120);
    expect(context.endsWith("...")).toBe(true);
});

test("there may be no trace, and after a reset there is none", () => {
    const none = withClock(0).profiler;
    none.record("a", EPOCH, 1);
    expect(traceOf(none).spans).toEqual([]);
    expect(none.getOperationStats("a")).toMatchObject({ count: 1 });
    const { profiler } = withClock();
    profiler.record("a", EPOCH, 1);
    profiler.reset();
    profiler.record("b", EPOCH, 1);
    expect(traceOf(profiler).spans.map(({ name }) => name)).toEqual(["b"]);
});
