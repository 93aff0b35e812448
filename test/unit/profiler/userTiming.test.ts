import { PerformanceObserver, type PerformanceEntry } from "node:perf_hooks";
import { FrameRecord, FrameStep } from "../../../src/profiler/frameRecord.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

async function measuresOfAsync(options: { userTiming?: boolean }): Promise<PerformanceEntry[]> {
    const seen: PerformanceEntry[] = [];
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
    observer.observe({ entryTypes: ["measure"] });
    const profiler = new PerformanceProfiler(options);
    profiler.profile("bakeTerrain", { address: "0/0/0" }, () => {
        const until = performance.now() + 2;
        while (performance.now() < until);
    });
    profiler.record("uploadChunk", profiler.now() - 3, 1.5);
    const frame = new FrameRecord();
    frame.setStep(FrameStep.selectLevels, profiler.now() - 2, profiler.now() - 1);
    profiler.recordFrame(frame);
    profiler.record("beforeTheOrigin", performance.timeOrigin - 5, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // A busy machine may not have handed all of them over by then.
    seen.push(...observer.takeRecords());
    observer.disconnect();
    return seen;
}

test("each span is a measure for observers, and none stays in the buffer", async () => {
    const nowMs = performance.now();
    const measures = await measuresOfAsync({ userTiming: true });
    // Observers may get them by when they began.
    const [bake, steps, upload] = measures.sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(measures.map(({ name }) => name)).toEqual([
        "terrane:bakeTerrain",
        "terrane:selectLevels",
        "terrane:uploadChunk",
    ]);
    expect(bake!.duration).toBeGreaterThanOrEqual(2);
    expect(bake!.startTime).toBeGreaterThanOrEqual(nowMs - 0.01);
    expect(steps!.duration).toBeGreaterThan(0);
    expect(upload!.duration).toBeCloseTo(1.5, 2);
    expect(performance.getEntriesByType("measure").filter(({ name }) => name.startsWith("terrane:"))).toEqual([]);
});

test("without the option there is none", async () => {
    expect(await measuresOfAsync({})).toEqual([]);
});
