import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { OracleBaker } from "../oracle/oracleBaker.js";
import { bakeMesh, caveRecipe } from "../support/bakedMesh.js";
import { compareMeshes } from "../support/compareMeshes.js";
import { loadKernelsAsync } from "../support/kernels.js";

// What hangs from the ground had its uvs and tangents: all points below one another had one uv. Skirts that reached below a
// half side, where v starts again, had a v below 0, held at 0.

test("skirts and walls are mapped as the rock that they stand for", async () => {
    await initHashAsync();
    const recipe = caveRecipe();
    const own = new ChunkBaker(recipe, await loadKernelsAsync());
    const oracle = new OracleBaker(recipe);
    let fused = 0;
    let walled = 0;
    // Level 1 is the coarsest that has caves: those of level 2 have walls.
    for (const [level, x] of [0, 1, 2].flatMap((level) =>
        Array.from({ length: 8 }, (_, i) => [level, i - 6] as const),
    )) {
        const mesh = bakeMesh(own, flatAddress(level, x, 0));
        if (mesh.isFused || level === 2) {
            fused += mesh.isFused ? 1 : 0;
            walled += mesh.weights.some((weight, i) => !mesh.isFused && i % 4 === 2 && weight === 1) ? 1 : 0;
            const { uv, normal } = compareMeshes(mesh, bakeMesh(oracle, flatAddress(level, x, 0)));
            expect(uv.p99).toBeLessThan(0.001);
            expect(normal.p99).toBeLessThan(1);
        }
    }
    expect(fused).toBeGreaterThan(8);
    expect(walled).toBeGreaterThan(2);
});
