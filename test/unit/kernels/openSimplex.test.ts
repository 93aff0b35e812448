import { makeNoise2D } from "open-simplex-noise";

import { OPEN_SIMPLEX_TABLE_BYTES, openSimplexTable } from "../../../src/generators/openSimplexTable.js";
import type { Kernels } from "../../../src/kernels/kernels.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const POINTS = 2001;

/** Noise of the kernels at points: x, then z of each. */
function noiseOf({ exports }: Kernels, ofSeed: number, points: readonly (readonly [number, number])[], scale = 1) {
    exports.layoutGrid(8, 8);
    const bytes = Math.ceil(points.length / 2) * 16;
    const [xs, zs, sums] = [exports.reserve(bytes), exports.reserve(bytes), exports.reserve(bytes)];
    const table = exports.reserve(OPEN_SIMPLEX_TABLE_BYTES);
    const { buffer } = exports.memory;
    new Uint8Array(buffer, table, OPEN_SIMPLEX_TABLE_BYTES).set(openSimplexTable(ofSeed));
    new Float64Array(buffer, xs, points.length).set(points.map(([x]) => x));
    new Float64Array(buffer, zs, points.length).set(points.map(([, z]) => z));
    new Float64Array(buffer, sums, points.length).fill(0);
    exports.addOpenSimplex2(xs, zs, points.length, table, 1, scale, 1, sums);
    return [...new Float64Array(buffer, sums, points.length)];
}

test(`noise at 100,000 points is the package's, bit for bit (seed ${seed})`, async () => {
    const kernels = await loadKernelsAsync();
    const random = new Random(seed ^ 0x0511);
    let differing = 0;
    for (let i = 0; i < 50; i++) {
        const ofSeed = random.whole(0, 2 ** 32 - 1);
        const reach = 10 ** random.between(0, 9);
        const points = Array.from(
            { length: POINTS },
            () => [random.between(-reach, reach), random.between(-reach, reach)] as const,
        );
        const noise = makeNoise2D(ofSeed);
        const expected = points.map(([x, z]) => noise(x / 3, z / 3));
        const own = noiseOf(kernels, ofSeed, points, 3);
        differing += own.filter((value, k) => value !== expected[k]).length;
        expect(new Set(own).size).toBeGreaterThan(POINTS / 2);
    }
    expect(differing).toBe(0);
});

test("noise on the lattice's lines and corners, where regions meet, is the package's", async () => {
    const kernels = await loadKernelsAsync();
    const squish = (Math.sqrt(3) - 1) / 2;
    const points: (readonly [number, number])[] = [];
    for (let u = -12; u <= 12; u++) {
        for (let v = -12; v <= 12; v++) {
            for (const [du, dv] of [
                [0, 0],
                [0.5, 0.5],
                [0.25, 0.75],
                [0, 0.5],
                [0.5, 0],
                [1 / 3, 1 / 3],
                [2 / 3, 2 / 3],
            ] as const) {
                const moved = (u + du + v + dv) * squish;
                points.push([u + du + moved, v + dv + moved], [u + du, v + dv]);
            }
        }
    }
    for (const ofSeed of [0, 1, 12345, 2 ** 31, 2 ** 32 - 1]) {
        const noise = makeNoise2D(ofSeed);
        expect(noiseOf(kernels, ofSeed, points)).toEqual(points.map(([x, z]) => noise(x, z) + 0));
    }
});
