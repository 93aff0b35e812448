import { initHashAsync } from "../../../src/base/hash.js";
import { coarsestLatticeStep, latticeErrorAt } from "../../../src/recipe/latticeError.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { CaveField, createCaveLattice } from "../../oracle/caveField.js";
import { Random } from "../../support/randomRecipe.js";

beforeAll(initHashAsync);

const seed = 20261129;

test(`interpolation moves walls by no more than is said (seed ${seed})`, () => {
    const random = new Random(seed);
    let [points, largest] = [0, 0];
    for (let i = 0; i < 60; i++) {
        const wavelength = random.pick([16, 32, 64]);
        const radius = wavelength * random.between(0.03, 0.25);
        const octaves = random.whole(2, 6);
        const ledges = random.pick([0, 0.5, 1]);
        const latticeStep = wavelength / random.power(4, 64);
        const finest = wavelength / 128;
        const [coarse, exact] = [latticeStep, finest].map((step) => {
            const caves = { wavelength, radius, octaves, ledges, latticeStep: finest, maxDepth: 8 };
            const recipe = parseRecipe({ id: "walls", seed: i, chunkSize: 4, terrain: { resolution: 128 }, caves });
            // Steps that are refused count, too.
            return new CaveField({ ...recipe, caves: { ...recipe.caves, latticeStep: step } });
        }) as [CaveField, CaveField];
        const [nodes, all] = [createCaveLattice(), createCaveLattice()];
        const at = random.whole(-1000, 1000) * wavelength;
        const end = at + wavelength / 4;
        coarse.fillLattice(0, at, at, at, end, end, end, nodes);
        exact.fillLattice(0, at, at, at, end, end, end, all);
        const bound = latticeErrorAt(latticeStep, { wavelength, radius, octaves, ledges });
        for (let k = 0; k < 20_000; k++) {
            const [x, y, z] = [0, 1, 2].map(() => at + random.whole(0, 31) * finest) as [number, number, number];
            const distance = CaveField.SampleLattice(all, x, y, z);
            if (Math.abs(distance - radius) > radius / 8) {
                continue;
            }
            points++;
            const share = Math.abs(CaveField.SampleLattice(nodes, x, y, z) - distance) / bound;
            if (!(share <= 1)) {
                throw new Error(
                    `${share} of ${bound} m: ${JSON.stringify({ i, wavelength, radius, octaves, ledges, latticeStep })}`,
                );
            }
            largest = Math.max(largest, share);
        }
    }
    expect(points).toBeGreaterThan(10_000);
    // It is not said of much more, either.
    expect(largest).toBeGreaterThan(0.25);
});

test("the coarsest step is the last whose error is no more than a radius", () => {
    for (const caves of [
        { wavelength: 128, radius: 6, octaves: 4, ledges: 0 },
        { wavelength: 16, radius: 0.5, octaves: 2, ledges: 0 },
        { wavelength: 64, radius: 16, octaves: 6, ledges: 0 },
    ]) {
        const step = coarsestLatticeStep(caves);
        expect(Math.log2(step) % 1).toBe(0);
        expect(latticeErrorAt(step, caves)).toBeLessThanOrEqual(caves.radius);
        expect(step === caves.wavelength / 4 || latticeErrorAt(step * 2, caves) > caves.radius).toBe(true);
    }
});
