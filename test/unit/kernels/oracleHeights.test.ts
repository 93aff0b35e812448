import fc from "fast-check";

import { quantumAt } from "../../../src/recipe/lattice.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { Presets } from "../../../src/recipe/presets.js";
import { createHeightGrid, gridCount, HeightField, type HeightGrid } from "../../oracle/heightField.js";

const SEED = 11;
const recipe = Presets.endless({ seed: "heights", terrain: { resolution: 32 } });
const field = new HeightField(recipe);

function gridOf(from: HeightField, level: number, x: number, z: number, countX: number, countZ: number): HeightGrid {
    const grid = createHeightGrid();
    from.fillGrid(level, x, z, countX, countZ, grid);
    return grid;
}

const levels = fc.integer({ min: 0, max: 9 });
/** Up to 10^7 m and beyond, in samples of 2 m. */
const places = fc.oneof(
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: -6_000_000, max: 6_000_000 }),
    fc.constantFrom(-(2 ** 28), 2 ** 28 - 64),
);

test("a chunk's grid has three samples more all around", () => {
    expect(gridCount(32)).toBe(39);
});

test(`a sample is the same in every grid that has it, to the last bit (fast-check seed ${SEED})`, () => {
    fc.assert(
        fc.property(levels, places, places, fc.nat(12), fc.nat(12), (level, x, z, right, far) => {
            const [a, b] = [gridOf(field, level, x, z, 20, 18), gridOf(field, level, x + right, z + far, 16, 21)];
            const shared = Math.min(20, right + 16) - right;
            for (let j = far; j < 18; j++) {
                const [inA, inB] = [j * 20 + right, (j - far) * 16];
                for (const [name, size] of [
                    ["height", 1],
                    ["smooth", 1],
                    ["macro", MACRO_CHANNELS],
                ] as const) {
                    const row = a[name].subarray(inA * size, (inA + shared) * size);
                    expect(b[name].subarray(inB * size, (inB + shared) * size)).toEqual(row);
                }
            }
        }),
        { seed: SEED, numRuns: 60 },
    );
});

test(`heights are whole quanta, half a quantum from the field at most (fast-check seed ${SEED})`, () => {
    fc.assert(
        fc.property(levels, places, places, (level, x, z) => {
            const quantum = quantumAt(recipe, level);
            const { height, smooth } = gridOf(field, level, x, z, 12, 12);
            expect(height.every((value) => Number.isInteger(value / quantum))).toBe(true);
            expect(height.every((value, at) => Math.abs(value - smooth[at]!) <= quantum / 2)).toBe(true);
        }),
        { seed: SEED, numRuns: 60 },
    );
});

/** High relief everywhere. */
const MOUNTAINS = { reliefSpline: [[-1, 1] as const, [1, 0.8] as const] };

test.each([
    ["rounded land", { gullies: { strength: 0 }, beds: { strength: 0 } }],
    ["gullies and beds", { gullies: { wavelength: 512, octaves: 2 }, beds: { thickness: 160 }, macro: MOUNTAINS }],
])("levels that evaluate the same octaves have the same heights where they share samples: %s", (_, carving) => {
    const terrain = { resolution: 32, octaves: 3, ...carving };
    const coarse = new HeightField(Presets.endless({ seed: 3, terrain }));
    for (let level = 1; level < 6; level++) {
        const step = 2 ** level;
        const above = gridOf(coarse, level, -5, 7, 9, 9);
        for (let at = 0; at < 81; at++) {
            const [i, j] = [at % 9, Math.floor(at / 9)];
            expect(gridOf(coarse, 0, (i - 5) * step, (j + 7) * step, 1, 1).smooth[0]).toBe(above.smooth[at]);
        }
    }
});

test("gullies of less than four samples of a level are left out, and beds of less than two", () => {
    const fieldOf = (octaves: number, strength: number) =>
        new HeightField(
            Presets.endless({
                seed: 3,
                terrain: {
                    resolution: 32,
                    gullies: { wavelength: 64, octaves },
                    beds: { strength, thickness: 12 },
                    macro: MOUNTAINS,
                },
            }),
        );
    const [all, few] = [fieldOf(4, 0.6), fieldOf(2, 0)];
    // Samples of 8 m: of 64, 32, 16 and 8 m the first two are left.
    expect(gridOf(all, 2, 40, -60, 30, 30).smooth).toEqual(gridOf(few, 2, 40, -60, 30, 30).smooth);
    expect(gridOf(all, 1, 40, -60, 30, 30).smooth).not.toEqual(gridOf(fieldOf(2, 0.6), 1, 40, -60, 30, 30).smooth);
    expect(gridOf(all, 1, 40, -60, 30, 30).smooth).not.toEqual(gridOf(fieldOf(4, 0), 1, 40, -60, 30, 30).smooth);
});

