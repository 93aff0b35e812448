import { generateTangents } from "mikktspace";
import { initHashAsync } from "../../../src/base/hash.js";
import { quantumAt } from "../../../src/generators/lattice.js";
import { createHeightGridIndices } from "../../../src/meshing/heightGridIndices.js";
import { flatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { writeTangent } from "../../oracle/packVertices.js";
import { UvMapping } from "../../oracle/surfaceMesh.js";
import { bakeMesh, caveRecipe, type BakedMesh } from "../../support/bakedMesh.js";

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

/** What MikkTSpace takes: a vertex for each corner of each triangle of the surface, skirts left out. */
interface Corners {
    position: Float32Array;
    normal: Float32Array;
    uv: Float32Array;
    /** Ours. */
    tangent: Float64Array;
}

beforeAll(initHashAsync);

test("tangents of height grids are MikkTSpace's", () => {
    for (const address of PLAIN) {
        const before = compare(floatCorners(address));
        expect(before.corners).toBe(6144);
        expect(before.signsDiffer).toBe(0);
        expect(before.mean).toBeLessThan(0.02);
        expect(before.highest).toBeLessThan(0.3);
    }
});

test("packing turns tangents of height grids by less than 0.2 degrees on average", () => {
    for (const address of PLAIN) {
        const { tangent } = packedCorners(bakeMesh(baker, address));
        const after = compare({ ...floatCorners(address), tangent });
        expect(after.signsDiffer).toBe(0);
        expect(after.mean).toBeLessThan(0.2);
        expect(after.highest).toBeLessThan(0.6);
    }
});

test("on fused chunks most tangents are MikkTSpace's too", () => {
    for (const address of FUSED) {
        expect(baker.meshChunk(address).isFused).toBe(true);
        const before = compare(floatCorners(address));
        const { tangent } = packedCorners(bakeMesh(baker, address));
        const after = compare({ ...floatCorners(address), tangent });
        expect(before.median).toBeLessThan(0.1);
        expect(after.median).toBeLessThan(0.25);
        // MikkTSpace averages over triangles, ours belong to the field's normal: the two part where walls are sharper than
        // the samples.
        expect(before.mean).toBeLessThan(0.9);
        expect(after.mean).toBeLessThan(1);
        expect(before.signsDiffer).toBeLessThan(0.02 * before.corners);
    }
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
        for (let ring = 0; ring < 2; ring++) {
            const reached = new Set(nearCaves);
            for (let i = 0; i < indices.length; i += 3) {
                const corners = Array.from(indices.subarray(i, i + 3), place);
                if (corners.some((corner) => reached.has(corner))) {
                    corners.forEach((corner) => nearCaves.add(corner));
                }
            }
        }
        const isGround = Array.from(indices, (vertex) => !nearCaves.has(place(vertex)));
        const { corners, mean, signsDiffer } = compare(floatCorners(address), (corner) => isGround[corner]!);
        ground += corners;
        expect(corners === 0 || mean < 0.05).toBe(true);
        expect(signsDiffer).toBe(0);
    }
    expect(ground).toBeGreaterThan(10_000);
});

test("every tangent has length 1 and stands upright on its normal and on v's gradient", () => {
    for (const address of [...PLAIN.slice(0, 2), ...FUSED.slice(0, 3)]) {
        const { mesh } = baker.meshChunk(address);
        const tangent = new Float64Array(4);
        for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
            const normal = mesh.normal.subarray(vertex * 3, vertex * 3 + 3);
            writeTangent(mesh, vertex, tangent, 0);
            const isUpright = mesh.mapping[vertex] !== UvMapping.flat;
            const alongV = isUpright ? 1 : 2;
            expect(Math.hypot(tangent[0]!, tangent[1]!, tangent[2]!)).toBeCloseTo(1, 12);
            expect(tangent[alongV]).toBe(0);
            // Where the surface lies against the plane of its uvs there is no such vector.
            if (Math.hypot(...normal) - Math.abs(normal[alongV]!) > 1e-7) {
                expect(Math.abs(dot(normal, tangent))).toBeLessThan(1e-9);
            }
        }
    }
});

