import { TerraneError } from "../../../src/base/errors.js";
import type { Field } from "../../../src/base/fieldTable.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import { RECIPE } from "../../../src/recipe/recipeSchema.js";

type Case = readonly [value: unknown, allowed: string];

const FLAG: readonly Case[] = [
    [1, "true or false"],
    ["true", "true or false"],
    [null, "true or false"],
];

/** Wrong whatever the limits are. */
const notNumbers = (allowed: string): Case[] => [
    [Number.NaN, allowed],
    [Number.POSITIVE_INFINITY, allowed],
    ["8", allowed],
    [null, allowed],
    [true, allowed],
    [[8], allowed],
];
const number = (min: number, max: number): Case[] => {
    const allowed = `a number from ${min} to ${max}`;
    return [...notNumbers(allowed), [min - 0.001, allowed], [max + 0.001, allowed]];
};
const integer = (min: number, max: number): Case[] => {
    const allowed = `an integer from ${min} to ${max}`;
    return [...notNumbers(allowed), [min - 1, allowed], [max + 1, allowed], [min + 0.5, allowed]];
};
const powerOfTwo = (min: number, max: number): Case[] => {
    const allowed = `a power of two from ${min} to ${max}`;
    const others = [0, -min, min / 2, max * 2, min * 1.5, max - 1, max - 1e-9];
    return [...notNumbers(allowed), ...others.map((value): Case => [value, allowed])];
};
const MACRO_WAVELENGTH = number(256, 1_000_000);
const CONTINENT_POINTS = "an array of 2 to 32 points [input, output], each output from -10000 to 10000";
const RELIEF_POINTS = "an array of 2 to 32 points [input, output], each output from 0 to 1";
const BIOMES = "an array of at most 32 rules { surface, slope, height, ... }";
const manyPoints = Array.from({ length: 33 }, (_, i) => [i, 0]);

/** For every field: values that are wrong by themselves, and what the message must say is allowed. */
const WRONG: Record<string, readonly Case[]> = {
    id: [
        ["", "a text of 1 to 200 characters"],
        ["  ", "a text of 1 to 200 characters"],
        ["x".repeat(201), "a text of 1 to 200 characters"],
        [7, "a text of 1 to 200 characters"],
    ],
    seed: [-1, 2 ** 32, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "", "x".repeat(201), null, {}].map((value) => [
        value,
        "an integer from 0 to 4294967295, or a text of 1 to 200 characters",
    ]),
    topology: [
        ["globe", '"flat" or "planet"'],
        [0, '"flat" or "planet"'],
    ],
    radius: number(1000, 100_000_000),
    chunkSize: powerOfTwo(4, 1024),
    "terrain.resolution": powerOfTwo(16, 128),
    "terrain.octaves": integer(0, 12),
    "terrain.wavelength": powerOfTwo(0.25, 16_384),
    "terrain.gain": number(0, 1),
    "terrain.damping": number(0, 10),
    "terrain.ridgeOctaves": integer(0, 12),
    "terrain.plainsHeight": number(0, 4000),
    "terrain.mountainHeight": number(0, 4000),
    "terrain.rangeHeight": number(0, 10_000),
    "terrain.valleyDepth": number(0, 1),
    "terrain.gullies.strength": number(0, 0.5),
    "terrain.gullies.wavelength": powerOfTwo(1, 2048),
    "terrain.gullies.octaves": integer(1, 8),
    "terrain.gullies.gain": number(0, 1),
    "terrain.beds.strength": number(0, 1),
    "terrain.beds.thickness": number(0.25, 1000),
    "terrain.macro.continentWavelength": MACRO_WAVELENGTH,
    "terrain.macro.erosionWavelength": MACRO_WAVELENGTH,
    "terrain.macro.rangeWavelength": MACRO_WAVELENGTH,
    "terrain.macro.valleyWavelength": MACRO_WAVELENGTH,
    "terrain.macro.moistureWavelength": MACRO_WAVELENGTH,
    "terrain.macro.warpStrength": number(0, 10_000),
    "terrain.macro.warpWavelength": MACRO_WAVELENGTH,
    "terrain.macro.continentSpline": [null, "spline", {}, [], [[0, 1]], manyPoints].map((value) => [
        value,
        CONTINENT_POINTS,
    ]),
    "terrain.macro.reliefSpline": [null, 3, {}, [], [[0, 1]], manyPoints].map((value) => [value, RELIEF_POINTS]),
    "caves.enabled": FLAG,
    "caves.complexity": number(0, 1),
    "caves.maxDepth": number(0, 512),
    "caves.wavelength": powerOfTwo(1, 1024),
    "caves.radius": number(0.0625, 256),
    "caves.octaves": integer(2, 6),
    "caves.ledges": number(0, 1),
    "caves.latticeStep": powerOfTwo(0.03125, 64),
    "caves.mouths": number(0, 1),
    "water.enabled": FLAG,
    "water.level": number(-10_000, 10_000),
    "materials.sandHeight": number(-1000, 1000),
    "materials.snowHeight": number(-10_000, 10_000),
    "materials.rockSlope": number(0, 10),
    "materials.tileSize": number(0.125, 64),
    "materials.biomes": [
        ["moss", BIOMES],
        [null, BIOMES],
        [{}, BIOMES],
        [Array.from({ length: 33 }, () => ({ surface: "snow" })), BIOMES],
    ],
};

