import { TerraneError } from "../base/errors.js";
import type { Recipe, SplinePoints } from "./recipe.js";

/** Samples that a column of cave distances may hold: a chunk's volume of them stays below about 150 MB. */
const DEEPEST_IN_SAMPLES = 2048;

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
    // Wider tunnels would fill their whole country, and coarse levels would have less than two nodes a noise cell.
    check(
        caves.radius <= caves.wavelength / 4,
        "caves.radius",
        caves.radius,
        `at most ${caves.wavelength / 4}, a quarter of caves.wavelength`,
        "Lower it, or raise caves.wavelength.",
    );
    check(
        caves.maxDepth <= DEEPEST_IN_SAMPLES * spacing,
        "caves.maxDepth",
        caves.maxDepth,
        `at most ${DEEPEST_IN_SAMPLES * spacing}, ${DEEPEST_IN_SAMPLES} samples (${spacingText})`,
        "Lower it or terrain.resolution, or raise chunkSize.",
    );
    checkRising("terrain.macro.continentSpline", terrain.macro.continentSpline);
    checkRising("terrain.macro.reliefSpline", terrain.macro.reliefSpline);
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
