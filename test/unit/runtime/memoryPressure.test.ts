import { MemoryPressure } from "../../../src/runtime/memoryPressure.js";

/** What a selection wants, about: half as much for each doubling of the error. */
const wantedAt = (bytesAtOne: number, factor: number) => bytesAtOne / factor;

function settle(pressure: MemoryPressure, bytesAtOne: number, limit: number, frames = 3000): number[] {
    const factors: number[] = [];
    for (let frame = 0; frame < frames; frame++) {
        pressure.update(wantedAt(bytesAtOne, pressure.factor), limit);
        factors.push(pressure.factor);
    }
    return factors;
}

test("while memory suffices the error is what was asked for", () => {
    expect(settle(new MemoryPressure(), 79, 100).at(-1)).toBe(1);
});

test.each([100, 300, 1000])("%d bytes come to fit into 100, and then nothing swings", (bytes) => {
    const pressure = new MemoryPressure();
    const factors = settle(pressure, bytes, 100);
    expect(wantedAt(bytes, pressure.factor)).toBeLessThanOrEqual(80);
    expect(wantedAt(bytes, pressure.factor)).toBeGreaterThanOrEqual(50);
    expect(new Set(factors.slice(-1000)).size).toBe(1);
});

test("when there is room again the error sinks back", () => {
    const pressure = new MemoryPressure();
    settle(pressure, 1000, 100);
    settle(pressure, 10, 100);
    expect(pressure.factor).toBe(1);
});

test("without any memory the error stays finite", () => {
    expect(settle(new MemoryPressure(), 100, 0).at(-1)).toBe(64);
});