/** Names of all fields that hold a value, and of all sections, as the schema has them. */
function namesIn(field: Field, prefix: string, fields: string[], sections: string[]): void {
    if (field.fields === undefined) {
        fields.push(prefix);
        return;
    }
    sections.push(prefix);
    for (const [key, inner] of Object.entries(field.fields)) {
        namesIn(inner, prefix === "" ? key : `${prefix}.${key}`, fields, sections);
    }
}
const FIELDS: string[] = [];
const SECTIONS: string[] = [];
namesIn(RECIPE, "", FIELDS, SECTIONS);

/** { a: { b: value } } for "a.b". */
function inputWith(field: string, value: unknown): unknown {
    return field.split(".").reduceRight((inner: unknown, key) => ({ [key]: inner }), value);
}

function errorFrom(input: unknown): TerraneError {
    try {
        parseRecipe(input);
    } catch (error) {
        expect(error).toBeInstanceOf(TerraneError);
        return error as TerraneError;
    }
    throw new Error(`parseRecipe accepted ${JSON.stringify(input)}`);
}

function shown(value: unknown): string {
    if (typeof value === "string") {
        return value.length > 80 ? "..." : JSON.stringify(value);
    }
    return Array.isArray(value)
        ? `an array of ${value.length}`
        : typeof value === "object" && value !== null
          ? "an object"
          : String(value);
}

describe("each field", () => {
    test("has wrong values here", () => {
        expect(Object.keys(WRONG).sort()).toEqual([...FIELDS].sort());
        expect(FIELDS.length).toBeGreaterThan(30);
    });

    const cases = Object.entries(WRONG).flatMap(([field, values]) => values.map((value) => [field, ...value] as const));
    test.each(cases)("recipe.%s refuses %p", (field, value, allowed) => {
        const error = errorFrom(inputWith(field, value));
        expect(error.field).toBe(`recipe.${field}`);
        expect(error.value).toBe(value);
        expect(error.message).toContain(`recipe.${field} is`);
        expect(error.message).toContain(shown(value));
        expect(error.message).toContain(`allowed: ${allowed}`);
        expect(error.remedy).toMatch(/default/);
        expect(error.message).toContain(error.remedy);
    });

    test.each(FIELDS)("recipe.%s keeps its default where it is undefined, and may be written out", (field) => {
        const defaults = parseRecipe({});
        const value = field.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], defaults);
        // No table of biomes is none, and flat worlds have no radius.
        expect(value === undefined).toBe(field === "materials.biomes" || field === "radius");
        expect(parseRecipe(inputWith(field, undefined))).toEqual(defaults);
        expect(parseRecipe(inputWith(field, value))).toEqual(defaults);
    });
});

