import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroShape.js";
import { MACRO_STEP } from "../../../src/generators/macroField.js";
import { MacroPoints } from "../../../src/generators/macroPoints.js";
import { PlanetMacro } from "../../../src/generators/planetMacro.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import { spacingAt } from "../../../src/recipe/lattice.js";
import { Presets } from "../../../src/recipe/presets.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { PlanetFields } from "../../support/planetFields.js";
import { placeOf, sampleAt } from "../../support/planetSamples.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
kernels.exports.reserve(2 ** 19);
const seed = testSeed();
const MARGIN = 3;
const RADII = [1_000, 123_000, 6_371_000];
const recipe = Presets.endless({ seed: "planet", terrain: { resolution: 32 } });
const planets = RADII.map((radius) => new PlanetFields(recipe, radius, kernels));

/** 0, 3, 6, 7 and the root: of those some interpolate between nodes, some have them for samples. */
function levelsOf({ topology }: PlanetFields): number[] {
    return [...new Set([0, 3, 6, 7, topology.rootLevel])].filter((level) => level <= topology.rootLevel);
}

test("nodes are the samples of the coarsest level that has them a step apart, or of the roots", () => {
    expect(planets.map(({ macro }) => spacingAt(recipe, macro.nodeLevel))).toEqual([64, MACRO_STEP, MACRO_STEP]);
    expect(planets[0]!.macro.nodeLevel).toBe(planets[0]!.topology.rootLevel);
    const wide = Presets.endless({ chunkSize: 1024, terrain: { resolution: 16 } });
    expect(new PlanetFields(wide, 6_371_000, kernels).macro.nodeLevel).toBe(1);
});

