import { initHashAsync } from "../../../src/base/hash.js";
import { quantumAt } from "../../../src/recipe/lattice.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { Recipe, RecipeInput } from "../../../src/recipe/recipe.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { CAVE_COUNTRY_EDGE, CaveField, MOUTH_METRES, shapeCave } from "../../oracle/caveField.js";
import { createCaveVolume, fillCaveVolume, touchesCaveCountry, type CaveVolume } from "../../oracle/caveVolume.js";
import { createHeightGrid, GRID_MARGIN, gridCount, HeightField, type HeightGrid } from "../../oracle/heightField.js";
import { OracleBaker } from "../../oracle/oracleBaker.js";
import { bakeMesh, caveRecipe } from "../../support/bakedMesh.js";

const RESOLUTION = 32;
const COUNT = gridCount(RESOLUTION);

interface Fields {
    grid: HeightGrid;
    volume: CaveVolume;
}

/** Heights and caves of a chunk. */
function fieldsOf(recipe: Recipe, level: number, x: number, z: number): Fields {
    const heights = new HeightField(recipe);
    const grid = createHeightGrid();
    const volume = createCaveVolume();
    const firstX = x * RESOLUTION - GRID_MARGIN;
    const firstZ = z * RESOLUTION - GRID_MARGIN;
    heights.fillGrid(level, firstX, firstZ, COUNT, COUNT, grid);
    const spacing = heights.lattice.spacing * 2 ** level;
    fillCaveVolume(new CaveField(recipe), level, firstX, firstZ, spacing, grid, volume);
    return { grid, volume };
}

interface Sample {
    i: number;
    j: number;
    row: number;
    y: number;
    depth: number;
    cave: number;
    country: number;
    mouth: number;
    isInCave: boolean;
}

/** All samples but those of the outermost columns. */
function* samplesOf({ grid, volume }: Fields): Generator<Sample> {
    for (let j = 1; j < COUNT - 1; j++) {
        for (let i = 1; i < COUNT - 1; i++) {
            const column = j * COUNT + i;
            const country = grid.macro[column * MACRO_CHANNELS + MacroChannel.caves]!;
            const mouth = grid.macro[column * MACRO_CHANNELS + MacroChannel.mouths]!;
            for (let row = 0; row < volume.rows; row++) {
                const y = (volume.firstRow + row) * volume.spacing;
                const depth = grid.height[column]! - y;
                const cave = volume.distance[column * volume.rows + row]!;
                yield { i, j, row, y, depth, cave, country, mouth, isInCave: depth > 0 && cave <= 0 };
            }
        }
    }
}

function variant(caves: RecipeInput["caves"], water: RecipeInput["water"] = {}): Recipe {
    return Presets.caves({ seed: 7, terrain: { resolution: RESOLUTION }, caves: { latticeStep: 4, ...caves }, water });
}

beforeAll(initHashAsync);