describe("sections", () => {
    test.each(SECTIONS.filter((name) => name !== ""))("recipe.%s refuses what is no object", (section) => {
        for (const value of [null, 5, "x", [], true]) {
            const error = errorFrom(inputWith(section, value));
            expect(error.field).toBe(`recipe.${section}`);
            expect(error.allowed).toBe("an object");
            expect(error.remedy).toContain(`leave out recipe.${section}`);
        }
    });

    test("the recipe itself must be an object", () => {
        for (const value of [undefined, null, 5, "x", []]) {
            const error = errorFrom(value);
            expect(error.field).toBe("recipe");
            expect(error.value).toBe(value);
            expect(error.remedy).toContain('{ id: "world", seed: 1 }');
        }
    });

    test.each(SECTIONS)("an unknown field in recipe%s is refused and its neighbours are listed", (section) => {
        const field = section === "" ? "zzzzzz" : `${section}.zzzzzz`;
        const error = errorFrom(inputWith(field, 42));
        expect(error.field).toBe(`recipe.${field}`);
        expect(error.value).toBe(42);
        const prefix = section === "" ? "" : `${section}.`;
        const [first] = FIELDS.filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes("."));
        expect(error.allowed).toContain(first!.slice(prefix.length));
        expect(error.remedy).toBe("Remove it.");
    });

    test.each([
        [{ terrain: { octavs: 8 } }, "recipe.terrain.octaves"],
        [{ terrain: { Octaves: 8 } }, "recipe.terrain.octaves"],
        [{ chunksize: 64 }, "recipe.chunkSize"],
        [{ sed: 4 }, "recipe.seed"],
        [{ cave: {} }, "recipe.caves"],
        [{ caves: { latticestep: 2 } }, "recipe.caves.latticeStep"],
        [{ resolution: 64 }, "recipe.terrain.resolution"],
        [{ terrain: { maxDepth: 9 } }, "recipe.caves.maxDepth"],
        [{ macro: {} }, "recipe.terrain.macro"],
    ])("%j is taken for a typing mistake", (input, meant) => {
        expect(errorFrom(input).remedy).toBe(`Did you mean ${meant}?`);
    });

    test("names that every object inherits are unknown too", () => {
        expect(errorFrom({ toString: 1 }).field).toBe("recipe.toString");
        expect(errorFrom(JSON.parse('{ "__proto__": { "id": "x" } }')).field).toBe("recipe.__proto__");
        expect(errorFrom({ terrain: { constructor: 1 } }).field).toBe("recipe.terrain.constructor");
    });
});

describe("several faults", () => {
    const fieldsOf = (input: unknown) => errorFrom(input).problems.map(({ field }) => field.slice("recipe.".length));

    test("are all named, nested and unknown ones too", () => {
        const reliefSpline = [[0, 5], [1], [2000, 0.5]];
        const input = { seed: -1, terrain: { octavs: 1, gain: 2, macro: { reliefSpline } }, caves: null, colour: 1 };
        expect(fieldsOf(input)).toEqual([
            "seed",
            "terrain.gain",
            "terrain.macro.reliefSpline[0][1]",
            "terrain.macro.reliefSpline[1]",
            "terrain.macro.reliefSpline[2][0]",
            "terrain.octavs",
            "caves",
            "colour",
        ]);
        const { message } = errorFrom(input);
        expect(message).toMatch(/^8 things are wrong:\n/);
        expect(message).toContain("recipe.colour is unknown (given: 1); allowed: only id, seed, topology");
    });

    test("that lie between fields are all named, once each field is right by itself", () => {
        const terrain = {
            resolution: 16,
            wavelength: 64,
            macro: {
                reliefSpline: [
                    [0, 1],
                    [0, 1],
                ],
            },
        };
        const caves = { wavelength: 8, latticeStep: 4, radius: 3, maxDepth: 512 };
        expect(fieldsOf({ chunkSize: 1024, terrain, caves })).toEqual([
            "terrain.wavelength",
            "terrain.macro.reliefSpline[1][0]",
            "caves.wavelength",
            "caves.latticeStep",
            "caves.radius",
        ]);
        // Ground that is too steep and caves that are too many do not hide each other.
        const steep = { resolution: 128, wavelength: 1, octaves: 12, gain: 1 };
        const crowded = { maxDepth: 64, wavelength: 1, latticeStep: 0.03125, radius: 0.25 };
        expect(fieldsOf({ chunkSize: 4, terrain: steep, caves: crowded })).toHaveLength(2);
    });
});

