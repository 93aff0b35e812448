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

/** Planes of sums behind those of the noises: metres by which the warp moves a place. */
const MOVE_X = MACRO_NOISES;
const MOVE_Y = MACRO_NOISES + 1;
const MOVE_Z = MACRO_NOISES + 2;
const SUMS = MACRO_NOISES + 3;

/** One octave of one noise, or of a move. */
interface Octave {
    /** The plane to whose sums it adds. */
    readonly plane: number;
    readonly seed: number;
    /** Cells in a metre. */
    readonly scale: number;
    /** What its values count. */
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
    /** The noises of one point. */
    private readonly _noises = new Float64Array(MACRO_NOISES);
    private _at = 0;
    /** Planes of x, y and z. */
    private _x = new Float64Array(0);
    private _y = new Float64Array(0);
    private _z = new Float64Array(0);
    /** Planes of each noise, then of the warp's moves along x, y and z. */
    private _sums = new Float32Array(0);

    /** @param _radius metres: places are directions, this far from the planet's middle */
    public constructor(
        recipe: Recipe,
        private readonly _kernels: Kernels,
        private readonly _radius: number,
    ) {
        const { macro } = recipe.terrain;
        const { warpStrength, warpWavelength } = macro;
        this._shape = createMacroShape(recipe);
        this._still = [
            ...fractal(recipe, MacroNoise.moisture, "materials", "moisture", 3, macro.moistureWavelength),
            ...fractal(recipe, MacroNoise.caves, "caves", "country", 2, CAVE_COUNTRY_WAVELENGTH),
            octaveOf(recipe, MacroNoise.mouths, "caves", "mouths", 0, MOUTH_WAVELENGTH),
            octaveOf(recipe, MOVE_X, "terrain", "warp", 0, warpWavelength, warpStrength),
            octaveOf(recipe, MOVE_Y, "terrain", "warp", 1, warpWavelength, warpStrength),
            octaveOf(recipe, MOVE_Z, "terrain", "warp", 2, warpWavelength, warpStrength),
        ];
        this._warped = [
            ...fractal(recipe, MacroNoise.continent, "terrain", "continent", 4, macro.continentWavelength),
            ...fractal(recipe, MacroNoise.erosion, "terrain", "erosion", 2, macro.erosionWavelength),
            ...fractal(recipe, MacroNoise.valley, "terrain", "valleys", 2, macro.valleyWavelength),
            octaveOf(recipe, MacroNoise.range, "terrain", "ranges", 0, macro.rangeWavelength),
            octaveOf(recipe, MacroNoise.spur, "terrain", "ranges", 1, macro.rangeWavelength / SPUR_FREQUENCY),
            octaveOf(recipe, MacroNoise.rib, "terrain", "ranges", 2, macro.rangeWavelength / RIB_FREQUENCY),
        ];
    }

    /** Makes room for batches in the kernels' present job. Until the last of them is evaluated, nothing else may be reserved. */
    public layOut(): void {
        const { exports } = this._kernels;
        this._at = exports.layoutPoints(POINTS_AT_ONCE);
        const sums = exports.reserve(SUMS * POINTS_AT_ONCE * Float32Array.BYTES_PER_ELEMENT);
        const { buffer } = exports.memory;
        const bytes = exports.pointPlaneBytes();
        this._x = new Float64Array(buffer, this._at, POINTS_AT_ONCE);
        this._y = new Float64Array(buffer, this._at + 2 * bytes, POINTS_AT_ONCE);
        this._z = new Float64Array(buffer, this._at + 4 * bytes, POINTS_AT_ONCE);
        this._sums = new Float32Array(buffer, sums, SUMS * POINTS_AT_ONCE);
    }

    /** Sets a point of the batch: a unit vector from the planet's middle. */
    public setPoint(i: number, direction: Float64Array): void {
        this._x[i] = direction[0]! * this._radius;
        this._y[i] = direction[1]! * this._radius;
        this._z[i] = direction[2]! * this._radius;
    }

    /** Evaluates the first `count` points into `fields`, and forgets them. */
    public evaluate(count: number): void {
        const { _shape: shape, _sums: sums, _noises: noises, fields } = this;
        sums.fill(0);
        this._add(this._still, count);
        this._move(count);
        this._add(this._warped, count);
        for (let i = 0; i < count; i++) {
            for (let noise = 0, from = i; noise < MACRO_NOISES; noise++, from += POINTS_AT_ONCE) {
                noises[noise] = sums[from]!;
            }
            shapeMacro(shape, noises, 0, fields, i * MACRO_CHANNELS);
        }
        for (let i = 0; i < count * MACRO_CHANNELS; i++) {
            // Zero has no sign: between nodes it would hang on those around.
            fields[i] = fields[i]! + 0;
        }
    }

    private _add(octaves: readonly Octave[], count: number): void {
        const { exports } = this._kernels;
        const { byteOffset } = this._sums;
        for (const { plane, seed, scale, weight } of octaves) {
            const sums = byteOffset + plane * POINTS_AT_ONCE * Float32Array.BYTES_PER_ELEMENT;
            exports.addSimplex3(this._at, count, seed, scale, weight, sums);
        }
    }

    private _move(count: number): void {
        const { _x: x, _y: y, _z: z, _sums: sums } = this;
        for (let i = 0; i < count; i++) {
            x[i] = x[i]! + sums[MOVE_X * POINTS_AT_ONCE + i]!;
            y[i] = y[i]! + sums[MOVE_Y * POINTS_AT_ONCE + i]!;
            z[i] = z[i]! + sums[MOVE_Z * POINTS_AT_ONCE + i]!;
        }
    }
}

/** Returns octaves of halving wavelength and amplitude, which together reach about -1 to 1. */
function fractal(
    recipe: Recipe,
    plane: number,
    domain: string,
    context: string,
    count: number,
    wavelength: number,
): Octave[] {
    const total = 2 - 0.5 ** (count - 1);
    return Array.from({ length: count }, (_, i) =>
        octaveOf(recipe, plane, domain, context, i, wavelength * 0.5 ** i, (FRACTAL_SCALE * 0.5 ** i) / total),
    );
}

function octaveOf(
    recipe: Recipe,
    plane: number,
    domain: string,
    context: string,
    index: number,
    wavelength: number,
    weight = 1,
): Octave {
    const seed = subSeed(seedFrom(recipe.seed), domain, context, index);
    return { plane, seed, scale: CELLS_PER_WAVELENGTH / wavelength, weight };
}
