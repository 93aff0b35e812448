import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { quantumAt } from "../../../src/recipe/lattice.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { flatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { writeTangent } from "../../oracle/packVertices.js";
import { UvMapping } from "../../oracle/surfaceMesh.js";
import { bakeMesh, caveRecipe, ROUNDED } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { compareWithMikk, floatCorners, packedCorners } from "../../support/mikkTangents.js";

const kernels = await loadKernelsAsync();
const recipe = caveRecipe();
const baker = new OracleBaker(recipe);
/** Near and far. */
const PLAIN = [
    [13, 0],
    [16, 2],
    [20, -1],
    [24, 3],
].map(([x, z]) => flatAddress(0, x!, z!));
const FUSED = [-20, -17, -9, -5, -2].map((x) => flatAddress(0, x, 0));

/** That of the bench `bake`. */
const SEED_JOB = parseRecipe({
    id: "seed-job",
    seed: 12345,
    chunkSize: 64,
    terrain: { resolution: 128, octaves: 8, ...ROUNDED },
    caves: { octaves: 3, latticeStep: 1, maxDepth: 48, complexity: 1 },
});

beforeAll(initHashAsync);

test("tangents of height grids are MikkTSpace's", () => {
    for (const address of PLAIN) {
        const before = compareWithMikk(floatCorners(baker, address));
        expect(before.corners).toBe(6144);
        expect(before.signsDiffer).toBe(0);
        expect(before.mean).toBeLessThan(0.02);
        expect(before.highest).toBeLessThan(0.3);
    }
});

test("packing turns tangents of height grids by less than 0.2 degrees on average", () => {
    for (const address of PLAIN) {
        const { tangent } = packedCorners(bakeMesh(baker, address));
        const after = compareWithMikk({ ...floatCorners(baker, address), tangent });
        expect(after.signsDiffer).toBe(0);
        expect(after.mean).toBeLessThan(0.2);
        expect(after.highest).toBeLessThan(0.6);
    }
});

/** Degrees that tangents are off at most, on average, on rounded land and on land that is rougher. */
const ON_ROUNDED = 0.1;
const ON_ROUGH = 0.2;
/** The same where many lips of mouths turn ground into walls within a cell. */
const AT_LIPS = 0.15;
const ON_ROUGH_LIPS = 0.25;

test.each<[string, Recipe, number, number]>([
    ["the seed job, seed 12345", SEED_JOB, 2, ON_ROUNDED],
    ["endless, seed 12345", Presets.endless({ seed: 12345, terrain: ROUNDED }), 3, ON_ROUNDED],
    ["caves, seed 5", Presets.caves({ seed: 5, terrain: ROUNDED }), 3, ON_ROUNDED],
    ["caves, seed 99", Presets.caves({ seed: 99, terrain: ROUNDED }), 3, AT_LIPS],
    ["endless with gullies, seed 12345", Presets.endless({ seed: 12345 }), 3, ON_ROUGH],
    ["caves with gullies, seed 99", Presets.caves({ seed: 99 }), 3, ON_ROUGH_LIPS],
])("tangents of fused chunks are MikkTSpace's: %s", (_, world, count, most) => {
    const oracle = new OracleBaker(world);
    const own = new ChunkBaker(world, kernels);
    const [before, after, baked] = [new MeanAngle(), new MeanAngle(), new MeanAngle()];
    for (const address of findFused(own, count)) {
        const corners = floatCorners(oracle, address);
        const isInside = cornersInside(oracle, address);
        const isKnown = cornersWithUvs(oracle, address).map((isMapped, corner) => isMapped && isInside[corner]!);
        const { tangent } = packedCorners(bakeMesh(oracle, address));
        before.add(compareWithMikk(corners, (corner) => isKnown[corner]!));
        after.add(compareWithMikk({ ...corners, tangent }, (corner) => isKnown[corner]!));
        baked.add(compareWithMikk(packedCorners(bakeMesh(own, address))));
    }
    expect(before.mean).toBeLessThanOrEqual(most);
    expect(after.mean).toBeLessThanOrEqual(0.45);
    // The kernels' own chunks as a GPU reads them: MikkTSpace is given normals and uvs that are packed, too.
    expect(baked.mean).toBeLessThanOrEqual(0.45);
    for (const { corners, signsDiffer } of [before, after, baked]) {
        expect(corners).toBeGreaterThan(50_000);
        expect(signsDiffer).toBeLessThan(0.005 * corners);
    }
});

