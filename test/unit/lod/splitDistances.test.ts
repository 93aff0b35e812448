import { fillSplitDistances } from "../../../src/lod/splitDistances.js";
import { MAX_LEVEL } from "../../../src/space/chunkAddress.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";

const RESOLUTION = 32;

const distances = (spacing: number, fov: number, height: number, error: number) => {
    const ref = new Float64Array(MAX_LEVEL + 1);
    fillSplitDistances(new FlatTopology(spacing * RESOLUTION).sides, RESOLUTION, fov, height, error, ref);
    return ref;
};

test("each level splits at twice the distance of the finer one, the finest never", () => {
    const ref = distances(1, 0.8, 720, 3);
    expect(ref[0]).toBe(0);
    for (let level = 2; level <= MAX_LEVEL; level++) {
        expect(ref[level]).toBe(ref[level - 1]! * 2);
    }
});

test("at its split distance a level's error is as many pixels as are allowed", () => {
    const [fov, height, error, spacing] = [0.9, 1080, 2.5, 0.5];
    const at = distances(spacing, fov, height, error)[3]!;
    const metresPerPixel = (2 * at * Math.tan(fov / 2)) / height;
    expect((0.3 * spacing * 8) / metresPerPixel).toBeCloseTo(error, 10);
});

test("a finer picture, a narrower view and a smaller error split farther away", () => {
    const base = distances(1, 0.8, 720, 3)[5]!;
    expect(distances(1, 0.8, 1440, 3)[5]!).toBeCloseTo(base * 2, 6);
    expect(distances(1, 0.4, 720, 3)[5]!).toBeGreaterThan(base * 2);
    expect(distances(1, 0.8, 720, 1.5)[5]!).toBeCloseTo(base * 2, 6);
});
