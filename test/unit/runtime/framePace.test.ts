import { FramePace } from "../../../src/runtime/framePace.js";

test("knows the last frame, and how long recent ones are at least", () => {
    const pace = new FramePace();
    const after = (...nowMs: number[]) => nowMs.map((ms) => (pace.begin(ms), [pace.lastMs, pace.steadyMs]));
    // The first one has nothing before it; the second has no other to be compared with.
    expect(after(5000, 6000)).toEqual([
        [0, 0],
        [1000, 1000],
    ]);
    expect(after(6016, 6032)).toEqual([
        [16, 16],
        [16, 16],
    ]);
    // One hitch is no slow device; the second long frame is.
    expect(after(6532, 6732, 6748)).toEqual([
        [500, 16],
        [200, 200],
        [16, 16],
    ]);
});
