import { MAX_LEVEL } from "../../../src/space/chunkAddress.js";
import { bandAt, bandOfPriority, BANDS, priorityOf } from "../../../src/streaming/bands.js";

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

test("holes come first, coarse ones before all; then bands before view, view before level, level before distance; close first", () => {
    const order = [
        priorityOf(true, 3, false, 24, 9e6),
        priorityOf(true, 0, true, 6, 1),
        priorityOf(true, 1, true, 6, 0),
        priorityOf(true, 3, false, 0, 9e6),
        priorityOf(false, 0, true, 3, 99),
        priorityOf(false, 0, true, 0, 1),
        priorityOf(false, 0, true, 0, 99),
        priorityOf(false, 0, true, 5, 9e6),
        priorityOf(false, 0, true, 0, 101),
        priorityOf(false, 0, true, 0, 102),
        priorityOf(false, 0, false, 9, 0),
        priorityOf(false, 1, true, 9, 0),
    ];
    expect([...order].sort((a, b) => a - b)).toEqual(order);
});

test("a priority tells its band again", () => {
    for (const isHole of [true, false]) {
        for (let band = 0; band < BANDS.length; band++) {
            for (const level of [0, 7, MAX_LEVEL]) {
                expect(bandOfPriority(priorityOf(isHole, band, level === 7, level, 9e6))).toBe(band);
                expect(bandOfPriority(priorityOf(isHole, band, true, level, 0))).toBe(band);
            }
        }
    }
    expect(bandOfPriority(Infinity)).toBe(3);
    expect(bandOfPriority(Number.NaN)).toBe(3);
});
