import fc from "fast-check";

import { noiseRow2, noiseRow3 } from "../../oracle/gradientNoise.js";

const SEED = 7;
const one = () => new Float64Array(1);

/** Value and slopes (by cell) at one sample. */
function at2(seed: number, period: number, x: number, z: number): [number, number, number] {
    const [value, slopeX, slopeZ] = [one(), one(), one()];
    noiseRow2(seed, period, x, z, 1, 1, value, slopeX, slopeZ);
    return [value[0]!, slopeX[0]!, slopeZ[0]!];
}

function at3(seed: number, period: number, periodY: number, x: number, y: number, z: number): number {
    const value = one();
    noiseRow3(seed, period, periodY, x, y, z, 1, 1, value);
    return value[0]!;
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const periods = fc.integer({ min: 1, max: 12 }).map((power) => 2 ** power);
const samples = fc.oneof(
    fc.integer({ min: -100, max: 100 }),
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    fc.integer({ min: 9_999_000, max: 10_001_000 }),
);
const run = { seed: SEED, numRuns: 300 };

describe(`2D (fast-check seed ${SEED})`, () => {
    test("a row equals point queries bit for bit, wherever it starts and however it steps", () => {
        fc.assert(
            fc.property(seeds, periods, samples, samples, fc.constantFrom(1, 2, 4, 64), (seed, period, x, z, step) => {
                const count = 40;
                const row = [0, 1, 2].map(() => new Float64Array(count));
                noiseRow2(seed, period, x, z, step, count, row[0]!, row[1]!, row[2]!);
                const points = Array.from({ length: count }, (_, i) => at2(seed, period, x + i * step, z));
                for (let part = 0; part < 3; part++) {
                    expect([...row[part]!]).toEqual(points.map((point) => point[part]));
                }
            }),
            run,
        );
    });

    test("the derivatives are the noise's own: differences over an 8192th of a cell agree to 3 in a million", () => {
        const period = 2 ** 13;
        fc.assert(
            fc.property(seeds, samples, samples, (seed, x, z) => {
                const [, slopeX, slopeZ] = at2(seed, period, x, z);
                const alongX = ((at2(seed, period, x + 1, z)[0] - at2(seed, period, x - 1, z)[0]) / 2) * period;
                const alongZ = ((at2(seed, period, x, z + 1)[0] - at2(seed, period, x, z - 1)[0]) / 2) * period;
                expect(Math.abs(alongX - slopeX)).toBeLessThan(3e-6);
                expect(Math.abs(alongZ - slopeZ)).toBeLessThan(3e-6);
            }),
            run,
        );
    });

    test("value and derivatives go on smoothly across the borders of cells", () => {
        const period = 2 ** 20;
        fc.assert(
            fc.property(seeds, fc.integer({ min: -9, max: 9 }), samples, (seed, cell, z) => {
                for (const isAlongX of [true, false]) {
                    const at = (offset: number) =>
                        isAlongX
                            ? at2(seed, period, cell * period + offset, z)
                            : at2(seed, period, z, cell * period + offset);
                    const [before, on, after] = [at(-1), at(0), at(1)];
                    // The fade's second derivative vanishes at corners: a sample of 2^-20 cells moves nothing further.
                    const steps = on.flatMap((value, i) => [Math.abs(value - before[i]!), Math.abs(after[i]! - value)]);
                    expect(Math.max(...steps)).toBeLessThan(1e-5);
                }
            }),
            run,
        );
    });

    test("10^7 samples and 10^12 samples from the origin neighbours differ as little as at the origin", () => {
        const period = 64;
        const steepest = (from: number) => {
            const [value, slopeX, slopeZ] = [0, 1, 2].map(() => new Float64Array(4096)) as [
                Float64Array,
                Float64Array,
                Float64Array,
            ];
            let [most, mostBend, distinct] = [0, 0, 0];
            for (let z = 0; z < 40; z++) {
                noiseRow2(5, period, from, from + z * 17, 1, 4096, value, slopeX, slopeZ);
                for (let i = 1; i < 4095; i++) {
                    most = Math.max(most, Math.abs(value[i]! - value[i - 1]!));
                    mostBend = Math.max(mostBend, Math.abs(value[i + 1]! - 2 * value[i]! + value[i - 1]!));
                    distinct += value[i] !== value[i - 1] ? 1 : 0;
                }
            }
            return { most, mostBend, distinct };
        };
        const near = steepest(0);
        for (const far of [steepest(10_000_000), steepest(10 ** 12)]) {
            // Stairs, as single precision would make them, would show as equal neighbours and great bends.
            expect(far.most).toBeLessThan(near.most * 1.25);
            expect(far.mostBend).toBeLessThan(near.mostBend * 1.25);
            expect(far.distinct).toBeGreaterThan(40 * 4094 * 0.9999);
        }
    });

    test("stays within -1.01 and 1.01, centres on 0 and uses its range", () => {
        const [value, slopeX, slopeZ] = [0, 1, 2].map(() => new Float64Array(500)) as [
            Float64Array,
            Float64Array,
            Float64Array,
        ];
        let [low, high, sum] = [0, 0, 0];
        for (let z = 0; z < 500; z++) {
            noiseRow2(3, 8, 0, z * 5, 5, 500, value, slopeX, slopeZ);
            for (let i = 0; i < 500; i++) {
                low = Math.min(low, value[i]!);
                high = Math.max(high, value[i]!);
                sum += value[i]!;
            }
        }
        expect(low).toBeGreaterThan(-1.01);
        expect(high).toBeLessThan(1.01);
        expect(low).toBeLessThan(-0.7);
        expect(high).toBeGreaterThan(0.7);
        expect(Math.abs(sum / 250_000)).toBeLessThan(0.01);
    });

    test("differs by seed and is the same each time", () => {
        expect(at2(1, 16, 5, 9)).toEqual(at2(1, 16, 5, 9));
        const values = Array.from({ length: 200 }, (_, seed) => at2(seed, 16, 5, 9)[0]);
        expect(new Set(values).size).toBeGreaterThan(190);
    });

    test("vanishes at lattice corners, with a slope of length sqrt 2", () => {
        fc.assert(
            fc.property(seeds, periods, fc.integer({ min: -999, max: 999 }), (seed, period, cell) => {
                const [value, slopeX, slopeZ] = at2(seed, period, cell * period, -cell * period);
                expect(Math.abs(value)).toBe(0);
                expect(Math.hypot(slopeX, slopeZ)).toBeCloseTo(Math.SQRT2, 8);
            }),
            run,
        );
    });
});

describe(`3D (fast-check seed ${SEED})`, () => {
    test("a row equals point queries bit for bit, wherever it starts and however it steps", () => {
        fc.assert(
            fc.property(
                seeds,
                periods,
                samples,
                samples,
                samples,
                fc.constantFrom(1, 2, 8),
                (seed, period, x, y, z, step) => {
                    const row = new Float64Array(40);
                    noiseRow3(seed, period, Math.max(2, period / 2), x, y, z, step, 40, row);
                    const at = (_: unknown, i: number) =>
                        at3(seed, period, Math.max(2, period / 2), x + i * step, y, z);
                    expect([...row]).toEqual(Array.from({ length: 40 }, at));
                },
            ),
            run,
        );
    });

    test("goes on smoothly across the borders of cells, along each axis", () => {
        const period = 2 ** 20;
        fc.assert(
            fc.property(seeds, fc.integer({ min: -9, max: 9 }), samples, samples, (seed, cell, u, v) => {
                const border = cell * period;
                const lines = [
                    (offset: number) => at3(seed, period, period, border + offset, u, v),
                    (offset: number) => at3(seed, period, period, u, border + offset, v),
                    (offset: number) => at3(seed, period, period, u, v, border + offset),
                ];
                for (const at of lines) {
                    expect(Math.abs(at(0) - at(-1))).toBeLessThan(5e-6);
                    // The slope does not break: the bend over three samples is far below the step between two.
                    expect(Math.abs(at(1) - 2 * at(0) + at(-1))).toBeLessThan(1e-10);
                }
            }),
            run,
        );
    });

    test("stays within -1.1 and 1.1, centres on 0 and uses its range, near and far", () => {
        for (const from of [0, -10_000_000, 10 ** 12]) {
            const row = new Float64Array(200);
            let [low, high, sum, most] = [0, 0, 0, 0];
            for (let y = 0; y < 40; y++) {
                for (let z = 0; z < 40; z++) {
                    noiseRow3(11, 32, 16, from, from + y * 5, from + z * 7, 1, 200, row);
                    for (let i = 0; i < 200; i++) {
                        low = Math.min(low, row[i]!);
                        high = Math.max(high, row[i]!);
                        sum += row[i]!;
                        most = i > 0 ? Math.max(most, Math.abs(row[i]! - row[i - 1]!)) : most;
                    }
                }
            }
            expect(low).toBeGreaterThan(-1.1);
            expect(high).toBeLessThan(1.1);
            expect(low).toBeLessThan(-0.6);
            expect(high).toBeGreaterThan(0.6);
            expect(Math.abs(sum / 320_000)).toBeLessThan(0.03);
            expect(most).toBeLessThan(0.12);
        }
    });

    test("differs by seed and is the same each time", () => {
        expect(at3(1, 16, 8, 5, 3, 9)).toBe(at3(1, 16, 8, 5, 3, 9));
        const values = Array.from({ length: 200 }, (_, seed) => at3(seed, 16, 8, 5, 3, 9));
        expect(new Set(values).size).toBeGreaterThan(150);
    });
});
