import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { OracleBaker } from "../oracle/oracleBaker.js";
import { bakeMesh } from "../support/bakedMesh.js";
import { compareMeshes } from "../support/compareMeshes.js";
import { loadKernelsAsync } from "../support/kernels.js";

// On cliffs a cave's vertex looked at rows that no column had been asked for: those of ground two columns away, which lies
// further up or down than that of the columns beside. Normals were off by up to 80 degrees.

test("normals of caves below cliffs are the oracle's", async () => {
    await initHashAsync();
    const recipe = parseRecipe({
        id: "cliffs",
        seed: 3714361093,
        chunkSize: 16,
        terrain: {
            resolution: 16,
            octaves: 7,
            wavelength: 8,
            gain: 0.688,
            damping: 0.2,
            ridgeOctaves: 4,
            plainsHeight: 40,
            mountainHeight: 344,
            rangeHeight: 925,
        },
        caves: {
            complexity: 0.99,
            maxDepth: 13,
            wavelength: 128,
            radius: 14.6,
            octaves: 2,
            latticeStep: 32,
            mouths: 0.32,
        },
    });
    const address = flatAddress(1, 1, -17);
    const own = bakeMesh(new ChunkBaker(recipe, await loadKernelsAsync()), address);
    const found = compareMeshes(own, bakeMesh(new OracleBaker(recipe), address), "surface");
    expect(own.isFused).toBe(true);
    expect(found.vertices[0]).toBeGreaterThan(3000);
    expect(found.normal.max).toBeLessThan(1);
});
