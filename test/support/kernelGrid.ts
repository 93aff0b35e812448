import { ChunkFields } from "../../src/generators/chunkFields.js";
import { quantumAt } from "../../src/recipe/lattice.js";
import { MACRO_CHANNELS } from "../../src/generators/macroField.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import type { Recipe } from "../../src/recipe/recipe.js";

/** Samples as the kernels evaluate them, row by row (z outer, x inner). */
export interface KernelGrid {
    countX: number;
    countZ: number;
    /** Metres: whole quanta. */
    height: Float64Array;
    /** Metres, before rounding. */
    smooth: Float32Array;
    /** `MACRO_CHANNELS` values a sample. */
    macro: Float32Array;
}

/** @param x, z the first sample, in samples of the level */
export function readKernelGrid(
    kernels: Kernels,
    recipe: Recipe,
    level: number,
    x: number,
    z: number,
    countX: number,
    countZ = countX,
    fields = new ChunkFields(recipe, kernels),
): KernelGrid {
    fields.fillMacro(level, x, z, countX, countZ);
    fields.fillHeights(level, x, z, 1);
    const { exports } = kernels;
    const plane = (at: number) => new Float32Array(exports.memory.buffer, at);
    const stride = exports.planeLineBytes() / 4;
    const quantum = quantumAt(recipe, level);
    const quanta = plane(exports.quantaPlane());
    const smooth = plane(exports.smoothPlane());
    const grid: KernelGrid = {
        countX,
        countZ,
        height: new Float64Array(countX * countZ),
        smooth: new Float32Array(countX * countZ),
        macro: new Float32Array(countX * countZ * MACRO_CHANNELS),
    };
    for (let row = 0; row < countZ; row++) {
        for (let i = 0; i < countX; i++) {
            const at = row * countX + i;
            const from = row * stride + i;
            grid.height[at] = quanta[from]! * quantum;
            grid.smooth[at] = smooth[from]!;
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                const macro = plane(exports.macroPlanesStart() + channel * exports.planeSize());
                grid.macro[at * MACRO_CHANNELS + channel] = macro[from]!;
            }
        }
    }
    return grid;
}
