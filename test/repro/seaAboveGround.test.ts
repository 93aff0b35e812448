import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Caves begin above the sea and end below the ground. Where the sea lies far above a column, in a chunk that has caves elsewhere,
// its first row came behind its last, and a fill of less than no bytes left the kernels' memory.

test("a chunk with caves on its cliffs bakes where its ground lies far below the sea", async () => {
    await initHashAsync();
    const recipe = parseRecipe({
        id: "sea above ground",
        seed: 3985717166,
        terrain: { plainsHeight: 1684.0734649449587, macro: { continentWavelength: 419.8209437421 } },
    });
    const kernels = await loadKernelsAsync();
    const mesh = bakeMesh(new ChunkBaker(recipe, kernels), flatAddress(0, -13, 49));
    const heights = mesh.position.filter((_, i) => i % 3 === 1);
    expect(Math.min(...heights)).toBeLessThan(-100);
    expect(Math.max(...heights)).toBeGreaterThan(0);
    const sampler = new FieldSampler(recipe, kernels);
    for (let x = -13 * 64; x <= -12 * 64; x += 4) {
        expect(Number.isFinite(sampler.sampleDensity(x, -20, 49 * 64 + 32))).toBe(true);
    }
});
