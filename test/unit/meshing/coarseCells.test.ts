import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { FieldSampler } from "../../../src/generators/fieldSampler.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { bakeMesh, caveRecipe, type BakedMesh } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

/** Metres: of `caveRecipe`. */
const SIDE = 64;
const SPACING = 2;
/** A byte of a vertex's weights. */
const CAVE = 2;
const SKY = 3;

beforeAll(initHashAsync);

function recipeOf(latticeStep: number): Recipe {
    const { caves } = caveRecipe();
    // Coarse nodes ask for wide tunnels.
    const radius = Math.max(caves.radius, latticeStep * 0.75);
    return Presets.caves({ seed: 7, terrain: { resolution: 32 }, caves: { ...caves, radius, latticeStep } });
}

/** Vertices of cave walls that no daylight reaches, in whole samples of the world. */
function deepVertices({ header, quanta, weights, indices, surfaceIndexCount }: BakedMesh): number[][] {
    const toSamples = header.quantum / SPACING;
    return [...new Set(indices.subarray(0, surfaceIndexCount))]
        .filter((vertex) => weights[vertex * 4 + CAVE] === 1 && weights[vertex * 4 + SKY] === 0)
        .map((vertex) => [
            quanta[vertex * 3]! * toSamples,
            header.origin.y / SPACING + quanta[vertex * 3 + 1]! * toSamples,
            quanta[vertex * 3 + 2]! * toSamples,
        ]);
}

/** How many of a vertex's coordinates are multiples of so many samples: two of an edge's, one of a face's. */
function countMultiples(vertex: readonly number[], samples: number): number {
    return vertex.filter((at) => at % samples === 0).length;
}

test.each([
    [2, 1],
    [4, 2],
    [8, 2],
    [16, 2],
])("with nodes %i m apart deep cave walls lie on edges of %i samples", (latticeStep, samples) => {
    const baker = new ChunkBaker(recipeOf(latticeStep), kernels);
    let [onEdges, onFinerEdges, deep] = [0, 0, 0];
    for (let x = 1; x < 9; x++) {
        for (const vertex of deepVertices(bakeMesh(baker, flatAddress(0, x, 0)))) {
            deep++;
            onEdges += countMultiples(vertex, samples) >= 2 ? 1 : 0;
            onFinerEdges += countMultiples(vertex, 2) < 2 ? 1 : 0;
        }
    }
    expect(deep).toBeGreaterThan(500);
    // Transition cells have vertices in their middle; where mouths lead down far, fine cells lie deep.
    expect(onEdges / deep).toBeGreaterThan(0.97);
    if (samples === 1) {
        expect(onFinerEdges / deep).toBeGreaterThan(0.5);
    }
});

test.each([4, 8, 16])("with nodes %i m apart blocks of chunks are closed, corners and all", (latticeStep) => {
    const baker = new ChunkBaker(recipeOf(latticeStep), kernels);
    let fused = 0;
    for (const [firstX, firstZ] of [
        [1, 0],
        [4, -1],
        [8, 2],
    ] as const) {
        const edges = new Map<string, number>();
        for (let i = 0; i < 9; i++) {
            const mesh = bakeMesh(baker, flatAddress(0, firstX + (i % 3), firstZ + Math.floor(i / 3)));
            fused += mesh.isFused ? 1 : 0;
            addEdges(mesh, edges);
        }
        const low = [firstX * SIDE, firstZ * SIDE];
        for (const [key, count] of edges) {
            const [a, b] = key.split(" to ").map((point) => point.split(",").map(Number)) as [number[], number[]];
            const isOutermost = [0, 1].some((axis) =>
                [low[axis]!, low[axis]! + 3 * SIDE].some((plane) => a[axis * 2] === plane && b[axis * 2] === plane),
            );
            if (count !== 0 && !isOutermost) {
                throw new Error(`${firstX}/${firstZ}: edge ${key} is open by ${count}`);
            }
        }
    }
    expect(fused).toBeGreaterThan(15);
});

