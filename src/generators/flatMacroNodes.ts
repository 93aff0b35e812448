import { makeNoise2D } from "open-simplex-noise";

import type { Kernels } from "../kernels/kernels.js";
import type { Recipe } from "../recipe/recipe.js";
import { macroOctavesOf, type MacroOctave } from "./macroOctaves.js";
import { createMacroShape, MACRO_CHANNELS, MACRO_NOISES, shapeMacro, type MacroShape } from "./macroShape.js";
import { OPEN_SIMPLEX_TABLE_BYTES, openSimplexTable } from "./openSimplexTable.js";

/** Nodes of a batch: as many as stay in a processor's nearest caches. */
export const NODES_AT_ONCE = 1024;

/** Axes that the warp moves along: x and z. */
const AXES = 2;
const PLANES = MACRO_NOISES + AXES;
const PLANE_BYTES = NODES_AT_ONCE * Float64Array.BYTES_PER_ELEMENT;
/** Nodes up to which calling the kernels takes longer than the package's own noise. */
const FEW_NODES = 2;

/** An octave of the noise of the package `open-simplex-noise`. */
interface Octave {
    readonly plane: number;
    readonly noise: (x: number, z: number) => number;
    /** Coordinates are multiplied by the one, then divided by the other. */
    readonly times: number;
    readonly over: number;
    /** What its values count. */
    readonly weight: number;
}

/**
 * Evaluates the macro fields of places on a flat world, a batch at a time. The noise is that of the package `open-simplex-noise`: the
 * kernels evaluate it to the last bit as the package does, which serves where a place is asked for alone.
 */
export class FlatMacroNodes {
    /** Of the last batch, `MACRO_CHANNELS` a node. */
    public readonly fields = new Float32Array(NODES_AT_ONCE * MACRO_CHANNELS);
    private readonly _shape: MacroShape;
    private readonly _still: readonly Octave[];
    private readonly _warped: readonly Octave[];
    /** Tables of the octaves, one behind the other: those of the place itself first. */
    private readonly _tables: Uint8Array;
    /** By plane: what sums are divided by, then multiplied by. */
    private readonly _totals = new Float64Array(PLANES);
    private readonly _scales = new Float64Array(PLANES);
    /** The noises of one node, and the warp's moves. */
    private readonly _noises = new Float64Array(PLANES);
    /** Of the batch: metres. */
    private readonly _places = new Float64Array(NODES_AT_ONCE * AXES);
    /** In the kernels' memory: x and z of places in f64, planes of sums, and tables. */
    private _at = 0;

    /** @param _kernels evaluate batches, in their memory; null leaves all to the package */
    public constructor(
        recipe: Recipe,
        private readonly _kernels: Kernels | null,
    ) {
        const { still, warped } = macroOctavesOf(recipe, AXES);
        this._shape = createMacroShape(recipe);
        this._still = still.map(octaveOf);
        this._warped = warped.map(octaveOf);
        this._tables = tablesOf([...still, ...warped]);
        for (const { plane, total, scale } of [...still, ...warped]) {
            this._totals[plane] = total;
            this._scales[plane] = scale;
        }
    }

    /** Sets a node of the batch. Metres. */
    public setNode(i: number, x: number, z: number): void {
        this._places[i] = x;
        this._places[NODES_AT_ONCE + i] = z;
    }

    /** Makes room for batches in the kernels' present job. */
    public layOut(): void {
        if (this._kernels === null) {
            return;
        }
        const { exports } = this._kernels;
        const planeBytes = (AXES + PLANES) * PLANE_BYTES;
        this._at = exports.reserve(planeBytes + this._tables.byteLength);
        new Uint8Array(exports.memory.buffer, this._at + planeBytes).set(this._tables);
    }

    /** Evaluates the first `count` nodes into `fields`. `layOut` first, in the present job, where `needsRoom` says so. */
    public evaluate(count: number): void {
        if (this.needsRoom(count)) {
            this._evaluateBatch(this._kernels!, count);
        } else {
            for (let i = 0; i < count; i++) {
                this._evaluateAlone(i);
            }
        }
    }

