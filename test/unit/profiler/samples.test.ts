import { SampleWindow, WINDOW_SIZE } from "../../../src/profiler/samples.js";

function add(window: SampleWindow, value: number): number {
    return window.add(new Float64Array([value]), 0);
}

describe("SampleWindow", () => {
    test("summarises known numbers", () => {
        const window = new SampleWindow();
        for (const value of [4, 1, 3, 2]) {
            add(window, value);
        }
        expect(window.summarise()).toEqual({ count: 4, mean: 2.5, variance: 1.25, p50: 2, p95: 4, p99: 4, max: 4 });
        expect(window.last).toBe(2);
        expect([0, 1, 2, 3].map((i) => window.at(i))).toEqual([4, 1, 3, 2]);
    });

    test("slides: the oldest go, order stays", () => {
        const window = new SampleWindow();
        for (let value = 0; value < WINDOW_SIZE + 10; value++) {
            add(window, value);
        }
        expect(window.length).toBe(WINDOW_SIZE);
        expect(window.at(0)).toBe(10);
        expect(window.at(WINDOW_SIZE - 1)).toBe(WINDOW_SIZE + 9);
        expect(window.summarise().p50).toBe(10 + WINDOW_SIZE / 2 - 1);
        expect(window.summarise().max).toBe(WINDOW_SIZE + 9);
    });

    test("is all zero when empty and after clear", () => {
        const window = new SampleWindow();
        add(window, 7);
        window.clear();
        expect(window.summarise()).toEqual({ count: 0, mean: 0, variance: 0, p50: 0, p95: 0, p99: 0, max: 0 });
        expect(window.last).toBe(0);
    });
});
