import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { flatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { bakeMesh, caveRecipe, findChunks, type BakedMesh } from "../../support/bakedMesh.js";
import { borderLineOf, compareBorders } from "../../support/borderLines.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { isOnBorder, surfaceEdges } from "../../support/meshEdges.js";

const kernels = await loadKernelsAsync();

/** A row of chunks that runs into cave country and out of it. */
const FIRST_X = 1;
const ROW_Z = 0;
/** `terrain.resolution` of `caveRecipe`. */
const RESOLUTION = 32;

describe.each([
    { of: "the kernels", createBaker: () => new ChunkBaker(caveRecipe(), kernels) },
    { of: "the oracle", createBaker: () => new OracleBaker(caveRecipe()) },
])("fused meshes of $of", ({ createBaker }) => {
    const baker = createBaker();
    let fused: ChunkAddress[];
    let plain: ChunkAddress[];

    beforeAll(async () => {
        await initHashAsync();
        ({ fused, plain } = findChunks(baker, FIRST_X, ROW_Z, 24));
    });

    test("the world has chunks of both kinds", () => {
        expect(fused.length).toBeGreaterThan(8);
        expect(plain.length).toBeGreaterThan(8);
    });

    test("the surface is closed but for the chunk's border", () => {
        for (const address of fused.slice(0, 12)) {
            const mesh = bakeMesh(baker, address);
            const open = surfaceEdges(mesh, "place").filter((edge) => edge.along !== edge.against);
            expect(open.length).toBeGreaterThan(0);
            expect(open.filter((edge) => !isOnBorder(mesh, edge))).toEqual([]);
        }
    });

    test("triangles face the way their normals point", () => {
        for (const address of [...fused.slice(0, 8), ...plain.slice(0, 4)]) {
            const mesh = bakeMesh(baker, address);
            let against = 0;
            let triangles = 0;
            for (let i = 0; i < mesh.surfaceIndexCount; i += 3) {
                const facing = triangleFacing(mesh, i);
                // At a mouth's lip ground and ceiling share vertices: their normal is neither's.
                if (facing !== 0 && !isLip(mesh, i)) {
                    triangles++;
                    against += facing < 0 ? 1 : 0;
                }
            }
            // Where a gap is thinner than two samples, differences over two samples see its other side.
            expect(against / triangles).toBeLessThan(0.03);
        }
    });

    test("two fused neighbours share their border line, vertex by vertex", () => {
        let pairs = 0;
        for (const address of fused) {
            if (fused.some(({ x }) => x === address.x + 1)) {
                const mine = bakeMesh(baker, address);
                // Where open ground lies in it, and where caves take it all away: their cells are two samples wide.
                expect(borderLineOf(mine, 0, true).edges.size).toBeGreaterThan(RESOLUTION / 2);
                expect(compareBorders(mine, bakeMesh(baker, flatAddress(0, address.x + 1, address.z)), 0)).toBe("");
                pairs++;
            }
        }
        expect(pairs).toBeGreaterThan(4);
    });

    test("a fused chunk meets a height grid along the same line, to a quantum", () => {
        let pairs = 0;
        for (const address of fused) {
            for (const step of [-1, 1]) {
                if (plain.some(({ x }) => x === address.x + step)) {
                    const mesh = bakeMesh(baker, address);
                    const grid = bakeMesh(baker, flatAddress(0, address.x + step, address.z));
                    expect(step > 0 ? compareBorders(mesh, grid, 0) : compareBorders(grid, mesh, 0)).toBe("");
                    pairs++;
                }
            }
        }
        expect(pairs).toBeGreaterThan(0);
    });

    test("vertices on the samples of open ground lie exactly on the heights of the grid", () => {
        const address = fused[0]!;
        const mesh = bakeMesh(baker, address);
        const beside = bakeMesh(baker, flatAddress(0, address.x - 1, address.z));
        const shared = pointsOnBorder(beside, "high");
        const own = new Set(pointsOnBorder(mesh, "low").map(String));
        expect(shared.filter((point) => own.has(String(point))).length).toBeGreaterThan(24);
    });

    test("away from mouths the ground has two triangles a cell, as height grids have them", () => {
        let [whole, cells, fans] = [0, 0, 0];
        for (const address of fused) {
            const mesh = bakeMesh(baker, address);
            const step = caveSide(mesh) / RESOLUTION;
            const keyOf = (corners: readonly (readonly number[])[]) => corners.map(String).sort().join(" ");
            const triangles = new Set<string>();
            const places = new Set<string>();
            for (let i = 0; i < mesh.surfaceIndexCount; i += 3) {
                const corners = [0, 1, 2].map((corner) => {
                    const at = mesh.indices[i + corner]! * 3;
                    return [mesh.quanta[at]! / step, mesh.quanta[at + 2]! / step];
                });
                triangles.add(keyOf(corners));
                corners.forEach((corner) => places.add(String(corner)));
            }
            for (let z = 0; z < RESOLUTION; z++) {
                for (let x = 0; x < RESOLUTION; x++) {
                    const [a, b, c, d] = [
                        [x, z],
                        [x + 1, z],
                        [x + 1, z + 1],
                        [x, z + 1],
                    ] as const;
                    whole += triangles.has(keyOf([a, b, c])) && triangles.has(keyOf([a, c, d])) ? 1 : 0;
                    cells++;
                }
            }
            // Fans' middles show that some cells beside those that are cut are there, too.
            fans += [...places].filter((place) => place.split(",").every((at) => Number(at) % 1 === 0.5)).length;
        }
        expect(whole / cells).toBeGreaterThan(0.5);
        expect(fans).toBeGreaterThan(20);
    });

    test("skirts stay near the chunk and none of their vertices leaves the bounds", () => {
        for (const address of [...fused.slice(0, 6), ...plain.slice(0, 6)]) {
            const mesh = bakeMesh(baker, address);
            const side = caveSide(mesh);
            const range = [0, 1, 2].map((axis) => axisRange(mesh, axis));
            const [x, y, z] = range as [AxisRange, AxisRange, AxisRange];
            expect(mesh.header.minimum).toEqual({ x: x.low, y: y.low, z: z.low });
            expect(mesh.header.maximum).toEqual({ x: x.high, y: y.high, z: z.high });
            for (const { low, high } of [range[0]!, range[2]!]) {
                expect(low).toBeGreaterThanOrEqual(-side / 16);
                expect(high).toBeLessThanOrEqual(side + side / 16);
            }
        }
    });
});

function caveSide({ header }: BakedMesh): number {
    return 64 / header.quantum;
}

/** Above 0 where the triangle's own normal, by the winding that Babylon's left-handed default shows, agrees with its vertices'. */
function triangleFacing(mesh: BakedMesh, i: number): number {
    const [a, b, c] = [mesh.indices[i]! * 3, mesh.indices[i + 1]! * 3, mesh.indices[i + 2]! * 3] as const;
    const p = mesh.position;
    const u = [0, 1, 2].map((axis) => p[b + axis]! - p[a + axis]!);
    const v = [0, 1, 2].map((axis) => p[c + axis]! - p[a + axis]!);
    const normal = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
    return -[0, 1, 2].reduce(
        (sum, axis) => sum + normal[axis]! * (mesh.normal[a + axis]! + mesh.normal[b + axis]! + mesh.normal[c + axis]!),
        0,
    );
}

/** y and z, in metres, of the surface's vertices in the border plane of low or high x. */
function pointsOnBorder(mesh: BakedMesh, end: "low" | "high"): [number, number][] {
    const plane = end === "low" ? 0 : caveSide(mesh);
    const points: [number, number][] = [];
    const surface = new Set(mesh.indices.subarray(0, mesh.surfaceIndexCount));
    for (const vertex of surface) {
        if (mesh.quanta[vertex * 3] === plane) {
            points.push([mesh.position[vertex * 3 + 1]!, mesh.position[vertex * 3 + 2]!]);
        }
    }
    return points;
}

interface AxisRange {
    low: number;
    high: number;
}

function axisRange({ quanta }: BakedMesh, axis: number): AxisRange {
    let low = Infinity;
    let high = -Infinity;
    for (let at = axis; at < quanta.length; at += 3) {
        low = Math.min(low, quanta[at]!);
        high = Math.max(high, quanta[at]!);
    }
    return { low, high };
}

function isLip(mesh: BakedMesh, i: number): boolean {
    const caves = [0, 1, 2].map((corner) => mesh.weights[mesh.indices[i + corner]! * 4 + 2]!);
    return Math.min(...caves) < 1 && Math.max(...caves) > 0;
}