test("a tangent runs along u where the surface has no direction of constant v", () => {
    const { mesh } = baker.meshChunk(FUSED[0]!);
    const tangentOf = (normal: number[], mapping: number) => {
        mesh.normal.set(normal, 0);
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

function floatCorners(address: ChunkAddress): Corners {
    const { isFused, mesh } = baker.meshChunk(address);
    const indices = isFused ? mesh.indices : createHeightGridIndices(recipe.terrain.resolution);
    const corners = createCorners(mesh.surfaceTriangleCount * 3);
    const quantum = quantumAt(recipe, address.level);
    const side = (recipe.chunkSize * 2 ** address.level) / quantum;
    for (let i = 0; i < mesh.surfaceTriangleCount * 3; i++) {
        const vertex = indices[i]!;
        const [x, y, z] = [0, 1, 2].map((axis) => mesh.position[vertex * 3 + axis]!) as [number, number, number];
        corners.position.set([x * quantum, y * quantum, z * quantum], i * 3);
        corners.normal.set(mesh.normal.subarray(vertex * 3, vertex * 3 + 3), i * 3);
        const mapping = mesh.mapping[vertex]!;
        corners.uv[i * 2] = (mapping === UvMapping.facingX ? z : x) / side;
        corners.uv[i * 2 + 1] = (mapping === UvMapping.flat ? z : y) / side;
        writeTangent(mesh, vertex, corners.tangent, i * 4);
    }
    return corners;
}

function packedCorners(mesh: BakedMesh): Corners {
    const corners = createCorners(mesh.surfaceIndexCount);
    for (let i = 0; i < mesh.surfaceIndexCount; i++) {
        const vertex = mesh.indices[i]!;
        for (let axis = 0; axis < 3; axis++) {
            corners.position[i * 3 + axis] = mesh.quanta[vertex * 3 + axis]! * mesh.header.quantum;
        }
        corners.normal.set(mesh.normal.subarray(vertex * 3, vertex * 3 + 3), i * 3);
        corners.uv.set(mesh.uv.subarray(vertex * 2, vertex * 2 + 2), i * 2);
        corners.tangent.set(mesh.tangent.subarray(vertex * 4, vertex * 4 + 4), i * 4);
    }
    return corners;
}

function createCorners(count: number): Corners {
    return {
        position: new Float32Array(count * 3),
        normal: new Float32Array(count * 3),
        uv: new Float32Array(count * 2),
        tangent: new Float64Array(count * 4),
    };
}

/** Degrees between tangents and MikkTSpace's for the same positions, normals and uvs. */
function compare({ position, normal, uv, tangent }: Corners, isCounted: (corner: number) => boolean = () => true) {
    const theirs = generateTangents(position, normal, uv);
    const degrees: number[] = [];
    let signsDiffer = 0;
    for (let i = 0; i < position.length / 3; i++) {
        if (isCounted(i)) {
            degrees.push(angleBetween(tangent.subarray(i * 4, i * 4 + 3), theirs.subarray(i * 4, i * 4 + 3)));
            // This build of MikkTSpace counts v downwards, as glTF does: its signs are the opposite of ours.
            signsDiffer += Math.sign(tangent[i * 4 + 3]!) === -Math.sign(theirs[i * 4 + 3]!) ? 0 : 1;
        }
    }
    degrees.sort((a, b) => a - b);
    return {
        corners: degrees.length,
        mean: degrees.reduce((sum, angle) => sum + angle, 0) / Math.max(1, degrees.length),
        median: degrees[degrees.length >> 1] ?? 0,
        highest: degrees.at(-1) ?? 0,
        signsDiffer,
    };
}

type Vector = Float32Array | Float64Array;

function angleBetween(a: Vector, b: Vector): number {
    const [ax, ay, az, bx, by, bz] = [a[0]!, a[1]!, a[2]!, b[0]!, b[1]!, b[2]!];
    const across = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
    return (Math.atan2(across, dot(a, b)) * 180) / Math.PI;
}

function dot(a: Vector, b: Vector): number {
    return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}
