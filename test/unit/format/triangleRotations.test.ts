import fc from "fast-check";
import { packRotations, rotateTriangles } from "../../../src/format/triangleRotations.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

test(`turned triangles are turned back, those with equal corners too (seed ${seed})`, () => {
    const triangle = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(2));
    fc.assert(
        fc.property(fc.array(triangle, { maxLength: 40 }), fc.boolean(), (triangles, isWide) => {
            const Indices = isWide ? Uint32Array : Uint16Array;
            const own = Indices.from(triangles.flatMap(([a, b, c]) => [a, b, c]));
            const turned = Indices.from(
                triangles.flatMap(([a, b, c, by]) => (by === 0 ? [a, b, c] : by === 1 ? [c, a, b] : [b, c, a])),
            );
            const rotations = packRotations(own, turned);
            expect(rotations.length).toBe(Math.ceil(triangles.length / 4));
            rotateTriangles(turned, rotations);
            expect(turned).toEqual(own);
        }),
        { seed },
    );
});

test("other triangles cannot be packed", () => {
    expect(() => packRotations(Uint16Array.of(0, 1, 2), Uint16Array.of(0, 2, 1))).toThrow(/Triangle 0 is another/);
});
