import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

function withClock() {
    const clock = { ms: 1_000 };
    return { clock, profiler: new PerformanceProfiler({ now: () => clock.ms }) };
}

test("spans in blocks are recycled: however many run, a few dozen objects serve them", () => {
    const { clock, profiler } = withClock();
    const seen = new Set<object>();
    for (let i = 0; i < 5_000; i++) {
        using outer = profiler.span("outer");
        using inner = profiler.span("inner");
        clock.ms += 1;
        seen.add(outer).add(inner);
    }
    expect(seen.size).toBeLessThanOrEqual(40);
    expect(profiler.getOperationStats("outer")).toMatchObject({ count: 5_000, totalMs: 5_000, selfMs: 0 });
    expect(profiler.getOperationStats("inner")).toMatchObject({ count: 5_000, totalMs: 5_000, selfMs: 5_000 });
});

test("a span kept beyond its block does nothing while 32 others pass", () => {
    const { clock, profiler } = withClock();
    const stale = profiler.span("first");
    stale[Symbol.dispose]();
    for (let i = 0; i < 32; i++) {
        using running = profiler.span("later");
        expect(running).not.toBe(stale);
        stale.end();
        stale[Symbol.dispose]();
        clock.ms += 2;
    }
    expect(profiler.getOperationStats("first")).toMatchObject({ count: 1, totalMs: 0 });
    expect(profiler.getOperationStats("later")).toMatchObject({ count: 32, totalMs: 64 });
});

test("one that end() has ended is never handed out while its block may still dispose of it", () => {
    const { clock, profiler } = withClock();
    const early = profiler.span("early");
    early.end();
    const running = [];
    for (let i = 0; i < 200; i++) {
        const span = profiler.span("later");
        expect(span).not.toBe(early);
        if (i % 2 === 0) {
            span[Symbol.dispose]();
        } else {
            running.push(span);
        }
    }
    early[Symbol.dispose]();
    clock.ms += 5;
    running.reverse().forEach((span) => span.end());
    expect(profiler.getOperationStats("early")).toMatchObject({ count: 1, totalMs: 0 });
    expect(profiler.getOperationStats("later")).toMatchObject({ count: 200, totalMs: 500 });
});

test("a block that disposes of a span twice gives it back once", () => {
    const { profiler } = withClock();
    const span = profiler.span("a");
    span[Symbol.dispose]();
    span[Symbol.dispose]();
    const next = new Set(Array.from({ length: 100 }, () => profiler.span("b")));
    expect(next.size).toBe(100);
});

test("spans that overlap for ever, as those across awaits do, leave no chain behind and no nested time", () => {
    const { clock, profiler } = withClock();
    let before = profiler.span("step");
    for (let i = 0; i < 1_000; i++) {
        const next = profiler.span("step");
        clock.ms += 1;
        before[Symbol.dispose]();
        before = next;
        clock.ms += 1;
    }
    before[Symbol.dispose]();
    using alone = profiler.span("alone");
    clock.ms += 3;
    alone.end();
    // The first runs 1 ms, the last 2, and those between them 3: no one ends within the one before it.
    const totalMs = 1 + 999 * 3 + 2;
    expect(profiler.getOperationStats("step")).toMatchObject({ count: 1_001, totalMs, selfMs: totalMs });
    expect(profiler.getOperationStats("alone")).toMatchObject({ totalMs: 3, selfMs: 3 });
});

test("a span whose parent ends first counts for the span around both from then on", () => {
    const { clock, profiler } = withClock();
    const whole = profiler.span("whole");
    const first = profiler.span("first");
    clock.ms += 2;
    const second = profiler.span("second");
    clock.ms += 3;
    first.end();
    clock.ms += 5;
    second.end();
    clock.ms += 10;
    whole.end();
    // 5 ms of `first`, 5 more of `second` alone.
    expect(profiler.getOperationStats("whole")).toMatchObject({ totalMs: 20, selfMs: 10 });
});

test("a profiler switched off while spans run records none of them, and goes on when it is on again", () => {
    const { clock, profiler } = withClock();
    const lost = profiler.span("lost");
    profiler.isEnabled = false;
    clock.ms += 1;
    lost.end();
    profiler.isEnabled = true;
    profiler.profile("found", null, () => (clock.ms += 2));
    expect(profiler.getOperationNames()).toEqual(["found"]);
    expect(profiler.getOperationStats("found")).toMatchObject({ totalMs: 2, selfMs: 2 });
});

test("what is no duration is left out, and a clock set back counts as none", () => {
    const { clock, profiler } = withClock();
    for (const ms of [Number.NaN, Infinity, -Infinity]) {
        profiler.record("bakeTerrain", 0, ms);
        profiler.record("bakeTerrain", ms, 1);
    }
    expect(profiler.getOperationNames()).toEqual([]);
    profiler.record("bakeTerrain", 0, -5);
    profiler.profile("bakeCaves", null, () => (clock.ms -= 100));
    expect(profiler.getOperationStats("bakeTerrain")).toMatchObject({ count: 1, totalMs: 0, minMs: 0, maxMs: 0 });
    expect(profiler.getOperationStats("bakeCaves")).toMatchObject({ count: 1, totalMs: 0, selfMs: 0 });
});
