import { runAll } from "../../../src/base/runAll.js";

test("every step is taken, and the first error told", () => {
    const taken: number[] = [];
    const step = (n: number) => () => void taken.push(n);
    const fail = (message: string) => () => {
        throw new Error(message);
    };
    expect(() => runAll([step(1), fail("first"), step(2), fail("second"), step(3)])).toThrow("first");
    expect(taken).toEqual([1, 2, 3]);
    runAll([step(4)]);
    expect(taken).toEqual([1, 2, 3, 4]);
});
