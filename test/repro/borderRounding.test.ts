import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Between these two chunks a vertex of a cave's wall lay a quantum apart: each added what counts from its own lowest row to
// where the wall crosses the edge, and then rounded the sum.

/** Heights and depths, in quanta of the world, of the surface's vertices in a border plane along x. */
function borderOf({ header, quanta, indices, surfaceIndexCount }: BakedMesh, plane: number): string[] {
    const base = Math.round(header.origin.y / header.quantum);
    const vertices = new Set(indices.subarray(0, surfaceIndexCount));
    return [...vertices]
        .map((vertex) => quanta.subarray(vertex * 3, vertex * 3 + 3))
        .filter(([x]) => x === plane)
        .map(([, y, z]) => `${y! + base}/${z}`)
        .sort();
}

test("chunks whose volumes begin at different rows have the same vertices in the border between", async () => {
    await initHashAsync();
    const recipe = Presets.caves({ seed: 7, terrain: { resolution: 32 }, caves: { latticeStep: 8, radius: 9 } });
    const baker = new ChunkBaker(recipe, await loadKernelsAsync());
    const [left, right] = [-20, -19].map((x) => bakeMesh(baker, flatAddress(0, x, 3))) as [BakedMesh, BakedMesh];
    const side = recipe.chunkSize / left.header.quantum;
    const border = new Set(borderOf(left, side));
    expect(border.size).toBeGreaterThan(recipe.terrain.resolution * 1.5);
    expect(new Set(borderOf(right, 0))).toEqual(border);
});
