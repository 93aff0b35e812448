import assert from "node:assert/strict";

import { GridWalk, type PlaneRay } from "../../../src/generators/gridWalk.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const MANY = 2 ** 40;

function rayOf(random: Random): PlaneRay {
    // Whole numbers and shares of them: on borders and through corners.
    const at = () => random.pick([random.between(0, 64), random.whole(0, 64), random.whole(0, 128) / 2]);
    const along = () => random.pick([random.between(-1, 1), random.whole(-1, 1), random.whole(-4, 4) / 4, 0, 5e-324]);
    return { x: at(), z: at(), dx: along(), dz: along() };
}

test(`the squares follow each other, hold their stretch of the ray, and leave nothing out (seed ${seed})`, () => {
    const random = new Random(seed);
    const walk = new GridWalk();
    let squares = 0;
    for (let i = 0; i < 5000; i++) {
        const ray = rayOf(random);
        const size = random.power(1, 16);
        const [from, end] = [random.between(0, 10), random.between(10, 200)];
        walk.begin(ray, size, -MANY, -MANY, 2 * MANY, from, end);
        let before = from;
        let isNext: boolean;
        do {
            squares++;
            assert(walk.from === before && walk.to >= before, "a stretch begins where the last one ended");
            for (const t of [walk.from, (walk.from + walk.to) / 2, walk.to]) {
                const [x, z] = [(ray.x + ray.dx * t) / size - walk.x, (ray.z + ray.dz * t) / size - walk.z];
                assert(Math.min(x, z) > -1e-9 && Math.max(x, z) < 1 + 1e-9, "the stretch lies on the square");
            }
            const [x, z] = [walk.x, walk.z];
            before = walk.to;
            isNext = walk.advance();
            assert(Math.abs(walk.x - x) + Math.abs(walk.z - z) === (isNext ? 1 : 0), "squares are neighbours");
        } while (isNext);
        assert(walk.to === end, "it ends where it should");
    }
    expect(squares).toBeGreaterThan(50_000);
});

test(`walks of small squares within large ones join without a gap (seed ${seed})`, () => {
    const random = new Random(seed);
    const [outer, inner] = [new GridWalk(), new GridWalk()];
    let large = 0;
    for (let i = 0; i < 5000; i++) {
        const ray = rayOf(random);
        let before = 0;
        outer.begin(ray, 16, -MANY, -MANY, 2 * MANY, 0, 150);
        do {
            large++;
            inner.begin(ray, 1, outer.x * 16, outer.z * 16, 16, outer.from, outer.to);
            do {
                assert(inner.from === before, "a stretch begins where the last one ended");
                const isWithin = Math.floor(inner.x / 16) === outer.x && Math.floor(inner.z / 16) === outer.z;
                assert(isWithin, "the small square lies in the large one");
                before = inner.to;
            } while (inner.advance());
            assert(before === outer.to, "the small squares reach as far as the large one");
        } while (outer.advance());
        assert(before === 150, "it ends where it should");
    }
    expect(large).toBeGreaterThan(10_000);
});
