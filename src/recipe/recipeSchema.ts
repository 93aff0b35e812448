import * as v from "valibot";

import { DEFAULT_RECIPE } from "./defaultRecipe.js";
import type { Recipe, SplinePoints } from "./recipe.js";

/*
 * The message of every rule says what is allowed and nothing else; `parseRecipe` adds field, value and remedy.
 * Every field has a default, so that an author writes only what differs.
 */

const { terrain, caves, water, materials } = DEFAULT_RECIPE;
const { macro } = terrain;

/** A finite number within limits. -0 becomes 0: JSON has no -0, and a recipe must survive it. */
function numberRule(min: number, max: number) {
    const accepts = (value: unknown) => typeof value === "number" && value >= min && value <= max;
    return v.pipe(
        v.custom<number>(accepts, `a number from ${min} to ${max}`),
        v.transform((value) => value + 0),
    );
}

function integerRule(min: number, max: number) {
    const accepts = (value: unknown) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
    return v.pipe(
        v.custom<number>(accepts, `an integer from ${min} to ${max}`),
        v.transform((value) => value + 0),
    );
}

/** @param min itself a power of two */
function powerOfTwoRule(min: number, max: number) {
    const accepts = (value: unknown) => {
        if (typeof value !== "number" || !(value <= max)) {
            return false;
        }
        let power = min;
        while (power < value) {
            power *= 2;
        }
        return power === value;
    };
    return v.custom<number>(accepts, `a power of two from ${min} to ${max}`);
}

function textRule(maxLength: number) {
    return v.custom<string>(
        (value) => typeof value === "string" && value.trim() !== "" && value.length <= maxLength,
        `a text of 1 to ${maxLength} characters, not blank`,
    );
}

const seedRule = v.pipe(
    v.custom<number | string>(
        (value) =>
            typeof value === "string"
                ? value.length > 0 && value.length <= 200
                : Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
        "an integer from 0 to 4294967295, or a text of 1 to 200 characters",
    ),
    v.transform((value) => (typeof value === "number" ? value + 0 : value)),
);

const flagRule = v.custom<boolean>((value) => typeof value === "boolean", "true or false");

/** Inputs must rise besides: that is a relation between points, which `relations.ts` checks. */
function splineRule(minOutput: number, maxOutput: number) {
    const allowed = `an array of 2 to 32 points [input, output], each output from ${minOutput} to ${maxOutput}`;
    return v.pipe(
        v.custom<SplinePoints>((value) => Array.isArray(value) && value.length >= 2 && value.length <= 32, allowed),
        v.array(
            v.pipe(
                v.custom<readonly [number, number]>(
                    (point) => Array.isArray(point) && point.length === 2,
                    "a pair [input, output]",
                ),
                v.tuple([numberRule(-1000, 1000), numberRule(minOutput, maxOutput)]),
            ),
        ),
    );
}

function sectionRule<TEntries extends v.ObjectEntries>(entries: TEntries) {
    const isSection = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
    return v.pipe(v.custom<object>(isSection, "an object"), v.strictObject(entries));
}

/** Metres. Below two macro steps a field would change faster than the lattice that samples it. */
const macroWavelength = numberRule(256, 1_000_000);

const macroRule = sectionRule({
    continentWavelength: v.optional(macroWavelength, macro.continentWavelength),
    erosionWavelength: v.optional(macroWavelength, macro.erosionWavelength),
    rangeWavelength: v.optional(macroWavelength, macro.rangeWavelength),
    valleyWavelength: v.optional(macroWavelength, macro.valleyWavelength),
    moistureWavelength: v.optional(macroWavelength, macro.moistureWavelength),
    warpStrength: v.optional(numberRule(0, 10_000), macro.warpStrength),
    warpWavelength: v.optional(macroWavelength, macro.warpWavelength),
    continentSpline: v.optional(splineRule(-10_000, 10_000), macro.continentSpline),
    reliefSpline: v.optional(splineRule(0, 1), macro.reliefSpline),
});

const terrainRule = sectionRule({
    resolution: v.optional(powerOfTwoRule(16, 128), terrain.resolution),
    octaves: v.optional(integerRule(0, 12), terrain.octaves),
    wavelength: v.optional(powerOfTwoRule(0.25, 16_384), terrain.wavelength),
    gain: v.optional(numberRule(0, 1), terrain.gain),
    damping: v.optional(numberRule(0, 10), terrain.damping),
    ridgeOctaves: v.optional(integerRule(0, 12), terrain.ridgeOctaves),
    plainsHeight: v.optional(numberRule(0, 4000), terrain.plainsHeight),
    mountainHeight: v.optional(numberRule(0, 4000), terrain.mountainHeight),
    rangeHeight: v.optional(numberRule(0, 10_000), terrain.rangeHeight),
    valleyDepth: v.optional(numberRule(0, 1), terrain.valleyDepth),
    macro: v.optional(macroRule, {}),
});

const cavesRule = sectionRule({
    enabled: v.optional(flagRule, caves.enabled),
    complexity: v.optional(numberRule(0, 1), caves.complexity),
    maxDepth: v.optional(numberRule(0, 512), caves.maxDepth),
    wavelength: v.optional(powerOfTwoRule(1, 1024), caves.wavelength),
    radius: v.optional(numberRule(0.0625, 256), caves.radius),
    octaves: v.optional(integerRule(2, 6), caves.octaves),
    latticeStep: v.optional(powerOfTwoRule(0.03125, 64), caves.latticeStep),
    mouths: v.optional(numberRule(0, 1), caves.mouths),
});

const waterRule = sectionRule({
    enabled: v.optional(flagRule, water.enabled),
    level: v.optional(numberRule(-10_000, 10_000), water.level),
});

const materialsRule = sectionRule({
    sandHeight: v.optional(numberRule(-1000, 1000), materials.sandHeight),
    snowHeight: v.optional(numberRule(-10_000, 10_000), materials.snowHeight),
    rockSlope: v.optional(numberRule(0, 10), materials.rockSlope),
    tileSize: v.optional(numberRule(0.125, 64), materials.tileSize),
});

/**
 * Field by field what a recipe may hold. Every key stands in a fixed order in what comes out, so that two ways to write
 * the same recipe give the same JSON.
 */
export const recipeSchema = sectionRule({
    id: v.optional(textRule(200), DEFAULT_RECIPE.id),
    seed: v.optional(seedRule, DEFAULT_RECIPE.seed),
    topology: v.optional(
        v.custom<"flat">((value) => value === "flat", '"flat"'),
        DEFAULT_RECIPE.topology,
    ),
    // At most 1024 m over at least 16 cells: samples are at most 64 m apart and lie on the macro lattice's step of 128 m.
    chunkSize: v.optional(powerOfTwoRule(4, 1024), DEFAULT_RECIPE.chunkSize),
    terrain: v.optional(terrainRule, {}),
    caves: v.optional(cavesRule, {}),
    water: v.optional(waterRule, {}),
    materials: v.optional(materialsRule, {}),
}) satisfies v.GenericSchema<object, Recipe>;
