import { hashOf } from "./random.js";

export interface NoiseOptions {
    /** Cells along u of the first octave. */
    readonly cells: number;
    /** Cells along v. Default: as along u */
    readonly cellsV?: number;
    readonly octaves: number;
    /** How much of an octave's amplitude the next one has, 0 to 1. Default: 0.5 */
    readonly gain?: number;
    readonly seed: number;
}

/**
 * Returns gradient noise of some octaves, around 0 and mostly within 1, that repeats at its borders. Octaves with more than one
 * cell every two texels are left out.
 *
 * @param size texels along a side: a power of two
 */
export function fractalNoise(size: number, options: NoiseOptions): Float32Array {
    const { cells, cellsV = cells, octaves, gain = 0.5, seed } = options;
    const tile = new Float32Array(size * size);
    let amplitude = 1;
    for (let octave = 0; octave < octaves; octave++) {
        const u = cells << octave;
        if (u > size / 2) {
            break;
        }
        addNoise(tile, size, u, Math.min(size / 2, cellsV << octave), amplitude, seed + octave);
        amplitude *= gain;
    }
    return tile;
}

/** Adds one octave of gradient noise. */
function addNoise(
    tile: Float32Array,
    size: number,
    cellsU: number,
    cellsV: number,
    amplitude: number,
    seed: number,
): void {
    const gradientU = new Float32Array(cellsU * cellsV);
    const gradientV = new Float32Array(cellsU * cellsV);
    for (let i = 0; i < gradientU.length; i++) {
        const angle = (hashOf(i, cellsU, seed) / 2 ** 32) * 2 * Math.PI;
        gradientU[i] = Math.cos(angle) * amplitude * 1.5;
        gradientV[i] = Math.sin(angle) * amplitude * 1.5;
    }
    const [columns, fades] = fadeTables(size, cellsU);
    // Octaves whose lattices lie on each other all vanish there: a weave.
    const mask = size - 1;
    const shift = hashOf(cellsU, cellsV, seed);
    const shiftU = Math.floor(((shift & 0xffff) * size) / 2 ** 16);
    const shiftV = Math.floor(((shift >>> 16) * size) / 2 ** 16);
    for (let y = 0; y < size; y++) {
        const v = (y * cellsV) / size;
        const row = Math.floor(v);
        const low = row * cellsU;
        const high = ((row + 1) % cellsV) * cellsU;
        const dv = v - row;
        const fadeV = fade(dv);
        const start = ((y + shiftV) & mask) * size;
        for (let left = 0; left < cellsU; left++) {
            const right = left + 1 === cellsU ? 0 : left + 1;
            // Along a row of a cell, the noise at each of its edges is linear in u.
            const a = gradientU[low + left]!;
            const b = gradientU[low + right]!;
            const c = gradientU[high + left]!;
            const d = gradientU[high + right]!;
            const a0 = gradientV[low + left]! * dv;
            const b0 = gradientV[low + right]! * dv - b;
            const c0 = gradientV[high + left]! * (dv - 1);
            const d0 = gradientV[high + right]! * (dv - 1) - d;
            const from0 = a0 + (c0 - a0) * fadeV;
            const from = a + (c - a) * fadeV;
            const to0 = b0 + (d0 - b0) * fadeV;
            const to = b + (d - b) * fadeV;
            const end = Math.ceil(((left + 1) * size) / cellsU);
            for (let x = Math.ceil((left * size) / cellsU); x < end; x++) {
                const du = columns[x]!;
                const near = from * du + from0;
                tile[start + ((x + shiftU) & mask)]! += near + (to * du + to0 - near) * fades[x]!;
            }
        }
    }
}

/** Returns, for each texel of a row, how far it is into its cell, and the fade there. */
function fadeTables(size: number, cells: number): [Float32Array, Float32Array] {
    const within = new Float32Array(size);
    const fades = new Float32Array(size);
    for (let x = 0; x < size; x++) {
        const u = (x * cells) / size;
        within[x] = u - Math.floor(u);
        fades[x] = fade(within[x]!);
    }
    return [within, fades];
}

function fade(t: number): number {
    return t * t * t * (t * (t * 6 - 15) + 10);
}
