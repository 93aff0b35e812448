import { TerraneError } from "../../src/base/errors.js";

/** The functions that the bench's own wasm exports. bench/noise/assembly holds the other side. */
export interface NoiseKernelExports {
    readonly memory: WebAssembly.Memory;
    resetArena(): void;
    reserve(bytes: number): number;
    arenaTop(): number;
    setNoiseOctave(
        i: number,
        seed: number,
        period: number,
        periodY: number,
        offsetX: number,
        offsetY: number,
        offsetZ: number,
        gain: number,
    ): void;
    noiseGrid2(octaves: number, x: number, z: number, countX: number, countZ: number): number;
    noiseGrid3(
        octaves: number,
        x: number,
        y: number,
        z: number,
        countX: number,
        countY: number,
        countZ: number,
    ): number;
    layoutPoints(count: number): number;
    pointPlaneBytes(): number;
    arePointsWithin(at: number, count: number, limit: number): number;
    simplex2Points(at: number, count: number, seed: number, scale: number, withSlopes: number): void;
    simplex3Points(at: number, count: number, seed: number, scale: number, withSlopes: number): void;
}

/** One instance of the noise kernels: a memory and the calls over it. */
export interface NoiseKernels {
    readonly exports: NoiseKernelExports;
}

/** Creates an instance for this thread from the compiled `.cache/bench/noise.wasm`. */
export function createNoiseKernels(module: WebAssembly.Module): NoiseKernels {
    return { exports: new WebAssembly.Instance(module).exports as unknown as NoiseKernelExports };
}

/** Greatest numbers of octaves. */
export const MAX_OCTAVES_2D = 12;
export const MAX_OCTAVES_3D = 6;

const MAX_SEED = 2 ** 32 - 1;
const MAX_PERIOD = 2 ** 28;
const MAX_GAIN = 1e6;
/** Beyond this, f64 has no room for fractions of large cells' samples. */
const MAX_SAMPLE = 2 ** 51;
/** Vectors take four samples at once. */
const MIN_COUNT_X = 4;
const MAX_COUNT = 8192;
/** Most samples: 64 MB as f32. */
const MAX_SAMPLES = 2 ** 24;
const MAX_POINTS = 2 ** 20;
/** Farther from the origin, fractions of cells become coarse. */
const MAX_CELLS = 2 ** 31;

/** One octave of lattice noise. Its cells are whole numbers of samples wide, so it is as smooth 10^7 samples away as at 0. */
export interface NoiseOctave {
    /** 0 to 2^32 - 1. */
    readonly seed: number;
    /** Side of a cell in samples: a power of two from 2 to 2^28. */
    readonly period: number;
    /** Side of a cell along y, in samples. Default: `period`. Not used in two dimensions. */
    readonly periodY?: number;
    /** Whole numbers of samples. Octaves of equal offsets share lattice points, where all of them are 0. Default: 0. */
    readonly offsetX?: number;
    readonly offsetY?: number;
    readonly offsetZ?: number;
    /** What the octave's noise, about -1 to 1, is multiplied with. */
    readonly gain: number;
}

/** A grid of samples: its first one, and how many there are. Whole numbers; `countX` from 4, all counts up to 8192. */
export interface NoiseGrid2 {
    readonly x: number;
    readonly z: number;
    readonly countX: number;
    readonly countZ: number;
}

export interface NoiseGrid3 extends NoiseGrid2 {
    readonly y: number;
    readonly countY: number;
}

/**
 * Returns the sum of up to 12 octaves over a grid.
 *
 * @returns values, x inner, then z: a view of the kernels' memory, valid until their next call
 * @throws TerraneError for octaves and grids that are not as described
 */
export function fillNoise2(kernels: NoiseKernels, octaves: readonly NoiseOctave[], grid: NoiseGrid2): Float32Array {
    const { x, z, countX, countZ } = grid;
    assertCount("countX", countX, MIN_COUNT_X);
    assertCount("countZ", countZ, 1);
    assertTotal("countX * countZ", countX * countZ);
    assertSample("x", x);
    assertSample("z", z);
    setOctaves(kernels, octaves, MAX_OCTAVES_2D);
    const { exports } = kernels;
    exports.resetArena();
    const at = exports.noiseGrid2(octaves.length, x, z, countX, countZ);
    return new Float32Array(exports.memory.buffer, at, countX * countZ);
}

