import { LoadedChunk } from "../../../src/runtime/loadedChunk.js";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { caveRecipe, decodeMesh } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { bakeChunk, bakeFusedChunks, PLAIN_RECIPE } from "../babylon/fixtures.js";

const kernels = await loadKernelsAsync();
beforeAll(initHashAsync);

const { address: fusedAddress, bytes: fusedBytes } = bakeFusedChunks(new ChunkBaker(caveRecipe(), kernels), 1)[0]!;
const plainAddress = flatAddress(2, -3, 5);

test.each([
    ["a height grid", PLAIN_RECIPE, plainAddress, bakeChunk(new ChunkBaker(PLAIN_RECIPE, kernels), plainAddress)],
    ["a fused chunk", caveRecipe(), fusedAddress, fusedBytes],
] as const)(
    "%s: positions come into a lease, in metres from the header's origin; indices without skirts",
    (_, recipe, address, bytes) => {
        const chunk = new LoadedChunk(address, bytes);
        const pools = new BufferPoolManager();
        const mesh = decodeMesh(bytes, recipe);
        const { origin } = chunk.header;
        const lease = chunk.decodePositions(pools);
        const positions = lease.array();
        expect(positions).toHaveLength(mesh.position.length);
        for (let i = 0; i < positions.length; i += 3) {
            expect(positions[i]! + origin.x).toBeCloseTo(mesh.position[i]!, 3);
            expect(positions[i + 1]! + origin.y).toBeCloseTo(mesh.position[i + 1]!, 3);
            expect(positions[i + 2]! + origin.z).toBeCloseTo(mesh.position[i + 2]!, 3);
        }
        const indices = chunk.surfaceIndices(recipe.terrain.resolution);
        expect(indices).toEqual(mesh.indices.slice(0, mesh.surfaceIndexCount));
        lease.release();
        expect(() => lease.array()).toThrow(/lease/);
        expect(pools.getStats("workspace").leases).toBe(0);
    },
);
