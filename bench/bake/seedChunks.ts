import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { ChunkFlags, readChunkHeader } from "../../src/format/chunkData.js";
import { ChunkFields, GRID_MARGIN } from "../../src/generators/chunkFields.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/**
 * A 64 m chunk of 128 x 128 height cells and 8 octaves; caves of 3 octaves on cells of 1 m, 64 of them along each axis. What shapes the
 * ground stands here, so that tuning a default leaves the job alone.
 */
export const seedRecipe = parseRecipe({
    id: "seed-job",
    seed: 12345,
    chunkSize: 64,
    terrain: {
        resolution: 128,
        octaves: 8,
        gain: 0.5,
        damping: 0.2,
        ridgeOctaves: 4,
        gullies: { strength: 0 },
        beds: { strength: 0 },
    },
    caves: { octaves: 3, latticeStep: 1, maxDepth: 48, complexity: 1, ledges: 0 },
});

/** Nodes of the job's cave grid, to which our lattice, whose height follows the ground, has to come near. */
const CAVE_NODES = 65 ** 3;
const TOLERANCE = 0.08;
const MAX_TRIED = 2000;

export interface SeedChunk {
    readonly address: ChunkAddress;
    readonly triangles: number;
    readonly byteLength: number;
    /** Evaluations of one octave of 2D noise. */
    readonly heightSamples: number;
    /** Evaluations of one octave of 3D noise. */
    readonly caveSamples: number;
}

/** Finds chunks of `seedRecipe` whose work is that of the seed job: fused, and with as many cave nodes. */
export async function findSeedChunksAsync(count: number, wasmUrl: string): Promise<SeedChunk[]> {
    const kernels = createKernels(await compileKernelsAsync(wasmUrl));
    const baker = new ChunkBaker(seedRecipe, kernels);
    const fields = new ChunkFields(seedRecipe, kernels);
    const { resolution, spacing } = fields.lattice;
    const { latticeStep, octaves } = seedRecipe.caves;
    const side = resolution + 1 + 2 * GRID_MARGIN;
    const samplesPerNode = latticeStep / spacing;
    // Nothing is asked of the outermost columns.
    const nodesAlong = Math.ceil((side - 3) / samplesPerNode) + 1;
    let buffer = new ArrayBuffer(0);
    const found: SeedChunk[] = [];
    for (let i = 0; i < MAX_TRIED && found.length < count; i++) {
        // Steps that wander over some 60 km, so that neither one hill nor one cave country decides.
        const x = ((i * 37) % 1009) - 504;
        const z = ((i * 101) % 997) - 498;
        const [firstX, firstZ] = [x * resolution - GRID_MARGIN, z * resolution - GRID_MARGIN];
        fields.fillMacro(0, firstX, firstZ, side, side);
        fields.fillHeights(0, firstX, firstZ, GRID_MARGIN);
        const box = fields.prepareCaves(0, firstX, firstZ, side, side, false);
        const nodes = box === null ? 0 : nodesAlong * nodesAlong * (box.latticeRows / samplesPerNode + 1);
        if (!isNear(nodes, CAVE_NODES)) {
            continue;
        }
        const baked = baker.bake(flatAddress(0, x, z), buffer);
        buffer = baked.buffer;
        const header = readChunkHeader(new Uint8Array(buffer, 0, baked.byteLength));
        if ((header.flags & ChunkFlags.fused) !== 0) {
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

function isNear(value: number, wanted: number): boolean {
    return Math.abs(value / wanted - 1) <= TOLERANCE;
}
