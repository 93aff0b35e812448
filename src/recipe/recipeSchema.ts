import {
    flagField,
    integerField,
    numberField,
    powerOfTwoField,
    sectionField,
    type Field,
    type FieldSpec,
} from "../base/fieldTable.js";
import type { SplinePoints } from "./recipe.js";
import { BIOMES_FIELD } from "./surfaceRule.js";

/*
 * Every field that a recipe may hold: type, unit, range, default and meaning. `parseRecipe` checks by it, the defaults come
 * from it, and `scripts/settings.mjs` writes the docstrings of `recipe.ts` and `docs/recipe.md` from it. Every field has a
 * default, so that an author writes only what differs. What fields must be to each other stands in `relations.ts`.
 */

/** Describes a text that is not blank. */
function textField(spec: FieldSpec<string> & { readonly maxLength: number }) {
    const { maxLength } = spec;
    return {
        type: "text",
        allowed: `a text of 1 to ${maxLength} characters, not blank`,
        ...spec,
        accepts: (value: unknown) => typeof value === "string" && value.trim() !== "" && value.length <= maxLength,
    };
}

/** Describes points of a curve. Inputs must rise besides: that is a relation between points. */
function splineField(spec: FieldSpec<SplinePoints> & { readonly leastOutput: number; readonly mostOutput: number }) {
    const { leastOutput, mostOutput } = spec;
    const point: Field = {
        type: "point",
        meaning: "a point of the curve",
        allowed: "a pair [input, output]",
        items: [
            numberField({ meaning: "input", minimum: -1000, maximum: 1000 }),
            numberField({ meaning: "output", minimum: leastOutput, maximum: mostOutput }),
        ],
        accepts: (value) => Array.isArray(value) && value.length === 2,
    };
    return {
        type: "spline",
        allowed: `an array of 2 to 32 points [input, output], each output from ${leastOutput} to ${mostOutput}`,
        ...spec,
        items: point,
        accepts: (value: unknown) => Array.isArray(value) && value.length >= 2 && value.length <= 32,
    };
}

/** Below two macro steps a field would change faster than the lattice that samples it. */
const MACRO_WAVELENGTH = { unit: "m", minimum: 256, maximum: 1_000_000 } as const;

const macro = sectionField({
    meaning: "large shapes that all detail follows",
    fields: {
        continentWavelength: numberField({
            ...MACRO_WAVELENGTH,
            default: 9000,
            meaning: "wavelength of the continents' first octave",
        }),
        erosionWavelength: numberField({
            ...MACRO_WAVELENGTH,
            default: 6000,
            meaning: "wavelength of the field that tells mountain country from plains",
        }),
        rangeWavelength: numberField({
            ...MACRO_WAVELENGTH,
            default: 5000,
            meaning: "distance from one mountain range to the next",
        }),
        valleyWavelength: numberField({
            ...MACRO_WAVELENGTH,
            default: 4000,
            meaning: "distance from one main valley to the next",
        }),
        moistureWavelength: numberField({
            ...MACRO_WAVELENGTH,
            default: 3000,
            meaning: "wavelength of moisture, which the material reads",
        }),
        warpStrength: numberField({
            unit: "m",
            minimum: 0,
            maximum: 10_000,
            default: 250,
            meaning: "how far the domain warp moves a point",
            notes: "0 is none.",
        }),
        warpWavelength: numberField({ ...MACRO_WAVELENGTH, default: 1500, meaning: "wavelength of the domain warp" }),
        continentSpline: splineField({
            leastOutput: -10_000,
            mostOutput: 10_000,
            defaultText: "from sea floors at -90 m to highlands at 110 m",
            default: [
                [-1, -90],
                [-0.45, -60],
                [-0.2, -12],
                [-0.05, 4],
                [0.2, 22],
                [0.5, 60],
                [1, 110],
            ],
            meaning: "curve from continent noise (-1 to 1) to metres above the sea",
            notes: "2 to 32 points, inputs rising, each output from -10,000 to 10,000.",
        }),
        reliefSpline: splineField({
            leastOutput: 0,
            mostOutput: 1,
            defaultText: "high mountains where erosion is low, plains where it is high",
            default: [
                [-1, 1],
                [-0.5, 0.8],
                [-0.1, 0.42],
                [0.25, 0.16],
                [0.6, 0.06],
                [1, 0.03],
            ],
            meaning: "curve from erosion noise (-1 to 1) to relief (0 plains, 1 high mountains)",
            notes: "2 to 32 points, inputs rising.",
        }),
    },
});

