import { TerraneError } from "../base/errors.js";
import { assertRoomForCaves } from "./caveVolume.js";
import { assertDrawable } from "./heightRelation.js";
import { coarsestLatticeStep } from "./latticeError.js";
import { deepestCaves, type Recipe, type SplinePoints } from "./recipe.js";

/** What fields must be to each other. Throws a `TerraneError` at the first relation that does not hold. */
export function assertRelations(recipe: Recipe): void {
    const { terrain, caves } = recipe;
    const spacing = recipe.chunkSize / terrain.resolution;
    const spacingText = `samples are chunkSize / terrain.resolution = ${spacing} m apart`;

    check(
        terrain.wavelength >= 2 * spacing,
        "terrain.wavelength",
        terrain.wavelength,
        `at least ${2 * spacing}, two samples (${spacingText})`,
        "Raise it or terrain.resolution, or lower chunkSize.",
    );
    check(
        caves.wavelength >= spacing,
        "caves.wavelength",
        caves.wavelength,
        `at least ${spacing}, a whole number of samples (${spacingText})`,
        "Raise it or terrain.resolution, or lower chunkSize.",
    );
    check(
        caves.latticeStep <= caves.wavelength / 4,
        "caves.latticeStep",
        caves.latticeStep,
        `at most ${caves.wavelength / 4}, a quarter of caves.wavelength`,
        "Lower it, or raise caves.wavelength.",
    );
    const coarsest = coarsestLatticeStep(caves);
    check(
        caves.latticeStep <= coarsest,
        "caves.latticeStep",
        caves.latticeStep,
        `at most ${coarsest}: between nodes farther apart walls would be off by more than caves.radius, ${caves.radius} m`,
        "Lower it, or raise caves.radius.",
    );
    // Wider tunnels would fill their whole country, and coarse levels would have less than two nodes a noise cell.
    check(
        caves.radius <= caves.wavelength / 4,
        "caves.radius",
        caves.radius,
        `at most ${caves.wavelength / 4}, a quarter of caves.wavelength`,
        "Lower it, or raise caves.wavelength.",
    );
    const deepest = deepestCaves(recipe.chunkSize);
    check(
        caves.maxDepth <= deepest,
        "caves.maxDepth",
        caves.maxDepth,
        `at most ${deepest}, four sides of a chunk or 64 m`,
        "Lower it, or raise chunkSize.",
    );
    checkRising("terrain.macro.continentSpline", terrain.macro.continentSpline);
    checkRising("terrain.macro.reliefSpline", terrain.macro.reliefSpline);
    assertDrawable(recipe);
    assertRoomForCaves(recipe);
}

function checkRising(field: string, points: SplinePoints): void {
    for (let i = 1; i < points.length; i++) {
        const before = points[i - 1]![0];
        const input = points[i]![0];
        check(
            input > before,
            `${field}[${i}][0]`,
            input,
            `above ${before}, the input of the point before`,
            "Sort the points by input and leave out doubles.",
        );
    }
}

function check(holds: boolean, field: string, value: number, allowed: string, remedy: string): void {
    if (!holds) {
        throw new TerraneError(`recipe.${field}`, value, allowed, remedy);
    }
}
