import { bandAt, BANDS, priorityOf } from "../../../src/streaming/bands.js";

test.each([
    [0, "immediate"],
    [0.29, "immediate"],
    [0.3, "high"],
    [0.59, "high"],
    [0.6, "normal"],
    [0.99, "normal"],
    [1, "low"],
    [7, "low"],
])("at %d of the radius a request is %s", (share, band) => {
    expect(BANDS[bandAt(share)]).toBe(band);
});

test("holes come first, coarse ones before all; then bands before view, view before level, level before distance", () => {
    const order = [
        priorityOf(true, 3, false, 24, 9e6),
        priorityOf(true, 0, true, 6, 1),
        priorityOf(true, 1, true, 6, 0),
        priorityOf(true, 3, false, 0, 9e6),
        priorityOf(false, 0, true, 5, 9e6),
        priorityOf(false, 0, true, 0, 1),
        priorityOf(false, 0, true, 0, 2),
        priorityOf(false, 0, false, 9, 0),
        priorityOf(false, 1, true, 9, 0),
    ];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
});
