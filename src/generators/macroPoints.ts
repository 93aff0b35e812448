import type { Kernels } from "../kernels/kernels.js";
import type { Recipe } from "../recipe/recipe.js";
import { macroOctavesOf, type MacroOctave } from "./macroOctaves.js";
import { createMacroShape, MACRO_CHANNELS, MACRO_NOISES, shapeMacro, type MacroShape } from "./macroShape.js";

/** Points of a batch: as many as stay in a processor's nearest caches. */
export const POINTS_AT_ONCE = 1024;

/**
 * Cells of simplex noise in a wavelength. Then it rises as steeply as the noise of flat worlds: 0.87 a wavelength against
 * 0.88, root mean square, along any direction and measured over 10^5 points. Their deviations are 0.39 and 0.37.
 */
const CELLS_PER_WAVELENGTH = 0.5;

/** Axes that the warp moves along: x, y and z. */
const AXES = 3;
/** Planes of sums behind those of the noises: metres by which the warp moves a place. */
const MOVE_X = MACRO_NOISES;
const MOVE_Y = MACRO_NOISES + 1;
const MOVE_Z = MACRO_NOISES + 2;
const SUMS = MACRO_NOISES + AXES;

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
        const { still, warped } = macroOctavesOf(recipe, AXES);
        this._shape = createMacroShape(recipe);
        this._still = still.map(octaveOf);
        this._warped = warped.map(octaveOf);
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

function octaveOf({ plane, seed, wavelength, frequency, amplitude, total, scale }: MacroOctave): Octave {
    const weight = (scale * amplitude) / total;
    return { plane, seed, scale: CELLS_PER_WAVELENGTH / (wavelength / frequency), weight };
}
