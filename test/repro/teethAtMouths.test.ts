import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Where a cave's floor runs out into the ground the surface had teeth as tall as a sample: vertices rose to the ground wherever a sample
// lay just above that. The floor as rays meet it is smooth.

/** Metres between a vertex and where a ray from above meets the surface: more than quanta come to, less than teeth. */
const TOLERANCE = 0.15;
/** Metres below the ground down to which a floor is one that runs out. */
const SHALLOW = 1;

test("floors of caves run out into the ground without teeth", async () => {
    const recipe = Presets.caves({ seed: 1, caves: { radius: 8 } });
    const sampler = new FieldSampler(recipe, await loadKernelsAsync());
    const mesh = bakeMesh(new ChunkBaker(recipe, await loadKernelsAsync()), flatAddress(0, 2, -4));
    let shallow = 0;
    const teeth: string[] = [];
    for (const { x, y, z } of highestVertices(mesh, recipe.chunkSize / recipe.terrain.resolution)) {
        const ground = sampler.sampleHeight(x, z);
        const hit = sampler.raycast({ x, y: ground + 5, z }, { x: 0, y: -1, z: 0 }, 100)!;
        const depth = ground - hit.position.y;
        if (depth > 0.1 && depth < SHALLOW) {
            shallow++;
            if (Math.abs(y - hit.position.y) > TOLERANCE) {
                teeth.push(`${x} ${z}: ${(y - hit.position.y).toFixed(2)}`);
            }
        }
    }
    expect(shallow).toBeGreaterThan(100);
    expect(teeth).toEqual([]);
});

/** The highest vertex of each column of samples. */
function highestVertices({ header, position, surfaceIndexCount, indices }: BakedMesh, spacing: number) {
    const highest = new Map<string, { x: number; y: number; z: number }>();
    for (const vertex of new Set(indices.subarray(0, surfaceIndexCount))) {
        const [x, y, z] = position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        const isOnColumn = (x - header.origin.x) % spacing === 0 && (z - header.origin.z) % spacing === 0;
        if (isOnColumn && y > (highest.get(`${x} ${z}`)?.y ?? -Infinity)) {
            highest.set(`${x} ${z}`, { x, y, z });
        }
    }
    return highest.values();
}
