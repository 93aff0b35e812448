import fc from "fast-check";

import { TerraneError } from "../../../src/base/errors.js";
import {
    fillNoise2,
    fillNoise3,
    fillSimplex2,
    fillSimplex3,
    layoutNoisePoints,
    type NoiseKernels,
    type NoiseOctave,
    type NoisePoints,
} from "../../../bench/noise/noiseKernels.js";
import { noiseRow2, noiseRow3 } from "../../oracle/gradientNoise.js";
import { simplex2, simplex3 } from "../../oracle/simplexNoise.js";
import { loadNoiseKernelsAsync } from "../../support/noiseKernels.js";

const SEED = 11;
/** Of grids, by the sum of gains (at least 1); of simplex values and of their derivatives. */
const GRID_TOLERANCE = 2e-6;
const SIMPLEX_TOLERANCE = 1e-5;
const SLOPE_TOLERANCE = 5e-5;

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const samples = fc.oneof(
    fc.integer({ min: -100, max: 100 }),
    fc.integer({ min: 9_999_000, max: 10_001_000 }),
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
);
const offsets = fc.integer({ min: -100_000, max: 100_000 });
const periods = (most: number) => fc.integer({ min: 1, max: most }).map((power) => 2 ** power);
const octave = (most: number) =>
    fc.record({
        seed: seeds,
        period: periods(most),
        periodY: periods(most),
        offsetX: offsets,
        offsetY: offsets,
        offsetZ: offsets,
        gain: fc.float({ min: -2, max: 2, noNaN: true }),
    });

let kernels: NoiseKernels;

beforeAll(async () => {
    kernels = await loadNoiseKernelsAsync();
});

/** The largest difference, by the sum of gains; not a number if any value is none. */
function largestError(values: Float32Array, wanted: Float64Array, octaves: readonly NoiseOctave[]): number {
    const gains = octaves.reduce((sum, { gain }) => sum + Math.abs(gain), 0);
    return wanted.reduce((most, value, i) => worse(most, Math.abs(value - values[i]!)), 0) / Math.max(1, gains);
}

function worse(most: number, error: number): number {
    return error <= most ? most : error;
}

