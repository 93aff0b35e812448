import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { ChunkFields, GRID_MARGIN } from "../../../src/generators/chunkFields.js";
import { latticeOf, quantumAt } from "../../../src/recipe/lattice.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { CaveField } from "../../oracle/caveField.js";
import { createCaveVolume, fillCaveVolume } from "../../oracle/caveVolume.js";
import { createHeightGrid, gridCount, HeightField } from "../../oracle/heightField.js";
import { readKernelGrid } from "../../support/kernelGrid.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, randomAddress, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();
const PLACES = 2;
const SIDE = 7;

beforeAll(initHashAsync);

const describeCase = (recipe: Recipe, { level, x, z }: ChunkAddress) =>
    `${level}/${x}/${z} of ${JSON.stringify(recipe)}`;

/** f32 against f64: heights agree to this share of what the recipe's octaves and ranges may add up to. */
const HEIGHT_TOLERANCE = 4e-6;
/** Macro fields 0 to 1, or -1 to 1. */
const MACRO_TOLERANCE = 4e-6;

test(`heights and macro fields are the oracle's at 4,000 places of 2,000 recipes (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let i = 0; i < 2000; i++) {
        const recipe = randomRecipe(random);
        const oracle = new HeightField(recipe);
        const expected = createHeightGrid();
        const fields = new ChunkFields(recipe, kernels);
        const { terrain } = recipe;
        const range = 400 + terrain.rangeHeight + 4 * (terrain.plainsHeight + terrain.mountainHeight);
        for (let place = 0; place < PLACES; place++) {
            const address = randomAddress(random, recipe, 3);
            const { level } = address;
            const x = address.x * terrain.resolution + random.whole(0, 5);
            const z = address.z * terrain.resolution + random.whole(0, 5);
            oracle.fillGrid(level, x, z, SIDE, SIDE, expected);
            const grid = readKernelGrid(kernels, recipe, level, x, z, SIDE, SIDE, fields);
            const quantum = quantumAt(recipe, level);
            for (let at = 0; at < SIDE * SIDE; at++) {
                const height = grid.height[at]!;
                const isNear = Math.abs(grid.smooth[at]! - expected.smooth[at]!) <= range * HEIGHT_TOLERANCE;
                // Rounding is of what is nearly the same: it differs by a quantum at most where quanta are coarser than that.
                const isNearQuantum =
                    Math.abs(height - grid.smooth[at]!) <= quantum * 0.501 + Math.abs(height) * 2 ** -23 &&
                    Number.isInteger(height / quantum);
                let isMacroNear = true;
                for (let channel = MacroChannel.ridge; channel < MACRO_CHANNELS; channel++) {
                    const index = at * MACRO_CHANNELS + channel;
                    isMacroNear &&= Math.abs(grid.macro[index]! - expected.macro[index]!) <= MACRO_TOLERANCE;
                }
                if (!isNear || !isNearQuantum || !isMacroNear) {
                    throw new Error(
                        `sample ${at}: ${grid.smooth[at]} (${height}) against ${expected.smooth[at]}, ${describeCase(recipe, address)}`,
                    );
                }
            }
        }
    }
});

test.each([
    [7, -3, 2],
    [9, 1, -1],
    [14, 0, -1],
])("heights are the oracle's at level %i, whose samples lie nodes apart (chunk %i/%i)", (level, x, z) => {
    const recipe = parseRecipe({ id: "coarse", seed, terrain: { resolution: 16 } });
    const expected = createHeightGrid();
    new HeightField(recipe).fillGrid(level, x * 16, z * 16, SIDE, SIDE, expected);
    const grid = readKernelGrid(kernels, recipe, level, x * 16, z * 16, SIDE);
    for (let at = 0; at < SIDE * SIDE; at++) {
        expect(Math.abs(grid.smooth[at]! - expected.smooth[at]!)).toBeLessThan(0.02);
    }
});

/** Of the largest of what a distance is made of, in samples. */
const DISTANCE_TOLERANCE = 2e-5;
/** Samples of distance from which on it need not be exact. */
const FAR = 8;
/** Samples that the rounding of lips takes from a distance at most. */
const LIP_ROUNDING = 1.5;

test(`cave distances are the oracle's in 2,000 chunks of as many recipes (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x5eed);
    let volumes = 0;
    let compared = 0;
    for (let i = 0; i < 2000; i++) {
        const recipe = randomRecipe(random);
        const address = randomAddress(random, recipe, 2);
        const count = gridCount(recipe.terrain.resolution);
        const [x, z] = [address.x, address.z].map((at) => at * recipe.terrain.resolution - GRID_MARGIN) as [
            number,
            number,
        ];
        const fields = new ChunkFields(recipe, kernels);
        readKernelGrid(kernels, recipe, address.level, x, z, count, count, fields);
        const box = fields.prepareCaves(address.level, x, z, count, count, true);
        if (box === null) {
            continue;
        }
        volumes++;
        const { exports } = kernels;
        exports.fillSlices();
        const grid = createHeightGrid();
        const caves = new CaveField(recipe);
        const volume = createCaveVolume();
        const spacing = latticeOf(recipe).spacing * 2 ** address.level;
        new HeightField(recipe).fillGrid(address.level, x, z, count, count, grid);
        fillCaveVolume(caves, address.level, x, z, spacing, grid, volume);
        const distances = new Float32Array(exports.memory.buffer, exports.distancesStart());
        const scale = Math.max(recipe.caves.wavelength, recipe.caves.radius, recipe.caves.maxDepth) / spacing;
        const quantum = quantumAt(recipe, address.level) / spacing;
        const sea = recipe.water.enabled ? (recipe.water.level + 2) / spacing : Number.NEGATIVE_INFINITY;
        for (let row = 1; row < count - 1; row++) {
            for (let column = 1; column < count - 1; column++) {
                const at = row * count + column;
                const top = grid.height[at]! / spacing;
                const last = Math.ceil(top) - volume.firstRow;
                // What lies further below the highest ground than int16 reaches is not looked at.
                const floor = Math.max(top - caves.depthAt(address.level) / spacing, sea, box.firstRow);
                for (let k = Math.max(0, Math.floor(floor) - volume.firstRow); k < last; k++) {
                    const expected = volume.distance[at * volume.rows + k]! / spacing;
                    const own = distances[at * box.rows + k + volume.firstRow - box.firstRow]!;
                    compared++;
                    // Heights that round to the next quantum move floors, roofs and their steepness by a few.
                    const isNear = Math.abs(own - expected) <= scale * DISTANCE_TOLERANCE + 8 * quantum;
                    if (!isNear && !(own >= FAR && expected >= FAR - LIP_ROUNDING) && !(own > 1e4 && expected > 5e3)) {
                        throw new Error(
                            `column ${column}/${row}, row ${k}: ${own} against ${expected}, ${describeCase(recipe, address)}`,
                        );
                    }
                }
            }
        }
    }
    expect(volumes).toBeGreaterThan(500);
    expect(compared).toBeGreaterThan(2_000_000);
});

test("what no kernel may be given is refused at the boundary", () => {
    const baker = new ChunkBaker(randomRecipe(new Random(1)), kernels);
    const bake = (level: number, x: number, z: number) => () =>
        baker.bake({ face: -1, level, x, z }, new ArrayBuffer(0));
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 40]) {
        expect(bake(0, wrong, 0)).toThrow(/address|x is/);
        expect(bake(0, 0, wrong)).toThrow(/address|z is/);
        expect(bake(wrong, 0, 0)).toThrow(/address|level is/);
    }
    const bytes = (x: number) => {
        const { buffer, byteLength } = baker.bake({ face: -1, level: 0, x, z: x }, new ArrayBuffer(0));
        return Buffer.from(buffer, 0, byteLength);
    };
    expect(bytes(-0).equals(bytes(0))).toBe(true);
});