test("the same where samples are few: 32 cells of 2 m", () => {
    const [before, after] = [new MeanAngle(), new MeanAngle()];
    for (const address of FUSED) {
        const corners = floatCorners(baker, address);
        const isMapped = cornersWithUvs(baker, address);
        const isInside = cornersInside(baker, address);
        const isKnown = isMapped.map((isIt, corner) => isIt && isInside[corner]!);
        const { tangent } = packedCorners(bakeMesh(baker, address));
        before.add(compareWithMikk(corners, (corner) => isKnown[corner]!));
        after.add(compareWithMikk({ ...corners, tangent }, (corner) => isKnown[corner]!));
        // Where no triangle of a vertex has an area in uv, MikkTSpace answers with the axis of x for want of another.
        expect(isMapped.filter((isIt) => !isIt).length).toBeLessThan(0.02 * isMapped.length);
    }
    expect(before.mean).toBeLessThanOrEqual(0.1);
    expect(after.mean).toBeLessThanOrEqual(0.45);
    expect(before.signsDiffer).toBeLessThan(0.005 * before.corners);
});

test("open ground of fused chunks is as exact as height grids", () => {
    let ground = 0;
    for (const address of FUSED) {
        const { mesh } = baker.meshChunk(address);
        const indices = mesh.indices.slice(0, mesh.surfaceTriangleCount * 3);
        const place = (vertex: number) => String(mesh.position.subarray(vertex * 3, vertex * 3 + 3));
        const nearCaves = new Set<string>();
        for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
            if (mesh.weights[vertex * 4 + 2]! > 0) {
                nearCaves.add(place(vertex));
            }
        }
        // Two triangles away: right at a mouth's lip caves bend normals, without a cave's weight.
        for (let step = 0; step < 2; step++) {
            const reached = new Set(nearCaves);
            for (let i = 0; i < indices.length; i += 3) {
                const corners = Array.from(indices.subarray(i, i + 3), place);
                if (corners.some((corner) => reached.has(corner))) {
                    corners.forEach((corner) => nearCaves.add(corner));
                }
            }
        }
        const isGround = Array.from(indices, (vertex) => !nearCaves.has(place(vertex)));
        const { corners, mean, signsDiffer } = compareWithMikk(
            floatCorners(baker, address),
            (corner) => isGround[corner]!,
        );
        ground += corners;
        expect(corners === 0 || mean < 0.05).toBe(true);
        expect(signsDiffer).toBe(0);
    }
    expect(ground).toBeGreaterThan(10_000);
});

test("every tangent has length 1 and stands upright on its normal, and on v's gradient where it follows the normal", () => {
    let followNormals = 0;
    for (const address of [...PLAIN.slice(0, 2), ...FUSED.slice(0, 3)]) {
        const { mesh } = baker.meshChunk(address);
        const tangent = new Float64Array(4);
        for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
            const normal = mesh.normal.subarray(vertex * 3, vertex * 3 + 3);
            writeTangent(mesh, vertex, tangent, 0);
            const isUpright = mesh.mapping[vertex] !== UvMapping.flat;
            const alongV = isUpright ? 1 : 2;
            expect(Math.hypot(tangent[0]!, tangent[1]!, tangent[2]!)).toBeCloseTo(1, 12);
            if (mesh.aligned.subarray(vertex * 3, vertex * 3 + 3).every((part) => part === 0)) {
                expect(tangent[alongV]).toBe(0);
                followNormals++;
            }
            // Where the surface lies against the plane of its uvs there is no such vector.
            if (Math.hypot(...normal) - Math.abs(normal[alongV]!) > 1e-7) {
                expect(Math.abs(dot(normal, tangent))).toBeLessThan(1e-9);
            }
        }
    }
    expect(followNormals).toBeGreaterThan(3000);
});

