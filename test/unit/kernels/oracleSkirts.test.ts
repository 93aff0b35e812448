import { initHashAsync } from "../../../src/base/hash.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { addSkirts, type RockTest } from "../../oracle/skirts.js";
import { createSurfaceMesh, pushTriangle, reserveVertices, type SurfaceMesh } from "../../oracle/surfaceMesh.js";
import { bakeMesh } from "../../support/bakedMesh.js";

const SIDE = 64;
const DEPTH = 8;

/** Two triangles of level ground that fill the chunk. */
function square(): SurfaceMesh {
    const mesh = createSurfaceMesh();
    reserveVertices(mesh, 4);
    mesh.vertexCount = 4;
    mesh.position.set([0, 100, 0, SIDE, 100, 0, SIDE, 100, SIDE, 0, 100, SIDE]);
    for (let vertex = 0; vertex < 4; vertex++) {
        mesh.normal[vertex * 3 + 1] = 1;
    }
    pushTriangle(mesh, 0, 1, 2);
    pushTriangle(mesh, 0, 2, 3);
    return mesh;
}

/** Rock between two depths below the square. */
function rockAt(isDeepInRock: (depth: number) => boolean, isNearestRock: (depth: number) => boolean): RockTest {
    return {
        isDeepInRock: ([, y]) => isDeepInRock(100 - y),
        isNearestRock: ([, y]) => isNearestRock(100 - y),
    };
}

test("every border edge has a skirt, edges inside have none", () => {
    const mesh = square();
    addSkirts(
        mesh,
        SIDE,
        DEPTH,
        rockAt(
            () => true,
            () => true,
        ),
    );
    expect(mesh.vertexCount).toBe(8);
    expect(mesh.indexCount).toBe(6 + 4 * 6);
    for (let vertex = 4; vertex < 8; vertex++) {
        expect(mesh.position[vertex * 3 + 1]).toBe(100 - DEPTH);
    }
});

test.each([
    ["all is rock", () => true, () => true, 8],
    ["rock is half as deep", (depth: number) => depth <= 4, () => true, 4],
    ["rock is a quarter as deep", (depth: number) => depth <= 3, () => true, 2],
    ["only the nearest sample is rock", () => false, () => true, 1],
    ["the nearest sample is rock where the skirt would be deeper", () => false, (depth: number) => depth > 1, 0],
    ["there is none", () => false, () => false, 0],
    ["rock begins further down", (depth: number) => depth > 5, () => false, 8],
] as const)("a skirt reaches the deepest share that lies wholly in rock: %s", (_, deep, nearest, expected) => {
    const mesh = square();
    addSkirts(mesh, SIDE, DEPTH, rockAt(deep, nearest));
    for (let vertex = 4; vertex < 8; vertex++) {
        // 0.8 quanta are rounded to one.
        expect(100 - mesh.position[vertex * 3 + 1]!).toBe(expected);
    }
});

test("skirts of a world reach no further than their depth; few stay where they begin", async () => {
    await initHashAsync();
    // The depth of a skirt is two samples here. Where it is one, there are seldom eight samples of rock around its end.
    const baker = new OracleBaker(Presets.caves({ seed: 7, terrain: { resolution: 64 } }));
    let [skirts, short] = [0, 0];
    for (const x of [-20, -9, -5]) {
        const mesh = bakeMesh(baker, flatAddress(0, x, 0));
        const { quanta, indices } = mesh;
        const deepest = 64 / mesh.header.quantum / 32;
        // A skirt's triangles are b a c and b c d: c lies below a, d below b.
        for (let i = mesh.surfaceIndexCount; i < indices.length; i += 6) {
            for (const [above, below] of [
                [indices[i + 1]!, indices[i + 2]!],
                [indices[i]!, indices[i + 5]!],
            ] as const) {
                const reach = Math.hypot(
                    ...[0, 1, 2].map((axis) => quanta[above * 3 + axis]! - quanta[below * 3 + axis]!),
                );
                expect(reach).toBeLessThanOrEqual(deepest + 1);
                skirts++;
                short += reach === 0 ? 1 : 0;
            }
        }
    }
    expect(skirts).toBeGreaterThan(1000);
    expect(short / skirts).toBeLessThan(0.03);
});
