import { makeGradientNoise2D, makeGradientNoise3D, type Noise2D, type Noise3D } from "../naive/plainGradientNoise.js";

/** Samples along each side of a volume. */
export const SIDE = 65;
/** Samples around it along x and z, from which our normals come. */
export const MARGIN = 3;
/** Columns along x and z, those around included. */
export const COLUMNS = SIDE + 2 * MARGIN;
/** Rows of our columns: masks are words of 32. Those beyond the volume are open air. */
export const ROWS = 96;
/** Quanta a sample, as in chunks of 64 cells. */
export const QUANTA = 256;

const GROUND = 46;
/** Tunnels as the `endless` preset has them in the midst of cave country, with samples of 1 m. */
const WAVELENGTH = 128;
const RADIUS = 6;
const DISTANCE_SCALE = 0.36 * 0.75 * WAVELENGTH;
const ROUGHNESS = 0.3 * RADIUS;
/** Row below which tunnels end. */
const FLOOR = 2.5;

/** Ground with tunnels below, in samples. The same for all contenders, each in the layout that suits it. */
export interface MeshVolume {
    /** Whole quanta; z outer, x inner; `COLUMNS` a side. */
    readonly heights: Float32Array;
    /** Cave distance, negative inside: `ROWS` a column, columns as heights. */
    readonly caves: Float32Array;
    /** Negative in rock: `SIDE` ** 3; z outer, then y, x inner. */
    readonly density: Float32Array;
}

export function createVolumes(count: number): MeshVolume[] {
    const ground = [0, 1, 2, 3].map((octave) => makeGradientNoise2D(1 + octave));
    const tunnels = [0, 1, 2, 3].map((octave) => makeGradientNoise3D(101 + octave));
    return Array.from({ length: count }, (_, i) => createVolume(i * 3 * SIDE, ground, tunnels));
}

function createVolume(x0: number, ground: readonly Noise2D[], tunnels: readonly Noise3D[]): MeshVolume {
    const heights = new Float32Array(COLUMNS * COLUMNS);
    const caves = new Float32Array(COLUMNS * COLUMNS * ROWS);
    const density = new Float32Array(SIDE * SIDE * SIDE);
    for (let z = 0, column = 0; z < COLUMNS; z++) {
        for (let x = 0; x < COLUMNS; x++, column++) {
            const height = Math.round(heightAt(x0 + x, z, ground) * QUANTA);
            // No sample lies right on the surface: meshers disagree on whose it is.
            heights[column] = height % QUANTA === 0 ? height + 1 : height;
            for (let row = 0; row < ROWS; row++) {
                caves[column * ROWS + row] = caveAt(x0 + x, row, z, tunnels);
            }
        }
    }
    for (let z = 0, at = 0; z < SIDE; z++) {
        for (let row = 0; row < SIDE; row++) {
            for (let x = 0; x < SIDE; x++, at++) {
                const column = (z + MARGIN) * COLUMNS + x + MARGIN;
                const above = row - heights[column]! / QUANTA;
                // The cave counts below the ground alone.
                density[at] = above >= 0 ? above : Math.max(above, -caves[column * ROWS + row]!);
            }
        }
    }
    return { heights, caves, density };
}

function heightAt(x: number, z: number, ground: readonly Noise2D[]): number {
    return ground.reduce(
        (sum, noise, octave) => sum + noise((x * 2 ** octave) / 64, (z * 2 ** octave) / 64) * 10 * 0.5 ** octave,
        GROUND,
    );
}

/** Two octaves lay tunnels where both vanish, two more roughen their walls. */
function caveAt(x: number, y: number, z: number, [first, second, ...walls]: readonly Noise3D[]): number {
    const [px, py, pz] = [x / WAVELENGTH, y / (WAVELENGTH / 2), z / WAVELENGTH];
    const a = first!(px, py, pz);
    const b = second!(px + 0.375, py + 0.5, pz + 0.625);
    let distance = Math.sqrt(a * a + b * b) * DISTANCE_SCALE - RADIUS;
    let [period, roughness] = [WAVELENGTH / 4, ROUGHNESS];
    for (const wall of walls) {
        distance += wall(x / period, y / period, z / period) * roughness;
        period /= 2;
        roughness /= 2;
    }
    return Math.max(distance, FLOOR - y);
}
