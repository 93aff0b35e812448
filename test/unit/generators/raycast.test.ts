import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { ChunkFields } from "../../../src/generators/chunkFields.js";
import { FieldSampler, type RaycastHit } from "../../../src/generators/fieldSampler.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, MAX_CHUNK_COORDINATE, MAX_LEVEL } from "../../../src/space/chunkAddress.js";
import { bakeMesh, caveRecipe } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

interface Vec3 {
    x: number;
    y: number;
    z: number;
}

const seed = testSeed();
const kernels = await loadKernelsAsync();
const WORLDS = 24;
const RAYS = 24;

/** Random worlds, and the same with slopes of dozens to one; not parsed: what they are refused for does not matter to rays. */
function worldOf(random: Random, isSteep: boolean): Recipe {
    const recipe = randomRecipe(random);
    if (!isSteep) {
        return recipe;
    }
    const spacing = recipe.chunkSize / recipe.terrain.resolution;
    const terrain = {
        ...recipe.terrain,
        octaves: random.whole(3, 12),
        wavelength: Math.min(16_384, spacing * random.power(2, 64)),
        damping: 0,
        gain: random.between(0.5, 1),
        plainsHeight: spacing * random.between(5, 200),
        mountainHeight: random.between(0, 4000),
        rangeHeight: random.between(0, 10_000),
    };
    return { ...recipe, terrain };
}

/** A ray over the ground, into it, or from inside a cave where one is found. */
function rayOf(random: Random, sampler: FieldSampler, spacing: number, reach: number) {
    const centre = random.pick([0, 0, 1e5, -1e7]);
    const origin = { x: centre + random.between(-reach, reach), y: 0, z: centre + random.between(-reach, reach) };
    const kind = random.whole(0, 2);
    const ground = sampler.sampleHeight(origin.x, origin.z);
    origin.y = ground + spacing * random.pick([0.01, 1, 8, 60]) * random.next();
    if (kind === 1) {
        findCave(random, sampler, origin, reach);
    }
    const direction = { x: random.between(-1, 1), y: random.between(-1, 0.6), z: random.between(-1, 1) };
    return { origin, direction: kind === 2 ? snapped(random, direction) : direction };
}

/** Moves a place into a cave below the ground, where one is found nearby. */
function findCave(random: Random, sampler: FieldSampler, place: Vec3, reach: number): void {
    for (let i = 0; i < 200; i++) {
        const x = place.x + random.between(-reach, reach);
        const z = place.z + random.between(-reach, reach);
        const y = sampler.sampleHeight(x, z) - random.next() * sampler.recipe.caves.maxDepth;
        if (sampler.sampleDensity(x, y, z) > 0) {
            Object.assign(place, { x, y, z });
            return;
        }
    }
}

/** Along an axis, a plane of axes, or a diagonal. */
function snapped(random: Random, direction: Vec3): Vec3 {
    const round = (value: number): number => (random.next() < 0.5 ? Math.round(value) : value);
    const result = { x: round(direction.x), y: round(direction.y), z: round(direction.z) };
    return result.x === 0 && result.y === 0 && result.z === 0 ? { x: 0, y: -1, z: 0 } : result;
}

function minus(p: Vec3, q: Vec3): Vec3 {
    return { x: p.x - q.x, y: p.y - q.y, z: p.z - q.z };
}

function cross(p: Vec3, q: Vec3): Vec3 {
    return { x: p.y * q.z - p.z * q.y, y: p.z * q.x - p.x * q.z, z: p.x * q.y - p.y * q.x };
}

function dot(p: Vec3, q: Vec3): number {
    return p.x * q.x + p.y * q.y + p.z * q.z;
}

function unitOf({ x, y, z }: Vec3): Vec3 {
    const length = Math.hypot(x, y, z);
    return { x: x / length, y: y / length, z: z / length };
}

function along(origin: Vec3, unit: Vec3, distance: number): Vec3 {
    return { x: origin.x + unit.x * distance, y: origin.y + unit.y * distance, z: origin.z + unit.z * distance };
}

