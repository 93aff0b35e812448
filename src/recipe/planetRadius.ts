import type { Problem } from "../base/errors.js";
import { planetRadiiFor } from "../space/createTopology.js";
import { heightBoundOf } from "./heightBound.js";
import type { PlanetRecipe, Recipe } from "./recipe.js";

export function isPlanet(recipe: Recipe): recipe is PlanetRecipe {
    return recipe.topology === "planet";
}

/** Returns what is wrong with a recipe's radius: planets have one that suits their chunks and heights, flat worlds have none. */
export function radiusProblem(recipe: Recipe): Problem | null {
    const { radius, chunkSize, caves } = recipe;
    const problem = (allowed: string, remedy: string): Problem => ({
        ...{ field: "recipe.radius", value: radius, allowed, remedy },
    });
    if (!isPlanet(recipe)) {
        const remedy = 'Leave it out, or set recipe.topology to "planet".';
        return radius === undefined ? null : problem("none on flat worlds", remedy);
    }
    const { least, greatest } = planetRadiiFor(chunkSize);
    if (radius === undefined || radius < least || radius > greatest) {
        return problem(
            `a number from ${Math.max(1000, least)} to ${Math.min(100_000_000, greatest)}, with chunks of ${chunkSize} m`,
            "Set it to the metres from the planet's middle to altitude 0.",
        );
    }
    const deepest = caves.maxDepth - heightBoundOf(recipe).lowest;
    return deepest < radius
        ? null
        : problem(
              `more than ${Math.ceil(deepest)}: the ground, and caves below it, may lie that deep`,
              "Raise it, or lower terrain.mountainHeight, terrain.plainsHeight, terrain.gain or caves.maxDepth.",
          );
}
