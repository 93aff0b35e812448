import { MACRO_CHANNELS } from "../../src/generators/macroShape.js";
import { PlanetMacro } from "../../src/generators/planetMacro.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { PlanetTopology } from "../../src/space/planetTopology.js";
import { soilMemory } from "./kernels.js";

/** Least samples along a grid's side. */
const SIDE = 8;

/** A planet's macro fields, read back from the kernels. */
export class PlanetFields {
    public readonly topology: PlanetTopology;
    public readonly macro: PlanetMacro;

    public constructor(
        public readonly recipe: Recipe,
        public readonly radius: number,
        private readonly _kernels: Kernels,
    ) {
        this.topology = new PlanetTopology(recipe.chunkSize, radius);
        this.macro = new PlanetMacro(recipe, _kernels, this.topology);
    }

    /** Samples from one edge of a face to the other. */
    public samplesAlong(level: number): number {
        return this.recipe.terrain.resolution * this.topology.chunksAlong(level);
    }

    /** Fills a grid; `MACRO_CHANNELS` values a sample, z outer. */
    public grid(face: number, level: number, x: number, z: number, countX: number, countZ: number): Float32Array {
        const { exports } = this._kernels;
        // Whatever is left unset is not a number.
        soilMemory(this._kernels, 0x7fc00000);
        exports.layoutGrid(countX, countZ);
        this.macro.fill(face, level, x, z, countX, countZ);
        const values = new Float32Array(countX * countZ * MACRO_CHANNELS);
        const planes = new Float32Array(exports.memory.buffer, exports.macroPlanesStart());
        const [line, plane] = [exports.planeLineBytes() / 4, exports.planeSize() / 4];
        for (let at = 0; at < countX * countZ; at++) {
            const from = Math.floor(at / countX) * line + (at % countX);
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                values[at * MACRO_CHANNELS + channel] = planes[from + channel * plane]!;
            }
        }
        return values;
    }

    /** The fields of one sample on a face, from a grid that does not leave the face. */
    public at(face: number, level: number, i: number, k: number): Float32Array {
        const last = this.samplesAlong(level) + 1 - SIDE;
        const [x, z] = [Math.max(0, Math.min(last, i - 3)), Math.max(0, Math.min(last, k - 3))];
        const from = ((k - z) * SIDE + i - x) * MACRO_CHANNELS;
        return this.grid(face, level, x, z, SIDE, SIDE).slice(from, from + MACRO_CHANNELS);
    }
}