/** The first crossing of any of the triangles within a square around the ray, from above: Moeller and Trumbore, 1997. */
function firstTriangle(sampler: FieldSampler, spacing: number, origin: Vec3, unit: Vec3, reach: number): number {
    const base = { x: Math.floor(origin.x / spacing), z: Math.floor(origin.z / spacing) };
    const local = { x: origin.x - base.x * spacing, y: origin.y, z: origin.z - base.z * spacing };
    const far = along(local, unit, reach);
    const range = (a: number, b: number) => [
        Math.floor(Math.min(a, b) / spacing) - 1,
        Math.floor(Math.max(a, b) / spacing) + 1,
    ];
    const [x0, x1] = range(local.x, far.x) as [number, number];
    const [z0, z1] = range(local.z, far.z) as [number, number];
    const vertex = (x: number, z: number): Vec3 => ({
        x: x * spacing,
        y: sampler.sampleHeight((base.x + x) * spacing, (base.z + z) * spacing),
        z: z * spacing,
    });
    let first = Infinity;
    for (let z = z0; z <= z1; z++) {
        for (let x = x0; x <= x1; x++) {
            const [a, b, c, d] = [vertex(x, z), vertex(x + 1, z), vertex(x, z + 1), vertex(x + 1, z + 1)];
            first = Math.min(first, crossing(local, unit, a, b, d), crossing(local, unit, a, d, c));
        }
    }
    return first;
}

function crossing(origin: Vec3, unit: Vec3, a: Vec3, b: Vec3, c: Vec3): number {
    const [ab, ac, toOrigin] = [minus(b, a), minus(c, a), minus(origin, a)];
    const across = cross(unit, ac);
    const determinant = dot(ab, across);
    const u = dot(toOrigin, across) / determinant;
    const other = cross(toOrigin, ab);
    const v = dot(unit, other) / determinant;
    const distance = dot(ac, other) / determinant;
    const isInside = u >= -1e-9 && v >= -1e-9 && u + v <= 1 + 1e-9;
    return isInside && distance >= 0 ? distance : Infinity;
}

describe.each([false, true])("steep: %s", (isSteep) => {
    test(`no ray passes through rock, or stops in the open (seed ${seed})`, () => {
        const random = new Random(seed);
        let [hits, walls, misses] = [0, 0, 0];
        for (let world = 0; world < WORLDS; world++) {
            const recipe = worldOf(random, isSteep);
            const sampler = new FieldSampler(recipe, kernels);
            const { spacing } = new ChunkFields(recipe, kernels).lattice;
            for (let i = 0; i < RAYS; i++) {
                const { origin, direction } = rayOf(random, sampler, spacing, 40 * spacing);
                const reach = 40 * spacing;
                const unit = unitOf(direction);
                const hit = sampler.raycast(origin, direction, reach);
                const end = hit?.distance ?? reach;
                const densityAt = (distance: number): number => {
                    const { x, y, z } = along(origin, unit, distance);
                    return sampler.sampleDensity(x, y, z);
                };
                // What is interpolated jumps where cells change their size; a point on the border is of either.
                const tolerance = 1e-6 * (spacing + Math.abs(origin.y));
                const text = JSON.stringify({ world, i, origin, direction, hit });
                for (let step = 0; step < 1000; step++) {
                    const distance = (end * step) / 1000;
                    if (densityAt(distance) < -tolerance) {
                        throw new Error(`rock at ${distance} of ${end} m: ${text}`);
                    }
                }
                if (hit === null) {
                    misses++;
                    continue;
                }
                hits++;
                walls += hit.isCave ? 1 : 0;
                expect(Math.hypot(hit.normal.x, hit.normal.y, hit.normal.z)).toBeCloseTo(1, 9);
                const beyond = Math.min(
                    ...[1e-9, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3].map((d) => densityAt(end + d * spacing)),
                );
                if (!(beyond < 1e-9 * (1 + Math.abs(origin.y)))) {
                    throw new Error(`nothing but air at ${end} m, density ${beyond}: ${text}`);
                }
                assertSide(sampler, hit, unit, text);
            }
        }
        expect(hits).toBeGreaterThan(WORLDS * RAYS * 0.3);
        expect(misses).toBeGreaterThan(WORLDS * RAYS * 0.05);
        expect(walls).toBeGreaterThan(WORLDS / 2);
    });

    test(`over ground without caves a ray meets the first of the triangles, and lies on it (seed ${seed})`, () => {
        const random = new Random(seed + 1);
        let [hits, misses] = [0, 0];
        for (let world = 0; world < WORLDS; world++) {
            const whole = worldOf(random, isSteep);
            // Every third with samples as near or far as may be: tiles of half a metre, or of more than the macro lattice's step.
            const [chunkSize, resolution] = [
                [whole.chunkSize, whole.terrain.resolution],
                [4, 128],
                [1024, 16],
            ][world % 3] as [number, number];
            const wavelength = Math.max(whole.terrain.wavelength, (2 * chunkSize) / resolution);
            const terrain = { ...whole.terrain, resolution, wavelength };
            const recipe = { ...whole, chunkSize, terrain, caves: { ...whole.caves, enabled: false } };
            const sampler = new FieldSampler(recipe, kernels);
            const { spacing } = new ChunkFields(recipe, kernels).lattice;
            for (let i = 0; i < 8; i++) {
                const reach = 24 * spacing;
                const { origin, direction } = rayOf(random, sampler, spacing, 24 * spacing);
                const unit = unitOf(direction);
                const hit = sampler.raycast(origin, direction, reach);
                const expected = firstTriangle(sampler, spacing, origin, unit, reach);
                const tolerance = 1e-6 * (spacing + Math.abs(origin.y));
                if (hit === null) {
                    misses++;
                    expect(expected).toBeGreaterThan(reach - tolerance);
                    continue;
                }
                hits++;
                expect(hit.isCave).toBe(false);
                const { x, y, z } = hit.position;
                const slope = 1 / Math.abs(hit.normal.y);
                // Far out a coordinate has fewer digits after its point.
                const rounding = 1e-15 * (Math.abs(x) + Math.abs(z)) * slope;
                if (Math.abs(y - sampler.sampleHeight(x, z)) > tolerance + rounding * 100) {
                    throw new Error(`off the ground by ${y - sampler.sampleHeight(x, z)}`);
                }
                // Where a ray grazes an edge, which of two triangles it meets is a matter of rounding.
                if (Math.abs(hit.distance - expected) > tolerance * 100) {
                    throw new Error(JSON.stringify({ world, i, origin, direction, hit, expected }));
                }
            }
        }
        expect(hits).toBeGreaterThan(WORLDS * 2);
        expect(misses).toBeGreaterThan(WORLDS / 2);
    });
});

