import { ChunkFields, GRID_MARGIN } from "../../src/generators/chunkFields.js";
import { quantumAt } from "../../src/recipe/lattice.js";
import { Presets } from "../../src/recipe/presets.js";
import { loadKernelsAsync } from "../support/kernels.js";
import { Random, testSeed } from "../support/randomRecipe.js";

// A mouth between fine and coarse cells is closed: its ground stays whole. What was air there turned to rock, but rock that the
// cave term thinned stayed thin: triangles beside it were bent, while the test whether a chunk must be cut did not look.

const RESOLUTION = 32;
const COUNT = RESOLUTION + 1 + 2 * GRID_MARGIN;
const seed = testSeed();

test(`rock an edge away from open air is no thinner than ground where a mouth is closed (seed ${seed})`, async () => {
    const kernels = await loadKernelsAsync();
    const { exports } = kernels;
    const random = new Random(seed ^ 0xc105ed);
    let closed = 0;
    let rows = 0;
    for (let i = 0; i < 400; i++) {
        const recipe = Presets.caves({
            seed: random.whole(0, 2 ** 32 - 1),
            terrain: { resolution: RESOLUTION },
            caves: { latticeStep: 4, mouths: random.between(0.3, 1), complexity: 1 },
        });
        const fields = new ChunkFields(recipe, kernels);
        const [x, z] = [random.whole(-20_000, 20_000) * RESOLUTION, random.whole(-20_000, 20_000) * RESOLUTION];
        fields.fillMacro(0, x - GRID_MARGIN, z - GRID_MARGIN, COUNT, COUNT);
        fields.fillHeights(0, x - GRID_MARGIN, z - GRID_MARGIN, GRID_MARGIN);
        const box = fields.prepareCaves(0, x - GRID_MARGIN, z - GRID_MARGIN, COUNT, COUNT, true);
        if (box === null) {
            continue;
        }
        exports.fillSlices();
        const length = COUNT * COUNT * box.rows;
        const before = new Float32Array(exports.memory.buffer, exports.distancesStart(), length).slice();
        exports.coarsenSlices();
        const after = new Float32Array(exports.memory.buffer, exports.distancesStart(), length);
        const rowLength = exports.planeLineBytes() / 4;
        const heights = new Float32Array(exports.memory.buffer, exports.quantaPlane(), rowLength * COUNT);
        const toRows = quantumAt(recipe, 0) / fields.spacingAt(0);
        const surface = (column: number, slice: number) => heights[slice * rowLength + column]! * toRows - box.firstRow;
        for (let slice = 1; slice < COUNT - 1; slice++) {
            for (let column = 1; column < COUNT - 1; column++) {
                const from = (slice * COUNT + column) * box.rows;
                const isClosed = after
                    .subarray(from, from + box.rows)
                    .some((value, row) => value !== before[from + row]);
                if (!isClosed) {
                    continue;
                }
                closed++;
                const top = surface(column, slice);
                const bend = Math.min(
                    top - 1,
                    surface(column - 1, slice),
                    surface(column + 1, slice),
                    surface(column, slice - 1),
                    surface(column, slice + 1),
                );
                for (let row = Math.max(0, Math.ceil(bend)); row < top; row++) {
                    rows++;
                    expect(after[from + row]).toBeGreaterThanOrEqual(Math.fround(top - row));
                }
            }
        }
    }
    expect(closed).toBeGreaterThan(10);
    expect(rows).toBeGreaterThan(closed);
});
