import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { createGullies, gulliesAt, type Gullies } from "../../oracle/gullies.js";
import { readKernelGrid } from "../../support/kernelGrid.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();
const SIDE = 64;

function withoutCarving({ terrain, ...recipe }: Recipe): Recipe {
    const { gullies, beds } = terrain;
    return { ...recipe, terrain: { ...terrain, gullies: { ...gullies, strength: 0 }, beds: { ...beds, strength: 0 } } };
}

test(`plains, summits and floors stay as they are to the last bit, slopes do not (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x9011);
    const seen = { plain: 0, gentle: 0, carved: 0 };
    for (let i = 0; i < 60; i++) {
        // Without detail heights are the macro field, whose slope the samples tell.
        const recipe = Presets.endless({ seed: random.whole(0, 2 ** 32 - 1), terrain: { octaves: 0 } });
        const [x, z] = [random.whole(-200, 200) * SIDE, random.whole(-200, 200) * SIDE];
        const own = readKernelGrid(kernels, recipe, 2, x, z, SIDE);
        const plain = readKernelGrid(kernels, withoutCarving(recipe), 2, x, z, SIDE);
        for (let row = 1; row < SIDE - 1; row++) {
            for (let column = 1; column < SIDE - 1; column++) {
                const at = row * SIDE + column;
                const slopeX = (plain.smooth[at + 1]! - plain.smooth[at - 1]!) / 8;
                const slopeZ = (plain.smooth[at + SIDE]! - plain.smooth[at - SIDE]!) / 8;
                const slope = Math.hypot(slopeX, slopeZ);
                const relief = plain.macro[at * MACRO_CHANNELS + MacroChannel.relief]!;
                if (relief <= 0.04 || slope < 0.059) {
                    seen[relief <= 0.04 ? "plain" : "gentle"]++;
                    if (own.smooth[at] !== plain.smooth[at]) {
                        throw new Error(
                            `${own.smooth[at]} m, not ${plain.smooth[at]}, at slope ${slope}, relief ${relief}`,
                        );
                    }
                } else if (relief > 0.3 && slope > 0.3) {
                    seen.carved += Math.abs(own.smooth[at]! - plain.smooth[at]!) > 1 ? 1 : 0;
                }
            }
        }
    }
    expect(Math.min(seen.plain, seen.gentle, seen.carved)).toBeGreaterThan(1000);
});

/** Gullies of one octave of 64 m and 10 m, on a slope of 0.7. */
const OCTAVE: Gullies = [{ ...createGullies(Presets.endless())[0]!, wavelength: 64, depth: 10 }];
const SLOPE = 0.7;

function onSlope(x: number, z: number, direction: number): number {
    return gulliesAt(OCTAVE, 1, x, z, SLOPE * Math.cos(direction), SLOPE * Math.sin(direction), 1);
}

test(`gullies run on over the borders of cells, and are as deep there as elsewhere (seed ${seed})`, () => {
    const random = new Random(seed ^ 0xce11);
    const BINS = 8;
    let highestStep = 0;
    const squares = new Float64Array(BINS);
    const counts = new Float64Array(BINS);
    for (let i = 0; i < 40_000; i++) {
        const [x, z, direction] = [
            random.between(-1e5, 1e5),
            random.between(-1e5, 1e5),
            random.between(0, 2 * Math.PI),
        ];
        const bin = Math.floor((x / 64 - Math.floor(x / 64)) * BINS);
        squares[bin] = squares[bin]! + onSlope(x, z, direction) ** 2;
        counts[bin] = counts[bin]! + 1;
        const border = Math.round(x / 64) * 64;
        const step = Math.abs(onSlope(border + 1e-4, z, direction) - onSlope(border - 1e-4, z, direction));
        highestStep = Math.max(highestStep, step);
    }
    const depths = squares.map((sum, bin) => Math.sqrt(sum / counts[bin]!));
    expect(highestStep).toBeLessThan(0.001);
    expect(Math.max(...depths) / Math.min(...depths)).toBeLessThan(1.1);
});

test(`gullies run downhill: along the slope they change less than across it (seed ${seed})`, () => {
    const random = new Random(seed ^ 0xd0f11);
    let [along, across] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
        const [x, z, direction] = [
            random.between(-1e5, 1e5),
            random.between(-1e5, 1e5),
            random.between(0, 2 * Math.PI),
        ];
        const [dx, dz] = [8 * Math.cos(direction), 8 * Math.sin(direction)];
        const here = onSlope(x, z, direction);
        along += Math.abs(onSlope(x + dx, z + dz, direction) - here);
        across += Math.abs(onSlope(x - dz, z + dx, direction) - here);
    }
    expect(across / along).toBeGreaterThan(1.8);
    // No dead-straight furrows either: the land goes on turning.
    expect(across / along).toBeLessThan(10);
});
