/** A job of every contender: to fill grids of samples, each the sum of octaves that halve in cell side and in gain. */
export interface NoiseJob {
    readonly dimensions: 2 | 3;
    /** Samples along each side of a grid. Neighbouring grids share their border samples. */
    readonly side: number;
    /** Side of a cell in samples, of each octave. */
    readonly cells: readonly number[];
}

/** The octaves of the default terrain, 1024 to 8 m, on the seed job's half metres. */
export const JOB_2D: NoiseJob = { dimensions: 2, side: 129, cells: [2048, 1024, 512, 256, 128, 64, 32, 16] };
/** The finest octaves that a grid resolves: the hardest for noise that is shared within cells. */
export const JOB_2D_FINEST: NoiseJob = { dimensions: 2, side: 129, cells: [256, 128, 64, 32, 16, 8, 4, 2] };
export const JOB_3D: NoiseJob = { dimensions: 3, side: 65, cells: [16, 8, 4] };

/** Returns the number of samples: one octave at one point each. */
export function samplesOf({ dimensions, side, cells }: NoiseJob): number {
    return side ** dimensions * cells.length;
}

export function gainOf(octave: number): number {
    return 0.5 ** octave;
}

/** Returns how many samples an octave is shifted along an axis: octaves must not share their zeros. */
export function offsetOf(octave: number, axis: number): number {
    return 1013 * octave + 337 * axis + octave * axis;
}

/** Returns where a grid begins, in a square of 64 x 64 of them. */
export function originOf({ side }: NoiseJob, grid: number): { readonly x: number; readonly z: number } {
    return { x: (grid % 64) * (side - 1), z: (Math.floor(grid / 64) % 64) * (side - 1) };
}

export type ContenderKind = "openSimplex" | "simplexNoise" | "fastNoiseLite" | "grid" | "points";

export const CONTENDERS: Readonly<Record<ContenderKind, string>> = {
    openSimplex: "open-simplex-noise",
    simplexNoise: "simplex-noise",
    fastNoiseLite: "fastnoise-lite",
    grid: "terrane, grid",
    points: "terrane, simplex at points",
};

/** Fills a grid: x inner, then y in three dimensions, then z. What it returns is valid until the next call. */
export type FillGrid = (grid: number) => Float32Array;

export interface NoiseRequest {
    readonly firstGrid: number;
    readonly grids: number;
    /** Whether to measure the noise rather than the time. */
    readonly isCheck: boolean;
}

export interface NoiseResponse {
    readonly ms: number;
    readonly spread: Spread | null;
}

/** Statistics of all the values of some grids. */
export interface Spread {
    readonly mean: number;
    /** Standard deviation of values. */
    readonly deviation: number;
    /** Standard deviation of differences between neighbours along x: how much of the noise is in its small cells. */
    readonly roughness: number;
}