describe(`grids (fast-check seed ${SEED})`, () => {
    test("2D: octaves, periods, offsets, sizes and places of all kinds agree with the oracle", () => {
        const sizes = fc.tuple(fc.integer({ min: 4, max: 45 }), fc.integer({ min: 1, max: 40 }));
        fc.assert(
            fc.property(
                fc.array(octave(12), { minLength: 1, maxLength: 12 }),
                samples,
                samples,
                sizes,
                (octaves, x, z, [countX, countZ]) => {
                    const values = fillNoise2(kernels, octaves, { x, z, countX, countZ });
                    const wanted = new Float64Array(countX * countZ);
                    const [row, slopeX, slopeZ] = [0, 1, 2].map(() => new Float64Array(countX));
                    for (const { seed, period, offsetX, offsetZ, gain } of octaves) {
                        for (let j = 0; j < countZ; j++) {
                            const at = z + j + offsetZ;
                            noiseRow2(seed, period, x + offsetX, at, 1, countX, row!, slopeX!, slopeZ!);
                            row!.forEach((value, i) => (wanted[j * countX + i]! += gain * value));
                        }
                    }
                    expect(largestError(values, wanted, octaves)).toBeLessThan(GRID_TOLERANCE);
                },
            ),
            { seed: SEED, numRuns: 1500 },
        );
    });

    test("3D: octaves, periods, offsets, sizes and places of all kinds agree with the oracle", () => {
        const size = fc.integer({ min: 1, max: 14 });
        fc.assert(
            fc.property(
                fc.array(octave(6), { minLength: 1, maxLength: 6 }),
                fc.tuple(samples, samples, samples),
                fc.tuple(fc.integer({ min: 4, max: 37 }), size, size),
                (octaves, [x, y, z], [countX, countY, countZ]) => {
                    const values = fillNoise3(kernels, octaves, { x, y, z, countX, countY, countZ });
                    const wanted = new Float64Array(countX * countY * countZ);
                    const row = new Float64Array(countX);
                    for (const { seed, period, periodY, offsetX, offsetY, offsetZ, gain } of octaves) {
                        for (let k = 0; k < countZ * countY; k++) {
                            const atY = y + (k % countY) + offsetY;
                            const atZ = z + Math.floor(k / countY) + offsetZ;
                            noiseRow3(seed, period, periodY, x + offsetX, atY, atZ, 1, countX, row);
                            row.forEach((value, i) => (wanted[k * countX + i]! += gain * value));
                        }
                    }
                    expect(largestError(values, wanted, octaves)).toBeLessThan(GRID_TOLERANCE);
                },
            ),
            { seed: SEED, numRuns: 1000 },
        );
    });

    test("a sample has the same bits whatever grid it is a part of", () => {
        const octaves = [2, 4, 8, 64].map((period, i) => ({
            seed: 40 + i,
            period,
            offsetX: 5 * i,
            offsetY: i,
            offsetZ: 3 * i,
            gain: 1,
        }));
        const whole = fillNoise2(kernels, octaves, { x: -20, z: -30, countX: 50, countZ: 40 }).slice();
        const part = fillNoise2(kernels, octaves, { x: -13, z: -25, countX: 21, countZ: 18 }).slice();
        const box = { x: -20, y: 3, z: -30, countX: 20, countY: 21, countZ: 17 };
        const wholeBox = fillNoise3(kernels, octaves, box).slice();
        const partBox = fillNoise3(kernels, octaves, { x: -13, y: 8, z: -24, countX: 7, countY: 9, countZ: 5 });
        part.forEach((value, i) => {
            expect(value).toBe(whole[(Math.floor(i / 21) + 5) * 50 + (i % 21) + 7]);
        });
        partBox.forEach((value, i) => {
            const [dx, dy, dz] = [(i % 7) + 7, (Math.floor(i / 7) % 9) + 5, Math.floor(i / 63) + 6];
            expect(value).toBe(wholeBox[(dz * 21 + dy) * 20 + dx]);
        });
        expect(Math.max(...whole) - Math.min(...whole)).toBeGreaterThan(1);
    });

    test("grids of all widths are filled wholly: nothing of what was there before remains", () => {
        const octaves = [{ seed: 1, period: 8, gain: 1 }];
        for (let countX = 4; countX <= 21; countX++) {
            for (const count of [1, 2, 3]) {
                const flat = () => fillNoise2(kernels, octaves, { x: 1, z: 1, countX, countZ: count });
                const solid = () =>
                    fillNoise3(kernels, octaves, { x: 1, y: 1, z: 1, countX, countY: count, countZ: 2 });
                for (const fill of [flat, solid]) {
                    const first = fill().slice();
                    fill().fill(Number.NaN);
                    expect(fill()).toEqual(first);
                }
            }
        }
    });

    const octaves = [{ seed: 1, period: 8, gain: 1 }];
    const grid = { x: 0, y: 0, z: 0, countX: 4, countY: 1, countZ: 1 };
    test.each([
        ["no octaves", [], grid],
        ["13 octaves", Array.from({ length: 13 }, () => octaves[0]!), grid],
        ["a period of 12", [{ seed: 1, period: 12, gain: 1 }], grid],
        ["a period of 1", [{ seed: 1, period: 1, gain: 1 }], grid],
        ["a period that is no number", [{ seed: 1, period: Number.NaN, gain: 1 }], grid],
        ["a periodY of 3", [{ seed: 1, period: 8, periodY: 3, gain: 1 }], grid],
        ["a broken offset", [{ seed: 1, period: 8, offsetX: 0.5, gain: 1 }], grid],
        ["a gain that is no number", [{ seed: 1, period: 8, gain: Number.NaN }], grid],
        ["a negative seed", [{ seed: -1, period: 8, gain: 1 }], grid],
        ["a broken x", octaves, { ...grid, x: 0.5 }],
        ["a z that is no number", octaves, { ...grid, z: Number.NaN }],
        ["too narrow a grid", octaves, { ...grid, countX: 3 }],
        ["an empty grid", octaves, { ...grid, countZ: 0 }],
        ["too large a grid", octaves, { ...grid, countX: 8192, countZ: 8192 }],
    ])("refuses %s", (_, someOctaves, someGrid) => {
        expect(() => fillNoise2(kernels, someOctaves, someGrid)).toThrow(TerraneError);
        expect(() => fillNoise3(kernels, someOctaves, someGrid)).toThrow(TerraneError);
    });

    test("3D takes six octaves, not seven; -0 is 0", () => {
        const seven = Array.from({ length: 7 }, () => octaves[0]!);
        expect(() => fillNoise3(kernels, seven, grid)).toThrow("octaves.length is 7; allowed: 1 to 6");
        const wanted = fillNoise3(kernels, seven.slice(1), grid).slice();
        expect(fillNoise3(kernels, seven.slice(1), { ...grid, x: -0, y: -0, z: -0 })).toEqual(wanted);
    });
});