describe("splines", () => {
    const spline = (points: unknown) => ({ terrain: { macro: { reliefSpline: points } } });

    test.each([
        [[[0, 0], 7], "[1]", 7, "a pair [input, output]"],
        [
            [
                [0, 0, 0],
                [1, 1],
            ],
            "[0]",
            undefined,
            "a pair [input, output]",
        ],
        [[[0, 0], [1]], "[1]", undefined, "a pair [input, output]"],
        [
            [
                [0, 0],
                [Number.NaN, 1],
            ],
            "[1][0]",
            Number.NaN,
            "a number from -1000 to 1000",
        ],
        [
            [
                [0, 0],
                [Number.POSITIVE_INFINITY, 1],
            ],
            "[1][0]",
            Number.POSITIVE_INFINITY,
            "a number from -1000 to 1000",
        ],
        [
            [
                [0, 0],
                ["1", 1],
            ],
            "[1][0]",
            "1",
            "a number from -1000 to 1000",
        ],
        [
            [
                [0, 1.5],
                [1, 1],
            ],
            "[0][1]",
            1.5,
            "a number from 0 to 1",
        ],
        [
            [
                [0, 0],
                [0, 1],
            ],
            "[1][0]",
            0,
            "above 0",
        ],
        [
            [
                [0, 0],
                [1, 1],
                [0.5, 1],
            ],
            "[2][0]",
            0.5,
            "above 1",
        ],
    ])("%j names the point", (points, at, value, allowed) => {
        const error = errorFrom(spline(points));
        expect(error.field).toBe(`recipe.terrain.macro.reliefSpline${at}`);
        if (value !== undefined) {
            expect(error.value).toBe(value);
        }
        expect(error.allowed).toContain(allowed);
        expect(error.remedy).not.toBe("");
    });

    test("points that rise are kept", () => {
        const points = [
            [-1, 0.5],
            [0.25, 1],
        ];
        expect(parseRecipe(spline(points)).terrain.macro.reliefSpline).toEqual(points);
    });
});

describe("relations", () => {
    test.each([
        [{ chunkSize: 1024, terrain: { resolution: 16, wavelength: 64 } }, "terrain.wavelength", "at least 128"],
        [{ chunkSize: 1024, caves: { wavelength: 8, latticeStep: 2, radius: 2 } }, "caves.wavelength", "at least 16"],
        [{ caves: { wavelength: 32, latticeStep: 16 } }, "caves.latticeStep", "at most 8"],
        [{ caves: { radius: 33 } }, "caves.radius", "at most 32"],
        [{ chunkSize: 4, terrain: { resolution: 128 }, caves: { maxDepth: 65 } }, "caves.maxDepth", "at most 64"],
        [{ chunkSize: 32, caves: { maxDepth: 129 } }, "caves.maxDepth", "at most 128"],
    ])("%j is refused", (input, field, allowed) => {
        const error = errorFrom(input);
        expect(error.field).toBe(`recipe.${field}`);
        expect(error.allowed).toContain(allowed);
        expect(error.remedy).toMatch(/[Rr]aise|[Ll]ower/);
        expect(error.message).toContain(error.allowed);
    });

    test.each([
        { chunkSize: 1024, terrain: { resolution: 16, wavelength: 128 } },
        { chunkSize: 4, terrain: { resolution: 128, wavelength: 0.25, plainsHeight: 0.5, mountainHeight: 0 } },
        { caves: { wavelength: 32, latticeStep: 8, radius: 8 } },
        { caves: { radius: 32 } },
        { chunkSize: 4 },
        { chunkSize: 1024, terrain: { resolution: 16 } },
    ])("%j is at a limit and fine", (input) => {
        expect(parseRecipe(input)).toMatchObject(input);
    });
});

