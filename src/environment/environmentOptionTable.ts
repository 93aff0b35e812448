import { throwProblems, type Problem } from "../base/errors.js";
import {
    choiceField,
    flagField,
    integerField,
    numberField,
    sectionField,
    type Field,
    type FieldTable,
} from "../base/fieldTable.js";
import { problemsOf, readField } from "../base/readFields.js";
import type { TerrainEnvironmentOptions } from "./environmentOptions.js";

/** An option of an environment. */
export interface EnvironmentOption extends Field {
    /** Whether the environment has an accessor of this name, by which it may change while it runs. */
    readonly canChange?: boolean;
}

/**
 * Every option of `CreateTerrainEnvironmentAsync`: checks, docstrings and `docs/environment.md` are made from here. The sun of half
 * past three on the day of the equinox stands 28 degrees high and lights land from the side.
 */
export const ENVIRONMENT_OPTIONS = {
    timeOfDay: numberField({
        unit: "h",
        minimum: 0,
        maximum: 24,
        default: 15.5,
        canChange: true,
        meaning: "solar time: the sun stands highest at 12",
    }),
    latitude: numberField({
        unit: "°",
        minimum: -90,
        maximum: 90,
        default: 40,
        canChange: true,
        meaning: "how far north the place lies, whose +x is east and +z north",
    }),
    dayOfYear: integerField({
        minimum: 1,
        maximum: 365,
        default: 80,
        canChange: true,
        meaning: "the day, for the height of the sun's path",
        notes: "On day 80 and 266 the sun rises at 6 and sets at 18; in the north days are longest on 172.",
    }),
    sun: {
        type: "sun",
        default: true,
        meaning: "whether the environment has a light for sun and moon; or a light of yours that it turns and colours",
        notes: "Off, the ground is lit by your own lights.",
        allowed: "true, false or a DirectionalLight",
        remedy: "Leave it out for a light of the environment's own.",
        accepts: (value) =>
            typeof value === "boolean" ||
            (typeof value === "object" &&
                value !== null &&
                "direction" in value &&
                typeof (value as { getClassName?: unknown }).getClassName === "function"),
    },
    ambient: flagField({
        default: true,
        meaning: "whether the ground gets the sky's light and what lit ground sends back",
    }),
    shadows: flagField({
        default: true,
        meaning: "whether mountains cast shadows into valleys, some 5 km around the camera",
        notes: "For shadows of things, give a shadow generator the environment's light.",
    }),
    sky: flagField({ default: true, meaning: "whether there is a sky with sun, moon, stars and clouds" }),
    clouds: numberField({
        minimum: 0,
        maximum: 1,
        default: 0.5,
        canChange: true,
        meaning: "how much of the sky clouds cover: none, some, all",
    }),
    sea: flagField({
        default: true,
        meaning: "whether there is water at the recipe's level, where the recipe has water",
    }),
    air: flagField({
        default: true,
        meaning: "whether air lies between the eye and what it sees, which hides where land ends",
    }),
    haze: numberField({
        minimum: 0,
        maximum: 10,
        default: 1,
        canChange: true,
        meaning: "how much haze and mist the air holds: 0 is clear, 1 a fine day, 4 dull",
    }),
    tone: flagField({
        default: true,
        meaning: "whether exposure, white balance and tone curve are part of all shaders",
        notes: "Off, colours are only exposed, for a pipeline of yours.",
    }),
    exposure: numberField({
        minimum: 0.01,
        maximum: 100,
        default: 1,
        canChange: true,
        meaning: "how bright the picture is beside what suits the hour",
    }),
    lamp: numberField({
        minimum: 0,
        maximum: 1,
        default: 0,
        canChange: true,
        meaning: "how bright a lamp beside the camera is, which lights caves alone",
    }),
    animates: flagField({
        default: true,
        meaning: "whether clouds and waves move with time",
        notes: "Off, they stand where `seconds` says.",
    }),
    quality: choiceField({
        choices: ["low", "medium", "high"],
        defaultText: "the world's",
        canChange: true,
        meaning: "how much clouds and horizon maps may cost",
        notes: "Left out, it follows the world's, until it is set on the environment.",
    }),
} satisfies Readonly<Record<string, EnvironmentOption>> & FieldTable;

const ENVIRONMENT = sectionField({ meaning: "options of an environment", fields: ENVIRONMENT_OPTIONS });

/** Options of an environment, completed; the quality apart. */
export type CompletedOptions = Required<Omit<TerrainEnvironmentOptions, "quality">> &
    Pick<TerrainEnvironmentOptions, "quality">;

/** Returns the options, completed by their defaults. Throws a `TerraneError` that names everything that is wrong. */
export function readEnvironmentOptions(options: unknown): CompletedOptions {
    const problems: Problem[] = [];
    const read = readField(ENVIRONMENT, options, "options", problems) as CompletedOptions;
    throwProblems(problems);
    return read;
}

/** Throws a `TerraneError` where `value` is not what the option `key` may be. Allocates nothing where all is well. */
export function assertEnvironmentSetting(key: keyof typeof ENVIRONMENT_OPTIONS, value: unknown): void {
    const field: Field = ENVIRONMENT_OPTIONS[key];
    if (!field.accepts(value)) {
        throwProblems(problemsOf({ ...field, isRequired: true }, value, key));
    }
}
