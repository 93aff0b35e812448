import { bedsAt, createBeds, type Beds } from "./beds.js";
import { noiseRow2 } from "./gradientNoise.js";
import { bSpline, type MacroSpline } from "./macroSpline.js";
import { createGullies, gulliesAt, shareOfRelief, shareOfSlope, type Gullies } from "./gullies.js";
import { REPLACED_DETAIL } from "../../src/recipe/carving.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { seedFrom, subSeed } from "../../src/seed/seed.js";
import { MACRO_CHANNELS, MACRO_STEP, MacroChannel, MacroField } from "../../src/generators/macroField.js";
import { latticeOf, quantumAt, type Lattice } from "../../src/recipe/lattice.js";

/** Samples that a chunk's grid has around the chunk: a coarse cell's two, and one more for slopes and `steepest` of those. */
export const GRID_MARGIN = 3;

/** Samples along a side of the grid of a chunk of `resolution` cells. */
export function gridCount(resolution: number): number {
    return resolution + 1 + 2 * GRID_MARGIN;
}

/** Heights and macro fields on a grid of samples, row by row (z outer, x inner). Reused from bake to bake. */
export interface HeightGrid {
    countX: number;
    countZ: number;
    /** Metres, whole quanta of the level: what the mesh draws. */
    height: Float64Array;
    /** Metres, before rounding to quanta: what normals are taken from. */
    smooth: Float64Array;
    /** `MACRO_CHANNELS` values a sample. */
    macro: Float64Array;
}

export function createHeightGrid(): HeightGrid {
    return {
        countX: 0,
        countZ: 0,
        height: new Float64Array(0),
        smooth: new Float64Array(0),
        macro: new Float64Array(0),
    };
}

interface Octave {
    readonly seed: number;
    /** Cell side in level-0 samples. */
    readonly period: number;
    /** Seeded whole numbers of samples: without them all octaves vanish together at shared lattice points. */
    readonly offsetX: number;
    readonly offsetZ: number;
    readonly amplitude: number;
    /** Slope by cell to slope in the sum's noise space. */
    readonly slopeScale: number;
    readonly isRidged: boolean;
}

/**
 * Height of the terrain: macro fields, then detail octaves whose amplitude the macro fields set, damped where the slope
 * gathered by the octaves before is steep, the first ones folded into ridges in mountains.
 * A sample depends on recipe, level and its own coordinates alone, whatever grid it is asked in.
 */
export class HeightField {
    public readonly lattice: Lattice;
    private readonly _recipe: Recipe;
    private readonly _macro: MacroField;
    private readonly _octaves: readonly Octave[];
    private readonly _gullies: Gullies;
    private readonly _beds: Beds | null;
    private _row = new Float64Array(0);
    private _slopeX = new Float64Array(0);
    private _slopeZ = new Float64Array(0);
    private _gatheredX = new Float64Array(0);
    private _gatheredZ = new Float64Array(0);
    private _sum = new Float64Array(0);
    /** Of the octaves that gullies follow: the sum of values, and its slopes by metre, both by amplitude. */
    private _wideSum = new Float64Array(0);
    private _wideX = new Float64Array(0);
    private _wideZ = new Float64Array(0);
    private _nodes = new Float64Array(0);

    /** @param _spline between the nodes of macro fields. Default: that of flat worlds */
    public constructor(
        recipe: Recipe,
        private readonly _spline: MacroSpline = bSpline,
    ) {
        this._recipe = recipe;
        this.lattice = latticeOf(recipe);
        this._macro = new MacroField(recipe);
        this._octaves = createOctaves(recipe, this.lattice);
        this._gullies = createGullies(recipe);
        this._beds = createBeds(recipe);
    }

    /**
     * Fills `grid` with countX x countZ samples of a level. (x, z) is the first sample in samples of that level.
     */
    public fillGrid(level: number, x: number, z: number, countX: number, countZ: number, grid: HeightGrid): void {
        this.fillMacro(level, x, z, countX, countZ, grid);
        this.fillHeights(level, x, z, grid);
    }