/**
 * Returns the sum of up to 6 octaves in a box.
 *
 * @returns values, x inner, then y, then z: a view of the kernels' memory, valid until their next call
 * @throws TerraneError for octaves and boxes that are not as described
 */
export function fillNoise3(kernels: NoiseKernels, octaves: readonly NoiseOctave[], grid: NoiseGrid3): Float32Array {
    const { x, y, z, countX, countY, countZ } = grid;
    assertCount("countX", countX, MIN_COUNT_X);
    assertCount("countY", countY, 1);
    assertCount("countZ", countZ, 1);
    assertTotal("countX * countY * countZ", countX * countY * countZ);
    assertSample("x", x);
    assertSample("y", y);
    assertSample("z", z);
    setOctaves(kernels, octaves, MAX_OCTAVES_3D);
    const { exports } = kernels;
    exports.resetArena();
    const at = exports.noiseGrid3(octaves.length, x, y, z, countX, countY, countZ);
    return new Float32Array(exports.memory.buffer, at, countX * countY * countZ);
}

/** Points for simplex noise: coordinates to fill in, results to read. Views of the kernels' memory. */
export interface NoisePoints {
    readonly count: number;
    /** Address in the kernels' memory. */
    readonly address: number;
    readonly x: Float64Array;
    /** Left alone in two dimensions. */
    readonly y: Float64Array;
    readonly z: Float64Array;
    /** About -1 to 1. */
    readonly value: Float32Array;
    /** Derivatives by cell. */
    readonly slopeX: Float32Array;
    readonly slopeY: Float32Array;
    readonly slopeZ: Float32Array;
}

/**
 * Makes room for 1 to 2^20 points, for any number of calls of `fillSimplex2` and `fillSimplex3`, until the kernels'
 * next other job.
 */
export function layoutNoisePoints(kernels: NoiseKernels, count: number): NoisePoints {
    if (!isWhole(count, 1, MAX_POINTS)) {
        throw wholeError("count", count, 1, MAX_POINTS);
    }
    const { exports } = kernels;
    exports.resetArena();
    const address = exports.layoutPoints(count);
    const { buffer } = exports.memory;
    const bytes = exports.pointPlaneBytes();
    const input = (i: number) => new Float64Array(buffer, address + i * 2 * bytes, count);
    const output = (i: number) => new Float32Array(buffer, address + (6 + i) * bytes, count);
    return {
        count,
        address,
        x: input(0),
        y: input(1),
        z: input(2),
        value: output(0),
        slopeX: output(1),
        slopeY: output(2),
        slopeZ: output(3),
    };
}

/**
 * Fills in simplex noise at points of a plane.
 *
 * @param seed 0 to 2^32 - 1; each has its own lattice
 * @param scale cells to one unit of position
 * @param withSlopes whether to fill `slopeX` and `slopeZ` too
 * @throws TerraneError for points that are not numbers or farther than 2^31 cells from the origin
 */
export function fillSimplex2(
    kernels: NoiseKernels,
    points: NoisePoints,
    seed: number,
    scale: number,
    withSlopes = false,
): void {
    assertPoints(kernels, points, ["x", "z"], seed, scale);
    kernels.exports.simplex2Points(points.address, points.count, seed, scale, withSlopes ? 1 : 0);
}

/** Fills in simplex noise at points in space, as `fillSimplex2` does. */
export function fillSimplex3(
    kernels: NoiseKernels,
    points: NoisePoints,
    seed: number,
    scale: number,
    withSlopes = false,
): void {
    assertPoints(kernels, points, ["x", "y", "z"], seed, scale);
    kernels.exports.simplex3Points(points.address, points.count, seed, scale, withSlopes ? 1 : 0);
}

