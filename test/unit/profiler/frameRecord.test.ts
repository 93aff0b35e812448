import { FrameNumbers } from "../../../src/profiler/frameNumbers.js";
import { FrameRecord, FrameStep } from "../../../src/profiler/frameRecord.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";

const EPOCH = 1_700_000_000_000;

function frameOf(frameTimeMs: number): FrameRecord {
    const frame = new FrameRecord();
    frame.numbers[FrameNumbers.frameTimeMs] = frameTimeMs;
    frame.numbers[FrameNumbers.startMs] = EPOCH;
    frame.numbers[FrameNumbers.drawTimeMs] = 3;
    frame.numbers[FrameNumbers.updateTimeMs] = 2;
    return frame;
}

test("a frame's steps count as operations, those that did not run do not", () => {
    const profiler = new PerformanceProfiler({ now: () => EPOCH });
    const frame = frameOf(16);
    frame.setStep(FrameStep.selectLevels, EPOCH, EPOCH + 1);
    frame.setStep(FrameStep.drawFrame, EPOCH + 4, EPOCH + 8);
    profiler.recordFrame(frame);
    expect(profiler.getOperationNames()).toEqual(["selectLevels", "drawFrame"]);
    expect(profiler.getOperationStats("selectLevels")).toMatchObject({ count: 1, lastMs: 1 });
    expect(profiler.getOperationStats("drawFrame")).toMatchObject({ count: 1, lastMs: 4 });
    expect(profiler.getFrameStats()).toMatchObject({ frames: 1, longestMs: 16, updateLastMs: 2 });
});

test("a step in parts has its first part's begin and all their time", () => {
    const profiler = new PerformanceProfiler({ now: () => EPOCH });
    const frame = frameOf(16);
    frame.addToStep(FrameStep.updateWorld, EPOCH + 1, EPOCH + 2);
    frame.addToStep(FrameStep.updateWorld, EPOCH + 5, EPOCH + 8);
    profiler.recordFrame(frame);
    const seen: number[][] = [];
    profiler.forEachRecent("updateWorld", (startMs, durationMs) => seen.push([startMs - EPOCH, durationMs]));
    expect(seen).toEqual([[1, 4]]);
});

test("a frame without a length counts its steps alone, and nothing counts while the profiler is off", () => {
    const profiler = new PerformanceProfiler({ now: () => EPOCH });
    const frame = frameOf(Number.NaN);
    frame.setStep(FrameStep.drawFrame, EPOCH, EPOCH + 1);
    profiler.recordFrame(frame);
    profiler.isEnabled = false;
    profiler.recordFrame(frame);
    expect(profiler.getOperationStats("drawFrame")!.count).toBe(1);
    expect(profiler.getFrameStats().frames).toBe(0);
});

test("what is recorded is what the frame held then: its numbers may be written over", () => {
    const profiler = new PerformanceProfiler({ now: () => EPOCH });
    const frame = frameOf(16);
    for (let i = 1; i <= 200; i++) {
        frame.clearSteps();
        frame.setStep(FrameStep.selectLevels, EPOCH + i, EPOCH + i + i / 8);
        frame.numbers[FrameNumbers.frameTimeMs] = 16 + i / 16;
        profiler.recordFrame(frame);
    }
    expect(profiler.getOperationStats("selectLevels")).toMatchObject({ count: 200, maxMs: 25, minMs: 0.125 });
    expect(profiler.getFrameStats()).toMatchObject({ frames: 200, longestMs: 28.5 });
});

test("a hitch finds the steps that ran in it, though frames before it wait to be counted", () => {
    const profiler = new PerformanceProfiler({ now: () => EPOCH });
    let startMs = EPOCH;
    const record = (frameTimeMs: number, selectMs: number): void => {
        const frame = frameOf(frameTimeMs);
        frame.numbers[FrameNumbers.startMs] = startMs;
        frame.setStep(FrameStep.selectLevels, startMs, startMs + selectMs);
        profiler.recordFrame(frame);
        startMs += frameTimeMs;
    };
    for (let i = 0; i < 20; i++) {
        record(16, 1);
    }
    record(100, 80);
    for (let i = 0; i < 5; i++) {
        record(16, 1);
    }
    const [hitch, ...others] = profiler.getHitches();
    expect(others).toEqual([]);
    expect(hitch).toMatchObject({ frame: 21, frameTimeMs: 100, medianMs: 16 });
    expect(hitch!.ran).toEqual([{ operation: "selectLevels", thread: "main", count: 1, totalMs: 80 }]);
});
