import { PerformanceProfiler } from "../../src/profiler/performanceProfiler.js";
import { median } from "../common/statistics.js";

/** Costs of one way to measure, each time. */
export interface SpanCost {
    readonly name: string;
    readonly ns: number;
    /** Bytes of garbage. */
    readonly bytes: number;
}

const ROUNDS = 7;
const RUNS = 200_000;
/** Number of runs so small that no collection happens within them: their garbage stays to be counted. */
const RUNS_WITHOUT_COLLECTION = 5_000;

/** What a span cannot do without; the engine itself makes a number of each. */
export const CLOCK = "2 readings of the clock";

/** A loop that measures nothing `count` times. */
type Loop = (profiler: PerformanceProfiler, count: number) => number;

const LOOPS: Readonly<Record<string, Loop>> = {
    [CLOCK]: (profiler, count) => {
        for (let i = 0; i < count; i++) {
            read[0] = profiler.now();
            read[1] = profiler.now();
        }
        return count;
    },
    // What `using` does at its block's end.
    "span, disposed": (profiler, count) => {
        for (let i = 0; i < count; i++) {
            const span = profiler.span("disposed");
            span[Symbol.dispose]();
        }
        return count;
    },
    "2 spans, nested": (profiler, count) => {
        for (let i = 0; i < count; i += 2) {
            const outer = profiler.span("outer");
            const inner = profiler.span("inner");
            inner[Symbol.dispose]();
            outer[Symbol.dispose]();
        }
        return count;
    },
    "span, end() alone": (profiler, count) => {
        for (let i = 0; i < count; i++) {
            profiler.span("ended").end();
        }
        return count;
    },
    profile: (profiler, count) => {
        let sum = 0;
        const work = () => sum++;
        for (let i = 0; i < count; i++) {
            profiler.profile("profiled", null, work);
        }
        return sum;
    },
    record: (profiler, count) => {
        let ms = 0;
        for (let i = 0; i < count; i++) {
            profiler.record("recorded", ms, 0.25);
            ms += 0.5;
        }
        return count;
    },
    recordFrameMetrics: (profiler, count) => {
        for (let i = 0; i < count; i++) {
            // Between 15 and 18 ms, in no order: no hitch, and the median's worst case.
            metrics.frameTimeMs = 15 + ((i * 2654435761) % 3000) / 1000;
            profiler.recordFrameMetrics(metrics);
        }
        return count;
    },
};

const read = new Float64Array(2);

const metrics = {
    frameTimeMs: 16.5,
    drawTimeMs: 4.5,
    updateTimeMs: 1.5,
    memoryBytes: 1e8,
    chunkCount: 300,
    triangleCount: 1e6,
    drawCalls: 300,
    heapBytes: 5e7,
    poolMisses: 20,
    gpuBuffersCreated: 40,
};

/** Measures each way, and once more with the profiler off. */
export function measureSpanCosts(): SpanCost[] {
    const costs: SpanCost[] = [];
    for (const [name, loop] of Object.entries(LOOPS)) {
        costs.push({ name, ...measureLoop(loop, true) });
        if (loop !== LOOPS[CLOCK]) {
            costs.push({ name: `${name}, off`, ...measureLoop(loop, false) });
        }
    }
    return costs;
}

function measureLoop(loop: Loop, enabled: boolean): { ns: number; bytes: number } {
    const profiler = new PerformanceProfiler({ enabled });
    loop(profiler, RUNS);
    const ns: number[] = [];
    const bytes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
        const startMs = performance.now();
        const runs = loop(profiler, RUNS);
        ns.push(((performance.now() - startMs) * 1e6) / runs);
        bytes.push(garbageOf(() => loop(profiler, RUNS_WITHOUT_COLLECTION)) / RUNS_WITHOUT_COLLECTION);
    }
    return { ns: median(ns), bytes: median(bytes) };
}

/** Returns the bytes by which the heap grows while `work` runs, less what measuring makes. */
function garbageOf(work: () => void): number {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const looked = process.memoryUsage().heapUsed;
    work();
    return process.memoryUsage().heapUsed - looked - (looked - before);
}
