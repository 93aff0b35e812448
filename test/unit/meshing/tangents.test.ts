import { generateTangents } from "mikktspace";
import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { bakeMesh, caveRecipe, findChunks, type BakedMesh } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

let baker: ChunkBaker;

beforeAll(async () => {
    await initHashAsync();
    baker = new ChunkBaker(caveRecipe(), kernels);
});

test("tangents of a height grid are MikkTSpace's, to what int8 can say", () => {
    const { mean, worst, signsDiffer } = compareWithMikk(bakeMesh(baker, flatAddress(0, 15, 0)));
    expect(signsDiffer).toBe(0);
    expect(mean).toBeLessThan(0.6);
    expect(worst).toBeLessThan(1.5);
});

test("tangents of a fused chunk are MikkTSpace's on nearly all corners", () => {
    const { fused } = findChunks(baker, 1, 0, 1);
    const { mean, signsDiffer } = compareWithMikk(bakeMesh(baker, fused[0]!));
    // MikkTSpace averages over the triangles of a vertex; ours come from the field's own normal.
    expect(mean).toBeLessThan(6);
    expect(signsDiffer).toBeLessThan(0.05);
});

test("every normal and tangent has length 1, and they stand upright on each other", () => {
    const mesh = bakeMesh(baker, flatAddress(0, 1, 0));
    for (let vertex = 0; vertex < mesh.header.vertexCount; vertex++) {
        const [nx, ny, nz] = mesh.normal.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        const [tx, ty, tz, w] = mesh.tangent.subarray(vertex * 4, vertex * 4 + 4) as unknown as [
            number,
            number,
            number,
            number,
        ];
        const isGood =
            Math.abs(Math.hypot(nx, ny, nz) - 1) < 0.012 &&
            Math.abs(Math.hypot(tx, ty, tz) - 1) < 0.012 &&
            Math.abs(nx * tx + ny * ty + nz * tz) < 0.015 &&
            Math.abs(w) === 1;
        if (!isGood) {
            throw new Error(`vertex ${vertex}: normal ${nx} ${ny} ${nz}, tangent ${tx} ${ty} ${tz} ${w}`);
        }
    }
});

/** Degrees between each corner's tangent and MikkTSpace's for the same positions, normals and uvs. */
function compareWithMikk(mesh: BakedMesh): { mean: number; worst: number; signsDiffer: number } {
    const corners = mesh.surfaceIndexCount;
    const position = new Float32Array(corners * 3);
    const normal = new Float32Array(corners * 3);
    const uv = new Float32Array(corners * 2);
    for (let i = 0; i < corners; i++) {
        const vertex = mesh.indices[i]!;
        for (let axis = 0; axis < 3; axis++) {
            position[i * 3 + axis] = mesh.quanta[vertex * 3 + axis]! * mesh.header.quantum;
            normal[i * 3 + axis] = mesh.normal[vertex * 3 + axis]!;
        }
        uv.set(mesh.uv.subarray(vertex * 2, vertex * 2 + 2), i * 2);
    }
    const theirs = generateTangents(position, normal, uv);
    let sum = 0;
    let worst = 0;
    let signsDiffer = 0;
    let counted = 0;
    for (let i = 0; i < corners; i++) {
        const vertex = mesh.indices[i]!;
        const [tx, ty, tz, w] = mesh.tangent.subarray(vertex * 4, vertex * 4 + 4) as unknown as [
            number,
            number,
            number,
            number,
        ];
        const dot = tx * theirs[i * 4]! + ty * theirs[i * 4 + 1]! + tz * theirs[i * 4 + 2]!;
        const lengths = Math.hypot(tx, ty, tz) * Math.hypot(theirs[i * 4]!, theirs[i * 4 + 1]!, theirs[i * 4 + 2]!);
        if (lengths < 0.5) {
            continue;
        }
        const degrees = (Math.acos(Math.min(1, dot / lengths)) * 180) / Math.PI;
        counted++;
        sum += degrees;
        worst = Math.max(worst, degrees);
        // This build of MikkTSpace counts v downwards, as glTF does: its signs are the opposite of ours.
        signsDiffer += Math.sign(w) === -Math.sign(theirs[i * 4 + 3]!) ? 0 : 1 / corners;
    }
    return { mean: sum / counted, worst, signsDiffer };
}
