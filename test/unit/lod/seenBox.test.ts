import { SeenBox } from "../../../src/lod/seenBox.js";
import { touchesBox } from "../../support/boxes.js";

const SEED = Number(process.env.TERRANE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
let state = SEED;

function random(least: number, most: number): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return least + (most - least) * (state / 2 ** 32);
}

type Direction = [number, number, number];

/** A picture of so many metres from a viewer at its middle, turned by yaw and then pitched down. */
function pictureOf(width: number, height: number, depth: number, yaw: number, pitch: number) {
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const axes: Direction[] = [
        [cy, 0, -sy],
        [sy * sp, cp, cy * sp],
        [sy * cp, -sp, cy * cp],
    ];
    const halves = [width / 2, height / 2, depth / 2];
    const seen = new SeenBox();
    axes.forEach(([x, y, z], pair) => {
        const half = halves[pair]!;
        seen.setPair(pair, x / half, y / half, z / half, 0);
    });
    seen.setOutlines();
    const placeAt = (shares: Direction): Direction =>
        [0, 1, 2].map((i) =>
            axes.reduce((sum, axis, pair) => sum + axis[i]! * halves[pair]! * shares[pair]!, 0),
        ) as Direction;
    return { seen, placeAt };
}

test(`a box that holds anything of the picture touches it, wherever the viewer has gone (seed ${SEED})`, () => {
    for (let round = 0; round < 3000; round++) {
        const { seen, placeAt } = pictureOf(
            random(1, 500),
            random(1, 500),
            random(1, 5000),
            random(-4, 4),
            round % 7 === 0 ? 0 : random(-1.6, 1.6),
        );
        const gone: Direction = [random(-900, 900), random(-900, 900), random(-900, 900)];
        seen.moveViewer(...gone);
        const [x, y, z] = placeAt([random(-1, 1), random(-1, 1), random(-1, 1)]);
        const [halfSide, halfHeight] = [random(0, 300), random(0, 100)];
        const [dx, dy, dz] = [random(-1, 1) * halfSide, random(-1, 1) * halfHeight, random(-1, 1) * halfSide];
        expect(touchesBox(seen, [x - gone[0] + dx, y - gone[1] + dy, z - gone[2] + dz], halfSide, halfHeight)).toBe(
            true,
        );
    }
});

test("a box beyond the picture's outline on the map does not touch it, also where the picture lies askew", () => {
    for (const yaw of [0, 0.3, Math.PI / 4, 2]) {
        const { seen } = pictureOf(200, 200, 20_000, yaw, Math.PI / 2 - 1e-4);
        const reach = 100 * (Math.abs(Math.cos(yaw)) + Math.abs(Math.sin(yaw)));
        for (const halfSide of [10, 1000]) {
            for (const sign of [-1, 1]) {
                expect(touchesBox(seen, [sign * (reach + 1000 - 1), 0, 0], 1000, 0)).toBe(true);
                expect(touchesBox(seen, [sign * (reach + halfSide + 2), 0, 0], halfSide, 0)).toBe(false);
                expect(touchesBox(seen, [0, 0, sign * (reach + halfSide + 2)], halfSide, 0)).toBe(false);
            }
        }
    }
});

test("the middle is where the picture shows a plane; there is none in a side view, nor beyond near and far", () => {
    const ref = { x: 0, y: 0, z: 0 };
    const { seen } = pictureOf(200, 100, 4000, 0.5, 0.7);
    expect(seen.findMiddle(-800, ref)).toBe(true);
    const ahead = 800 / Math.tan(0.7);
    expect(ref.x).toBeCloseTo(Math.sin(0.5) * ahead, 6);
    expect(ref.z).toBeCloseTo(Math.cos(0.5) * ahead, 6);
    expect(ref.y).toBe(-800);
    expect(seen.findMiddle(-1300, ref)).toBe(false);
    expect(pictureOf(200, 100, 4000, 0.5, 0.03).seen.findMiddle(-10, ref)).toBe(false);
});

test("what is not set shuts nothing out, and what is not finite is told", () => {
    const seen = new SeenBox();
    seen.setPair(0, 0.01, 0, 0, 0);
    seen.setPair(1, 0, 0, 0.01, 0);
    seen.setOutlines();
    expect(touchesBox(seen, [99, 1e9, -99])).toBe(true);
    expect(touchesBox(seen, [101, 0, 0])).toBe(false);
    expect(seen.isFinite()).toBe(true);
    seen.setPair(2, Number.NaN, 0, 0, 0);
    expect(seen.isFinite()).toBe(false);
});
