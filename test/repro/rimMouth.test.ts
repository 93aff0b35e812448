import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { OracleBaker } from "../oracle/oracleBaker.js";
import { bakeMesh } from "../support/bakedMesh.js";
import { compareMeshes } from "../support/compareMeshes.js";
import { loadKernelsAsync, soilMemory } from "../support/kernels.js";

// Between a fine cell and a coarse one a cave came up to the ground of a column that is no mouth, since no corner of the coarse
// cell is one. Ground was cut on one side and whole on the other; triangles took a vertex that was never made, from whatever
// memory held, and a bake could trap.

test("a cave that comes up between a fine cell and a coarse one stays below the ground", async () => {
    await initHashAsync();
    const recipe = parseRecipe({
        id: "rim",
        seed: 1888613947,
        chunkSize: 8,
        terrain: {
            resolution: 32,
            octaves: 12,
            wavelength: 8,
            gain: 0.5794504671823233,
            damping: 0,
            ridgeOctaves: 1,
            plainsHeight: 39.273131154477596,
            mountainHeight: 324.95400169864297,
            rangeHeight: 390.33174386713654,
        },
        caves: {
            complexity: 0.7298474512062967,
            maxDepth: 1.0004533468745649,
            wavelength: 32,
            radius: 1.9304068960249425,
            octaves: 3,
            latticeStep: 4,
            mouths: 0.9555457427632064,
        },
        water: { enabled: true, level: -18.073303438723087 },
    });
    const address = flatAddress(0, 10251, -10062);
    const kernels = await loadKernelsAsync();
    const baker = new ChunkBaker(recipe, kernels);
    const own = bakeMesh(baker, address);
    soilMemory(kernels, 0xffffffff);
    expect(bakeMesh(baker, address)).toEqual(own);
    const found = compareMeshes(own, bakeMesh(new OracleBaker(recipe), address), "surface");
    expect(own.isFused).toBe(true);
    expect(found.surfaceTriangles[0]).toBe(found.surfaceTriangles[1]);
    expect(found.position.max).toBeLessThan(2);

    // The air in question, half a sample below the ground, on the fine cell's side.
    const [x, y, z] = [(10251 * 32 + 1) * 0.25, -64 * 0.25, (-10062 * 32 + 4) * 0.25 - 0.001];
    const sampler = new FieldSampler(recipe, kernels);
    expect(sampler.sampleDensity(x, y, z)).toBeLessThan(-0.1);
});