describe("the shape of a column", () => {
    const field = new CaveField(variant({ radius: 8, maxDepth: 40 }, { enabled: false }));
    const column = (country: number, mouth: number, steepest = 2) => field.columnAt(0, country, mouth, steepest);

    test("tunnels have their full radius from a quarter on, taper off below, and end at the edge", () => {
        expect(column(1, 0).radius).toBe(8);
        expect(column(0.25, 0).radius).toBe(8);
        expect(column(0.125, 0).radius).toBe(4);
        expect(column(0, 0).radius).toBe(0);
        expect(column(-0.1, 0).radius).toBeCloseTo(-3.2, 12);
        expect(column(CAVE_COUNTRY_EDGE, 0).radius).toBe(-20_000);
    });

    test("caves are closed below their depth, whatever the noise says", () => {
        expect(shapeCave(column(1, 1), -100, 40, 0)).toBe(0);
        expect(shapeCave(column(1, 1), -100, 41, 0)).toBe(1);
        expect(shapeCave(column(1, 1), -100, 30, 0)).toBe(-10);
    });

    test("a roof is full where mouths are below a half, and away where they are above", () => {
        const closed = column(1, 0);
        expect(closed.roof).toBeCloseTo(2.1 * 2 + 1.6 * 2, 1);
        expect(shapeCave(closed, -100, closed.roof - 0.25, 0)).toBeCloseTo(0.25, 12);
        expect(shapeCave(closed, -100, closed.roof + 1, 0)).toBe(-1);
        for (const mouth of [0.5, 0.7, 1]) {
            expect(shapeCave(column(1, mouth), -100, 0.5, 0)).toBeLessThanOrEqual(0);
        }
        // Near a half the wall between is as far as the mouths' field says.
        expect(shapeCave(column(1, 0.49, 8), -100, 10, 0)).toBeCloseTo(0.01 * MOUTH_METRES, 12);
        expect(shapeCave(column(1, 0.51, 8), -100, 10, 0)).toBeCloseTo(-0.01 * MOUTH_METRES, 12);
    });

    test("the edge between a wall and the ground is rounded over a sample and a half", () => {
        const open = column(1, 1);
        const [radius, width] = [8, 3];
        const densityAt = (distance: number, depth: number): number =>
            Math.max(-depth, -shapeCave(open, radius + distance, depth, 0));
        // As far from both: a quarter of the width is cut off.
        expect(densityAt(0.5, 0.5)).toBeCloseTo(-0.5 + width / 4, 12);
        expect(densityAt(1, 2.5)).toBeCloseTo(-1 + (width / 4) * 0.5 ** 2, 12);
        expect(densityAt(2.5, 1)).toBeCloseTo(-1 + (width / 4) * 0.5 ** 2, 12);
        for (const apart of [width, width + 1, 30]) {
            expect(densityAt(0, apart)).toBe(-0);
            expect(densityAt(apart, 0)).toBe(-0);
        }
        // Far from lips it is the distance itself, and it never falls where the cave's grows.
        for (let distance = -3, last = -Infinity; distance < 12; distance += 0.01) {
            const shaped = shapeCave(open, radius + distance, 2, 0);
            expect(shaped).toBeGreaterThanOrEqual(last - 1e-12);
            last = shaped;
        }
        expect(shapeCave(open, radius + 9, 2, 0)).toBeCloseTo(9, 12);
    });

    test("a floor is a dish: it rises towards the walls", () => {
        const floorAt = (bare: number): number => {
            const closed = column(1, 1);
            let depth = 41;
            while (shapeCave(closed, bare, depth, 0) > 0) {
                depth -= 0.01;
            }
            return depth;
        };
        expect(floorAt(0)).toBeCloseTo(40, 1);
        expect(floorAt(4)).toBeCloseTo(38.8, 1);
        expect(floorAt(-2)).toBeCloseTo(40, 1);
    });

    test("a roof is over twice the greatest step to a neighbour, in whole quanta", () => {
        const quantum = quantumAt(variant({ radius: 8, maxDepth: 40 }), 0);
        for (const steepest of [2, 3.3, 10, 77.123]) {
            const { roof } = column(1, 0, steepest);
            expect(roof).toBeGreaterThan(2.05 * steepest);
            expect(Number.isInteger(roof / quantum)).toBe(true);
        }
    });

    test("depth and sea are whole quanta of the level", () => {
        const odd = new CaveField(variant({ radius: 8, maxDepth: 40.0137 }, { level: 1.00123 }));
        for (const level of [0, 1]) {
            const quantum = quantumAt(variant({ maxDepth: 40.0137 }), level);
            const { depth, sea } = odd.columnAt(level, 1, 0, 2);
            for (const [value, exact] of [
                [depth, 40.0137],
                [sea, 3.00123],
            ] as const) {
                expect(Number.isInteger(value / quantum)).toBe(true);
                expect(Math.abs(value - exact)).toBeLessThanOrEqual(quantum / 2);
            }
        }
    });
});