    /** The first half of `fillGrid`: sizes the grid and fills the macro fields. */
    public fillMacro(level: number, x: number, z: number, countX: number, countZ: number, grid: HeightGrid): void {
        const step = 2 ** level;
        const count = countX * countZ;
        if (grid.height.length < count) {
            grid.height = new Float64Array(count);
            grid.smooth = new Float64Array(count);
            grid.macro = new Float64Array(count * MACRO_CHANNELS);
        }
        grid.countX = countX;
        grid.countZ = countZ;
        this._fillMacro(x * step, z * step, step, grid);
    }

    /** The second half of `fillGrid`: heights from the macro fields in the grid and the detail octaves. */
    public fillHeights(level: number, x: number, z: number, grid: HeightGrid): void {
        const { countX, countZ } = grid;
        const step = 2 ** level;
        const spacing = this.lattice.spacing * step;
        const quantum = quantumAt(this._recipe, level);
        this._reserveRow(countX);
        for (let row = 0; row < countZ; row++) {
            this._fillDetailRow(x * step, (z + row) * step, step, spacing, row * countX, grid);
            for (let i = 0, at = row * countX; i < countX; i++, at++) {
                const base = grid.macro[at * MACRO_CHANNELS + MacroChannel.base]!;
                const detail = this._sum[i]! * grid.macro[at * MACRO_CHANNELS + MacroChannel.amplitude]!;
                const height = this._carve(level, x + i, z + row, i, at, grid, base + detail);
                grid.smooth[at] = height;
                grid.height[at] = Math.round(height / quantum) * quantum;
            }
        }
    }

    /** Whether a level shows beds: of two samples and more, where it has all octaves that gullies and beds follow. */
    public hasBedsAt(level: number): boolean {
        const spacing = this.lattice.spacing * 2 ** level;
        const followed = this._octaves.filter(
            ({ period }) => period * this.lattice.spacing >= 2 * this._recipe.terrain.gullies.wavelength,
        );
        return (
            this._beds !== null &&
            this._beds.thickness >= 2 * spacing &&
            followed.every(({ period }) => period * this.lattice.spacing >= 2 * spacing)
        );
    }

    private _reserveRow(count: number): void {
        if (this._sum.length < count) {
            this._row = new Float64Array(count);
            this._slopeX = new Float64Array(count);
            this._slopeZ = new Float64Array(count);
            this._gatheredX = new Float64Array(count);
            this._gatheredZ = new Float64Array(count);
            this._sum = new Float64Array(count);
            this._wideSum = new Float64Array(count);
            this._wideX = new Float64Array(count);
            this._wideZ = new Float64Array(count);
        }
    }

