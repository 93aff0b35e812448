import type { BufferLease } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { carvedRange, carvedShare } from "../recipe/carving.js";
import type { Recipe } from "../recipe/recipe.js";
import { latticeOf, quantumAt } from "../recipe/lattice.js";
import { MacroChannel, MacroField } from "./macroField.js";
import { mix } from "../recipe/spline.js";

/** Share of its largest term by which a sum in f32 may be off. */
const ROUNDING = 1e-5;

/**
 * Returns the height above which no ground of a recipe lies, in metres. Detail is at most `detailRange` times its
 * amplitude; the macro fields are at most what they are where relief, openness and crests are greatest.
 */
export function highestGround(recipe: Recipe): number {
    const { terrain } = recipe;
    const relief = greatestOutput(terrain.macro.reliefSpline);
    // Crests reach 1.14: see `MacroField`.
    const base = greatestOutput(terrain.macro.continentSpline) + terrain.rangeHeight * relief * mix(0.08, 1, 1.14);
    const amplitude = terrain.plainsHeight + terrain.mountainHeight * relief * mix(0.45, 1, 1.14);
    const detail = amplitude * detailRange(recipe) + carvedShare(relief) * carvedRange(recipe).highest;
    return base + detail + ROUNDING * (Math.abs(base) + detail) + quantumAt(recipe, 0);
}

function greatestOutput(points: readonly (readonly [number, number])[]): number {
    return points.reduce((most, [, output]) => Math.max(most, output), Number.NEGATIVE_INFINITY);
}

/**
 * Returns the sum of the octaves' amplitudes. Noise of gradients of length sqrt 2 stays within 1, ridged or not, and
 * damping only lowers it.
 */
function detailRange(recipe: Recipe): number {
    const { terrain } = recipe;
    const { spacing } = latticeOf(recipe);
    let range = 0;
    let amplitude = 1;
    for (let octave = 0; octave < terrain.octaves && terrain.wavelength / 2 ** octave >= 2 * spacing; octave++) {
        range += amplitude;
        amplitude *= terrain.gain;
    }
    return range;
}

/**
 * Keeps upper bounds of squares of ground that have been computed, each in one place of a table: a newcomer replaces
 * whoever had its place. Leases its memory with the first bound.
 */
export class HighestTable {
    private _lease: BufferLease | null = null;
    /** x and z of each square, side by side. */
    private _squares = new Float64Array(0);
    private _highest = new Float32Array(0);

    /** @param _bits the table has 2^bits places of 20 bytes each */
    public constructor(
        private readonly _bits: number,
        private readonly _buffers: BufferPoolManager,
    ) {}

    /** Returns a square's upper bound; NaN if it is not known. */
    public get(x: number, z: number): number {
        if (this._lease === null) {
            const places = 2 ** this._bits;
            this._lease = this._buffers.poolOf("workspace").lease(places * 20);
            this._squares = new Float64Array(this._lease.buffer, 0, places * 2).fill(Number.NaN);
            this._highest = new Float32Array(this._lease.buffer, places * 16, places);
        }
        const at = this._placeOf(x, z);
        return this._squares[2 * at] === x && this._squares[2 * at + 1] === z ? this._highest[at]! : Number.NaN;
    }

    /**
     * Keeps a square's upper bound.
     *
     * @param highest is rounded to f32
     */
    public set(x: number, z: number, highest: number): void {
        if (this._lease !== null) {
            const at = this._placeOf(x, z);
            this._squares[2 * at] = x;
            this._squares[2 * at + 1] = z;
            this._highest[at] = highest;
        }
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._lease?.release();
        this._lease = null;
    }

    private _placeOf(x: number, z: number): number {
        return (Math.imul(x, 0x9e3779b1) ^ Math.imul(z, 0x85ebca77)) >>> (32 - this._bits);
    }
}

/**
 * Bounds the ground over squares of the macro lattice from above, by the nodes around: the ground itself is not
 * computed.
 */
export class MacroBounds {
    private readonly _known: HighestTable;
    private readonly _detailRange: number;
    private readonly _carvedRange: number;
    private readonly _quantum: number;

    public constructor(
        recipe: Recipe,
        private readonly _macro: MacroField,
        buffers: BufferPoolManager,
    ) {
        this._known = new HighestTable(13, buffers);
        this._detailRange = detailRange(recipe);
        this._carvedRange = carvedRange(recipe).highest;
        this._quantum = quantumAt(recipe, 0);
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._known.dispose();
    }

    /** Returns the height above which no ground lies between nodes (x, z) and (x + 1, z + 1), in metres. */
    public highestOf(x: number, z: number): number {
        const known = this._known.get(x, z);
        if (known === known) {
            return known;
        }
        // A B-spline is a mean of the four nodes around, along each axis.
        let base = Number.NEGATIVE_INFINITY;
        let amplitude = 0;
        let relief = 0;
        for (let nodeZ = z - 1; nodeZ <= z + 2; nodeZ++) {
            for (let nodeX = x - 1; nodeX <= x + 2; nodeX++) {
                const values = this._macro.tileOf(nodeX, nodeZ);
                const at = MacroField.OffsetOf(nodeX, nodeZ);
                base = Math.max(base, values[at + MacroChannel.base]!);
                amplitude = Math.max(amplitude, Math.abs(values[at + MacroChannel.amplitude]!));
                relief = Math.max(relief, values[at + MacroChannel.relief]!);
            }
        }
        const detail = amplitude * this._detailRange + carvedShare(relief) * this._carvedRange;
        // Rounded as the table holds it: less than the allowance.
        const highest = Math.fround(base + detail + 2 * ROUNDING * (Math.abs(base) + detail) + this._quantum);
        this._known.set(x, z, highest);
        return highest;
    }
}
