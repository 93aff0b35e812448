import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { PlanetRecipe } from "../../../src/recipe/recipe.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { PlanetTopology } from "../../../src/space/planetTopology.js";
import { bakeMesh } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { comparePlanetPairs, PAIRS } from "../../support/planetPairs.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const kernels = await loadKernelsAsync();
await initHashAsync();

function planetRecipe(radius: number): PlanetRecipe {
    const recipe = Presets.caves({
        seed: 3,
        terrain: { resolution: 32 },
        caves: { complexity: 1 },
        water: { enabled: false },
    });
    return { ...recipe, topology: "planet", radius };
}

test.each([1_000, 6_371_000])(
    `neighbours on a planet of %d m meet along the same line, caves included (seed ${seed})`,
    (radius) => {
        const found = comparePlanetPairs(kernels, planetRecipe(radius), PAIRS, seed);
        expect(found.differences).toEqual([]);
        expect(found.acrossFaces).toBeGreaterThan(PAIRS / 3);
        expect(found.fused).toBeGreaterThan(PAIRS / 3);
    },
    60_000,
);

test("addresses that a planet does not have are refused by name", () => {
    const recipe = planetRecipe(6_371_000);
    const { rootLevel } = new PlanetTopology(recipe.chunkSize, recipe.radius);
    const baker = new ChunkBaker(recipe, kernels);
    const bake = (address: ChunkAddress) => () => bakeMesh(baker, address);
    expect(bake({ face: -1, level: 0, x: 0, z: 0 })).toThrow("address.face is -1");
    expect(bake({ face: 0, level: rootLevel + 1, x: 0, z: 0 })).toThrow(`address.level is ${rootLevel + 1}`);
    expect(bake({ face: 0, level: rootLevel, x: 1, z: 0 })).toThrow("address.x is 1");
});

test("the root chunks of a planet hold all of it", () => {
    const recipe = planetRecipe(6_371_000);
    const { rootLevel } = new PlanetTopology(recipe.chunkSize, recipe.radius);
    const baker = new ChunkBaker(recipe, kernels);
    for (let face = 0; face < 6; face++) {
        const { position } = bakeMesh(baker, { face, level: rootLevel, x: 0, z: 0 });
        for (let at = 0; at < 33 * 33 * 3; at += 3) {
            const height = Math.hypot(position[at]!, position[at + 1]!, position[at + 2]!) - recipe.radius;
            expect(Math.abs(height)).toBeLessThan(6_000);
        }
    }
});
