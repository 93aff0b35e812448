import { GivenUp } from "../../../src/residency/givenUp.js";

const error = new Error("out of reach");

test("what is unavailable again and again is news once, until it has come", () => {
    const givenUp = new GivenUp();
    expect(givenUp.add(1, error, true)).toBe(true);
    expect(givenUp.errorOf(1)).toBe(error);
    expect(givenUp.takeUnavailable()).toEqual([1]);
    expect(givenUp.has(1)).toBe(false);
    expect(givenUp.add(1, error, true)).toBe(false);
    expect(givenUp.has(1)).toBe(true);
    givenUp.takeUnavailable();
    givenUp.markReceived(1);
    expect(givenUp.add(1, error, true)).toBe(true);
});

test("what failed is always news, and is not tried again with what was unavailable", () => {
    const givenUp = new GivenUp();
    expect(givenUp.add(1, error, false)).toBe(true);
    expect(givenUp.add(1, error, false)).toBe(true);
    expect(givenUp.takeUnavailable()).toEqual([]);
    expect(givenUp.errorOf(1)).toBe(error);
});

test("nothing is remembered of what was deleted, or after all was cleared", () => {
    const givenUp = new GivenUp();
    givenUp.add(1, error, true);
    givenUp.add(2, error, true);
    givenUp.delete(1);
    expect(givenUp.errorOf(1)).toBeNull();
    expect(givenUp.add(1, error, true)).toBe(true);
    givenUp.clear();
    expect(givenUp.errorOf(2)).toBeNull();
    expect(givenUp.takeUnavailable()).toEqual([]);
    expect(givenUp.add(2, error, true)).toBe(true);
});
