import { blockAround, faceProblems } from "../../../src/cli/planetFlags.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { PlanetRecipe } from "../../../src/recipe/recipe.js";
import { createPlanetTopology } from "../../../src/space/createTopology.js";

const recipe = parseRecipe({ topology: "planet", radius: 6_371_000 }) as PlanetRecipe;
const flat = parseRecipe({});
const planet = createPlanetTopology(recipe);

test.each([
    [0, 0, [1, 0, 0]],
    [90, 0, [0, 1, 0]],
    [-90, 45, [0, -1, 0]],
    [0, 90, [0, 0, 1]],
    [0, 180, [-1, 0, 0]],
    [0, -90, [0, 0, -1]],
])("a block around %d, %d lies around the middle of the face there", (latitude, longitude, direction) => {
    const block = blockAround(recipe, { countX: 16, countZ: 16 }, { latitude, longitude });
    const ref = new Float64Array(3);
    planet.centerToRef(block.face!, 0, block.centerX!, block.centerZ!, ref);
    const along = (ref[0]! * direction[0]! + ref[1]! * direction[1]! + ref[2]! * direction[2]!) / planet.radius;
    expect(Math.acos(Math.min(1, along)) * planet.radius).toBeLessThan(100);
});

test("a block near a face's border is moved onto the face", () => {
    const last = planet.chunksAlong(0) - 1;
    for (const latitude of [44.99, 45.01, -35.26]) {
        const { centerX, centerZ } = blockAround(recipe, { countX: 16, countZ: 7 }, { latitude, longitude: 45 });
        expect(centerX! - 8).toBeGreaterThanOrEqual(0);
        expect(centerX! + 7).toBeLessThanOrEqual(last);
        expect(centerZ! - 3).toBeGreaterThanOrEqual(0);
        expect(centerZ! + 3).toBeLessThanOrEqual(last);
    }
    const root = blockAround(recipe, { countX: 16, countZ: 16, level: 30 }, { latitude: 10, longitude: 10 });
    expect([root.centerX, root.centerZ]).toEqual([0, 0]);
});

test("flags that do not go together are named", () => {
    const fieldsOf = (flags: Parameters<typeof faceProblems>[0], of = recipe as typeof flat) =>
        faceProblems(flags, of).map(({ field, value }) => `${field} ${String(value)}`);
    const around = { latitude: 52.5, longitude: 13.4 };
    expect(fieldsOf({ faces: [1, 2] })).toEqual([]);
    expect(fieldsOf({ around })).toEqual([]);
    expect(fieldsOf({ faces: [1, 2], around })).toEqual(["--faces 1,2"]);
    expect(fieldsOf({ around, center: {} })).toEqual(["--around 52.5,13.4"]);
    expect(fieldsOf({ faces: [0], around }, flat)).toEqual(["--faces 0", "--around 52.5,13.4"]);
    expect(faceProblems({ faces: [0], around }, undefined)).toEqual([]);
});