test(`from inside caves a ray meets the walls that are drawn, and their normals (seed ${seed})`, async () => {
    await initHashAsync();
    const recipe = caveRecipe();
    const sampler = new FieldSampler(recipe, kernels);
    const mesh = bakeMesh(new ChunkBaker(recipe, kernels), flatAddress(0, 1, 0));
    const corners = Array.from({ length: mesh.surfaceIndexCount }, (_, i) => {
        const [x, y, z] = mesh.position.subarray(mesh.indices[i]! * 3, mesh.indices[i]! * 3 + 3);
        return { x: x!, y: y!, z: z! };
    });
    const random = new Random(seed);
    const errors: number[] = [];
    let missed = 0;
    while (errors.length + missed < 150) {
        const [x, z] = [random.between(70, 122), random.between(6, 58)];
        const origin = { x, y: sampler.sampleHeight(x, z) - random.between(0, 80), z };
        const unit = unitOf({ x: random.between(-1, 1), y: random.between(-1, 1), z: random.between(-1, 1) });
        const hit = sampler.sampleDensity(x, origin.y, z) > 0.5 ? sampler.raycast(origin, unit, 200) : null;
        const isInChunk = hit !== null && Math.abs(hit.position.x - 96) < 30 && Math.abs(hit.position.z - 32) < 30;
        if (!isInChunk || !hit.isCave) {
            continue;
        }
        let first = Infinity;
        let facing = 0;
        for (let i = 0; i < corners.length; i += 3) {
            const [a, b, c] = [corners[i]!, corners[i + 1]!, corners[i + 2]!];
            const distance = crossing(origin, unit, a, b, c);
            if (distance < first) {
                first = distance;
                facing = Math.abs(dot(unitOf(cross(minus(b, a), minus(c, a))), hit.normal));
            }
        }
        // Around mouths rims are thinner than a cell, and are not drawn.
        if (Math.abs(first - hit.distance) > 0.5) {
            missed++;
        } else {
            errors.push(Math.abs(first - hit.distance));
            expect(facing).toBeGreaterThan(0.9);
        }
    }
    errors.sort((a, b) => a - b);
    expect(missed).toBeLessThan(15);
    // Samples lie 2 m apart.
    expect(errors[errors.length >> 1]).toBeLessThan(0.05);
    expect(errors[Math.floor(errors.length * 0.9)]).toBeLessThan(0.25);
});

