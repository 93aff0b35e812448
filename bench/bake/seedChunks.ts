import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { ChunkFlags, readChunkHeader } from "../../src/format/chunkData.js";
import { CaveField } from "../../src/generators/caveField.js";
import { createCaveVolume, fillCaveVolume } from "../../src/generators/caveVolume.js";
import { createHeightGrid, HeightField } from "../../src/generators/heightField.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** A 64 m chunk of 128 x 128 height cells and 8 octaves; caves of 3 octaves on cells of 1 m, 64 of them along each axis. */
export const seedRecipe = parseRecipe({
    id: "seed-job",
    seed: 12345,
    chunkSize: 64,
    terrain: { resolution: 128, octaves: 8 },
    caves: { octaves: 3, latticeStep: 1, maxDepth: 48, complexity: 1 },
});

/** Nodes of the job's cave grid: what our lattice, whose height follows the ground, has to come near to. */
const CAVE_NODES = 65 ** 3;
const TOLERANCE = 0.08;
const MAX_TRIED = 2000;

export interface SeedChunk {
    readonly address: ChunkAddress;
    readonly triangles: number;
    readonly byteLength: number;
    /** Evaluations of one octave of 2D and of 3D noise. */
    readonly heightSamples: number;
    readonly caveSamples: number;
}

/** Chunks of `seedRecipe` whose work is that of the seed job: fused, and with as many cave nodes. */
export async function findSeedChunksAsync(count: number): Promise<SeedChunk[]> {
    await initHashAsync();
    const baker = new ChunkBaker(seedRecipe);
    const heights = new HeightField(seedRecipe);
    const caves = new CaveField(seedRecipe);
    const { resolution, spacing } = heights.lattice;
    const { maxDepth, octaves } = seedRecipe.caves;
    const side = resolution + 3;
    const grid = createHeightGrid();
    const volume = createCaveVolume();
    let buffer = new ArrayBuffer(0);
    const found: SeedChunk[] = [];
    for (let i = 0; i < MAX_TRIED && found.length < count; i++) {
        // Steps that wander over some 60 km, so that neither one hill nor one cave country decides.
        const x = ((i * 37) % 1009) - 504;
        const z = ((i * 101) % 997) - 498;
        const [firstX, firstZ] = [x * resolution - 1, z * resolution - 1];
        heights.fillGrid(0, firstX, firstZ, side, side, grid);
        if (!isNear(sizeOfBox(grid.height, side * side, maxDepth), 64)) {
            continue;
        }
        fillCaveVolume(caves, 0, firstX, firstZ, spacing, maxDepth, false, grid, volume);
        const nodes = volume.lattice.countX * volume.lattice.countY * volume.lattice.countZ;
        const baked = baker.bake(flatAddress(0, x, z), buffer);
        buffer = baked.buffer;
        const header = readChunkHeader(new Uint8Array(buffer, 0, baked.byteLength));
        if ((header.flags & ChunkFlags.fused) !== 0 && isNear(nodes, CAVE_NODES)) {
            found.push({
                address: header.address,
                triangles: header.surfaceTriangleCount,
                byteLength: baked.byteLength,
                heightSamples: side * side * seedRecipe.terrain.octaves,
                caveSamples: nodes * octaves,
            });
        }
    }
    if (found.length < count) {
        throw new Error(`Of ${MAX_TRIED} chunks only ${found.length} are fused and have the seed job's size.`);
    }
    return found;
}

function sizeOfBox(height: Float64Array, count: number, maxDepth: number): number {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < count; at++) {
        low = Math.min(low, height[at]!);
        high = Math.max(high, height[at]!);
    }
    return high - low + maxDepth;
}

function isNear(value: number, wanted: number): boolean {
    return Math.abs(value / wanted - 1) <= TOLERANCE;
}