describe.each(planets.map((planet) => [planet.radius, planet] as const))("R = %d m", (_, planet) => {
    test(`a chunk's samples on all 12 edges and beyond are the neighbour's, corners included (seed ${seed})`, () => {
        const random = new Random(seed);
        const { resolution } = recipe.terrain;
        const side = resolution + 1 + 2 * MARGIN;
        let compared = 0;
        for (const level of levelsOf(planet)) {
            const chunks = planet.topology.chunksAlong(level);
            const count = planet.samplesAlong(level);
            for (let face = 0; face < 6; face++) {
                for (let border = 0; border < 4; border++) {
                    for (const along of new Set([0, random.whole(0, chunks - 1), chunks - 1])) {
                        const across = border % 2 === 0 ? 0 : chunks - 1;
                        const [chunkX, chunkZ] = border < 2 ? [across, along] : [along, across];
                        const [x, z] = [chunkX * resolution - MARGIN, chunkZ * resolution - MARGIN];
                        const grid = planet.grid(face, level, x, z, side, side);
                        expect(grid.every((value) => Number.isFinite(value))).toBe(true);
                        for (let sample = 0; sample < side * side; sample++) {
                            const [i, k] = [x + (sample % side), z + Math.floor(sample / side)];
                            const isInside = i > 0 && i < count && k > 0 && k < count;
                            if (isInside || random.next() < 0.85) {
                                continue;
                            }
                            const [owner, ownerI, ownerK] = sampleAt(placeOf(face, i, k, count), count);
                            const own = grid.subarray(sample * MACRO_CHANNELS, (sample + 1) * MACRO_CHANNELS);
                            const theirs = planet.at(owner, level, ownerI, ownerK);
                            if (own.some((value, channel) => !Object.is(value, theirs[channel]))) {
                                throw new Error(
                                    `level ${level}, face ${face}, (${i}, ${k}) of ${count}: [${own.join()}], ` +
                                        `not [${theirs.join()}] of face ${owner}, (${ownerI}, ${ownerK})`,
                                );
                            }
                            compared += owner === face ? 0 : 1;
                        }
                    }
                }
            }
        }
        expect(compared).toBeGreaterThan(1_000);
    });

    test(`levels agree where they share samples, to the last bit (seed ${seed})`, () => {
        const random = new Random(seed);
        const { rootLevel } = planet.topology;
        for (let run = 0; run < 300; run++) {
            const coarse = random.whole(1, rootLevel);
            const fine = random.whole(0, coarse - 1);
            const count = planet.samplesAlong(coarse);
            const ratio = planet.samplesAlong(fine) / count;
            const [face, i, k] = [random.whole(0, 5), random.whole(0, count), random.whole(0, count)];
            // Between nodes there are samples only of levels that interpolate.
            const nodes = Math.max(1, count / planet.samplesAlong(planet.macro.nodeLevel));
            const [onI, onK] = [Math.floor(i / nodes) * nodes, Math.floor(k / nodes) * nodes];
            const finer = planet.at(face, fine, onI * ratio, onK * ratio);
            expect([coarse, fine, ...planet.at(face, coarse, onI, onK)]).toEqual([coarse, fine, ...finer]);
        }
    });

    test(`between nodes, heights lie close to the field, and nodes are not special (seed ${seed})`, () => {
        const random = new Random(seed);
        const level = planet.macro.nodeLevel - 4;
        const perNode = 16;
        const count = planet.samplesAlong(level);
        const points = new MacroPoints(recipe, kernels, planet.radius);
        let [furthest, squares, compared] = [0, 0, 0];
        const bends = new Float64Array(perNode);
        const lines = new Float64Array(perNode);
        for (let run = 0; run < 400; run++) {
            const side = perNode * 3;
            const face = random.whole(0, 5);
            const [x, z] = [random.whole(0, count - side), random.whole(0, count - side)];
            const grid = planet.grid(face, level, x, z, side, 8);
            const base = (at: number) => grid[at * MACRO_CHANNELS + MacroChannel.base]!;
            kernels.exports.layoutGrid(8, 8);
            points.layOut();
            for (let i = 0; i < side; i++) {
                points.setPoint(i, Float64Array.from(placeOf(face, x + i, z, count)));
            }
            points.evaluate(side);
            for (let i = 0; i < side; i++) {
                const field = points.fields[i * MACRO_CHANNELS + MacroChannel.base]!;
                furthest = Math.max(furthest, Math.abs(base(i) - field));
                squares += (base(i) - field) ** 2;
                compared++;
                if (i > 0 && i < side - 1) {
                    const phase = (x + i) % perNode;
                    bends[phase] = bends[phase]! + (base(i + 1) - 2 * base(i) + base(i - 1)) ** 2;
                    lines[phase] = lines[phase]! + 1;
                }
            }
        }
        // Farthest off where crests of ranges and of their spurs come to an edge: 2.5 to 10.2 m here, and 0.09 to 0.43 m
        // root mean square.
        expect(furthest).toBeLessThan(25);
        expect(Math.sqrt(squares / compared)).toBeLessThan(1);
        // How much a line of samples bends on a node is what it bends beside it; half-way to the next one it is somewhat less.
        const means = [...bends].map((sum, phase) => Math.sqrt(sum / lines[phase]!));
        const beside = (means[1]! + means[perNode - 1]!) / 2;
        expect(means[0]! / beside).toBeGreaterThan(0.8);
        expect(means[0]! / beside).toBeLessThan(1.25);
        expect(Math.max(...means) / Math.min(...means)).toBeLessThan(2.5);
    });
});

test(`fields do not hang on what was asked before (seed ${seed})`, () => {
    const random = new Random(seed);
    const planet = planets[2]!;
    for (let run = 0; run < 40; run++) {
        const level = random.whole(0, planet.topology.rootLevel);
        const last = planet.samplesAlong(level) - 20;
        const [face, x, z] = [
            random.whole(0, 5),
            random.pick([-3, last, random.whole(0, last)]),
            random.whole(0, last),
        ];
        const alone = new PlanetFields(recipe, planet.radius, kernels);
        expect(planet.grid(face, level, x, z, 20, 20)).toEqual(alone.grid(face, level, x, z, 20, 20));
    }
});

test("tiles are leased, and given back", () => {
    const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const macro = new PlanetMacro(recipe, kernels, planets[1]!.topology, buffers);
    kernels.exports.layoutGrid(8, 8);
    macro.fill(3, 0, -3, 200, 8, 8);
    const pool = buffers.poolOf("noiseField3d");
    expect(pool.bytesOut).toBeGreaterThan(0);
    macro.dispose();
    expect(pool.bytesOut).toBe(0);
});