test("a tangent runs along u where the surface has no direction of constant v", () => {
    const { mesh } = baker.meshChunk(FUSED[0]!);
    const tangentOf = (normal: number[], mapping: number) => {
        mesh.normal.set(normal, 0);
        mesh.aligned.fill(0, 0, 3);
        mesh.mapping[0] = mapping;
        const tangent = new Float64Array(4);
        writeTangent(mesh, 0, tangent, 0);
        return [...tangent];
    };
    expect(tangentOf([0, 0, 1], UvMapping.flat).slice(0, 3)).toEqual([1, 0, 0]);
    expect(tangentOf([0, 1, 0], UvMapping.facingX).slice(0, 3)).toEqual([0, 0, 1]);
    expect(tangentOf([0, 1, 0], UvMapping.facingZ).slice(0, 3)).toEqual([1, 0, 0]);
    // And keeps growing with it whichever way the surface looks.
    for (const sign of [1, -1]) {
        expect(tangentOf([0.6 * sign, 0.8 * sign, 0], UvMapping.flat)[0]).toBeGreaterThan(0);
        expect(tangentOf([0.8 * sign, 0, 0.6 * sign], UvMapping.facingX)[2]).toBeGreaterThan(0);
        expect(tangentOf([0.6 * sign, 0, 0.8 * sign], UvMapping.facingZ)[0]).toBeGreaterThan(0);
    }
});

/** Over the corners of several chunks. */
class MeanAngle {
    public corners = 0;
    public signsDiffer = 0;
    private _sum = 0;

    public add({ corners, mean, signsDiffer }: ReturnType<typeof compareWithMikk>): void {
        this.corners += corners;
        this.signsDiffer += signsDiffer;
        this._sum += mean * corners;
    }

    /** Degrees. */
    public get mean(): number {
        return this._sum / this.corners;
    }
}

/** Addresses of level 0 that wander over some 60 km, so that neither one hill nor one cave country decides. */
function findFused(own: ChunkBaker, count: number): ChunkAddress[] {
    const found: ChunkAddress[] = [];
    for (let i = 0; found.length < count; i++) {
        const address = flatAddress(0, ((i * 37) % 1009) - 504, ((i * 101) % 997) - 498);
        if (bakeMesh(own, address).isFused) {
            found.push(address);
        }
    }
    return found;
}

/** Whether a corner's vertex has a triangle with an area in uv. */
function cornersWithUvs(oracle: OracleBaker, address: ChunkAddress): boolean[] {
    const { uv } = floatCorners(oracle, address);
    const { mesh } = oracle.meshChunk(address);
    const indices = mesh.indices.slice(0, mesh.surfaceTriangleCount * 3);
    const mapped = new Set<number>();
    for (let i = 0; i < indices.length; i += 3) {
        const [ax, ay, bx, by, cx, cy] = uv.subarray(i * 2, i * 2 + 6) as unknown as [
            number,
            number,
            number,
            number,
            number,
            number,
        ];
        if ((bx - ax) * (cy - ay) !== (by - ay) * (cx - ax)) {
            indices.subarray(i, i + 3).forEach((vertex) => mapped.add(vertex));
        }
    }
    return Array.from(indices, (vertex) => mapped.has(vertex));
}

/**
 * Of each corner of a chunk's surface, whether its vertex lies inside the chunk. Of those in the border planes MikkTSpace would
 * have to see the neighbour's triangles, too.
 */
function cornersInside(oracle: OracleBaker, address: ChunkAddress): boolean[] {
    const { mesh } = oracle.meshChunk(address);
    const { recipe } = oracle;
    const side = (recipe.chunkSize * 2 ** address.level) / quantumAt(recipe, address.level);
    const isOnBorder = (at: number) => mesh.position[at]! === 0 || mesh.position[at]! === side;
    return Array.from(
        mesh.indices.subarray(0, mesh.surfaceTriangleCount * 3),
        (vertex) => !isOnBorder(vertex * 3) && !isOnBorder(vertex * 3 + 2),
    );
}

type Vector = Float32Array | Float64Array;

function dot(a: Vector, b: Vector): number {
    return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}
