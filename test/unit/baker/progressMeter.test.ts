import { ProgressMeter } from "../../../src/baker/progressMeter.js";

test("the rate is that of the last ten seconds, and tells the time left", () => {
    let ms = 1000;
    const meter = new ProgressMeter(1000, 7000, () => ms);
    expect(meter.progress).toEqual({
        completedItems: 0,
        totalWorkItems: 7000,
        completedChunks: 0,
        totalChunks: 1000,
        chunksPerSecond: 0,
        elapsedTime: 0,
        estimatedTimeRemaining: Infinity,
    });
    const run = (seconds: number, perSecond: number): void => {
        for (let i = 0; i < seconds * perSecond; i++) {
            ms += 1000 / perSecond;
            meter.add(7);
        }
    };
    run(10, 10);
    expect(meter.progress.chunksPerSecond).toBeCloseTo(10, 1);
    expect(meter.progress.estimatedTimeRemaining).toBeCloseTo(90, 0);
    // Twice as fast: after ten seconds nothing of the slow time is left in it.
    run(12, 20);
    expect(meter.progress.chunksPerSecond).toBeCloseTo(20, 0);
    expect(meter.progress).toMatchObject({ completedChunks: 340, completedItems: 2380, elapsedTime: 22 });
});

test("what needed no bake says nothing of the rate", () => {
    let ms = 0;
    const meter = new ProgressMeter(10, 70, () => ms);
    meter.skip(8, 56);
    ms = 1000;
    meter.add(7);
    expect(meter.progress).toMatchObject({ completedChunks: 9, completedItems: 63, chunksPerSecond: 1 });
    ms = 2000;
    meter.add(7);
    expect(meter.progress.estimatedTimeRemaining).toBe(0);
});
