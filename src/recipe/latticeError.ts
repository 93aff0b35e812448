import type { CaveRecipe } from "./recipe.js";

/** Radii of a tunnel by which interpolation may move its walls. Beyond, tunnels come and go with the lattice. */
const ALLOWED_LATTICE_ERROR = 1;

/** Of gradient noise between nodes a share of the cell apart: at most so many times that share's square, and at most so much. */
const NOISE_CURVATURE = 2.5;
const NOISE_RANGE = 1.2;
/** The roughest octave's share of a tunnel's radius; each further one has half of it, and half the wavelength. */
export const CAVE_ROUGHNESS = 0.3;

/**
 * Metres by which interpolation between nodes `step` metres apart moves the walls of tunnels that have their full radius, at
 * most. Measured at 2.8 million points of walls of 1,400 recipes, of which the worst reaches four fifths of it; checked by
 * `test/unit/recipe/latticeError.test.ts`.
 */
export function latticeErrorAt(
    step: number,
    { wavelength, radius, octaves }: Pick<CaveRecipe, "wavelength" | "radius" | "octaves">,
): number {
    // Tunnels bend by their radius, and by the wavelength of the noise that lays them.
    let error = Math.min(step * step * (0.3 / radius + 0.5 / wavelength), 0.35 * step);
    let [roughness, period] = [radius * CAVE_ROUGHNESS, wavelength / 4];
    for (let octave = 2; octave < octaves; octave++) {
        error += roughness * Math.min(NOISE_CURVATURE * (step / period) ** 2, NOISE_RANGE);
        roughness /= 2;
        period /= 2;
    }
    return error;
}

/** The coarsest step, a power of two, whose error is allowed, with at least four nodes a wavelength. */
export function coarsestLatticeStep(caves: Pick<CaveRecipe, "wavelength" | "radius" | "octaves">): number {
    let step = caves.wavelength / 4;
    while (latticeErrorAt(step, caves) > ALLOWED_LATTICE_ERROR * caves.radius) {
        step /= 2;
    }
    return step;
}
