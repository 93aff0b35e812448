import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { chunkBoundsToRef } from "../../../src/babylon/chunkGeometry.js";
import { ChunkFlags } from "../../../src/format/chunkData.js";
import { FUSED_SKIRT_SAMPLES } from "../../../src/recipe/lattice.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";

test("bounds of fused chunks hold their skirts, which leave the chunk's square by some samples, at the least resolution", () => {
    const resolution = 16;
    expect(parseRecipe({ terrain: { resolution } }).terrain.resolution).toBe(resolution);
    expect(() => parseRecipe({ terrain: { resolution: resolution / 2 } })).toThrow("resolution");
    const side = 4096;
    const [low, high] = [new Vector3(), new Vector3()];
    const header = { flags: ChunkFlags.fused, minY: -1, maxY: 1, quantum: 1 };
    chunkBoundsToRef(header as Parameters<typeof chunkBoundsToRef>[0], side, 0, low, high);
    const skirt = (FUSED_SKIRT_SAMPLES * side) / resolution;
    expect(Math.min(-low.x, -low.z, high.x - side, high.z - side)).toBeGreaterThanOrEqual(skirt);
});