    /** Returns whether `count` nodes are evaluated in the kernels' memory. */
    public needsRoom(count: number): boolean {
        return this._kernels !== null && count > FEW_NODES;
    }

    /** Evaluates a node by the package itself. */
    private _evaluateAlone(i: number): void {
        const { _noises: noises, _places: places } = this;
        const [x, z] = [places[i]!, places[NODES_AT_ONCE + i]!];
        noises.fill(0);
        sum(this._still, noises, x, z);
        this._scale(noises, MACRO_NOISES, PLANES);
        sum(this._warped, noises, x + noises[MACRO_NOISES]!, z + noises[MACRO_NOISES + 1]!);
        this._scale(noises, 0, MACRO_NOISES);
        shapeMacro(this._shape, noises, 0, this.fields, i * MACRO_CHANNELS);
    }

    private _evaluateBatch({ exports }: Kernels, count: number): void {
        const { _noises: noises, _places: places } = this;
        const { buffer } = exports.memory;
        const [xs, zs, planes] = [this._at, this._at + PLANE_BYTES, this._at + AXES * PLANE_BYTES];
        const atX = new Float64Array(buffer, xs, count);
        const atZ = new Float64Array(buffer, zs, count);
        const sums = new Float64Array(buffer, planes, PLANES * NODES_AT_ONCE);
        let table = planes + PLANES * PLANE_BYTES;
        const add = ({ plane, times, over, weight }: Octave): void => {
            exports.addOpenSimplex2(xs, zs, count, table, times, over, weight, planes + plane * PLANE_BYTES);
            table += OPEN_SIMPLEX_TABLE_BYTES;
        };
        for (let plane = 0; plane < PLANES; plane++) {
            sums.fill(0, plane * NODES_AT_ONCE, plane * NODES_AT_ONCE + count);
        }
        atX.set(places.subarray(0, count));
        atZ.set(places.subarray(NODES_AT_ONCE, NODES_AT_ONCE + count));
        this._still.forEach(add);
        const [strengthX, strengthZ] = [this._scales[MACRO_NOISES]!, this._scales[MACRO_NOISES + 1]!];
        for (let i = 0; i < count; i++) {
            atX[i] = atX[i]! + sums[MACRO_NOISES * NODES_AT_ONCE + i]! * strengthX;
            atZ[i] = atZ[i]! + sums[(MACRO_NOISES + 1) * NODES_AT_ONCE + i]! * strengthZ;
        }
        this._warped.forEach(add);
        for (let i = 0; i < count; i++) {
            for (let plane = 0, from = i; plane < MACRO_NOISES; plane++, from += NODES_AT_ONCE) {
                noises[plane] = sums[from]!;
            }
            this._scale(noises, 0, MACRO_NOISES);
            shapeMacro(this._shape, noises, 0, this.fields, i * MACRO_CHANNELS);
        }
    }

    /** Makes noises of sums. */
    private _scale(noises: Float64Array, from: number, end: number): void {
        const { _totals: totals, _scales: scales } = this;
        for (let plane = from; plane < end; plane++) {
            noises[plane] = (noises[plane]! / totals[plane]!) * scales[plane]!;
        }
    }
}

/** Adds octaves at a place. */
function sum(octaves: readonly Octave[], noises: Float64Array, x: number, z: number): void {
    for (const { plane, noise, times, over, weight } of octaves) {
        noises[plane] = noises[plane]! + weight * noise((x * times) / over, (z * times) / over);
    }
}

function tablesOf(octaves: readonly MacroOctave[]): Uint8Array {
    const tables = new Uint8Array(octaves.length * OPEN_SIMPLEX_TABLE_BYTES);
    octaves.forEach(({ seed }, i) => tables.set(openSimplexTable(seed), i * OPEN_SIMPLEX_TABLE_BYTES));
    return tables;
}

function octaveOf({ plane, seed, wavelength, frequency, amplitude, total }: MacroOctave): Octave {
    // Octaves of a sum are scaled by their reciprocals, others divided by their wavelengths: it is another rounding.
    const [times, over] = total > 1 ? [frequency / wavelength, 1] : [frequency, wavelength];
    return { plane, noise: makeNoise2D(seed), times, over, weight: amplitude };
}