test("octaves finer than two samples of a level are left out", () => {
    const all = new HeightField(Presets.endless({ seed: 3, terrain: { resolution: 32, octaves: 8, wavelength: 64 } }));
    const few = new HeightField(Presets.endless({ seed: 3, terrain: { resolution: 32, octaves: 3, wavelength: 64 } }));
    // Samples of 8 m: of 64, 32, 16, 8 and 4 m the first three are left.
    expect(gridOf(all, 2, 40, -60, 30, 30).smooth).toEqual(gridOf(few, 2, 40, -60, 30, 30).smooth);
    expect(gridOf(all, 1, 40, -60, 30, 30).smooth).not.toEqual(gridOf(few, 1, 40, -60, 30, 30).smooth);
});

describe("the detail shows nothing of its lattices", () => {
    /** Samples of 1 m, cells of 64, 32, 16, 8, 4 and 2 samples. Octaves of like strength, unbent by slope. */
    const flat = {
        resolution: 64,
        wavelength: 64,
        octaves: 6,
        gain: 0.7,
        damping: 0,
        ridgeOctaves: 0,
        gullies: { strength: 0 },
        beds: { strength: 0 },
    };
    const LENGTH = 1024;
    const ROWS = 240;

    /** Detail over its amplitude along rows (or columns) that lie far apart. */
    function linesOf(seed: number, isAlongX: boolean): Float64Array[] {
        const detail = new HeightField(Presets.endless({ seed, terrain: flat }));
        return Array.from({ length: ROWS }, (_, row) => {
            const [along, across] = [row * 1531 - 77_777, row * 977 + 12_345];
            const { smooth, macro } = isAlongX
                ? gridOf(detail, 0, along, across, LENGTH, 1)
                : gridOf(detail, 0, across, along, 1, LENGTH);
            return Float64Array.from({ length: LENGTH }, (_, i) => {
                const base = macro[i * MACRO_CHANNELS + MacroChannel.base]!;
                return (smooth[i]! - base) / macro[i * MACRO_CHANNELS + MacroChannel.amplitude]!;
            });
        });
    }

    // Looked up and not called in the loop: see swcTransform.mjs.
    const cosines = Float64Array.from({ length: LENGTH }, (_, i) => Math.cos((2 * Math.PI * i) / LENGTH));
    const sines = Float64Array.from({ length: LENGTH }, (_, i) => Math.sin((2 * Math.PI * i) / LENGTH));

    /** Mean power of the lines at a frequency, in waves a line. The window keeps what is two waves off out. */
    function powerAt(lines: readonly Float64Array[], frequency: number): number {
        let power = 0;
        for (const line of lines) {
            let [real, imaginary] = [0, 0];
            for (let i = 0, turn = 0; i < LENGTH; i++, turn = (turn + frequency) % LENGTH) {
                const value = line[i]! * (1 - cosines[i]!);
                real += value * cosines[turn]!;
                imaginary += value * sines[turn]!;
            }
            power += real * real + imaginary * imaginary;
        }
        return power / lines.length;
    }

    /** Power at a lattice's frequency over that around it. */
    function peakAt(lines: readonly Float64Array[], period: number): number {
        const frequency = LENGTH / period;
        const around = [-5, -3, 3, 5].map((step) => Math.log(powerAt(lines, frequency + step)));
        return powerAt(lines, frequency) / Math.exp(around.reduce((sum, value) => sum + value, 0) / 4);
    }

    test.each([true, false])("no peak in its spectrum at 1 / 64, 1 / 32 ... of a sample, along x: %s", (isAlongX) => {
        const lines = linesOf(5, isAlongX);
        for (const period of [64, 32, 16, 8, 4]) {
            expect(peakAt(lines, period)).toBeLessThan(1.35);
        }
        // A wave of a tenth of the detail's own height would be seen.
        const wavy = lines.map((line) => line.map((value, i) => value + 0.03 * Math.cos((2 * Math.PI * i) / 16)));
        expect(peakAt(wavy, 16)).toBeGreaterThan(2);
    });

    test.each([1, 2, 3])("its strength is even: octaves do not vanish together at shared corners, seed %i", (seed) => {
        const SIDE = 64;
        const CELLS = 150;
        const detail = new HeightField(Presets.endless({ seed, terrain: flat }));
        const sums = new Float64Array(SIDE * SIDE);
        for (let cell = 0; cell < CELLS; cell++) {
            const { smooth, macro } = gridOf(detail, 0, cell * SIDE * 7, cell * SIDE * 5, SIDE, SIDE);
            for (let at = 0; at < sums.length; at++) {
                const base = macro[at * MACRO_CHANNELS + MacroChannel.base]!;
                const value = (smooth[at]! - base) / macro[at * MACRO_CHANNELS + MacroChannel.amplitude]!;
                sums[at] = sums[at]! + value * value;
            }
        }
        const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
        const weakest = sums.reduce((least, value) => Math.min(least, value));
        // At a corner of the strongest octave the others still have half of the strength.
        expect(weakest / mean).toBeGreaterThan(0.1);
    });
});
