import { numberField, sectionField, type Field, type FieldSpec } from "../base/fieldTable.js";

/** Least and most of something, `[least, most]`. */
export type RuleRange = readonly [least: number, most: number];

/** Where a surface lies: everywhere that all its ranges hold, with soft edges that noise frays. */
export interface SurfaceRule {
    /**
     * Slope of the ground, rise over run. 0 to 10. An edge at a limit is open: `[0.5, 10]` is 0.5 and steeper. Default:
     * any.
     */
    readonly slope?: RuleRange;
    /** Metres: height in the world. From -10,000 to 10,000, open at both. Default: any. */
    readonly height?: RuleRange;
    /** Moisture of the recipe's macro field, 0 dry to 1 wet. Open at both. Default: any. */
    readonly moisture?: RuleRange;
    /** Relief of the recipe's macro field, 0 plains to 1 high mountains. Open at both. Default: any. */
    readonly relief?: RuleRange;
    /**
     * How much of a cave the place is, 0 outside to 1 inside. A range that reaches above 0 is laid over the walls and
     * floors of caves, any other beneath them. Default: outside.
     */
    readonly cave?: RuleRange;
    /**
     * Share of what the ranges leave that is covered, in patches of some ten to hundreds of metres, 0 to 1. Default: 1.
     */
    readonly coverage?: number;
    /**
     * How far noise moves edges to and fro, 0 to 1. 1 is about 0.5 of slope, moisture, relief or cave, and 50 m of
     * height. Default: 0.3.
     */
    readonly noise?: number;
    /**
     * How wide edges are to each side, 0.001 to 1. 0.1 is 0.1 of slope, moisture, relief or cave, and 10 m of height.
     * Default: 0.1.
     */
    readonly softness?: number;
}

/** A line of a recipe's biome table: `recipe.materials.biomes`. */
export interface BiomeRule extends SurfaceRule {
    /** Name of the surface that lies there: a default one, or one that the material's options define. */
    readonly surface: string;
}

/** Where ranges of a quantity may lie: an edge at one of these is open. */
export const RULE_LIMITS = {
    slope: [0, 10],
    height: [-10_000, 10_000],
    moisture: [0, 1],
    relief: [0, 1],
    cave: [0, 1],
} as const satisfies Readonly<Record<string, RuleRange>>;

function rangeField(key: keyof typeof RULE_LIMITS, spec: FieldSpec & { readonly meaning: string }): Field {
    const [minimum, maximum] = RULE_LIMITS[key];
    return {
        type: "range",
        defaultText: "any",
        allowed: `a pair [least, most], each a number from ${minimum} to ${maximum}`,
        remedy: "Write the lower number first, or leave it out for anywhere.",
        ...spec,
        items: [
            numberField({ meaning: "least", minimum, maximum }),
            numberField({ meaning: "most", minimum, maximum }),
        ],
        accepts: (value) => Array.isArray(value) && value.length === 2 && !(value[0] > value[1]),
    };
}

/** Every field of a rule: checks, docstrings and `docs/materials.md` are made from here. */
export const SURFACE_RULE_FIELDS = {
    slope: rangeField("slope", {
        meaning: "slope of the ground, rise over run",
        notes: "0 to 10. An edge at a limit is open: `[0.5, 10]` is 0.5 and steeper.",
    }),
    height: rangeField("height", {
        unit: "m",
        meaning: "height in the world",
        notes: "From -10,000 to 10,000, open at both.",
    }),
    moisture: rangeField("moisture", {
        meaning: "moisture of the recipe's macro field, 0 dry to 1 wet",
        notes: "Open at both.",
    }),
    relief: rangeField("relief", {
        meaning: "relief of the recipe's macro field, 0 plains to 1 high mountains",
        notes: "Open at both.",
    }),
    cave: rangeField("cave", {
        meaning: "how much of a cave the place is, 0 outside to 1 inside",
        notes: "A range that reaches above 0 is laid over the walls and floors of caves, any other beneath them.",
        defaultText: "outside",
    }),
    coverage: numberField({
        minimum: 0,
        maximum: 1,
        default: 1,
        meaning: "share of what the ranges leave that is covered, in patches of some ten to hundreds of metres",
    }),
    noise: numberField({
        minimum: 0,
        maximum: 1,
        default: 0.3,
        meaning: "how far noise moves edges to and fro",
        notes: "1 is about 0.5 of slope, moisture, relief or cave, and 50 m of height.",
    }),
    softness: numberField({
        minimum: 0.001,
        maximum: 1,
        default: 0.1,
        meaning: "how wide edges are to each side",
        notes: "0.1 is 0.1 of slope, moisture, relief or cave, and 10 m of height.",
    }),
} as const;

/** Lines that a biome table may have: each costs arithmetic in every pixel. */
export const MOST_BIOMES = 32;

/** What names a surface. */
export const SURFACE_NAME_FIELD: Field = {
    type: "text",
    isRequired: true,
    meaning: "name of the surface that lies there: a default one, or one that the material's options define",
    allowed: "a text of 1 to 64 characters",
    remedy: 'Name a surface, such as "snow".',
    accepts: (value) => typeof value === "string" && value !== "" && value.length <= 64,
};

/** The biome table. It is no part of a recipe that has none. */
export const BIOMES_FIELD: Field = {
    type: "biomes",
    meaning: "surfaces laid over the default ones, each where its rule says, in this order",
    notes: "`docs/materials.md` has the fields of a rule. It moves no vertex, but makes it another world for stores.",
    defaultText: "none",
    allowed: `an array of at most ${MOST_BIOMES} rules { surface, slope, height, ... }`,
    remedy: "Leave it out for the default, which is none.",
    items: sectionField({
        meaning: "a rule",
        isRequired: true,
        remedy: 'Write a rule such as { surface: "snow", moisture: [0.9, 1] }.',
        fields: { surface: SURFACE_NAME_FIELD, ...SURFACE_RULE_FIELDS },
    }),
    accepts: (value) => Array.isArray(value) && value.length <= MOST_BIOMES,
};