/** Plain ground, and the cell that rays of the tests below begin in. */
function plainGround(x = 37, z = -12) {
    const recipe = Presets.endless({ seed: 3, caves: { enabled: false } });
    const sampler = new FieldSampler(recipe, kernels);
    return { sampler, x, z, spacing: recipe.chunkSize / recipe.terrain.resolution };
}

const DOWN = { x: 0, y: -1, z: 0 };

describe.each([0, 2 ** 20, 1e7, -1e7, 2 ** 29])("around x = %d", (base) => {
    test.each([
        ["straight down in a cell", [0.3, 0.6], DOWN],
        ["straight down on a sample", [0, 0], DOWN],
        ["straight down on a cell's border", [0.5, 0], DOWN],
        ["straight down on a diagonal", [0.5, 0.5], DOWN],
        ["along x, on a border", [0, 0], { x: 1, y: -1, z: 0 }],
        ["against x, on a border", [0, 0], { x: -1, y: -1, z: -0 }],
        ["along z, in a cell", [0.3, 0.25], { x: 0, y: -1, z: 1 }],
        ["against z, on a border", [0, 0.25], { x: 0, y: -1, z: -1 }],
        ["along the diagonals of cells", [0, 0], { x: 1, y: -1, z: 1 }],
        ["back along the diagonals of cells", [0.5, 0.5], { x: -1, y: -1, z: -1 }],
        ["across the diagonals, through samples", [0, 0], { x: 1, y: -1, z: -1 }],
        ["two cells across to one along", [0, 0], { x: 2, y: -1, z: 1 }],
        ["of a length that has no square", [0.1, 0.2], { x: 3e200, y: -3e200, z: 1e200 }],
        ["of numbers that are hardly any", [0.1, 0.2], { x: 3e-310, y: -3e-310, z: 5e-324 }],
        ["with hardly any way along x", [0, 0.5], { x: -5e-324, y: -1, z: 1 }],
    ] as const)("a ray %s meets the first triangle", (_, [dx, dz], direction) => {
        const { sampler, x, z, spacing } = plainGround(base + 37);
        const origin = { x: x + dx, y: sampler.sampleHeight(x + dx, z + dz) + 9, z: z + dz };
        const scale = Math.max(Math.abs(direction.x), Math.abs(direction.y), Math.abs(direction.z));
        const unit = unitOf({ x: direction.x / scale, y: direction.y / scale, z: direction.z / scale });
        const expected = firstTriangle(sampler, spacing, origin, unit, 80);
        const hit = sampler.raycast(origin, direction, Infinity)!;
        expect(expected).toBeLessThan(80);
        expect(hit.distance).toBeCloseTo(expected, 9);
        expect(hit.position.y).toBeCloseTo(sampler.sampleHeight(hit.position.x, hit.position.z), 6);
        expect(hit.isCave).toBe(false);
        // No further than it may go.
        expect(sampler.raycast(origin, direction, expected * (1 - 1e-9))).toBeNull();
        expect(sampler.raycast(origin, direction, expected * (1 + 1e-9))).not.toBeNull();
    });

    test.each([
        [0, 0],
        [0.25, 0.25],
        [0.5, 0.25],
        [0, 0.75],
    ])("one that begins on the ground at %d, %d meets it going down, and leaves it going up", (dx, dz) => {
        const { sampler, x, z } = plainGround(base + 37);
        const origin = { x: x + dx, y: sampler.sampleHeight(x + dx, z + dz), z: z + dz };
        expect(sampler.raycast(origin, DOWN, 10)).toMatchObject({ distance: 0, isCave: false });
        expect(sampler.raycast(origin, { x: 0, y: 1, z: 0 }, Infinity)).toBeNull();
        expect(sampler.raycast(origin, DOWN, 0)).toBeNull();
        const under = { ...origin, y: origin.y - 0.5 };
        expect(sampler.raycast(under, { x: 0, y: 1, z: 0 }, 10)).toMatchObject({ distance: 0, isCave: true });
        expect(sampler.raycast(under, { x: 0, y: 1, z: 0 }, 0)).toMatchObject({ distance: 0 });
    });
});