    /** The spline over the macro nodes, first across rows, then along them. x, z, step in level-0 samples. */
    private _fillMacro(x: number, z: number, step: number, grid: HeightGrid): void {
        const { countX, countZ, macro } = grid;
        const samplesPerNode = MACRO_STEP / this.lattice.spacing;
        const firstNode = Math.floor(x / samplesPerNode) - 1;
        const nodeCount = Math.floor((x + (countX - 1) * step) / samplesPerNode) + 3 - firstNode;
        const stride = nodeCount * MACRO_CHANNELS;
        if (this._nodes.length < stride) {
            this._nodes = new Float64Array(stride);
        }
        const nodes = this._nodes;
        const weightsOf = Array.from({ length: countX }, (_, i) => {
            const atX = (x + i * step) / samplesPerNode;
            return this._spline(atX - Math.floor(atX)).values;
        });
        for (let row = 0; row < countZ; row++) {
            const atZ = (z + row * step) / samplesPerNode;
            const nodeZ = Math.floor(atZ);
            const [a, b, c, d] = this._spline(atZ - nodeZ).values as [number, number, number, number];
            for (let node = 0; node < nodeCount; node++) {
                this._blendColumn(firstNode + node, nodeZ, a, b, c, d, node * MACRO_CHANNELS);
            }
            for (let i = 0; i < countX; i++) {
                const atX = (x + i * step) / samplesPerNode;
                const nodeX = Math.floor(atX);
                const weights = weightsOf[i]!;
                const from = (nodeX - 1 - firstNode) * MACRO_CHANNELS;
                const to = (row * countX + i) * MACRO_CHANNELS;
                for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                    const at = from + channel;
                    macro[to + channel] =
                        weights[0]! * nodes[at]! +
                        weights[1]! * nodes[at + MACRO_CHANNELS]! +
                        weights[2]! * nodes[at + 2 * MACRO_CHANNELS]! +
                        weights[3]! * nodes[at + 3 * MACRO_CHANNELS]!;
                }
            }
        }
    }

    private _blendColumn(nodeX: number, nodeZ: number, a: number, b: number, c: number, d: number, to: number): void {
        const nodes = this._nodes;
        const t0 = this._macro.tileOf(nodeX, nodeZ - 1);
        const t1 = this._macro.tileOf(nodeX, nodeZ);
        const t2 = this._macro.tileOf(nodeX, nodeZ + 1);
        const t3 = this._macro.tileOf(nodeX, nodeZ + 2);
        const o0 = MacroField.OffsetOf(nodeX, nodeZ - 1);
        const o1 = MacroField.OffsetOf(nodeX, nodeZ);
        const o2 = MacroField.OffsetOf(nodeX, nodeZ + 1);
        const o3 = MacroField.OffsetOf(nodeX, nodeZ + 2);
        for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
            nodes[to + channel] =
                a * t0[o0 + channel]! + b * t1[o1 + channel]! + c * t2[o2 + channel]! + d * t3[o3 + channel]!;
        }
    }

    /** The height of a sample once gullies and beds have shaped it. */
    private _carve(
        level: number,
        x: number,
        z: number,
        i: number,
        at: number,
        grid: HeightGrid,
        height: number,
    ): number {
        const { terrain } = this._recipe;
        const spacing = this.lattice.spacing * 2 ** level;
        const hasBeds = this.hasBedsAt(level);
        const isReplaced = this._gullies.length > 0 && terrain.gullies.wavelength >= 2 * spacing;
        const share = shareOfRelief(grid.macro[at * MACRO_CHANNELS + MacroChannel.relief]!);
        if (share === 0 || !(hasBeds || isReplaced)) {
            return height;
        }
        const amplitude = grid.macro[at * MACRO_CHANNELS + MacroChannel.amplitude]!;
        const [placeX, placeZ] = [x * spacing, z * spacing];
        const ofBase = this._macroSlopes(MacroChannel.base, placeX, placeZ);
        const ofAmplitude = this._macroSlopes(MacroChannel.amplitude, placeX, placeZ);
        const slopeX = ofBase[0] + ofAmplitude[0] * this._wideSum[i]! + amplitude * this._wideX[i]!;
        const slopeZ = ofBase[1] + ofAmplitude[1] * this._wideSum[i]! + amplitude * this._wideZ[i]!;
        const steepShare = share * shareOfSlope(Math.sqrt(slopeX * slopeX + slopeZ * slopeZ));
        const fine = amplitude * (this._sum[i]! - this._wideSum[i]!);
        const replaced = this._gullies.length > 0 ? REPLACED_DETAIL * share * fine : 0;
        const gullies = gulliesAt(this._gullies, spacing, placeX, placeZ, slopeX, slopeZ, steepShare);
        const carved = height - replaced + gullies;
        return hasBeds ? carved + steepShare * bedsAt(this._beds!, placeX, carved, placeZ) : carved;
    }

    /** Slopes of a macro field at (x, z), metres, along both. */
    private _macroSlopes(channel: number, x: number, z: number): readonly [number, number] {
        const [nodeX, nodeZ] = [Math.floor(x / MACRO_STEP), Math.floor(z / MACRO_STEP)];
        const { values: valuesX, slopes: slopesX } = this._spline(x / MACRO_STEP - nodeX);
        const { values: valuesZ, slopes: slopesZ } = this._spline(z / MACRO_STEP - nodeZ);
        let [alongX, alongZ] = [0, 0];
        for (let row = 0; row < 4; row++) {
            for (let column = 0; column < 4; column++) {
                const tile = this._macro.tileOf(nodeX + column - 1, nodeZ + row - 1);
                const value = tile[MacroField.OffsetOf(nodeX + column - 1, nodeZ + row - 1) + channel]!;
                alongX += slopesX[column]! * valuesZ[row]! * value;
                alongZ += valuesX[column]! * slopesZ[row]! * value;
            }
        }
        return [alongX / MACRO_STEP, alongZ / MACRO_STEP];
    }

    /** Leaves the detail of one row in `_sum`, by amplitude. */
    private _fillDetailRow(
        x: number,
        z: number,
        step: number,
        spacing: number,
        gridRow: number,
        grid: HeightGrid,
    ): void {
        const { countX, macro } = grid;
        const { damping } = this._recipe.terrain;
        const [row, slopeX, slopeZ, gatheredX, gatheredZ, sum] = [
            this._row,
            this._slopeX,
            this._slopeZ,
            this._gatheredX,
            this._gatheredZ,
            this._sum,
        ];
        gatheredX.fill(0, 0, countX);
        gatheredZ.fill(0, 0, countX);
        sum.fill(0, 0, countX);
        this._wideSum.fill(0, 0, countX);
        this._wideX.fill(0, 0, countX);
        this._wideZ.fill(0, 0, countX);
        const wideFrom = (2 * this._recipe.terrain.gullies.wavelength) / this.lattice.spacing;
        for (const octave of this._octaves) {
            if (octave.period * this.lattice.spacing < 2 * spacing) {
                break;
            }
            noiseRow2(
                octave.seed,
                octave.period,
                x + octave.offsetX,
                z + octave.offsetZ,
                step,
                countX,
                row,
                slopeX,
                slopeZ,
            );
            for (let i = 0; i < countX; i++) {
                const gx = gatheredX[i]!;
                const gz = gatheredZ[i]!;
                const weight = octave.amplitude / (1 + damping * (gx * gx + gz * gz));
                const value = row[i]!;
                let folding = 1;
                if (octave.isRidged) {
                    const ridge = macro[(gridRow + i) * MACRO_CHANNELS + MacroChannel.ridge]!;
                    // Of a rounder ridge: else all gullies would begin at once along its crest.
                    folding -= ridge * (1 + (1.6 * value) / Math.sqrt(value * value + 0.06));
                    const folded = 0.95 - 1.6 * Math.sqrt(value * value + 0.0036);
                    sum[i] = sum[i]! + weight * (value + ridge * (folded - value));
                } else {
                    sum[i] = sum[i]! + weight * value;
                }
                gatheredX[i] = gx + octave.slopeScale * slopeX[i]!;
                gatheredZ[i] = gz + octave.slopeScale * slopeZ[i]!;
                if (octave.period >= wideFrom) {
                    const pitch = (weight * folding) / (octave.period * this.lattice.spacing);
                    this._wideSum[i] = sum[i]!;
                    this._wideX[i] = this._wideX[i]! + pitch * slopeX[i]!;
                    this._wideZ[i] = this._wideZ[i]! + pitch * slopeZ[i]!;
                }
            }
        }
    }
}

function createOctaves(recipe: Recipe, lattice: Lattice): Octave[] {
    const { terrain } = recipe;
    const seed = seedFrom(recipe.seed);
    const octaves: Octave[] = [];
    let amplitude = 1;
    let slopeScale = 1;
    for (let i = 0; i < terrain.octaves; i++) {
        const period = terrain.wavelength / 2 ** i / lattice.spacing;
        if (period < 2) {
            break;
        }
        octaves.push({
            seed: subSeed(seed, "terrain", "detail", i),
            period,
            offsetX: subSeed(seed, "terrain", "detailOffsetX", i) % period,
            offsetZ: subSeed(seed, "terrain", "detailOffsetZ", i) % period,
            amplitude,
            slopeScale,
            isRidged: i < terrain.ridgeOctaves,
        });
        amplitude *= terrain.gain;
        slopeScale *= terrain.gain * 2;
    }
    return octaves;
}