describe("what comes out", () => {
    test("a recipe with id and seed alone is the endless preset", () => {
        expect(parseRecipe({ id: "x", seed: 1 })).toEqual(Presets.endless({ id: "x", seed: 1 }));
    });

    test("texts are seeds, and 0 and the largest integer", () => {
        for (const seed of ["terra", " ", "x".repeat(200), 0, 2 ** 32 - 1]) {
            expect(parseRecipe({ seed }).seed).toBe(seed);
        }
    });

    test("is frozen to the last array and shares nothing with the input", () => {
        const points: [number, number][] = [
            [-1, -50],
            [1, 50],
        ];
        const recipe = parseRecipe({ terrain: { macro: { continentSpline: points } } });
        points[0]![1] = 7;
        expect(recipe.terrain.macro.continentSpline[0]![1]).toBe(-50);
        const isFrozen = (value: unknown): boolean =>
            typeof value !== "object" ||
            value === null ||
            (Object.isFrozen(value) && Object.values(value).every(isFrozen));
        expect(isFrozen(recipe)).toBe(true);
        expect(isFrozen(points)).toBe(false);
    });

    test("survives JSON to the last bit, and parsing again changes nothing", () => {
        const recipe = parseRecipe({ id: "zero", seed: -0, water: { level: -0 }, terrain: { damping: 0.1 + 0.2 } });
        const text = JSON.stringify(recipe);
        const again = parseRecipe(JSON.parse(text));
        expect(again).toStrictEqual(recipe);
        expect(Object.is(recipe.water.level, 0)).toBe(true);
        expect(Object.is(recipe.seed, 0)).toBe(true);
        expect(JSON.stringify(again)).toBe(text);
    });

    test("has its keys in one order, however the input is written", () => {
        const a = parseRecipe({ water: { level: 2, enabled: false }, seed: 3, id: "x" });
        const b = parseRecipe({ id: "x", seed: 3, water: { enabled: false, level: 2 } });
        expect(JSON.stringify(a)).toBe(JSON.stringify(b));
    });
});

describe("biomes", () => {
    const biome = { surface: "moss", height: [40, 400] } as const;

    test("are completed, kept by JSON, and no part of a recipe that has none", () => {
        const recipe = parseRecipe({ materials: { biomes: [biome] } });
        expect(recipe.materials.biomes).toEqual([{ ...biome, coverage: 1, noise: 0.3, softness: 0.1 }]);
        expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
        const plain = JSON.stringify(parseRecipe({}));
        expect(JSON.stringify(parseRecipe({ materials: { biomes: [] } }))).toBe(plain);
        expect(plain).not.toContain("biomes");
        expect(Object.isFrozen(biome.height)).toBe(false);
    });

    test.each([
        [[{ height: [40, 400] }], "recipe.materials.biomes[0].surface"],
        [[{ surface: "" }], "recipe.materials.biomes[0].surface"],
        [[biome, { ...biome, height: [400, 40] }], "recipe.materials.biomes[1].height"],
        [[{ ...biome, slope: [0, 11] }], "recipe.materials.biomes[0].slope[1]"],
        [[{ ...biome, hight: [0, 1] }], "recipe.materials.biomes[0].hight"],
        [[{ ...biome, softness: 0 }], "recipe.materials.biomes[0].softness"],
    ])("that are wrong are named: %j", (biomes, field) => {
        try {
            parseRecipe({ materials: { biomes } });
        } catch (error) {
            expect((error as TerraneError).problems.map((problem) => problem.field)).toEqual([field]);
            return;
        }
        throw new Error("It is accepted.");
    });
});
