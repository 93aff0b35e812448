import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { TerraneError } from "../../../src/base/errors.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { ChunkFields } from "../../../src/generators/chunkFields.js";
import { FieldSampler } from "../../../src/generators/fieldSampler.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, MAX_CHUNK_COORDINATE, MAX_LEVEL } from "../../../src/space/chunkAddress.js";
import { bakeMesh, caveRecipe } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

const recipe = caveRecipe();
const sampler = new FieldSampler(recipe, kernels);
const baker = new ChunkBaker(recipe, kernels);

beforeAll(initHashAsync);

test.each([
    [15, 0],
    [-3000, 90],
    [156_250, -156_250],
])("heights are those of the mesh of chunk 0/%i/%i, to the last bit", (x, z) => {
    const mesh = bakeMesh(baker, flatAddress(0, x, z));
    expect(mesh.isFused).toBe(false);
    const side = recipe.terrain.resolution + 1;
    for (let vertex = 0; vertex < side * side; vertex++) {
        const [px, py, pz] = mesh.position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        const height = sampler.sampleHeight(px, pz);
        if (height !== py) {
            throw new Error(`at ${px}, ${pz}: ${height} against ${py}`);
        }
    }
});

test("between samples heights lie on the mesh's triangles", () => {
    const mesh = bakeMesh(baker, flatAddress(0, 15, 0));
    for (let i = 0; i < mesh.surfaceIndexCount; i += 3) {
        const corners = [0, 1, 2].map((corner) => mesh.indices[i + corner]! * 3);
        const [x, y, z] = [0, 1, 2].map((axis) => corners.reduce((sum, at) => sum + mesh.position[at + axis]!, 0) / 3);
        if (Math.abs(sampler.sampleHeight(x!, z!) - y!) > 1e-9) {
            throw new Error(`triangle ${i / 3}: ${sampler.sampleHeight(x!, z!)} against ${y}`);
        }
    }
});

test("heights of many places are those of each", () => {
    const places = Float64Array.from({ length: 64 }, (_, i) => ((i * 7919) % 401) - 200.3);
    const heights = sampler.sampleHeightsToRef(places, new Float64Array(32));
    expect([...heights]).toEqual(
        Array.from(heights, (_, i) => sampler.sampleHeight(places[2 * i]!, places[2 * i + 1]!)),
    );
    expect(sampler.sampleHeightsToRef(places, [])).toHaveLength(32);
    expect(() => sampler.sampleHeightsToRef([1, 2, 3], [])).toThrow("places.length is 3");
    expect(() => sampler.sampleHeightsToRef(places, new Float32Array(31))).toThrow("result.length is 31");
    expect(() => sampler.sampleHeightsToRef([1, Number.NaN], [])).toThrow("z is NaN");
});

test("normals are those of the mesh's vertices, to within what a byte holds", () => {
    const mesh = bakeMesh(baker, flatAddress(0, 15, 0));
    const side = recipe.terrain.resolution + 1;
    const ref = { x: 0, y: 0, z: 0 };
    for (let vertex = 0; vertex < side * side; vertex++) {
        sampler.sampleNormalToRef(mesh.position[vertex * 3]!, mesh.position[vertex * 3 + 2]!, ref);
        const error = [ref.x, ref.y, ref.z].map((value, axis) => Math.abs(value - mesh.normal[vertex * 3 + axis]!));
        expect(Math.max(...error)).toBeLessThan(0.5 / 127 + 1e-5);
    }
});

test("a height does not depend on what was asked before", () => {
    const fresh = new FieldSampler(recipe, kernels);
    const points = Array.from(
        { length: 200 },
        (_, i) => [((i * 7919) % 4001) - 2000.3, ((i * 104_729) % 3989) - 1990.7] as const,
    );
    const first = points.map(([x, z]) => fresh.sampleHeight(x, z));
    for (const [x, z] of points) {
        fresh.sampleHeight(x, z);
        fresh.sampleHeight(x + 0.25, z);
    }
    expect(points.map(([x, z]) => fresh.sampleHeight(x, z))).toEqual(first);
});

