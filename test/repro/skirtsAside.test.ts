import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../support/bakedMesh.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Skirts of fused chunks ran against the normal, out of the border's plane where a cave's wall faced it. Between a chunk of level
// 0 and one of level 2, seen aside, one looked past the skirt and under the ground.

type Point = readonly [number, number, number];

const EYE: Point = [10968.8645, 53.79, 28892.3717];
/** Towards the gap between the two lips of a cave mouth. */
const WAY: Point = [0.61941562, -0.50771629, -0.59878917];

let coarse: BakedMesh;
let fine: BakedMesh;

beforeAll(async () => {
    await initHashAsync();
    const recipe = Presets.caves({ seed: 452295719, caves: { radius: 8 } });
    const baker = new ChunkBaker(recipe, await loadKernelsAsync());
    coarse = bakeMesh(baker, flatAddress(2, 43, 112));
    fine = bakeMesh(baker, flatAddress(0, 171, 450));
    expect([coarse.isFused, fine.isFused]).toEqual([true, true]);
});

test("what is seen between two levels is one of them, or a skirt", () => {
    expect(facesMet(fine) + facesMet(coarse)).toBeGreaterThan(0);
});

test("all of a fused chunk's skirts lies in its borders", () => {
    for (const { quanta, side, indices, surfaceIndexCount } of [coarse, fine]) {
        const hanging = indices.subarray(surfaceIndexCount);
        expect(hanging.length).toBeGreaterThan(1000);
        const aside = hanging.filter((vertex) => {
            const [x, z] = [quanta[vertex * 3]!, quanta[vertex * 3 + 2]!];
            return x !== 0 && x !== side && z !== 0 && z !== side;
        });
        expect([...aside]).toEqual([]);
    }
});

/** Counts the triangles that the ray meets from their front. */
function facesMet({ position, indices }: BakedMesh): number {
    let met = 0;
    for (let i = 0; i < indices.length; i += 3) {
        const [a, b, c] = [0, 1, 2].map((corner) => {
            const at = indices[i + corner]! * 3;
            return [0, 1, 2].map((axis) => position[at + axis]! - EYE[axis]!) as unknown as Point;
        }) as [Point, Point, Point];
        // Around the ray all three sides of a front turn one way.
        met += [volume(a, b), volume(b, c), volume(c, a)].every((turn) => turn > 0) ? 1 : 0;
    }
    return met;
}

function volume([ax, ay, az]: Point, [bx, by, bz]: Point): number {
    return WAY[0] * (ay * bz - az * by) + WAY[1] * (az * bx - ax * bz) + WAY[2] * (ax * by - ay * bx);
}