/** The names of fields are put together where they are wanted: for a grid that takes 30 us they would cost a tenth more. */
function setOctaves({ exports }: NoiseKernels, octaves: readonly NoiseOctave[], most: number): void {
    if (octaves.length < 1 || octaves.length > most) {
        throw new TerraneError("octaves.length", octaves.length, `1 to ${most}`, "Give another number of octaves.");
    }
    for (let i = 0; i < octaves.length; i++) {
        const octave = octaves[i]!;
        const { seed, period, periodY = period, offsetX = 0, offsetY = 0, offsetZ = 0, gain } = octave;
        const isGood =
            isWhole(seed, 0, MAX_SEED) &&
            isPeriod(period) &&
            isPeriod(periodY) &&
            isWhole(offsetX, -MAX_SAMPLE, MAX_SAMPLE) &&
            isWhole(offsetY, -MAX_SAMPLE, MAX_SAMPLE) &&
            isWhole(offsetZ, -MAX_SAMPLE, MAX_SAMPLE) &&
            Math.abs(gain) <= MAX_GAIN;
        if (!isGood) {
            throw octaveError(octave, `octaves[${i}]`);
        }
        exports.setNoiseOctave(i, seed, period, periodY, offsetX, offsetY, offsetZ, gain);
    }
}

function octaveError(octave: NoiseOctave, field: string): TerraneError {
    if (!isWhole(octave.seed, 0, MAX_SEED)) {
        return wholeError(`${field}.seed`, octave.seed, 0, MAX_SEED);
    }
    for (const key of ["period", "periodY"] as const) {
        const value = octave[key];
        if (value !== undefined && !isPeriod(value)) {
            const allowed = "a power of two, 2 to 2^28";
            return new TerraneError(`${field}.${key}`, value, allowed, "Round it to the next power of two.");
        }
    }
    for (const key of ["offsetX", "offsetY", "offsetZ"] as const) {
        const value = octave[key];
        if (value !== undefined && !isWhole(value, -MAX_SAMPLE, MAX_SAMPLE)) {
            return wholeError(`${field}.${key}`, value, -MAX_SAMPLE, MAX_SAMPLE);
        }
    }
    return new TerraneError(`${field}.gain`, octave.gain, `-${MAX_GAIN} to ${MAX_GAIN}`, "Give a finite gain.");
}

function isPeriod(value: number): boolean {
    return isWhole(value, 2, MAX_PERIOD) && (value & (value - 1)) === 0;
}

function isWhole(value: number, least: number, most: number): boolean {
    return Number.isInteger(value) && value >= least && value <= most;
}

function wholeError(field: string, value: number, least: number, most: number): TerraneError {
    const allowed = `whole numbers, ${least} to ${most}`;
    return new TerraneError(field, value, allowed, "Round it, and bring it into range.");
}

function assertCount(field: string, value: number, least: number): void {
    if (!isWhole(value, least, MAX_COUNT)) {
        throw wholeError(field, value, least, MAX_COUNT);
    }
}

function assertTotal(field: string, samples: number): void {
    if (samples > MAX_SAMPLES) {
        throw new TerraneError(field, samples, `up to ${MAX_SAMPLES}`, "Fill the grid in parts.");
    }
}

function assertSample(field: string, value: number): void {
    if (!isWhole(value, -MAX_SAMPLE, MAX_SAMPLE)) {
        throw wholeError(field, value, -MAX_SAMPLE, MAX_SAMPLE);
    }
}

function assertPoints(
    { exports }: NoiseKernels,
    points: NoisePoints,
    axes: readonly ("x" | "y" | "z")[],
    seed: number,
    scale: number,
): void {
    if (!isWhole(seed, 0, MAX_SEED)) {
        throw wholeError("seed", seed, 0, MAX_SEED);
    }
    if (!(Math.abs(scale) <= Number.MAX_VALUE && scale !== 0)) {
        throw new TerraneError("scale", scale, "finite, not 0", "Give cells to one unit of position.");
    }
    if (points.x.buffer !== exports.memory.buffer) {
        throw new TerraneError("points", points, "points of the kernels' present job", "Lay them out anew.");
    }
    const limit = Math.min(MAX_CELLS / Math.abs(scale), Number.MAX_VALUE);
    for (const axis of axes) {
        const values = points[axis];
        if (exports.arePointsWithin(values.byteOffset, points.count, limit) === 0) {
            const index = values.findIndex((value) => !(Math.abs(value) <= limit));
            const allowed = `finite, at most 2^31 cells of ${1 / Math.abs(scale)} from 0`;
            throw new TerraneError(
                `points.${axis}[${index}]`,
                values[index],
                allowed,
                "Bring it closer to the origin.",
            );
        }
    }
}
