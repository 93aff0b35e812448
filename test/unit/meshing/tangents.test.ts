import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { bakeMesh, caveRecipe, findChunks } from "../../support/bakedMesh.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { compareWithMikk, packedCorners } from "../../support/mikkTangents.js";

const kernels = await loadKernelsAsync();

let baker: ChunkBaker;

beforeAll(async () => {
    await initHashAsync();
    baker = new ChunkBaker(caveRecipe(), kernels);
});

test("tangents of a height grid are MikkTSpace's, to what int8 can say", () => {
    const { mean, highest, signsDiffer } = compareWithMikk(packedCorners(bakeMesh(baker, flatAddress(0, 15, 0))));
    expect(signsDiffer).toBe(0);
    expect(mean).toBeLessThan(0.4);
    expect(highest).toBeLessThan(1.5);
});

test("tangents of a fused chunk are MikkTSpace's on nearly all corners", () => {
    const { fused } = findChunks(baker, 1, 0, 1);
    const { corners, mean, signsDiffer } = compareWithMikk(packedCorners(bakeMesh(baker, fused[0]!)));
    expect(mean).toBeLessThan(0.4);
    expect(signsDiffer).toBeLessThan(0.005 * corners);
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