describe("caves of a world", () => {
    /** Metres that rounded lips take from a roof. */
    const ROUNDED = 0.75;
    /** Across the edge of cave country. */
    const ROW = [-20, -17, -15, -14, -13, -12, -9, -5, -2, -1, 0];

    test("every sample but those of the outermost columns has a distance", () => {
        const fields = fieldsOf(caveRecipe(), 0, -5, 0);
        const { distance, rows } = fields.volume;
        const count = [...samplesOf(fields)].filter(({ cave }) => Number.isFinite(cave)).length;
        expect(count).toBe((COUNT - 2) ** 2 * rows);
        expect(Number.isNaN(distance[0])).toBe(true);
        expect(Number.isNaN(distance[(COUNT * COUNT - 1) * rows])).toBe(true);
    });

    test("rows reach two beyond all that may be a cave or ground", () => {
        let beyond = 0;
        for (const x of ROW) {
            const fields = fieldsOf(caveRecipe(), 0, x, 0);
            const { rows } = fields.volume;
            for (const { row, depth, isInCave } of samplesOf(fields)) {
                beyond += (isInCave && row < 2) || (depth > 0 && row >= rows - 2) ? 1 : 0;
            }
        }
        expect(beyond).toBe(0);
    });

    test("caves lie in cave country, below their roof, above their depth and the sea", () => {
        const recipe = caveRecipe();
        const { maxDepth, radius } = recipe.caves;
        let inCave = 0;
        let wild = 0;
        for (const x of ROW) {
            for (const { isInCave, country, depth, y, mouth } of samplesOf(fieldsOf(recipe, 0, x, 0))) {
                if (isInCave) {
                    inCave++;
                    // Where lips are rounded roofs open a little sooner.
                    const isRoofed = mouth >= 0.5 - ROUNDED / MOUTH_METRES || depth >= 0.6 * radius - 0.1;
                    const isFine = country > CAVE_COUNTRY_EDGE && depth <= maxDepth && y >= recipe.water.level + 2;
                    wild += isFine && isRoofed ? 0 : 1;
                }
            }
        }
        expect(wild).toBe(0);
        expect(inCave).toBeGreaterThan(10_000);
    });

    test("towards the edge of cave country they grow fewer and end; nothing is cut off", () => {
        const air = new Map<number, { samples: number; caves: number }>();
        let steepest = 0;
        for (let chunk = 0; chunk < 120; chunk++) {
            const recipe = caveRecipe(1 + (chunk % 3));
            const fields = fieldsOf(recipe, 0, -40 + 2 * Math.floor(chunk / 3), 24);
            const { rows, distance, spacing } = fields.volume;
            for (const { i, j, row, isInCave, country, depth, cave, y } of samplesOf(fields)) {
                const isMiddle = depth > 12 && depth < 80 && y > 4;
                if (isMiddle) {
                    const bin = Math.min(3, Math.floor(country / 0.1));
                    const tally = air.get(bin) ?? { samples: 0, caves: 0 };
                    tally.samples++;
                    tally.caves += isInCave ? 1 : 0;
                    air.set(bin, tally);
                }
                if (isMiddle && country < 0.2 && country > CAVE_COUNTRY_EDGE + 0.05 && i < COUNT - 2) {
                    const beside = distance[(j * COUNT + i + 1) * rows + row]!;
                    steepest = Math.max(steepest, Math.abs(beside - cave) / spacing);
                }
            }
        }
        const shares = [-2, -1, 0, 1, 2, 3].map((bin) => air.get(bin)!.caves / air.get(bin)!.samples);
        expect(shares[0]).toBe(0);
        expect(shares[1]!).toBeLessThan(0.01);
        for (let i = 2; i < shares.length; i++) {
            expect(shares[i]!).toBeGreaterThan(shares[i - 1]!);
        }
        expect(shares[5]!).toBeGreaterThan(0.1);
        // As steep as the noise itself is, and no wall of 10^4.
        expect(steepest).toBeLessThan(1.5);
    });

    test("under a roof, away from mouths, the surface is the height grid's to the last bit", () => {
        const recipe = caveRecipe();
        const baker = new OracleBaker(recipe);
        let compared = 0;
        for (const x of [-20, -17, -9, -5, -2, 2, 5, 8, 11]) {
            const { grid } = fieldsOf(recipe, 0, x, 0);
            const mesh = bakeMesh(baker, flatAddress(0, x, 0));
            expect(mesh.isFused).toBe(true);
            const step = 2 / mesh.header.quantum;
            const onColumn = new Map<string, Set<number>>();
            for (const vertex of new Set(mesh.indices.subarray(0, mesh.surfaceIndexCount))) {
                const key = `${mesh.quanta[vertex * 3]! / step}/${mesh.quanta[vertex * 3 + 2]! / step}`;
                onColumn.set(key, (onColumn.get(key) ?? new Set()).add(mesh.position[vertex * 3 + 1]!));
            }
            for (let j = 0; j <= RESOLUTION; j++) {
                for (let i = 0; i <= RESOLUTION; i++) {
                    const column = (j + GRID_MARGIN) * COUNT + i + GRID_MARGIN;
                    const isRoofed = [-1, 0, 1].every((dj) =>
                        [-1, 0, 1].every((di) => mouthAt(grid, column + dj * COUNT + di) < 0.35),
                    );
                    if (isRoofed) {
                        expect(onColumn.get(`${i}/${j}`)?.has(grid.height[column]!)).toBe(true);
                        compared++;
                    }
                }
            }
        }
        expect(compared).toBeGreaterThan(500);
    });

    test("neighbours have the same distances where their grids overlap, near and 10^7 m away", () => {
        const recipe = caveRecipe();
        let caves = 0;
        for (const [level, x, z] of [
            [0, -20, 0],
            [0, -6, 0],
            [0, 156_249, -156_250],
            [1, -8, 3],
        ] as const) {
            const [a, b] = [fieldsOf(recipe, level, x, z), fieldsOf(recipe, level, x + 1, z)];
            const rowsApart = a.volume.firstRow - b.volume.firstRow;
            for (const { i, j, row, cave, isInCave } of samplesOf(a)) {
                const [inB, rowB] = [i - RESOLUTION, row + rowsApart];
                if (inB >= 1 && rowB >= 0 && rowB < b.volume.rows) {
                    const column = j * COUNT + inB;
                    if (b.volume.distance[column * b.volume.rows + rowB] !== cave) {
                        throw new Error(`${level}/${x}/${z}: sample ${i}, ${row}, ${j} differs`);
                    }
                    caves += isInCave ? 1 : 0;
                }
            }
        }
        expect(caves).toBeGreaterThan(100);
    });

    test("cave country is looked for in all columns but the outermost", () => {
        const { grid } = fieldsOf(caveRecipe(), 0, 20, 0);
        expect(touchesCaveCountry(grid)).toBe(false);
        const setCountry = (i: number, j: number, value: number) => {
            grid.macro[(j * COUNT + i) * MACRO_CHANNELS + MacroChannel.caves] = value;
        };
        for (const [i, j] of [
            [0, 5],
            [5, 0],
            [COUNT - 1, 5],
            [5, COUNT - 1],
        ] as const) {
            setCountry(i, j, 1);
        }
        setCountry(9, 9, CAVE_COUNTRY_EDGE);
        expect(touchesCaveCountry(grid)).toBe(false);
        setCountry(1, COUNT - 2, -0.19);
        expect(touchesCaveCountry(grid)).toBe(true);
    });

    test("levels whose samples are too far apart for the tunnels have none", () => {
        const field = new CaveField(variant({ radius: 8 }));
        // 1.75 samples a radius: spacings of 2 and 4 m are enough, 8 m are not.
        expect([0, 1, 2].map((level) => field.hasCavesAt(level))).toEqual([true, true, false]);
        expect(new CaveField(variant({ enabled: false })).hasCavesAt(0)).toBe(false);
    });
});

function mouthAt(grid: HeightGrid, column: number): number {
    return grid.macro[column * MACRO_CHANNELS + MacroChannel.mouths]!;
}
