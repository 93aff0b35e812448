import type { Kernels } from "../kernels/kernels.js";
import type { Recipe } from "../recipe/recipe.js";
import { seedFrom, subSeed } from "../seed/seed.js";
import {
    CAVE_COUNTRY_WAVELENGTH,
    createMacroShape,
    FRACTAL_SCALE,
    MACRO_CHANNELS,
    MACRO_NOISES,
    MacroNoise,
    MOUTH_WAVELENGTH,
    RIB_FREQUENCY,
    shapeMacro,
    SPUR_FREQUENCY,
    type MacroShape,
} from "./macroShape.js";

/** Points of a batch: as many as stay in a processor's nearest caches. */
export const POINTS_AT_ONCE = 1024;

/**
 * Cells of simplex noise in a wavelength. Then it rises as steeply as the noise of flat worlds: 0.87 a wavelength against
 * 0.88, root mean square, along any direction and measured over 10^5 points. Their deviations are 0.39 and 0.37.
 */
const CELLS_PER_WAVELENGTH = 0.5;

/** One octave of one noise. */
interface Octave {
    readonly noise: number;
    readonly seed: number;
    /** Cells in a metre. */
    readonly scale: number;
    /** Its share of the noise. */
    readonly weight: number;
}

/** Evaluates the macro fields of points in space, a batch at a time, by the kernels' simplex noise and in their memory. */
export class MacroPoints {
    /** Of the last batch, `MACRO_CHANNELS` a point. */
    public readonly fields = new Float32Array(POINTS_AT_ONCE * MACRO_CHANNELS);
    private readonly _shape: MacroShape;
    /** Of the place itself, and of that to which the warp moves it. */
    private readonly _still: readonly Octave[];
    private readonly _warped: readonly Octave[];
    /** Along x, y and z, metres at most `_warpStrength`. */
    private readonly _warp: readonly Octave[];
    private readonly _warpStrength: number;
    private readonly _noises = new Float64Array(POINTS_AT_ONCE * MACRO_NOISES);
    private readonly _moves = [0, 1, 2].map(() => new Float64Array(POINTS_AT_ONCE));
    private _at = 0;
    /** Planes of x, y and z. */
    private _places: readonly Float64Array[] = [];
    private _values = new Float32Array(0);

    /** @param _radius metres: places are directions, this far from the planet's middle */
    public constructor(
        recipe: Recipe,
        private readonly _kernels: Kernels,
        private readonly _radius: number,
    ) {
        const { macro } = recipe.terrain;
        this._shape = createMacroShape(recipe);
        this._still = [
            ...fractal(recipe, MacroNoise.moisture, "materials", "moisture", 3, macro.moistureWavelength),
            ...fractal(recipe, MacroNoise.caves, "caves", "country", 2, CAVE_COUNTRY_WAVELENGTH),
            octaveOf(recipe, MacroNoise.mouths, "caves", "mouths", 0, MOUTH_WAVELENGTH),
        ];
        this._warped = [
            ...fractal(recipe, MacroNoise.continent, "terrain", "continent", 4, macro.continentWavelength),
            ...fractal(recipe, MacroNoise.erosion, "terrain", "erosion", 2, macro.erosionWavelength),
            ...fractal(recipe, MacroNoise.valley, "terrain", "valleys", 2, macro.valleyWavelength),
            octaveOf(recipe, MacroNoise.range, "terrain", "ranges", 0, macro.rangeWavelength),
            octaveOf(recipe, MacroNoise.spur, "terrain", "ranges", 1, macro.rangeWavelength / SPUR_FREQUENCY),
            octaveOf(recipe, MacroNoise.rib, "terrain", "ranges", 2, macro.rangeWavelength / RIB_FREQUENCY),
        ];
        this._warp = [0, 1, 2].map((axis) => octaveOf(recipe, axis, "terrain", "warp", axis, macro.warpWavelength));
        this._warpStrength = macro.warpStrength;
    }

    /** Makes room for a batch in the kernels' present job. Until the last batch of the call, nothing else may be reserved. */
    public layOut(): void {
        const { exports } = this._kernels;
        const at = exports.layoutPoints(POINTS_AT_ONCE);
        const { buffer } = exports.memory;
        const bytes = exports.pointPlaneBytes();
        this._at = at;
        this._places = [0, 1, 2].map((axis) => new Float64Array(buffer, at + 2 * axis * bytes, POINTS_AT_ONCE));
        this._values = new Float32Array(buffer, at + 6 * bytes, POINTS_AT_ONCE);
    }

    /** Sets a point of the batch: a unit vector from the planet's middle. */
    public setPoint(i: number, direction: Float64Array): void {
        for (let axis = 0; axis < 3; axis++) {
            this._places[axis]![i] = direction[axis]! * this._radius;
        }
    }

    /** Evaluates the first `count` points into `fields`, and forgets them. */
    public evaluate(count: number): void {
        const { _noises: noises, fields } = this;
        noises.fill(0, 0, count * MACRO_NOISES);
        this._add(this._still, count);
        if (this._warpStrength > 0) {
            this._move(count);
        }
        this._add(this._warped, count);
        for (let i = 0; i < count; i++) {
            shapeMacro(this._shape, noises, i * MACRO_NOISES, fields, i * MACRO_CHANNELS);
        }
        for (let i = 0; i < count * MACRO_CHANNELS; i++) {
            // Zero has no sign: between nodes it would hang on those around.
            fields[i] = fields[i]! + 0;
        }
    }

    private _add(octaves: readonly Octave[], count: number): void {
        const { _noises: noises, _values: values } = this;
        for (const { noise, seed, scale, weight } of octaves) {
            this._kernels.exports.simplex3Points(this._at, count, seed, scale, 0);
            for (let i = 0, to = noise; i < count; i++, to += MACRO_NOISES) {
                noises[to] = noises[to]! + weight * values[i]!;
            }
        }
    }

    /** Moves the points as the warp has it, all by the noises at the places that they had. */
    private _move(count: number): void {
        const { _values: values, _warpStrength: strength } = this;
        for (const { noise, seed, scale } of this._warp) {
            this._kernels.exports.simplex3Points(this._at, count, seed, scale, 0);
            const moves = this._moves[noise]!;
            for (let i = 0; i < count; i++) {
                moves[i] = strength * values[i]!;
            }
        }
        for (let axis = 0; axis < 3; axis++) {
            const [places, moves] = [this._places[axis]!, this._moves[axis]!];
            for (let i = 0; i < count; i++) {
                places[i] = places[i]! + moves[i]!;
            }
        }
    }
}

/** Returns octaves of halving wavelength and amplitude, which together reach about -1 to 1. */
function fractal(
    recipe: Recipe,
    noise: number,
    domain: string,
    context: string,
    count: number,
    wavelength: number,
): Octave[] {
    const total = 2 - 0.5 ** (count - 1);
    return Array.from({ length: count }, (_, i) => {
        const octave = octaveOf(recipe, noise, domain, context, i, wavelength * 0.5 ** i);
        return { ...octave, weight: (FRACTAL_SCALE * 0.5 ** i) / total };
    });
}

function octaveOf(
    recipe: Recipe,
    noise: number,
    domain: string,
    context: string,
    index: number,
    wavelength: number,
): Octave {
    const seed = subSeed(seedFrom(recipe.seed), domain, context, index);
    return { noise, seed, scale: CELLS_PER_WAVELENGTH / wavelength, weight: 1 };
}