test("what it keeps is leased, is bounded, and answers the same when other ground has taken its place", () => {
    const buffers = new BufferPoolManager({ memoryLimitBytes: Infinity });
    const pooled = new FieldSampler(recipe, kernels, buffers);
    const [heights, distances] = [buffers.poolOf("heightfield2d"), buffers.poolOf("sdfField3d")];
    const places = Array.from({ length: 3000 }, (_, i) => [(i % 60) * 33, Math.floor(i / 60) * 33] as const);
    const ask = ([x, z]: readonly [number, number]): number[] => {
        const height = pooled.sampleHeight(x, z);
        return [height, pooled.sampleDensity(x, height - 5, z)];
    };
    const answers = places.slice(0, 100).map(ask);
    const held = [heights.bytesOut, distances.bytesOut];
    expect(Math.min(...held)).toBeGreaterThan(0);
    // More tiles than are kept: each place lies in one of its own.
    places.forEach(ask);
    expect(heights.bytesOut).toBeGreaterThan(5 * 2 ** 20);
    expect(heights.bytesTotal).toBeLessThan(6.1 * 2 ** 20);
    expect(distances.bytesOut).toBeGreaterThan(10 * 2 ** 20);
    expect(distances.bytesOut).toBeLessThan(12 * 2 ** 20);
    expect(distances.hits).toBeGreaterThan(100);
    expect(places.slice(0, 100).map(ask)).toEqual(answers);
});

test.each([
    ["the outermost chunks", MAX_CHUNK_COORDINATE, MAX_CHUNK_COORDINATE],
    ["the outermost to the other side", -MAX_CHUNK_COORDINATE, -MAX_CHUNK_COORDINATE],
])("heights are those of the mesh on all of %s, borders included", (_, x, z) => {
    const mesh = bakeMesh(baker, flatAddress(0, x, z));
    for (const vertex of new Set(mesh.indices.subarray(0, mesh.surfaceIndexCount))) {
        const [px, py, pz] = mesh.position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        if (!mesh.isFused && sampler.sampleHeight(px, pz) !== py) {
            throw new Error(`at ${px}, ${pz}: ${sampler.sampleHeight(px, pz)} against ${py}`);
        }
        expect(Number.isFinite(sampler.sampleDensity(px, py - 3, pz))).toBe(true);
        expect(sampler.raycast({ x: px, y: py + 100, z: pz }, { x: 0, y: -1, z: 0 }, 500)).not.toBeNull();
    }
});

test.each(Array.from({ length: 19 }, (_, level) => level).concat(MAX_LEVEL))(
    "heights are about those of the outermost mesh of level %i",
    (level) => {
        // Ground so wide that the finest level and this one show the same.
        const spline = [
            [-1, 0],
            [1, 1000],
        ] as const;
        const macro = { continentWavelength: 1e6, warpStrength: 0, continentSpline: spline };
        const smooth = Presets.endless({
            chunkSize: 1024,
            terrain: { octaves: 0, rangeHeight: 0, macro },
            caves: { radius: 256, wavelength: 1024, latticeStep: 16, mouths: 0 },
        });
        const mesh = bakeMesh(
            new ChunkBaker(smooth, kernels),
            flatAddress(level, MAX_CHUNK_COORDINATE, -MAX_CHUNK_COORDINATE),
        );
        const far = new FieldSampler(smooth, kernels);
        for (let i = 0; i < mesh.surfaceIndexCount; i += 501) {
            const at = mesh.indices[i]! * 3;
            const [x, y, z] = mesh.position.subarray(at, at + 3) as unknown as [number, number, number];
            if (!mesh.isFused) {
                expect(Math.abs(far.sampleHeight(x, z) - y)).toBeLessThanOrEqual(mesh.header.quantum);
            }
            expect(Number.isFinite(far.sampleDensity(x, far.sampleHeight(x, z) - 20, z))).toBe(true);
        }
    },
);

test("beyond what can be baked, a position is named", () => {
    const end = (MAX_CHUNK_COORDINATE + 1) * 2 ** MAX_LEVEL * recipe.chunkSize;
    expect(Number.isFinite(sampler.sampleHeight(end, -end))).toBe(true);
    expect(() => sampler.sampleHeight(end * (1 + 1e-15), 0)).toThrow(TerraneError);
    expect(() => sampler.sampleHeight(0, -end * (1 + 1e-15))).toThrow("z is ");
    expect(sampler.sampleDensity(0, 1e300, 0)).toBe(1e300);
});

test("density is 0 on every vertex of a fused chunk, negative below open ground, positive above", () => {
    const mesh = bakeMesh(baker, flatAddress(0, 1, 0));
    expect(mesh.isFused).toBe(true);
    let worst = 0;
    let walls = 0;
    let near = 0;
    for (const vertex of new Set(mesh.indices.subarray(0, mesh.surfaceIndexCount))) {
        const [x, y, z] = mesh.position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        // Edges across the surface are cut where terrain is linear, so only clear walls and clear ground are compared.
        if (mesh.weights[vertex * 4 + 2]! === 1) {
            const density = Math.abs(sampler.sampleDensity(x, y, z));
            worst = Math.max(worst, density);
            walls++;
            near += density <= mesh.header.quantum ? 1 : 0;
        }
    }
    expect(walls).toBeGreaterThan(500);
    // The others lie where fine cells meet coarse ones, or in the middle of fans.
    expect(near / walls).toBeGreaterThan(0.95);
    expect(worst).toBeLessThan(0.25 * (recipe.chunkSize / recipe.terrain.resolution));
    const ground = sampler.sampleHeight(1000.5, 20.25);
    expect(sampler.sampleDensity(1000.5, ground + 3, 20.25)).toBe(3);
    expect(sampler.sampleDensity(1000.5, ground - 1, 20.25)).toBeLessThan(0);
});

