import type { Problem } from "../base/errors.js";
import { caveRoomProblem } from "./caveVolume.js";
import { steepnessProblem } from "./heightRelation.js";
import { coarsestLatticeStep } from "./latticeError.js";
import { radiusProblem } from "./planetRadius.js";
import { deepestCaves, type Recipe, type SplinePoints } from "./recipe.js";

/**
 * Returns which fields do not go together. Each field of `recipe` is right by itself. What follows from several relations
 * is looked at where these hold.
 */
export function relationProblems(recipe: Recipe): Problem[] {
    const ofTerrain: Problem[] = [];
    const ofCaves: Problem[] = [];
    const ofPlanet = radiusProblem(recipe);
    checkTerrain(recipe, ofTerrain);
    checkCaves(recipe, ofCaves);
    const steep = ofTerrain.length === 0 ? steepnessProblem(recipe) : null;
    const crowded = ofCaves.length === 0 ? caveRoomProblem(recipe) : null;
    return [ofPlanet, ...ofTerrain, ...ofCaves, steep, crowded].filter((problem) => problem !== null);
}

function checkTerrain(recipe: Recipe, problems: Problem[]): void {
    const { terrain } = recipe;
    const spacing = recipe.chunkSize / terrain.resolution;
    const spacingText = spacingTextOf(spacing);
    check(
        problems,
        terrain.wavelength >= 2 * spacing,
        "terrain.wavelength",
        terrain.wavelength,
        `at least ${2 * spacing}, two samples (${spacingText})`,
        "Raise it or terrain.resolution, or lower chunkSize.",
    );
    checkRising(problems, "terrain.macro.continentSpline", terrain.macro.continentSpline);
    checkRising(problems, "terrain.macro.reliefSpline", terrain.macro.reliefSpline);
}

function checkCaves(recipe: Recipe, problems: Problem[]): void {
    const { terrain, caves } = recipe;
    const spacing = recipe.chunkSize / terrain.resolution;
    const spacingText = spacingTextOf(spacing);
    check(
        problems,
        caves.wavelength >= spacing,
        "caves.wavelength",
        caves.wavelength,
        `at least ${spacing}, a whole number of samples (${spacingText})`,
        "Raise it or terrain.resolution, or lower chunkSize.",
    );
    const coarsest = coarsestLatticeStep(caves);
    const isSparse = caves.latticeStep > caves.wavelength / 4;
    check(
        problems,
        caves.latticeStep <= coarsest,
        "caves.latticeStep",
        caves.latticeStep,
        isSparse
            ? `at most ${caves.wavelength / 4}, a quarter of caves.wavelength`
            : `at most ${coarsest}: between nodes farther apart walls would be off by more than caves.radius, ${caves.radius} m`,
        isSparse ? "Lower it, or raise caves.wavelength." : "Lower it, or raise caves.radius.",
    );
    // Wider tunnels would fill their whole country, and coarse levels would have less than two nodes a noise cell.
    check(
        problems,
        caves.radius <= caves.wavelength / 4,
        "caves.radius",
        caves.radius,
        `at most ${caves.wavelength / 4}, a quarter of caves.wavelength`,
        "Lower it, or raise caves.wavelength.",
    );
    const deepest = deepestCaves(recipe.chunkSize);
    check(
        problems,
        caves.maxDepth <= deepest,
        "caves.maxDepth",
        caves.maxDepth,
        `at most ${deepest}, four sides of a chunk or 64 m`,
        "Lower it, or raise chunkSize.",
    );
}

function spacingTextOf(spacing: number): string {
    return `samples are chunkSize / terrain.resolution = ${spacing} m apart`;
}

function checkRising(problems: Problem[], field: string, points: SplinePoints): void {
    for (let i = 1; i < points.length; i++) {
        const before = points[i - 1]![0];
        const input = points[i]![0];
        check(
            problems,
            input > before,
            `${field}[${i}][0]`,
            input,
            `above ${before}, the input of the point before`,
            "Sort the points by input and leave out doubles.",
        );
    }
}

function check(
    problems: Problem[],
    holds: boolean,
    field: string,
    value: number,
    allowed: string,
    remedy: string,
): void {
    if (!holds) {
        problems.push({ field: `recipe.${field}`, value, allowed, remedy });
    }
}
