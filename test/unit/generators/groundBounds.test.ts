import { ChunkFields } from "../../../src/generators/chunkFields.js";
import { FieldSampler } from "../../../src/generators/fieldSampler.js";
import { HighestTable, highestGround, MacroBounds } from "../../../src/generators/groundBounds.js";
import { MACRO_STEP, MacroField } from "../../../src/generators/macroField.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const kernels = await loadKernelsAsync();

test(`no ground is higher than its square's bound, nor than the recipe's; and bounds are close (seed ${seed})`, () => {
    const random = new Random(seed);
    let closest = Infinity;
    for (let world = 0; world < 30; world++) {
        const base = randomRecipe(random);
        // No damping, one octave or more that all rise at once somewhere: as near to the bound as ground comes.
        const octaves = random.whole(0, 3);
        const terrain = { ...base.terrain, octaves, damping: 0, ridgeOctaves: random.whole(0, 3) };
        const recipe = { ...base, terrain };
        const { spacing } = new ChunkFields(recipe, kernels).lattice;
        const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
        const bounds = new MacroBounds(recipe, new MacroField(recipe), buffers);
        const sampler = new FieldSampler(recipe, kernels);
        for (let square = 0; square < 6; square++) {
            const [x, z] = [random.whole(-1000, 1000), random.whole(-1000, 1000)];
            const highest = bounds.highestOf(x, z);
            expect(bounds.highestOf(x, z)).toBe(highest);
            expect(highest).toBeLessThanOrEqual(highestGround(recipe) * (1 + 1e-4) + 1);
            const step = Math.max(spacing, 4);
            for (let dz = 0; dz <= MACRO_STEP; dz += step) {
                for (let dx = 0; dx <= MACRO_STEP; dx += step) {
                    const height = sampler.sampleHeight(x * MACRO_STEP + dx, z * MACRO_STEP + dz);
                    if (!(height <= highest)) {
                        throw new Error(`${height} m at ${dx}, ${dz} of ${x}, ${z}, above ${highest} m`);
                    }
                    closest = Math.min(closest, (highest - height) / (1 + Math.abs(highest)));
                }
            }
        }
    }
    expect(closest).toBeLessThan(0.1);
});

test("a table forgets a square whose place another takes, and takes no memory before it is asked", () => {
    const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const table = new HighestTable(4, buffers);
    table.set(1, 2, 3);
    expect(buffers.poolOf("workspace").bytesTotal).toBe(0);
    expect(table.get(1, 2)).toBeNaN();
    expect(buffers.poolOf("workspace").bytesOut).toBeGreaterThan(0);
    let kept = 0;
    for (let x = 0; x < 100; x++) {
        table.set(x, -x, x / 2);
        expect(table.get(x, -x)).toBe(x / 2);
    }
    for (let x = 0; x < 100; x++) {
        const known = table.get(x, -x);
        kept += known === x / 2 ? 1 : 0;
        expect(known === x / 2 || Number.isNaN(known)).toBe(true);
    }
    expect(kept).toBeGreaterThan(4);
    expect(kept).toBeLessThanOrEqual(16);
});