test("there are no caves below where they end: their depth, and the sea", () => {
    const seaside = caveRecipe();
    const { spacing } = new ChunkFields(seaside, kernels).lattice;
    const floor = seaside.water.level + 2;
    const own = new FieldSampler(seaside, kernels);
    let [above, below] = [0, 0];
    for (let i = 0; i < 10_000; i++) {
        const x = ((i * 37) % 1009) * 3.1 - 1500;
        const z = ((i * 101) % 997) * 3.1 - 1500;
        const height = own.sampleHeight(x, z);
        const y = height - ((i % 97) / 96) * (seaside.caves.maxDepth + 2 * spacing);
        const density = own.sampleDensity(x, y, z);
        const isDeep = y < Math.max(floor, height - seaside.caves.maxDepth) - spacing * 2;
        if (isDeep && y < height) {
            below++;
            expect(density).toBeLessThan(0);
        } else if (density > 0 && y < height) {
            above++;
        }
    }
    expect(above).toBeGreaterThan(100);
    expect(below).toBeGreaterThan(1000);
});

test("a ray straight down hits the ground; one inside a cave hits its walls", () => {
    const ground = sampler.sampleHeight(1000.5, 20.25);
    const hit = sampler.raycast({ x: 1000.5, y: ground + 50, z: 20.25 }, { x: 0, y: -2, z: 0 }, 100)!;
    expect(hit.distance).toBeCloseTo(50, 2);
    expect(hit.isCave).toBe(false);
    expect(hit.normal.y).toBeGreaterThan(0.3);

    const inside = findCave();
    for (const direction of [
        { x: 1, y: 0, z: 0 },
        { x: 0, y: -1, z: 0 },
        { x: 0, y: 1, z: 0 },
    ]) {
        const wall = sampler.raycast(inside, direction, 500)!;
        const { x, y, z } = wall.position;
        const step = 0.05;
        expect(sampler.sampleDensity(x, y, z)).toBeGreaterThanOrEqual(0);
        expect(
            sampler.sampleDensity(x + direction.x * step, y + direction.y * step, z + direction.z * step),
        ).toBeLessThan(0.05);
        // A wall that the ray grazes has its normal across the ray, give or take what lies between samples.
        expect(wall.normal.x * direction.x + wall.normal.y * direction.y).toBeLessThan(0.15);
    }
});

test("a ray into the sky meets nothing; one that starts in rock hits at once", () => {
    expect(sampler.raycast({ x: 0, y: 900, z: 0 }, { x: 0.2, y: 1, z: 0 }, 5000)).toBeNull();
    expect(sampler.raycast({ x: 0, y: -500, z: 0 }, { x: 0, y: 1, z: 0 }, 10)!.distance).toBe(0);
});

test.each([
    ["x", () => sampler.sampleHeight(Number.NaN, 0)],
    ["z", () => sampler.sampleHeight(0, Number.POSITIVE_INFINITY)],
    ["y", () => sampler.sampleDensity(0, Number.NaN, 0)],
    ["direction", () => sampler.raycast({ x: 0, y: 0, z: 0 }, { x: 0, y: 0, z: 0 }, 1)],
    ["maxDistance", () => sampler.raycast({ x: 0, y: 900, z: 0 }, { x: 0, y: 1, z: 0 }, Number.NaN)],
])("a wrong %s is named", (field, ask) => {
    expect(ask).toThrow(TerraneError);
    expect(ask).toThrow(field);
});

/** Somewhere well inside a cave of the fused chunk 0/1/0, under a roof. */
function findCave() {
    for (let x = 66; x < 126; x += 2) {
        for (let z = 2; z < 62; z += 2) {
            const ground = sampler.sampleHeight(x, z);
            for (let depth = 6; depth < 80; depth += 2) {
                const place = { x, y: ground - depth, z };
                const isInside = sampler.sampleDensity(x, ground - depth, z) > 3;
                if (isInside && sampler.raycast(place, { x: 0, y: 1, z: 0 }, 500) !== null) {
                    return place;
                }
            }
        }
    }
    throw new Error("no cave found");
}
