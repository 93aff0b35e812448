import type { Problem } from "../base/errors.js";
import { latticeOf, quantumAt } from "./lattice.js";
import type { Recipe, SplinePoints } from "./recipe.js";

/** Steps of height that a sample's width must have at least: with fewer, slopes and cave walls look like stairs. */
const LEAST_QUANTA = 4;
/** Halvings by which the largest share of a field is found. */
const HALVINGS = 20;

/** Fields that heights grow with, the likeliest first. */
const HEIGHTS = ["mountainHeight", "plainsHeight", "rangeHeight"] as const;
type Height = (typeof HEIGHTS)[number] | "gullies.strength" | "continentSpline";

/**
 * Returns what is wrong with a recipe whose ground may rise so far within a chunk that int16 positions would be too coarse
 * for its samples: the field that has to change least, and the most that works. Null where nothing is.
 */
export function steepnessProblem(recipe: Recipe): Problem | null {
    if (isDrawable(recipe)) {
        return null;
    }
    const { terrain } = recipe;
    const reason =
        `beyond, the ground may rise so far within a chunk of ${recipe.chunkSize} m that less than ${LEAST_QUANTA} steps of ` +
        `height are as wide as a sample (${latticeOf(recipe).spacing} m)`;
    const remedy = "Lower it, raise terrain.wavelength or chunkSize, or lower terrain.resolution or terrain.gain.";
    const candidates = ([...HEIGHTS, "gullies.strength"] as const).map((field) => ({
        field,
        share: largestShare((share) => scaled(recipe, [field], share)),
    }));
    const { field, share } = candidates.reduce((best, next) => (next.share > best.share ? next : best));
    if (share > 0) {
        const value = field === "gullies.strength" ? terrain.gullies.strength : terrain[field];
        const most = roundDown(value * share);
        return {
            field: `recipe.terrain.${field}`,
            value,
            allowed: `at most ${most}, all else being as it is: ${reason}`,
            remedy,
        };
    }
    const ofSpline = largestShare((part) => scaled(recipe, ["continentSpline"], part));
    if (ofSpline > 0) {
        return {
            field: "recipe.terrain.macro.continentSpline",
            value: terrain.macro.continentSpline,
            allowed: `outputs of at most ${roundDown(ofSpline)} of these, all else being as it is: ${reason}`,
            remedy: "Scale its outputs, set its inputs farther apart, or raise terrain.macro.continentWavelength.",
        };
    }
    const ofAll = largestShare((part) => scaled(recipe, [...HEIGHTS, "gullies.strength", "continentSpline"], part));
    return {
        field: "recipe.terrain",
        value: terrain,
        allowed: `heights of at most ${roundDown(ofAll)} of these, all else being as it is: ${reason}`,
        remedy: `Lower ${HEIGHTS.join(", ")}, gullies.strength and the outputs of macro.continentSpline, or raise chunkSize.`,
    };
}

function isDrawable(recipe: Recipe): boolean {
    return latticeOf(recipe).spacing >= LEAST_QUANTA * quantumAt(recipe, 0);
}

/** The recipe with some of its heights multiplied. */
function scaled(recipe: Recipe, fields: readonly Height[], share: number): Recipe {
    const { terrain } = recipe;
    const of = (field: (typeof HEIGHTS)[number]) => terrain[field] * (fields.includes(field) ? share : 1);
    const { macro, gullies } = terrain;
    const strength = gullies.strength * (fields.includes("gullies.strength") ? share : 1);
    const continentSpline: SplinePoints = fields.includes("continentSpline")
        ? macro.continentSpline.map(([input, output]) => [input, output * share] as const)
        : macro.continentSpline;
    return {
        ...recipe,
        terrain: {
            ...terrain,
            mountainHeight: of("mountainHeight"),
            plainsHeight: of("plainsHeight"),
            rangeHeight: of("rangeHeight"),
            gullies: { ...gullies, strength },
            macro: { ...macro, continentSpline },
        },
    };
}

/** The largest share, of 0 to 1, whose recipe can be drawn; 0 where not even 0 can. */
function largestShare(recipeAt: (share: number) => Recipe): number {
    let [low, high] = [0, 1];
    for (let i = 0; i < HALVINGS; i++) {
        const middle = (low + high) / 2;
        if (isDrawable(recipeAt(middle))) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/** To three digits, so that what a message names can be drawn. */
function roundDown(value: number): number {
    let unit = 1;
    while (unit * 100 > value && unit > 1e-6) {
        unit /= 10;
    }
    return Number((Math.floor(value / unit) * unit).toFixed(6));
}
