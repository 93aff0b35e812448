import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { latticeOf, quantumAt } from "../../../src/recipe/lattice.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { decodeMesh } from "../../support/bakedMesh.js";
import { compareMeshes, type MeshComparison } from "../../support/compareMeshes.js";
import { loadKernelsAsync, soilMemory } from "../../support/kernels.js";
import { Random, randomAddress, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();
/** In parts, each of which has a time limit of its own. */
const PARTS = Array.from({ length: 10 }, (_, part) => part);
const RECIPES_A_PART = 200;

beforeAll(initHashAsync);

/** What chunks of all recipes come to. */
const total = { chunks: 0, fused: 0, vertices: 0, unmatched: 0, loose: 0, position: 0, normal: 0, tangent: 0 };

/**
 * Heights are f32 against f64: one that is rounded to the next quantum moves roofs and floors of caves by a few, and a sample
 * whose density is nearly 0 may have the other sign. Quanta, degrees and shares; of normals and tangents, which are packed in
 * bytes, a step is half a degree. Where samples have few quanta, what turns by one quantum turns by more: at lips of mouths, where
 * ground turns into a cave's wall within less than a sample, by up to four times as much.
 *
 * A height grid's skirts, a third of its vertices, end as deep as the deepest air of its border: one height there moves them all. Of a
 * wall's vertex between two axes one is taken to map it by: in small chunks a few are more than a hundredth.
 *
 * @param step degrees: slope of one quantum a sample
 */
const isNear = (found: MeshComparison, isFused: boolean, step: number): boolean =>
    found.isSameKind &&
    found.triangleShare < 0.01 &&
    found.position.mean < (isFused ? 0.1 : 0.4) &&
    found.normal.mean < 1 &&
    found.normal.p99 < Math.max(2, 4 * step) &&
    found.tangent.mean < 0.2 &&
    found.tangent.p99 < Math.max(2, 4 * step) &&
    found.weights.p99 < 0.01 &&
    (found.uv.p99 < 0.01 || (found.vertices[0] < 1000 && found.uv.mean < 0.01)) &&
    found.loose < 0.8;

const describeCase = (recipe: Recipe, { level, x, z }: ChunkAddress) =>
    `${level}/${x}/${z} of ${JSON.stringify(recipe)}`;

const spacingOf = (recipe: Recipe, { level }: ChunkAddress): number => latticeOf(recipe).spacing * 2 ** level;

const bytesOf = (baker: ChunkBaker | OracleBaker, address: ChunkAddress): Uint8Array => {
    const { buffer, byteLength } = baker.bake(address, new ArrayBuffer(0));
    return new Uint8Array(buffer, 0, byteLength);
};

test.each(PARTS)(
    `chunks of ${RECIPES_A_PART} recipes are the oracle's, whatever memory held before (seed ${seed}, part %i)`,
    (part) => {
        const random = new Random(seed ^ (0xbaced + part));
        for (let i = 0; i < RECIPES_A_PART; i++) {
            const recipe = randomRecipe(random);
            const address = randomAddress(random, recipe, 3);
            const baker = new ChunkBaker(recipe, kernels);
            const bytes = bytesOf(baker, address);
            const own = decodeMesh(bytes, recipe);
            const found = compareMeshes(own, decodeMesh(bytesOf(new OracleBaker(recipe), address), recipe));
            const step = (Math.atan(quantumAt(recipe, address.level) / spacingOf(recipe, address)) * 180) / Math.PI;
            if (!isNear(found, own.isFused, step)) {
                throw new Error(`${JSON.stringify(found)}, ${describeCase(recipe, address)}`);
            }
            total.chunks++;
            if (!own.isFused) {
                continue;
            }
            soilMemory(kernels, random.whole(1, 2 ** 32 - 1));
            if (Buffer.compare(bytes, bytesOf(baker, address)) !== 0) {
                throw new Error(`other bytes in soiled memory, ${describeCase(recipe, address)}`);
            }
            const vertices = found.vertices[0];
            total.fused++;
            total.vertices += vertices;
            total.unmatched += found.unmatched[0] * vertices;
            total.loose += found.loose;
            total.position += found.position.mean * vertices;
            total.normal += found.normal.mean * vertices;
            total.tangent += found.tangent.mean * vertices;
        }
    },
);

test("over all of them little differs", () => {
    expect(total.chunks).toBe(PARTS.length * RECIPES_A_PART);
    expect(total.fused).toBeGreaterThan(250);
    expect(total.unmatched / total.vertices).toBeLessThan(0.001);
    // Where caves are dense and small, few stars of triangles are the same to the last quantum; and the rims of skirts, whose uvs
    // are those of a map, have no area in them.
    expect(total.loose / total.fused).toBeLessThan(0.1);
    expect(total.position / total.vertices).toBeLessThan(0.01);
    expect(total.normal / total.vertices).toBeLessThan(0.01);
    expect(total.tangent / total.vertices).toBeLessThan(0.01);
});
