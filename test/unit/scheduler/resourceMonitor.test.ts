import fc from "fast-check";
import { ResourceMonitor } from "../../../src/scheduler/resourceMonitor.js";

const MB = 2 ** 20;
const make = (maxTasksInFlight = 16): ResourceMonitor =>
    new ResourceMonitor({ memoryLimitBytes: 100 * MB, maxTasksInFlight });

test("near the limit half as many may be in flight, and one more at a time when there is room", () => {
    const monitor = make(4);
    monitor.taskEnded(90 * MB);
    expect(monitor.tasksInFlight).toBe(2);
    // Those that were let in before must end first.
    for (let i = 0; i < 3; i++) {
        monitor.taskEnded(90 * MB);
        expect(monitor.tasksInFlight).toBe(2);
    }
    monitor.taskEnded(90 * MB);
    expect(monitor.tasksInFlight).toBe(1);
    for (let i = 0; i < 2; i++) {
        monitor.taskEnded(10 * MB);
    }
    expect(monitor.tasksInFlight).toBe(2);
    for (let i = 0; i < 20; i++) {
        monitor.taskEnded(10 * MB);
    }
    expect([monitor.tasksInFlight, monitor.fewestInFlight]).toEqual([4, 1]);
    expect(monitor.counts).toEqual({ lowered: 2, raised: 3, held: 0 });
    expect(monitor.decisions[0]).toEqual({ kind: "lowered", from: 4, to: 2, usedBytes: 90 * MB, nextBytes: 0 });
});

test("what would not fit is held, but for the only task", () => {
    const monitor = make();
    expect(monitor.admits(3, 99 * MB, 2 * MB)).toBe(false);
    expect(monitor.admits(3, 98 * MB, 2 * MB)).toBe(true);
    expect(monitor.admits(0, 500 * MB, 2 * MB)).toBe(true);
    expect(monitor.admits(16, 0, 0)).toBe(false);
    expect(monitor.counts.held).toBe(1);
    expect(monitor.peakBytes).toBe(500 * MB);
});

test("however memory goes, one task may always run and no more than the most ever do", () => {
    fc.assert(
        fc.property(
            fc.integer({ min: 1, max: 64 }),
            fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { maxLength: 300 }),
            (most, shares) => {
                const monitor = make(most);
                for (const share of shares) {
                    monitor.taskEnded(share * 100 * MB);
                    expect(monitor.tasksInFlight).toBeGreaterThanOrEqual(1);
                    expect(monitor.tasksInFlight).toBeLessThanOrEqual(most);
                    expect(monitor.admits(0, share * 100 * MB, MB)).toBe(true);
                }
                expect(monitor.decisions.length).toBeLessThanOrEqual(64);
            },
        ),
    );
});

test.each([
    [{ memoryLimitBytes: 0, maxTasksInFlight: 1 }, /memoryLimitBytes is 0/],
    [{ memoryLimitBytes: NaN, maxTasksInFlight: 1 }, /memoryLimitBytes is NaN/],
    [{ memoryLimitBytes: 1, maxTasksInFlight: 0 }, /maxTasksInFlight is 0/],
])("refuses %p", (options, message) => {
    expect(() => new ResourceMonitor(options)).toThrow(message);
});
