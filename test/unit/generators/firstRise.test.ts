import { firstRise } from "../../../src/generators/firstRise.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

/** A cubic by its coefficients, and its values where `firstRise` asks for them. */
function riseOf(a: number, b: number, c: number, d: number): number {
    const at = (t: number): number => a + t * (b + t * (c + t * d));
    return firstRise(at(0), at(1 / 3), at(2 / 3), at(1));
}

test(`it is the first of all places where a cubic rises above 0 (seed ${seed})`, () => {
    const random = new Random(seed);
    let [rises, thrice] = [0, 0];
    for (let i = 0; i < 5000; i++) {
        const [p, q, r] = [random.between(-0.5, 1.5), random.between(-0.5, 1.5), random.between(-0.5, 1.5)];
        // With these zeros, turned over or not.
        const scale = random.pick([1, -1]) * 10 ** random.between(-3, 4);
        const at = (t: number): number => scale * (t - p) * (t - q) * (t - r);
        const rise = firstRise(at(0), at(1 / 3), at(2 / 3), at(1));
        const zeros = [p, q, r].filter((zero) => zero > 0 && zero < 1).sort((x, y) => x - y);
        // It begins below: at the first zero it rises.
        const expected = at(0) > 0 ? 0 : zeros[0];
        if (expected === undefined) {
            expect(rise).toBeNaN();
        } else {
            expect(Math.abs(rise - expected)).toBeLessThan(1e-6);
            rises++;
            thrice += at(0) <= 0 && zeros.length === 3 ? 1 : 0;
        }
    }
    expect(rises).toBeGreaterThan(1000);
    expect(thrice).toBeGreaterThan(50);
});

test.each([
    ["a line that rises", [-1, 4, 0, 0], 0.25],
    ["a line that falls", [1, -4, 0, 0], 0],
    ["a line that stays below", [-1, 0.5, 0, 0], Number.NaN],
    ["a parabola that peeps out between its ends", [-0.24, 1, -1, 0], 0.4],
    ["one that touches 0", [-0.25, 1, -1, 0], Number.NaN],
    ["what is 0 throughout", [0, 0, 0, 0], Number.NaN],
    ["what rises from 0", [0, 1, 0, 0], 0],
    ["what falls from 0", [0, -1, 0, 0], Number.NaN],
    ["a thin sheet", [-1e-9, 2e-5, -0.1, 0], Number.NaN],
] as const)("%s", (_, [a, b, c, d], expected) => {
    const rise = riseOf(a, b, c, d);
    if (Number.isNaN(expected)) {
        // Where the top is at 0 to rounding, either answer is one.
        expect(Number.isNaN(rise) || Math.abs(a + rise * (b + rise * (c + rise * d))) < 1e-12).toBe(true);
    } else {
        expect(rise).toBeCloseTo(expected, 9);
    }
});