test("a ray from far above comes down to the same ground", () => {
    const { sampler, x, z } = plainGround();
    const height = sampler.sampleHeight(x, z);
    for (const y of [3000, 1e5, 1e9]) {
        const hit = sampler.raycast({ x, y, z }, DOWN, Infinity)!;
        expect(hit.distance).toBeCloseTo(y - height, 6);
        expect(sampler.raycast({ x, y, z }, DOWN, y - height - 0.01)).toBeNull();
    }
    expect(sampler.raycast({ x, y: 1e300, z }, { x: 1, y: 0, z: 0 }, Infinity)).toBeNull();
    expect(sampler.raycast({ x, y: -1e300, z }, { x: 1, y: 0, z: 0 }, Infinity)).toMatchObject({ distance: 0 });
});

test("a ray ends where the world does, and may begin beyond it", () => {
    const { sampler } = plainGround();
    const end = (MAX_CHUNK_COORDINATE + 1) * 2 ** MAX_LEVEL * sampler.recipe.chunkSize;
    const height = sampler.sampleHeight(end, 0);
    const out = { x: 1, y: 0, z: 0 };
    const back = { x: -1, y: 0, z: 0 };
    // So far out metres are coarse.
    const step = end * 2 ** -40;
    expect(sampler.raycast({ x: end - step, y: 3000, z: 0 }, { x: 1, y: -0.01, z: 0 }, Infinity)).toBeNull();
    expect(sampler.raycast({ x: end, y: height + 0.5, z: 0 }, out, Infinity)).toBeNull();
    expect(sampler.raycast({ x: end + step, y: height + 0.5, z: 0 }, out, Infinity)).toBeNull();
    expect(sampler.raycast({ x: end + step, y: height + 0.5, z: 0 }, DOWN, Infinity)).toBeNull();
    expect(sampler.raycast({ x: end + step, y: height + 3000, z: 0 }, back, 10)).toBeNull();
    const hit = sampler.raycast({ x: end + step, y: height - 1, z: 0 }, back, Infinity)!;
    expect(hit).toMatchObject({ distance: step, isCave: true });
    expect(hit.position.x).toBe(end);
    expect(sampler.raycast({ x: -1e300, y: 9000, z: 1e300 }, { x: 1, y: 0, z: -1 }, Infinity)).toBeNull();
});

test("a level ray over the sea ends, wherever it goes", () => {
    const sea = Presets.endless({
        terrain: {
            macro: {
                continentSpline: [
                    [-1, -500],
                    [1, -500],
                ],
            },
        },
    });
    const sampler = new FieldSampler(
        { ...sea, terrain: { ...sea.terrain, rangeHeight: 0, mountainHeight: 0 } },
        kernels,
    );
    expect(sampler.raycast({ x: 0, y: -420, z: 0 }, { x: 1, y: 0, z: 0.3 }, 20_000)).toBeNull();
    expect(sampler.raycast({ x: 0, y: 2, z: 0 }, { x: 1, y: 0, z: 0.3 }, Infinity)).toBeNull();
});

test.each([
    ["origin.x", { x: Number.NaN, y: 0, z: 0 }, DOWN],
    ["origin.y", { x: 0, y: Infinity, z: 0 }, DOWN],
    ["origin.z", { x: 0, y: 0, z: -Infinity }, DOWN],
    ["direction", { x: 0, y: 0, z: 0 }, { x: 0, y: 0, z: -0 }],
    ["direction", { x: 0, y: 0, z: 0 }, { x: Infinity, y: 0, z: 0 }],
    ["direction", { x: 0, y: 0, z: 0 }, { x: 0, y: Number.NaN, z: 1 }],
])("a wrong %s is named", (field, origin, direction) => {
    const { sampler } = plainGround();
    expect(() => sampler.raycast(origin, direction, 10)).toThrow(expect.objectContaining({ field }));
});

/** A hit on the ground lies on it; one in a cave below, and its normal looks back along the ray. */
function assertSide(
    sampler: FieldSampler,
    { position, isCave, normal, distance }: RaycastHit,
    unit: Vec3,
    text: string,
) {
    const above = position.y - sampler.sampleHeight(position.x, position.z);
    const tolerance = 1e-6 * (1 + Math.abs(position.y));
    if (isCave ? above > tolerance : Math.abs(above) > tolerance) {
        throw new Error(`${above} m over the ground: ${text}`);
    }
    const facing = normal.x * unit.x + normal.y * unit.y + normal.z * unit.z;
    if (isCave && distance > 0 && facing > 1e-6) {
        throw new Error(`the normal looks along the ray, ${facing}: ${text}`);
    }
}
