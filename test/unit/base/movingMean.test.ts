import { movingMean } from "../../../src/base/movingMean.js";

test("follows the latest values, and forgets what was long ago", () => {
    let mean = 1000;
    for (let i = 0; i < 100; i++) {
        mean = movingMean(mean, i % 2 === 0 ? 9 : 11);
    }
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(16);
    expect(movingMean(10, 30)).toBe(11);
});
