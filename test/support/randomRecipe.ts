import { TerraneError } from "../../src/base/errors.js";
import { coarsestLatticeStep } from "../../src/recipe/latticeError.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { deepestCaves, type Recipe } from "../../src/recipe/recipe.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** A stream of pseudo-random numbers that a seed repeats. Source: Tommy Ettinger, mulberry32. */
export class Random {
    public constructor(private _state: number) {}

    /** From 0 up to 1. */
    public next(): number {
        this._state = (this._state + 0x6d2b79f5) | 0;
        let t = Math.imul(this._state ^ (this._state >>> 15), 1 | this._state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    }

    public between(low: number, high: number): number {
        return low + (high - low) * this.next();
    }

    /** A whole number, both ends included. */
    public whole(low: number, high: number): number {
        return Math.floor(this.between(low, high + 1));
    }

    public pick<T>(values: readonly T[]): T {
        return values[this.whole(0, values.length - 1)]!;
    }

    public power(low: number, high: number): number {
        return 2 ** this.whole(Math.log2(low), Math.log2(high));
    }
}

/** For a test's title: a seed of its own each day would hide what failed yesterday, so it is fixed unless asked for. */
export function testSeed(): number {
    return Number(process.env.TERRANE_TEST_SEED ?? 20_261_125) >>> 0;
}

/** Any recipe that holds, with chunks that an oracle bakes in milliseconds. */
export function randomRecipe(random: Random): Recipe {
    for (;;) {
        try {
            return anyRecipe(random);
        } catch (error) {
            // Some are too steep for their samples.
            if (!(error instanceof TerraneError)) {
                throw error;
            }
        }
    }
}

function anyRecipe(random: Random): Recipe {
    const chunkSize = random.power(4, 256);
    const resolution = random.pick([16, 16, 32]);
    const spacing = chunkSize / resolution;
    const wavelength = Math.min(1024, spacing * random.power(8, 128));
    const radius = Math.max(0.0625, wavelength * random.between(0.05, 0.2));
    const recipe = {
        id: "random",
        seed: random.whole(0, 2 ** 32 - 1),
        chunkSize,
        terrain: {
            resolution,
            octaves: random.whole(0, 12),
            wavelength: Math.min(16_384, Math.max(2 * spacing, random.power(1, 2048))),
            gain: random.between(0.2, 0.7),
            damping: random.pick([0, 0.2, random.between(0, 2)]),
            ridgeOctaves: random.whole(0, 6),
            plainsHeight: random.between(0, 60),
            mountainHeight: random.between(0, 500),
            rangeHeight: random.between(0, 1500),
            gullies: {
                strength: random.pick([0, 0.15, random.between(0, 0.5)]),
                wavelength: random.power(1, 1024),
                octaves: random.whole(1, 8),
                gain: random.between(0.3, 1),
            },
            beds: {
                strength: random.pick([0, 0.6, random.next()]),
                thickness: 2 ** random.between(-1, 8),
            },
        },
        caves: {
            complexity: random.between(0.4, 1),
            wavelength,
            radius,
            latticeStep: Math.max(0.03125, Math.min(64, wavelength / random.power(4, 32))),
            maxDepth: Math.min(deepestCaves(chunkSize), random.between(0, 24) * spacing),
            octaves: random.whole(2, 6),
            mouths: random.next(),
        },
        water: { enabled: random.next() < 0.5, level: random.between(-50, 50) },
    };
    // From a number that is there: a draw more would make others of all recipes that tests know by their seeds.
    const caves = { ...recipe.caves, ledges: (recipe.seed % 4) / 3 };
    const latticeStep = Math.min(caves.latticeStep, coarsestLatticeStep(caves));
    return parseRecipe({ ...recipe, caves: { ...caves, latticeStep } });
}

/** Any chunk within 10^7 m of the origin, at a level from 0 to `maxLevel`. */
export function randomAddress(random: Random, { chunkSize }: Recipe, maxLevel: number): ChunkAddress {
    const level = random.whole(0, maxLevel);
    const reach = Math.floor(Math.min(1e7, 10 ** random.between(2, 7)) / (chunkSize * 2 ** level));
    return flatAddress(level, random.whole(-reach - 1, reach), random.whole(-reach - 1, reach));
}
