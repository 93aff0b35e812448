import { ledgeErrorAt } from "./ledges.js";
import type { CaveRecipe } from "./recipe.js";

/** What of a recipe tells how far interpolation moves walls. */
type WallRecipe = Pick<CaveRecipe, "wavelength" | "radius" | "octaves" | "ledges">;

/** Most tunnel radii by which interpolation may move walls. Beyond, tunnels come and go with the lattice. */
const ALLOWED_LATTICE_ERROR = 1;

/**
 * Error of gradient noise interpolated between nodes: at most this times the square of the step over the wavelength,
 * and at most `NOISE_RANGE`.
 */
const NOISE_CURVATURE = 2.5;
const NOISE_RANGE = 1.2;
/**
 * Share of a tunnel's radius that the roughest octave has; each further one has half of it, and half the wavelength.
 */
export const CAVE_ROUGHNESS = 0.3;

/**
 * Returns the most metres by which interpolation between nodes `step` metres apart moves the walls of tunnels of full
 * radius. Measured at 2.8 million points of walls of 1,400 recipes, of which the worst reaches four fifths of it;
 * `test/unit/recipe/latticeError.test.ts` checks it.
 */
export function latticeErrorAt(step: number, caves: WallRecipe): number {
    const { wavelength, radius, octaves } = caves;
    // Tunnels bend by their radius, and by the wavelength of the noise that lays them.
    let error = Math.min(step * step * (0.3 / radius + 0.5 / wavelength), 0.35 * step) + ledgeErrorAt(step, caves);
    let [roughness, period] = [radius * CAVE_ROUGHNESS, wavelength / 4];
    for (let octave = 2; octave < octaves; octave++) {
        error += roughness * Math.min(NOISE_CURVATURE * (step / period) ** 2, NOISE_RANGE);
        roughness /= 2;
        period /= 2;
    }
    return error;
}

/**
 * Returns the coarsest step, a power of two, whose error is allowed and that has at least four nodes per wavelength. Ledges do not
 * count: without them tunnels still are the same ones.
 */
export function coarsestLatticeStep(caves: Omit<WallRecipe, "ledges">): number {
    let step = caves.wavelength / 4;
    while (latticeErrorAt(step, { ...caves, ledges: 0 }) > ALLOWED_LATTICE_ERROR * caves.radius) {
        step /= 2;
    }
    return step;
}
