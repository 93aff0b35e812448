import { gainOf, offsetOf, originOf, type FillGrid, type NoiseJob } from "./noiseJob.js";
import {
    fillNoise2,
    fillNoise3,
    fillSimplex2,
    fillSimplex3,
    layoutNoisePoints,
    type NoiseKernels,
    type NoiseOctave,
} from "./noiseKernels.js";

/** Creates a contender from the kernels for noise on a grid. */
export function createGrid(job: NoiseJob, kernels: NoiseKernels): FillGrid {
    const { side, cells, dimensions } = job;
    const octaves = cells.map((period, octave): NoiseOctave => ({
        seed: 1 + octave,
        period,
        offsetX: offsetOf(octave, 0),
        offsetY: offsetOf(octave, 1),
        offsetZ: offsetOf(octave, 2),
        gain: gainOf(octave),
    }));
    const counts = { countX: side, countY: side, countZ: side };
    return (grid) =>
        dimensions === 2
            ? fillNoise2(kernels, octaves, { ...originOf(job, grid), ...counts })
            : fillNoise3(kernels, octaves, { ...originOf(job, grid), y: 0, ...counts });
}

/**
 * Creates a contender from the kernels for simplex noise anywhere, fed with the grid's points; octaves are summed here.
 */
export function createPoints(job: NoiseJob, kernels: NoiseKernels): FillGrid {
    const { side, cells, dimensions } = job;
    const values = new Float32Array(side ** dimensions);
    const points = layoutNoisePoints(kernels, values.length);
    return (grid) => {
        const { x, z } = originOf(job, grid);
        let at = 0;
        for (let k = 0; k < side; k++) {
            for (let j = 0; j < (dimensions === 2 ? 1 : side); j++) {
                for (let i = 0; i < side; i++) {
                    points.x[at] = x + i;
                    points.y[at] = j;
                    points.z[at] = z + k;
                    at++;
                }
            }
        }
        values.fill(0);
        for (let octave = 0; octave < cells.length; octave++) {
            const gain = gainOf(octave);
            if (dimensions === 2) {
                fillSimplex2(kernels, points, 1 + octave, 1 / cells[octave]!);
            } else {
                fillSimplex3(kernels, points, 1 + octave, 1 / cells[octave]!);
            }
            const { value } = points;
            for (let i = 0; i < values.length; i++) {
                values[i]! += gain * value[i]!;
            }
        }
        return values;
    };
}
