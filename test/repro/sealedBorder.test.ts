import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { ChunkFields } from "../../src/generators/chunkFields.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Seen from (43587, 89, 39154) in the endless sample, seed 1: a pit of a finer chunk ended at the border of one whose border
// is sealed, and below the skirt of two samples there was nothing to be seen.

/** Metres below each place of the border's ground that is walled up towards the outside. */
function curtainDepths(mesh: BakedMesh, side: number): number[] {
    const { position, header, normal } = mesh;
    const x0 = header.address.x * side;
    const z0 = header.address.z * side;
    const places = new Map<string, [low: number, high: number]>();
    for (let vertex = 0; vertex < header.vertexCount; vertex++) {
        const [x, y, z] = position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        if (x === x0 || x === x0 + side || z === z0 || z === z0 + side) {
            const [low, high] = places.get(`${x}/${z}`) ?? [Infinity, -Infinity];
            places.set(`${x}/${z}`, [Math.min(low, y), Math.max(high, y)]);
        }
    }
    for (let i = mesh.surfaceIndexCount; mesh.isFused && i < mesh.indices.length; i++) {
        expect(normal[mesh.indices[i]! * 3 + 1]).toBe(0);
    }
    return [...places.values()].map(([low, high]) => high - low);
}

test("chunks whose border is sealed are walled up as deep as their neighbours' caves go", async () => {
    await initHashAsync();
    const recipe = Presets.endless({ seed: 1 });
    const kernels = await loadKernelsAsync();
    const fields = new ChunkFields(recipe, kernels);
    const baker = new ChunkBaker(recipe, kernels);
    let level = 1;
    while (fields.hasCavesAt(level + 1)) {
        level++;
    }
    const side = recipe.chunkSize * 2 ** level;
    const seen = { fused: 0, plain: 0 };
    for (let dz = -2; dz <= 2; dz++) {
        for (let dx = -2; dx <= 2; dx++) {
            const address = flatAddress(level, Math.floor(43_587 / side) + dx, Math.floor(39_154 / side) + dz);
            const mesh = bakeMesh(baker, address);
            const depths = curtainDepths(mesh, side);
            if (mesh.isFused || Math.min(...depths) > side / 10) {
                seen[mesh.isFused ? "fused" : "plain"]++;
                expect(Math.min(...depths)).toBeGreaterThanOrEqual(recipe.caves.maxDepth - mesh.header.quantum);
            }
        }
    }
    expect(seen.fused).toBeGreaterThan(0);
});
