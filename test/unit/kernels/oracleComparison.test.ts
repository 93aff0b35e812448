import { initHashAsync } from "../../../src/base/hash.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { bakeMesh, caveRecipe, type BakedMesh } from "../../support/bakedMesh.js";
import { compareMeshes, type Spread } from "../../support/compareMeshes.js";

const baker = new OracleBaker(caveRecipe());
const NONE: Spread = { mean: 0, p99: 0, max: 0 };

let fused: BakedMesh;
let plain: BakedMesh;

beforeAll(async () => {
    await initHashAsync();
    fused = bakeMesh(baker, flatAddress(0, -5, 0));
    plain = bakeMesh(baker, flatAddress(0, 14, 0));
});

/** Returns a mesh with its vertices in another order. */
function shuffled(mesh: BakedMesh): BakedMesh {
    const count = mesh.header.vertexCount;
    // 7919 is prime, and no mesh here has a multiple of it.
    const to = (vertex: number) => (vertex * 7919 + 13) % count;
    const moved = copyOf(mesh);
    for (let vertex = 0; vertex < count; vertex++) {
        for (const name of ["quanta", "position", "normal", "tangent", "uv", "weights"] as const) {
            const size = mesh[name].length / count;
            moved[name].set(mesh[name].subarray(vertex * size, (vertex + 1) * size), to(vertex) * size);
        }
    }
    moved.indices = mesh.indices.map(to);
    return moved;
}

function copyOf(mesh: BakedMesh): BakedMesh {
    const { quanta, position, normal, tangent, uv, weights } = mesh;
    return {
        ...mesh,
        quanta: quanta.slice(),
        position: position.slice(),
        normal: normal.slice(),
        tangent: tangent.slice(),
        uv: uv.slice(),
        weights: weights.slice(),
    };
}

test.each(["all", "surface"] as const)("a mesh equals itself, in whatever order its vertices are: %s", (part) => {
    for (const mesh of [fused, plain]) {
        const comparison = compareMeshes(mesh, shuffled(mesh), part);
        expect(comparison).toMatchObject({ isSameKind: true, triangleShare: 0, unmatched: [0, 0] });
        for (const spread of ["position", "tangent", "weights", "uv"] as const) {
            expect(comparison[spread]).toEqual(NONE);
        }
        expect(comparison.normal.max).toBeLessThan(1e-5);
        expect(comparison.vertices[0]).toBe(comparison.vertices[1]);
    }
    const [all, surface] = [compareMeshes(fused, fused), compareMeshes(fused, fused, "surface")];
    expect(all.vertices[0]).toBeGreaterThan(surface.vertices[0]);
    expect(all.triangles[0]).toBeGreaterThan(all.surfaceTriangles[0]);
});

test("a vertex moved by a quantum is found, and how far", () => {
    const moved = copyOf(fused);
    const count = moved.header.vertexCount;
    moved.quanta = moved.quanta.map((value, i) => (i % 3 === 1 ? value + 1 : value));
    const { position, unmatched } = compareMeshes(fused, moved);
    expect(unmatched).toEqual([0, 0]);
    expect(position.max).toBe(1);
    // Few have another of their own kind as near.
    expect(position.mean).toBeGreaterThan(0.95);
    expect(count).toBeGreaterThan(2000);
});

test("vertices moved further than two quanta, or missing, are counted on either side", () => {
    const moved = copyOf(plain);
    const count = moved.header.vertexCount;
    for (let vertex = 0; vertex < count / 4; vertex++) {
        moved.quanta[vertex * 3] = moved.quanta[vertex * 3]! + 3;
    }
    const { unmatched, position } = compareMeshes(plain, moved);
    expect(unmatched[0]).toBeGreaterThan(0.2);
    expect(unmatched[0]).toBeLessThan(0.26);
    expect(unmatched[1]).toBeCloseTo(unmatched[0], 2);
    expect(position.max).toBe(0);

    const shorter: BakedMesh = { ...plain, indices: plain.indices.subarray(0, 600) };
    expect(compareMeshes(plain, shorter).unmatched[0]).toBeGreaterThan(0);
    expect(compareMeshes(plain, shorter).unmatched[1]).toBe(0);
});

test("turned normals and tangents, other weights and other uvs show", () => {
    const turned = copyOf(plain);
    const [cos, sin] = [Math.cos(Math.PI / 18), Math.sin(Math.PI / 18)];
    for (const [name, size] of [
        ["normal", 3],
        ["tangent", 4],
    ] as const) {
        for (let at = 0; at < turned[name].length; at += size) {
            const [x, y] = [turned[name][at]!, turned[name][at + 1]!];
            turned[name][at] = cos * x - sin * y;
            turned[name][at + 1] = sin * x + cos * y;
        }
    }
    turned.weights[5] = turned.weights[5]! + 0.25;
    turned.uv = turned.uv.map((value) => value + 2e-5);
    const { normal, tangent, weights, uv, unmatched } = compareMeshes(plain, turned);
    expect(unmatched).toEqual([0, 0]);
    // Turned about z, a vector that leans along z turns by a little less.
    expect(normal.max).toBeLessThan(10.001);
    expect(normal.mean).toBeGreaterThan(8);
    expect(tangent.mean).toBeCloseTo(10, 1);
    expect(weights.max).toBeCloseTo(0.25, 12);
    expect(weights.mean).toBeLessThan(0.001);
    expect(uv.p99).toBeCloseTo(2e-5, 12);
});

test("a tangent's other handedness shows; tangents count only where the triangles around are the same", () => {
    const turned = copyOf(plain);
    turned.tangent[3] = -turned.tangent[3]!;
    const { tangent, loose } = compareMeshes(plain, turned, "surface");
    expect(tangent.max).toBe(180);
    expect(loose).toBe(0);

    const moved = copyOf(plain);
    const middle = 16 * 33 + 20;
    moved.quanta[middle * 3 + 1] = moved.quanta[middle * 3 + 1]! + 1;
    moved.tangent.fill(0.5, middle * 4, middle * 4 + 3);
    const beside = compareMeshes(plain, moved, "surface");
    // It has its own triangles still, unlike its six neighbours.
    expect(beside.tangent.max).toBeGreaterThan(1);
    expect(beside.loose).toBeCloseTo(6 / 33 ** 2, 12);
});

test("vertices held at the limit of int16 are left out", () => {
    const held = copyOf(plain);
    held.quanta[1] = 32_767;
    const { unmatched, position } = compareMeshes(held, plain, "surface");
    expect(unmatched).toEqual([0, 1 / compareMeshes(plain, plain, "surface").vertices[1]]);
    expect(position.max).toBe(0);
});

test("meshes that differ in their middle height alone are the same", () => {
    const lifted = copyOf(fused);
    const { header } = lifted;
    lifted.header = { ...header, origin: { ...header.origin, y: header.origin.y + 5 * header.quantum } };
    lifted.quanta = lifted.quanta.map((value, i) => (i % 3 === 1 ? value - 5 : value));
    expect(compareMeshes(fused, lifted)).toMatchObject({ unmatched: [0, 0], position: NONE });
});

test("fewer triangles, another kind and another chunk show", () => {
    const { header } = fused;
    const less = { ...header, surfaceTriangleCount: Math.round(header.surfaceTriangleCount * 0.9) };
    const comparison = compareMeshes(fused, { ...fused, isFused: false, header: less });
    expect(comparison.triangleShare).toBeCloseTo(0.1, 3);
    expect(comparison.isSameKind).toBe(false);
    expect(() => compareMeshes(fused, plain)).toThrow("different chunks");
});