/** Numbers 0 to 1, the same at each run. */
function makeRandom(state: number): () => number {
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

function fillPoints(points: NoisePoints, random: () => number, extent: number): void {
    for (const values of [points.x, points.y, points.z]) {
        values.forEach((_, i) => (values[i] = (random() * 2 - 1) * extent));
    }
}

describe(`simplex (seed ${SEED})`, () => {
    const random = makeRandom(SEED);
    const cases = [1, 1000, 1e7, 2 ** 31].flatMap((extent) => [0.01, 1, 1 / 3].map((scale) => ({ extent, scale })));
    test.each(cases)("values and derivatives agree with the oracle within $extent, $scale cells a unit", (given) => {
        const { extent, scale } = given;
        const points = layoutNoisePoints(kernels, 4001);
        fillPoints(points, random, extent);
        const seed = Math.floor(random() * 2 ** 32);
        const results = [points.value, points.slopeX, points.slopeY, points.slopeZ];
        let [value2, slope2, value3, slope3] = [0, 0, 0, 0];
        let most = 0;
        fillSimplex2(kernels, points, seed, scale, true);
        const first = results.map((result) => result.slice());
        fillSimplex3(kernels, points, seed, scale, true);
        for (let i = 0; i < points.count; i++) {
            const at = [points.x[i]! * scale, points.y[i]! * scale, points.z[i]! * scale] as const;
            const flat = simplex2(seed, at[0], at[2]);
            value2 = worse(value2, Math.abs(first[0]![i]! - flat[0]));
            slope2 = worse(slope2, Math.abs(first[1]![i]! - flat[1]));
            slope2 = worse(slope2, Math.abs(first[3]![i]! - flat[2]));
            const solid = simplex3(seed, ...at);
            value3 = worse(value3, Math.abs(points.value[i]! - solid[0]));
            for (let axis = 1; axis < 4; axis++) {
                slope3 = worse(slope3, Math.abs(results[axis]![i]! - solid[axis]!));
            }
            most = worse(most, Math.max(Math.abs(points.value[i]!), Math.abs(first[0]![i]!)));
        }
        expect(value2).toBeLessThan(SIMPLEX_TOLERANCE);
        expect(value3).toBeLessThan(SIMPLEX_TOLERANCE);
        expect(slope2).toBeLessThan(SLOPE_TOLERANCE);
        expect(slope3).toBeLessThan(SLOPE_TOLERANCE);
        expect(most).toBeLessThanOrEqual(1 + 1e-6);
        if (extent * scale > 1) {
            expect(most).toBeGreaterThan(0.8);
        }
    });

    test("slopes are left alone where they are not wanted, and values are the same", () => {
        const points = layoutNoisePoints(kernels, 9);
        fillPoints(points, random, 100);
        for (const fill of [fillSimplex2, fillSimplex3]) {
            fill(kernels, points, 5, 1, true);
            const values = points.value.slice();
            points.slopeX.fill(7);
            points.slopeZ.fill(7);
            fill(kernels, points, 5, 1);
            expect(points.value).toEqual(values);
            expect([...points.slopeX, ...points.slopeZ]).toEqual(Array<number>(18).fill(7));
        }
    });

    test("10^7 cells from the origin, along edges of its simplices too, value and slopes go on smoothly", () => {
        const points = layoutNoisePoints(kernels, 4096);
        const step = 2 ** -12;
        for (const start of [-10_000_000.3, -0.5, 10_000_000]) {
            // Along a diagonal, where two of the fractions are equal, as along no special line.
            for (const along of [1, 0.37]) {
                points.x.forEach((_, i) => (points.x[i] = start + i * step));
                points.y.forEach((_, i) => (points.y[i] = start + i * step * along));
                points.z.forEach((_, i) => (points.z[i] = 3 * start + i * step * along));
                for (const fill of [fillSimplex2, fillSimplex3]) {
                    fill(kernels, points, 77, 1, true);
                    const jump = (values: Float32Array) =>
                        values.reduce((most, value, i) => worse(most, i ? Math.abs(value - values[i - 1]!) : 0), 0);
                    expect(jump(points.value)).toBeLessThan(12 * step);
                    expect(Math.max(jump(points.slopeX), jump(points.slopeZ))).toBeLessThan(80 * step);
                }
            }
        }
    });

    test("no axis is favoured: means are 0, squares of slopes are alike along all axes, over many seeds", () => {
        const points = layoutNoisePoints(kernels, 40_000);
        fillPoints(points, random, 1000);
        const sums = { value: 0, square: 0, flat: [0, 0], solid: [0, 0, 0] };
        const add = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
        for (let seed = 0; seed < 10; seed++) {
            fillSimplex2(kernels, points, seed, 1, true);
            sums.flat[0]! += add(points.slopeX);
            sums.flat[1]! += add(points.slopeZ);
            fillSimplex3(kernels, points, seed, 1, true);
            sums.value += points.value.reduce((sum, value) => sum + value, 0);
            sums.square += add(points.value);
            [points.slopeX, points.slopeY, points.slopeZ].forEach((slope, i) => (sums.solid[i]! += add(slope)));
        }
        const count = 10 * points.count;
        expect(Math.abs(sums.value / count)).toBeLessThan(0.003);
        expect(Math.sqrt(sums.square / count)).toBeGreaterThan(0.2);
        for (const squares of [sums.flat, sums.solid]) {
            expect(Math.max(...squares) / Math.min(...squares)).toBeLessThan(1.02);
        }
    });

    test("two seeds have nothing in common, and -0 is 0", () => {
        const points = layoutNoisePoints(kernels, 10_000);
        fillPoints(points, random, 1000);
        fillSimplex3(kernels, points, 1, 1);
        const first = points.value.slice();
        fillSimplex3(kernels, points, 2, 1);
        const product = first.reduce((sum, value, i) => sum + value * points.value[i]!, 0);
        const square = first.reduce((sum, value) => sum + value * value, 0);
        expect(Math.abs(product / square)).toBeLessThan(0.05);

        for (const fill of [fillSimplex2, fillSimplex3]) {
            const zeros = [0, -0].map((zero) => {
                [points.x, points.y, points.z].forEach((values) => values.fill(zero));
                fill(kernels, points, 9, 1);
                return points.value[0];
            });
            expect(zeros[1]).toBe(zeros[0]);
        }
    });

    test.each([Number.NaN, Infinity, -Infinity, 2 ** 32])("refuses a coordinate of %s and names the point", (bad) => {
        for (const count of [1, 2, 7, 8]) {
            const points = layoutNoisePoints(kernels, count);
            [points.x, points.y, points.z].forEach((values) => values.fill(1));
            for (const axis of ["x", "y", "z"] as const) {
                points[axis][count - 1] = bad;
                const name = `points.${axis}[${count - 1}]`;
                expect(() => fillSimplex3(kernels, points, 1, 1)).toThrow(name);
                if (axis !== "y") {
                    expect(() => fillSimplex2(kernels, points, 1, 1)).toThrow(name);
                }
                points[axis][count - 1] = 1;
            }
            fillSimplex3(kernels, points, 1, 1);
        }
    });

    test("refuses seeds, scales and counts that are not as described", () => {
        const points = layoutNoisePoints(kernels, 4);
        fillPoints(points, random, 1);
        for (const [seed, scale] of [
            [1, 0],
            [1, Number.NaN],
            [1, Infinity],
            [-1, 1],
            [0.5, 1],
            [2 ** 32, 1],
        ] as const) {
            expect(() => fillSimplex3(kernels, points, seed, scale)).toThrow(TerraneError);
        }
        // A scale so small that any finite coordinate is close takes no infinite one.
        points.x[0] = Infinity;
        expect(() => fillSimplex3(kernels, points, 1, 1e-305)).toThrow("points.x[0]");
        expect(() => layoutNoisePoints(kernels, 0)).toThrow(TerraneError);
        expect(() => layoutNoisePoints(kernels, 2 ** 21)).toThrow(TerraneError);
    });

    test("refuses points whose memory has moved", async () => {
        const fresh = await loadNoiseKernelsAsync();
        const points = layoutNoisePoints(fresh, 4);
        fillNoise2(fresh, [{ seed: 1, period: 8, gain: 1 }], { x: 0, z: 0, countX: 2048, countZ: 2048 });
        expect(() => fillSimplex2(fresh, points, 1, 1)).toThrow("Lay them out anew");
    });
});