const gullies = sectionField({
    meaning: "channels that water cuts into mountains: they run downhill, and finer ones branch off",
    notes: "Planets have none yet.",
    fields: {
        strength: numberField({
            minimum: 0,
            maximum: 0.5,
            default: 0.15,
            meaning: "depth of a gully over the distance to the next",
            notes: "0 is none: rounded land, which also bakes faster.",
        }),
        wavelength: powerOfTwoField({
            unit: "m",
            minimum: 1,
            maximum: 2048,
            default: 256,
            meaning: "distance between the widest gullies",
            notes: "Each further octave halves it.",
        }),
        octaves: integerField({ minimum: 1, maximum: 8, default: 6, meaning: "octaves of gullies" }),
        gain: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.95,
            meaning: "how deep an octave's gullies are for their width, over that of the one before",
        }),
    },
});

const beds = sectionField({
    meaning: "layers of rock in mountains, some harder than others, that stand out as steps",
    notes: "Planets have none yet.",
    fields: {
        strength: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.6,
            meaning: "how far the ground follows the steps of the hardest layers",
            notes: "0 is none.",
        }),
        thickness: numberField({
            unit: "m",
            minimum: 0.25,
            maximum: 1000,
            default: 26,
            meaning: "height from one layer to the next",
        }),
    },
});

const terrain = sectionField({
    meaning: "shape of the ground",
    fields: {
        resolution: powerOfTwoField({
            minimum: 16,
            maximum: 128,
            default: 64,
            meaning: "height cells along a chunk's side",
        }),
        octaves: integerField({ minimum: 0, maximum: 12, default: 8, meaning: "octaves of detail" }),
        wavelength: powerOfTwoField({
            unit: "m",
            minimum: 0.25,
            maximum: 16_384,
            default: 1024,
            meaning: "wavelength of the first octave of detail",
            notes: "Each further octave halves it. At least two samples, `chunkSize / resolution` each.",
        }),
        gain: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.55,
            meaning: "amplitude of an octave over that of the one before",
        }),
        damping: numberField({
            minimum: 0,
            maximum: 10,
            default: 0.03,
            meaning: "how strongly the slope gathered so far damps finer octaves",
            notes: "Reads as erosion; 0 is plain noise.",
        }),
        ridgeOctaves: integerField({
            minimum: 0,
            maximum: 12,
            default: 7,
            meaning: "how many of the first octaves turn into sharp ridges where the relief is high",
        }),
        plainsHeight: numberField({
            unit: "m",
            minimum: 0,
            maximum: 4000,
            default: 30,
            meaning: "amplitude of detail in plains",
        }),
        mountainHeight: numberField({
            unit: "m",
            minimum: 0,
            maximum: 4000,
            default: 340,
            meaning: "amplitude of detail that full relief adds",
        }),
        rangeHeight: numberField({
            unit: "m",
            minimum: 0,
            maximum: 10_000,
            default: 900,
            meaning: "how far ranges rise above their foot at full relief",
        }),
        valleyDepth: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.8,
            meaning: "how deep main valleys cut into ranges",
        }),
        gullies,
        beds,
        macro,
    },
});

