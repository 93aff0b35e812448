import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { quantumAt } from "../../../src/recipe/lattice.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../../../src/recipe/recipe.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { decodeMesh, type BakedMesh } from "../../support/bakedMesh.js";
import { readKernelGrid, type KernelGrid } from "../../support/kernelGrid.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

const base: RecipeInput = { seed: "domains", terrain: { resolution: 32 } };
const plain = parseRecipe(base);

/** Recipes that differ from `plain` in caves alone. */
const cavesApart: Recipe[] = [
    { complexity: 1, mouths: 1 },
    { complexity: 0, mouths: 0 },
    { octaves: 6, maxDepth: 90 },
    { enabled: false },
    { wavelength: 128, radius: 12, latticeStep: 4 },
].map((caves) => parseRecipe({ ...base, caves }));

const PLACES = [
    [0, 0, 0],
    [0, -37, 1204],
    [0, 150_000, -150_000],
    [3, 5, -6],
] as const;

function gridOf(recipe: Recipe, level: number, x: number, z: number): KernelGrid {
    return readKernelGrid(kernels, recipe, level, x * 32 - 2, z * 32 - 2, 37);
}

const bytesOf = (array: Float64Array | Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** Macro fields that are not about caves. */
function groundFields(grid: KernelGrid): number[] {
    return Array.from(grid.macro).filter((_, i) => {
        const channel = i % MACRO_CHANNELS;
        return channel !== MacroChannel.caves && channel !== MacroChannel.mouths;
    });
}

test.each(PLACES)("caves change no byte of the heights at %i/%i/%i", (level, x, z) => {
    const expected = gridOf(plain, level, x, z);
    for (const recipe of cavesApart) {
        const grid = gridOf(recipe, level, x, z);
        expect(bytesOf(grid.smooth).equals(bytesOf(expected.smooth))).toBe(true);
        expect(bytesOf(grid.height).equals(bytesOf(expected.height))).toBe(true);
        expect(groundFields(grid)).toEqual(groundFields(expected));
    }
});

test("caves so deep that quanta must be coarser change no height before rounding", () => {
    const recipe = parseRecipe({ ...base, caves: { maxDepth: 250 } });
    expect(quantumAt(recipe, 0)).toBe(2 * quantumAt(plain, 0));
    const [grid, expected] = [gridOf(recipe, 0, -37, 1204), gridOf(plain, 0, -37, 1204)];
    expect(bytesOf(grid.smooth).equals(bytesOf(expected.smooth))).toBe(true);
});

test("another seed does change the heights", () => {
    const other = gridOf(parseRecipe({ ...base, seed: "other" }), 0, 0, 0);
    expect(bytesOf(other.smooth).equals(bytesOf(gridOf(plain, 0, 0, 0).smooth))).toBe(false);
});

test("a chunk that no cave touches has the same surface whatever the caves are, and the same bytes where none is near", () => {
    const bake = (baker: ChunkBaker, x: number, z: number) => {
        const { buffer, byteLength } = baker.bake(flatAddress(0, x, z), new ArrayBuffer(0));
        const bytes = new Uint8Array(buffer, 0, byteLength);
        return { bytes, mesh: decodeMesh(bytes, baker.recipe) };
    };
    const plainBaker = new ChunkBaker(plain, kernels);
    const bakers = cavesApart.map((recipe) => new ChunkBaker(recipe, kernels));
    const seen = { same: 0, lower: 0, fused: 0 };
    for (let x = -20; x < 20; x += 20) {
        for (let z = -20; z < 20; z += 20) {
            const expected = bake(plainBaker, x, z);
            for (const baker of bakers) {
                const chunk = bake(baker, x, z);
                if (chunk.mesh.isFused || expected.mesh.isFused) {
                    seen.fused++;
                    continue;
                }
                expect(surfaceOf(chunk.mesh)).toEqual(surfaceOf(expected.mesh));
                const isSame = Buffer.compare(chunk.bytes, expected.bytes) === 0;
                // Skirts hang lower where another level may have a cave.
                expect(isSame).toBe(lowestOf(chunk.mesh) === lowestOf(expected.mesh));
                seen[isSame ? "same" : "lower"]++;
            }
        }
    }
    // All must occur, or the test says nothing.
    expect(seen.same).toBeGreaterThan(5);
    expect(seen.lower).toBeGreaterThan(0);
    expect(seen.fused).toBeGreaterThan(0);
});

/** What a height grid's surface is like, without what hangs from it. */
function surfaceOf({ position, normal, tangent, uv, weights }: BakedMesh): number[] {
    const count = 33 * 33;
    return [
        ...position.subarray(0, 3 * count),
        ...normal.subarray(0, 3 * count),
        ...tangent.subarray(0, 4 * count),
        ...uv.subarray(0, 2 * count),
        ...weights.subarray(0, 4 * count),
    ];
}

/** Height of a chunk's lowest vertex. */
function lowestOf({ header }: BakedMesh): number {
    return header.origin.y + header.minimum.y * header.quantum;
}
