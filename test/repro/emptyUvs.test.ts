import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { OracleBaker } from "../oracle/oracleBaker.js";
import { bakeMesh } from "../support/bakedMesh.js";
import { compareMeshes } from "../support/compareMeshes.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Where few samples lie across a tunnel, triangles are mapped onto a plane that they stand on upright: they have no area in
// uv, u grows in no direction there, and MikkTSpace leaves them out. The kernels counted them, and tangents were off by up to
// 70 degrees; the oracle's had the wrong sign where a normal lay in its uvs' plane.

test("triangles without an area in uv turn no tangent", async () => {
    await initHashAsync();
    const recipe = parseRecipe({
        id: "few samples",
        seed: 1949264579,
        chunkSize: 128,
        terrain: {
            resolution: 16,
            octaves: 9,
            wavelength: 32,
            gain: 0.38,
            damping: 0,
            ridgeOctaves: 0,
            plainsHeight: 15.5,
            mountainHeight: 264,
            rangeHeight: 555,
        },
        caves: {
            complexity: 0.907,
            maxDepth: 55,
            wavelength: 256,
            radius: 48.3,
            octaves: 5,
            latticeStep: 8,
            mouths: 0.424,
        },
        water: { enabled: true, level: -41.5 },
    });
    const address = flatAddress(1, 433, -968);
    const own = bakeMesh(new ChunkBaker(recipe, await loadKernelsAsync()), address);
    const found = compareMeshes(own, bakeMesh(new OracleBaker(recipe), address), "surface");
    expect(own.isFused).toBe(true);
    expect(found.loose).toBeLessThan(0.1);
    expect(found.tangent.max).toBeLessThan(1);
});