const caves = sectionField({
    meaning: "tunnels under the ground",
    fields: {
        enabled: flagField({ default: true, meaning: "whether there are caves" }),
        complexity: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.5,
            meaning: "share of the land that has caves, and how much they branch",
        }),
        maxDepth: numberField({
            unit: "m",
            minimum: 0,
            maximum: 512,
            default: 60,
            meaning: "depth below the surface at which all caves are closed",
            notes: "At most `deepestCaves(chunkSize)`: four sides of a chunk, or 64 m.",
        }),
        wavelength: powerOfTwoField({
            unit: "m",
            minimum: 1,
            maximum: 1024,
            default: 128,
            meaning: "wavelength of the noise that lays the tunnels",
            notes: "At least one sample, `chunkSize / terrain.resolution`.",
        }),
        radius: numberField({
            unit: "m",
            minimum: 0.0625,
            maximum: 256,
            default: 6,
            meaning: "radius of a typical tunnel",
            notes: "At most a quarter of `wavelength`.",
        }),
        octaves: integerField({
            minimum: 2,
            maximum: 6,
            default: 4,
            meaning: "octaves of 3D noise",
            notes: "Two lay the tunnels, each further one roughens the walls.",
        }),
        ledges: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.5,
            meaning: "how far hard beds stand out of the walls as ledges",
            notes: "Beds are as thick as `radius`. 0 is none.",
        }),
        latticeStep: powerOfTwoField({
            unit: "m",
            minimum: 0.03125,
            maximum: 64,
            default: 2,
            meaning: "step of the lattice on which cave noise is evaluated",
            notes:
                "Where it is two samples or more, cave walls away from mouths are meshed in cells of two samples. Between " +
                "nodes noise is interpolated, which moves walls by at most `latticeErrorAt`: 0.3 m with the defaults. Steps " +
                "that move them by more than `radius` are refused.",
        }),
        mouths: numberField({
            minimum: 0,
            maximum: 1,
            default: 0.5,
            meaning: "how readily a tunnel that nears the surface breaks through",
        }),
    },
});

const water = sectionField({
    meaning: "sea",
    fields: {
        enabled: flagField({ default: true, meaning: "whether there is a sea" }),
        level: numberField({
            unit: "m",
            minimum: -10_000,
            maximum: 10_000,
            default: 0,
            meaning: "height of the sea",
        }),
    },
});

const materials = sectionField({
    meaning: "what the ground is made of",
    fields: {
        sandHeight: numberField({
            unit: "m",
            minimum: -1000,
            maximum: 1000,
            default: 4,
            meaning: "height above the sea below which flat ground is sand",
        }),
        snowHeight: numberField({
            unit: "m",
            minimum: -10_000,
            maximum: 10_000,
            default: 560,
            meaning: "height above which snow lies",
        }),
        rockSlope: numberField({
            minimum: 0,
            maximum: 10,
            default: 0.65,
            meaning: "slope (rise over run) from which rock shows",
        }),
        tileSize: numberField({
            unit: "m",
            minimum: 0.125,
            maximum: 64,
            default: 4,
            meaning: "side of the finest tile of the textures",
        }),
        biomes: BIOMES_FIELD,
    },
});

/**
 * What a recipe may hold. Fields stand in a fixed order in what comes out, so that two ways to write the same recipe give
 * the same JSON.
 */
export const RECIPE = sectionField({
    meaning: "plain JSON data that defines a world wholly",
    isRequired: true,
    remedy: 'Pass a recipe such as { id: "world", seed: 1 }.',
    fields: {
        id: textField({ maxLength: 200, default: "endless", meaning: "name of the recipe" }),
        seed: {
            type: "seed",
            default: 1,
            meaning: "what makes one world differ from another: an unsigned 32-bit integer, or a text",
            allowed: "an integer from 0 to 4294967295, or a text of 1 to 200 characters",
            accepts: (value: unknown) =>
                typeof value === "string"
                    ? value.length > 0 && value.length <= 200
                    : Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
        },
        topology: {
            type: "topology",
            default: "flat",
            meaning: "how chunks lie in space: `flat` is an endless plane, `planet` a ball",
            notes: "Planets can be baked; worlds do not run them yet.",
            allowed: '"flat" or "planet"',
            accepts: (value: unknown) => value === "flat" || value === "planet",
        },
        radius: numberField({
            unit: "m",
            minimum: 1000,
            maximum: 100_000_000,
            defaultText: "none",
            meaning: "from a planet's middle to altitude 0",
            notes: "Planets must have one, flat worlds have none.",
        }),
        // At most 1024 m over at least 16 cells: samples are at most 64 m apart and lie on the macro lattice's step of 128 m.
        chunkSize: powerOfTwoField({
            unit: "m",
            minimum: 4,
            maximum: 1024,
            default: 64,
            meaning: "side of a level-0 chunk",
        }),
        terrain,
        caves,
        water,
        materials,
    },
});
