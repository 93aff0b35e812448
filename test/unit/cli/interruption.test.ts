import process from "node:process";
import { jest } from "@jest/globals";
import { Interruption } from "../../../src/cli/interruption.js";

let kill: jest.SpiedFunction<typeof process.kill>;

beforeEach(() => {
    jest.useFakeTimers();
    kill = jest.spyOn(process, "kill").mockReturnValue(true);
});
afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    process.removeAllListeners("SIGTERM");
    process.removeAllListeners("SIGINT");
});

test("before anything listens the system's own way stays", () => {
    expect(new Interruption().exitCode).toBe(130);
    expect(process.listenerCount("SIGTERM")).toBe(0);
});

test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
] as const)("%s asks first, and ends the process the second time", (name, code) => {
    const interruption = new Interruption();
    const signal = interruption.listen();
    expect(interruption.listen()).toBe(signal);
    expect([process.listenerCount(name), signal.aborted]).toEqual([1, false]);
    process.emit(name, name);
    expect([signal.aborted, interruption.exitCode, kill.mock.calls]).toEqual([true, code, []]);
    process.emit(name, name);
    expect(kill.mock.calls).toEqual([[process.pid, name]]);
    // Else it would be asked once more, and not end.
    expect(process.listenerCount(name)).toBe(0);
});

test("what does not end in time is ended", () => {
    const signal = new Interruption().listen();
    process.emit("SIGTERM", "SIGTERM");
    jest.advanceTimersByTime(5000);
    expect([signal.aborted, kill.mock.calls]).toEqual([true, []]);
    jest.advanceTimersByTime(5000);
    expect(kill.mock.calls).toEqual([[process.pid, "SIGTERM"]]);
});