test.each([2, 4, 8])(
    "with nodes %i m apart neighbours have the same vertices in their border, to the last bit",
    (latticeStep) => {
        const recipe = recipeOf(latticeStep);
        const baker = new ChunkBaker(recipe, kernels);
        let compared = 0;
        for (let i = 0; i < 24; i++) {
            const [x, z] = [1 + (i % 8), Math.floor(i / 8)];
            for (const axis of [0, 2]) {
                const mine = bakeMesh(baker, flatAddress(0, x, z));
                // Other jobs in between leave other things in the kernels' memory.
                bakeMesh(baker, flatAddress(1, -x, z));
                const theirs = bakeMesh(baker, flatAddress(0, x + (axis === 0 ? 1 : 0), z + (axis === 2 ? 1 : 0)));
                if (mine.isFused && theirs.isFused) {
                    const [a, b] = [verticesInBorder(mine, axis, "high"), verticesInBorder(theirs, axis, "low")];
                    for (const [place, looks] of a) {
                        // Vertices that one chunk alone has come to lie in the plane by rounding.
                        const others = b.get(place) ?? new Set();
                        if (looks.size === 1 && others.size === 1) {
                            expect([...looks]).toEqual([...others]);
                            compared++;
                        }
                    }
                }
            }
        }
        expect(compared).toBeGreaterThan(1000);
    },
);

/** Normals and weights of the surface's vertices in a border plane, but for those in its corners, by their places. */
function verticesInBorder(mesh: BakedMesh, axis: number, end: "low" | "high"): Map<string, Set<string>> {
    const { header, quanta, position, normal, weights, indices, surfaceIndexCount } = mesh;
    const side = SIDE / header.quantum;
    const isCorner = (vertex: number) => [0, side].includes(quanta[vertex * 3 + 2 - axis]!);
    const found = new Map<string, Set<string>>();
    for (const vertex of indices.subarray(0, surfaceIndexCount)) {
        if (quanta[vertex * 3 + axis] === (end === "low" ? 0 : side) && !isCorner(vertex)) {
            const place = position.subarray(vertex * 3, vertex * 3 + 3).join(",");
            const looks = [normal.subarray(vertex * 3, vertex * 3 + 3), weights.subarray(vertex * 4, vertex * 4 + 4)];
            found.set(place, (found.get(place) ?? new Set()).add(looks.join(" ")));
        }
    }
    return found;
}

/** How often each edge of the surface is run through in one direction, less the other, by its ends in metres. */
function addEdges({ position, indices, surfaceIndexCount }: BakedMesh, edges: Map<string, number>): void {
    const pointOf = (vertex: number) => position.subarray(vertex * 3, vertex * 3 + 3).join(",");
    for (let i = 0; i < surfaceIndexCount; i++) {
        const a = pointOf(indices[i]!);
        const b = pointOf(indices[i % 3 === 2 ? i - 2 : i + 1]!);
        if (a !== b) {
            const key = a < b ? `${a} to ${b}` : `${b} to ${a}`;
            edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
        }
    }
}

test("density between samples is that of the cells that are meshed: 0 on cave walls", () => {
    const recipe = recipeOf(4);
    const baker = new ChunkBaker(recipe, kernels);
    const sampler = new FieldSampler(recipe, kernels);
    const off: number[] = [];
    for (let x = 1; x < 5; x++) {
        const { position, weights, indices, surfaceIndexCount } = bakeMesh(baker, flatAddress(0, x, 0));
        for (const vertex of new Set(indices.subarray(0, surfaceIndexCount))) {
            if (weights[vertex * 4 + CAVE] === 1) {
                const at = vertex * 3;
                off.push(Math.abs(sampler.sampleDensity(position[at]!, position[at + 1]!, position[at + 2]!)));
            }
        }
    }
    off.sort((a, b) => a - b);
    expect(off.length).toBeGreaterThan(2000);
    // A vertex is rounded to a quantum; the middles of transition cells lie a little off.
    expect(off[Math.floor(off.length * 0.9)]!).toBeLessThan(0.02);
    expect(off[off.length - 1]!).toBeLessThan(1);
});
