import { MACRO_CHANNELS, MacroChannel } from "../../src/generators/macroField.js";
import { quantumAt } from "../../src/recipe/lattice.js";
import { gullyOctavesOf } from "../../src/recipe/carving.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { shareOfRelief } from "./gullies.js";
import { createHeightGrid, GRID_MARGIN, type HeightField, type HeightGrid } from "./heightField.js";

const coarse = createHeightGrid();

/**
 * Metres by which a chunk's border may lie above the ground of another level. Coarser ones are asked for their samples along it,
 * as far as they have two there. Finer ones hardly differ by more than the steepest step and the octaves that the chunk lacks.
 *
 * @param x, z the chunk's first sample
 */
export function levelGap(
    recipe: Recipe,
    heights: HeightField,
    level: number,
    x: number,
    z: number,
    grid: HeightGrid,
): number {
    const { resolution, spacing } = heights.lattice;
    const finer = sharesBelow(recipe, 2 * spacing * 2 ** level, 2 * spacing);
    let most = 0;
    for (const isX of [false, true]) {
        for (const isHigh of [false, true]) {
            const across = isHigh ? resolution : 0;
            const columnAt = (i: number): number => {
                const [dx, dz] = isX ? [across, i] : [i, across];
                return (dz + GRID_MARGIN) * grid.countX + dx + GRID_MARGIN;
            };
            const own = Array.from({ length: resolution + 1 }, (_, i) => grid.height[columnAt(i)]!);
            const amplitudes = own.map((_, i) => grid.macro[columnAt(i) * MACRO_CHANNELS + MacroChannel.amplitude]!);
            const reliefs = own.map((_, i) => grid.macro[columnAt(i) * MACRO_CHANNELS + MacroChannel.relief]!);
            const carved = shareOfRelief(Math.max(...reliefs)) * lackedDepth(recipe, heights, level);
            const steps = own.slice(1).map((height, i) => Math.abs(height - own[i]!));
            most = Math.max(most, Math.max(...steps) + Math.max(...amplitudes) * finer + carved);
            for (let up = 1, width = 2; width <= resolution; up++, width *= 2) {
                const count = resolution / width + 1;
                const firstX = (x + (isX ? across : 0)) / width;
                const firstZ = (z + (isX ? 0 : across)) / width;
                heights.fillGrid(level + up, firstX, firstZ, isX ? 1 : count, isX ? count : 1, coarse);
                const line = coarse.smooth;
                for (const [i, height] of own.entries()) {
                    const at = Math.min(count - 2, Math.floor(i / width));
                    most = Math.max(most, height - line[at]! - (i / width - at) * (line[at + 1]! - line[at]!));
                }
            }
        }
    }
    return most + quantumAt(recipe, level + Math.log2(resolution));
}

/** Metres by which finer levels may lie lower for gullies and beds that a level lacks. */
function lackedDepth(recipe: Recipe, heights: HeightField, level: number): number {
    const { strength, thickness } = recipe.terrain.beds;
    const shortest = 4 * heights.lattice.spacing * 2 ** level;
    const lacked = gullyOctavesOf(recipe).filter(({ wavelength }) => wavelength < shortest);
    const gullies = 0.553 * lacked.reduce((sum, { depth }) => sum + depth, 0);
    return heights.hasBedsAt(level) ? gullies : gullies + 0.24 * strength * thickness;
}

/** Sum of the amplitudes of octaves shorter than `longest`, the first octave's being 1. */
function sharesBelow({ terrain }: Recipe, longest: number, shortest: number): number {
    let [sum, share, wavelength] = [0, 1, terrain.wavelength];
    for (let i = 0; i < terrain.octaves && wavelength >= shortest; i++, wavelength /= 2, share *= terrain.gain) {
        sum += wavelength < longest ? share : 0;
    }
    return sum;
}
