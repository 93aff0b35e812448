import { TerraneError } from "../../src/base/errors.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import type { Recipe, RecipeInput, SplinePoints } from "../../src/recipe/recipe.js";
import type { Random } from "../support/randomRecipe.js";

/** A recipe, and how often it was refused on the way to it. */
export interface WildRecipe {
    readonly recipe: Recipe;
    readonly refusals: number;
    /** Whether heights were lowered to the most that the refusal of a larger one named. */
    readonly isAtBound: boolean;
}

/** Times that what a refusal asks for is tried, before another recipe is. */
const MOST_AMENDS = 4;

/**
 * Any valid recipe: each field its default, an extreme, or anything between. Where one is refused for its heights, what the
 * refusal allows is taken, which gives recipes at the very bound: that must then be taken.
 *
 * @param wildness share of the fields that are not their defaults
 */
export function wildRecipe(random: Random, wildness: number): WildRecipe {
    let refusals = 0;
    for (;;) {
        let input = wildInput(random, wildness);
        for (let amends = 0; amends <= MOST_AMENDS; amends++) {
            try {
                return { recipe: parseRecipe(input), refusals, isAtBound: amends > 0 };
            } catch (error) {
                if (!(error instanceof TerraneError)) {
                    throw error;
                }
                refusals++;
                const amended = amend(input, error);
                if (amended === null) {
                    break;
                }
                input = amended;
            }
        }
    }
}

/** What the refusal allows, in place of what was refused; null where it names no such thing. */
function amend(input: RecipeInput, { field, allowed }: TerraneError): RecipeInput | null {
    const height = /^recipe\.terrain\.(mountainHeight|plainsHeight|rangeHeight)$/.exec(field)?.[1];
    const most = /^at most ([\d.e-]+), all else/.exec(allowed)?.[1];
    const { terrain = {} } = input;
    if (field === "recipe.terrain.gullies.strength" && most !== undefined) {
        return { ...input, terrain: { ...terrain, gullies: { ...terrain.gullies, strength: Number(most) } } };
    }
    if (height !== undefined && most !== undefined) {
        return { ...input, terrain: { ...terrain, [height]: Number(most) } };
    }
    const share = Number(/of at most ([\d.e-]+) of these/.exec(allowed)?.[1] ?? Number.NaN);
    const points = terrain.macro?.continentSpline;
    if (field === "recipe.terrain.macro.continentSpline" && share > 0 && points !== undefined) {
        const continentSpline = points.map(([x, y]) => [x, y * share] as const);
        return { ...input, terrain: { ...terrain, macro: { ...terrain.macro, continentSpline } } };
    }
    return null;
}

function wildInput(random: Random, wildness: number): RecipeInput {
    const isWild = () => random.next() < wildness;
    const number = (usual: number, low: number, high: number): number => {
        if (!isWild()) {
            return usual;
        }
        const kind = random.next();
        if (kind < 0.4) {
            return kind < 0.2 ? low : high;
        }
        return low > 0 && kind < 0.7 ? low * (high / low) ** random.next() : random.between(low, high);
    };
    const whole = (usual: number, low: number, high: number) => Math.round(number(usual, low, high));
    const power = (usual: number, low: number, high: number) => (isWild() ? random.power(low, high) : usual);
    const macro = (usual: number) => number(usual, 256, random.next() < 0.5 ? 20_000 : 1_000_000);

    const chunkSize = power(64, 4, 1024);
    const resolution = power(64, 16, 128);
    const spacing = chunkSize / resolution;
    const cavesWavelength = Math.max(spacing, power(128, 1, 1024));
    const heights = random.next() < 0.5 ? 10_000 : 300;
    return {
        id: "wild",
        seed: random.whole(0, 2 ** 32 - 1),
        chunkSize,
        terrain: {
            resolution,
            octaves: whole(8, 0, 12),
            wavelength: Math.max(2 * spacing, power(1024, 0.25, 16_384)),
            gain: number(0.55, 0, 1),
            damping: number(0.03, 0, 10),
            ridgeOctaves: whole(7, 0, 12),
            plainsHeight: number(30, 0, 4000),
            mountainHeight: number(340, 0, 4000),
            rangeHeight: number(900, 0, 10_000),
            valleyDepth: number(0.8, 0, 1),
            gullies: {
                strength: number(0.15, 0, 0.5),
                wavelength: power(256, 1, 2048),
                octaves: whole(6, 1, 8),
                gain: number(0.95, 0, 1),
            },
            beds: { strength: number(0.6, 0, 1), thickness: number(26, 0.25, 1000) },
            macro: {
                continentWavelength: macro(9000),
                erosionWavelength: macro(6000),
                rangeWavelength: macro(5000),
                valleyWavelength: macro(4000),
                moistureWavelength: macro(3000),
                warpStrength: number(250, 0, 10_000),
                warpWavelength: macro(1500),
                ...(random.next() < wildness / 2 ? { continentSpline: spline(random, -heights, heights) } : {}),
                ...(random.next() < wildness / 2 ? { reliefSpline: spline(random, 0, 1) } : {}),
            },
        },
        caves: {
            enabled: random.next() < 0.8,
            complexity: number(0.5, 0, 1),
            maxDepth: Math.min(Math.max(4 * chunkSize, 64), number(60, 0, 512)),
            wavelength: cavesWavelength,
            radius: Math.min(cavesWavelength / 4, Math.max(0.0625, number(6, 0.0625, 256))),
            octaves: whole(4, 2, 6),
            latticeStep: Math.min(cavesWavelength / 4, power(2, 0.03125, 64)),
            mouths: number(0.5, 0, 1),
        },
        water: { enabled: random.next() < 0.5, level: number(0, -10_000, 10_000) },
    };
}

/** Rising inputs, some so close that the curve is a cliff. */
function spline(random: Random, low: number, high: number): SplinePoints {
    const count = random.whole(2, random.next() < 0.3 ? 32 : 6);
    const points: [number, number][] = [];
    let input = random.next() < 0.2 ? -1000 : -1 - random.next();
    for (let i = 0; i < count; i++) {
        const kind = random.next();
        points.push([input, kind < 0.3 ? low : kind < 0.6 ? high : random.between(low, high)]);
        input += random.next() < 0.3 ? 10 ** random.between(-6, -1) : (2.2 / count) * (0.5 + random.next());
    }
    return points;
}
