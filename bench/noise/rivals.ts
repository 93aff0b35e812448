import FastNoiseLite from "fastnoise-lite";
import { makeNoise2D, makeNoise3D } from "open-simplex-noise";
import { createNoise2D, createNoise3D } from "simplex-noise";

import { gainOf, offsetOf, originOf, type FillGrid, type NoiseJob } from "./noiseJob.js";

type Noise2 = (x: number, z: number) => number;
type Noise3 = (x: number, y: number, z: number) => number;

export function createOpenSimplex(job: NoiseJob): FillGrid {
    return job.dimensions === 2 ? fillFlat(job, makeNoise2D(1)) : fillSolid(job, makeNoise3D(1));
}

export function createSimplexNoise(job: NoiseJob): FillGrid {
    const random = makeRandom(1);
    return job.dimensions === 2 ? fillFlat(job, createNoise2D(random)) : fillSolid(job, createNoise3D(random));
}

/**
 * Creates a contender from the package, which sums octaves itself and scales the sum to stay within 1, which is undone
 * here.
 */
export function createFastNoiseLite(job: NoiseJob): FillGrid {
    const { side, cells, dimensions } = job;
    const noise = new FastNoiseLite(1);
    noise.SetNoiseType(FastNoiseLite.NoiseType.OpenSimplex2);
    noise.SetFrequency(1 / cells[0]!);
    noise.SetFractalType(FastNoiseLite.FractalType.FBm);
    noise.SetFractalOctaves(cells.length);
    noise.SetFractalLacunarity(2);
    noise.SetFractalGain(0.5);
    const scale = cells.reduce((sum, _, octave) => sum + gainOf(octave), 0);
    const values = new Float32Array(side ** dimensions);
    return (grid) => {
        const { x, z } = originOf(job, grid);
        let at = 0;
        for (let k = 0; k < side; k++) {
            if (dimensions === 2) {
                for (let i = 0; i < side; i++) {
                    values[at++] = scale * noise.GetNoise(x + i, z + k);
                }
                continue;
            }
            for (let j = 0; j < side; j++) {
                for (let i = 0; i < side; i++) {
                    values[at++] = scale * noise.GetNoise(x + i, j, z + k);
                }
            }
        }
        return values;
    };
}

/** Fills a grid octave by octave, with coordinates computed once a row or column. */
function fillFlat(job: NoiseJob, noise: Noise2): FillGrid {
    const { side, cells } = job;
    const values = new Float32Array(side * side);
    const xs = new Float64Array(side);
    return (grid) => {
        const { x, z } = originOf(job, grid);
        values.fill(0);
        for (let octave = 0; octave < cells.length; octave++) {
            const scale = 1 / cells[octave]!;
            const gain = gainOf(octave);
            fillCoordinates(xs, x + offsetOf(octave, 0), scale);
            let at = 0;
            for (let k = 0; k < side; k++) {
                const atZ = (z + k + offsetOf(octave, 2)) * scale;
                for (let i = 0; i < side; i++) {
                    values[at]! += gain * noise(xs[i]!, atZ);
                    at++;
                }
            }
        }
        return values;
    };
}

function fillSolid(job: NoiseJob, noise: Noise3): FillGrid {
    const { side, cells } = job;
    const values = new Float32Array(side ** 3);
    const xs = new Float64Array(side);
    return (grid) => {
        const { x, z } = originOf(job, grid);
        values.fill(0);
        for (let octave = 0; octave < cells.length; octave++) {
            const scale = 1 / cells[octave]!;
            const gain = gainOf(octave);
            fillCoordinates(xs, x + offsetOf(octave, 0), scale);
            let at = 0;
            for (let k = 0; k < side; k++) {
                const atZ = (z + k + offsetOf(octave, 2)) * scale;
                for (let j = 0; j < side; j++) {
                    const atY = (j + offsetOf(octave, 1)) * scale;
                    for (let i = 0; i < side; i++) {
                        values[at]! += gain * noise(xs[i]!, atY, atZ);
                        at++;
                    }
                }
            }
        }
        return values;
    };
}

function fillCoordinates(xs: Float64Array, first: number, scale: number): void {
    for (let i = 0; i < xs.length; i++) {
        xs[i] = (first + i) * scale;
    }
}

function makeRandom(state: number): () => number {
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}
