import { ChunkFields, GRID_MARGIN } from "../../../src/generators/chunkFields.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { seedFrom, subSeed } from "../../../src/seed/seed.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { ChunkList } from "../../../src/space/chunkList.js";
import { placeToRef } from "../../../src/space/cubeSphere.js";
import { PlanetTopology } from "../../../src/space/planetTopology.js";
import type { Kernels } from "../../../src/kernels/kernels.js";
import { simplex3 } from "../../oracle/simplexNoise.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { bakePlanetGrid, type PlanetGrid, type PlanetGridSettings } from "../../support/planetGrid.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const RESOLUTION = 16;
const SIDE = RESOLUTION + 1;
const CHUNK_SIZE = 64;
const RADII = [1_000, 123_000, 6_371_000];

const recipe = parseRecipe({
    seed: 5,
    chunkSize: CHUNK_SIZE,
    terrain: {
        ...{ resolution: RESOLUTION, octaves: 6, wavelength: 512, damping: 0.2, ridgeOctaves: 3 },
        ...{ gullies: { strength: 0 }, beds: { strength: 0 } },
    },
});

function settingsOf(radius: number): PlanetGridSettings {
    return {
        ...{ radius, chunkSize: CHUNK_SIZE, quantum: 2 ** -6, resolution: RESOLUTION },
        macro: {
            base: (x, y, z) => 40 * (x * y + 2 * y * z) + 10 * x,
            amplitude: (x) => 60 + 20 * x,
            ridge: (_, y) => Math.max(0, y),
        },
    };
}

async function kernelsOfWorldAsync(): Promise<Kernels> {
    const kernels = await loadKernelsAsync();
    new ChunkFields(recipe, kernels).fillMacro(0, 0, 0, 8, 8);
    return kernels;
}

function randomChunk(random: Random, rootLevel: number, level: number): ChunkAddress {
    const count = 2 ** (rootLevel - level);
    // Half of them lie at a face's edge, some at its corners.
    const along = (): number => random.pick([0, count - 1, random.whole(0, count - 1), random.whole(0, count - 1)]);
    return { face: random.whole(0, 5), level, x: along(), z: along() };
}

test(`places of a grid are those of the cube's faces, bit for bit (seed ${seed})`, async () => {
    const { exports } = await loadKernelsAsync();
    const random = new Random(seed ^ 0x91ace5);
    const place = new Float64Array(3);
    for (let i = 0; i < 200; i++) {
        const rootLevel = random.whole(0, 18);
        const level = random.whole(0, rootLevel);
        const chunk = randomChunk(random, rootLevel, level);
        const count = RESOLUTION * 2 ** (rootLevel - level);
        const [x, z] = [chunk.x * RESOLUTION - GRID_MARGIN, chunk.z * RESOLUTION - GRID_MARGIN];
        const side = SIDE + 2 * GRID_MARGIN;
        exports.layoutGrid(side, side);
        exports.fillPlaces(chunk.face, x, z, count);
        const stride = exports.planeLineBytes() / 4;
        const planes = new Float64Array(exports.memory.buffer, exports.placesStart(), stride * side * 3);
        let different = 0;
        for (let line = 0; line < side; line++) {
            for (let column = 0; column < side; column++) {
                placeToRef(chunk.face, x + column, z + line, count, place);
                for (let axis = 0; axis < 3; axis++) {
                    const found = planes[axis * stride * side + line * stride + column]!;
                    different += Object.is(found, place[axis]!) ? 0 : 1;
                }
            }
        }
        expect([chunk, different]).toEqual([chunk, 0]);
    }
});

test(`heights are octaves of simplex noise at places, damped by the slope over the ground (seed ${seed})`, async () => {
    const kernels = await kernelsOfWorldAsync();
    const random = new Random(seed ^ 0x4e161);
    let worst = 0;
    for (let i = 0; i < 40; i++) {
        const radius = random.pick(RADII);
        const { rootLevel } = new PlanetTopology(CHUNK_SIZE, radius);
        const level = random.whole(0, Math.min(4, rootLevel));
        const chunk = randomChunk(random, rootLevel, level);
        const settings = settingsOf(radius);
        const grid = bakePlanetGrid(kernels, chunk, settings);
        for (let sample = 0; sample < 40; sample++) {
            const column = random.whole(0, SIDE + 2 * GRID_MARGIN - 1);
            const line = random.whole(0, SIDE + 2 * GRID_MARGIN - 1);
            const x = chunk.x * RESOLUTION - GRID_MARGIN + column;
            const z = chunk.z * RESOLUTION - GRID_MARGIN + line;
            const height = heightAt(settings, chunk, x, z, grid.count);
            worst = Math.max(worst, Math.abs(grid.smooth[line * grid.stride + column]! - height));
        }
    }
    // Noise is f32 on fractions of cells, and there are a hundred metres of it.
    expect(worst).toBeLessThan(0.005);
    expect(worst).toBeGreaterThan(0);
});

/** The oracle's height of a sample, in metres. */
function heightAt(
    { radius, macro }: PlanetGridSettings,
    chunk: ChunkAddress,
    x: number,
    z: number,
    count: number,
): number {
    const place = new Float64Array(3);
    placeToRef(chunk.face, x, z, count, place);
    const [px, py, pz] = place as unknown as [number, number, number];
    const { octaves, wavelength, gain, damping, ridgeOctaves } = recipe.terrain;
    const spacing = CHUNK_SIZE / RESOLUTION;
    let [sum, gx, gy, gz, amplitude, slopeScale] = [0, 0, 0, 0, 1, 1];
    for (let octave = 0; octave < octaves; octave++) {
        const period = wavelength / 2 ** octave;
        if (period < 2 * spacing * 2 ** chunk.level) {
            break;
        }
        const scale = (0.64 * radius) / period;
        const [raw, dx, dy, dz] = simplex3(
            subSeed(seedFrom(recipe.seed), "terrain", "detail", octave),
            px * scale,
            py * scale,
            pz * scale,
        );
        let value = 0.792 * raw;
        if (octave < ridgeOctaves) {
            value += macro.ridge(px, py, pz) * (0.95 - 1.6 * Math.sqrt(value * value + 0.0036) - value);
        }
        const along = gx * px + gy * py + gz * pz;
        const steepness = Math.max(0, gx * gx + gy * gy + gz * gz - along * along);
        sum += (amplitude / (1 + damping * steepness)) * value;
        gx += slopeScale * 0.792 * 0.64 * dx;
        gy += slopeScale * 0.792 * 0.64 * dy;
        gz += slopeScale * 0.792 * 0.64 * dz;
        amplitude *= gain;
        slopeScale *= gain * 2;
    }
    return macro.base(px, py, pz) + macro.amplitude(px, py, pz) * sum;
}

test(`bent vertices lie where their samples' places and heights lead (seed ${seed})`, async () => {
    const kernels = await kernelsOfWorldAsync();
    const random = new Random(seed ^ 0xbe4d);
    const place = new Float64Array(3);
    for (let i = 0; i < 40; i++) {
        const radius = random.pick(RADII);
        const { rootLevel } = new PlanetTopology(CHUNK_SIZE, radius);
        const chunk = randomChunk(random, rootLevel, random.whole(0, rootLevel));
        const grid = bakePlanetGrid(kernels, chunk, settingsOf(radius));
        expect(grid.fits).toBe(true);
        let farthest = 0;
        for (let vertex = 0; vertex < SIDE * SIDE; vertex++) {
            const [column, line] = [vertex % SIDE, Math.floor(vertex / SIDE)];
            placeToRef(chunk.face, chunk.x * RESOLUTION + column, chunk.z * RESOLUTION + line, grid.count, place);
            const smooth = grid.smooth[(line + GRID_MARGIN) * grid.stride + column + GRID_MARGIN]!;
            const height = Math.round(smooth / grid.quantum) * grid.quantum;
            for (let axis = 0; axis < 3; axis++) {
                const exact = (place[axis]! * (radius + height)) / grid.quantum;
                farthest = Math.max(farthest, Math.abs(grid.quanta[3 * vertex + axis]! - exact));
            }
        }
        // Half a quantum, and what numbers of the height of a planet are off by.
        expect(farthest).toBeLessThan(0.51);
    }
});

test(`normals and tangents are those of the bent ground (seed ${seed})`, async () => {
    const kernels = await kernelsOfWorldAsync();
    const random = new Random(seed ^ 0x4021a1);
    let worst = 0;
    let worstTangent = 0;
    for (let i = 0; i < 40; i++) {
        const radius = random.pick(RADII);
        const { rootLevel } = new PlanetTopology(CHUNK_SIZE, radius);
        const chunk = randomChunk(random, rootLevel, random.whole(0, rootLevel));
        const grid = bakePlanetGrid(kernels, chunk, settingsOf(radius));
        for (let line = 1; line < SIDE - 1; line++) {
            for (let column = 1; column < SIDE - 1; column++) {
                const vertex = line * SIDE + column;
                const [x, z] = [wayOver(grid, vertex, 1), wayOver(grid, vertex, SIDE)];
                worst = Math.max(worst, angleOf(partsOf(grid.normals, vertex), cross(z, x)));
                worstTangent = Math.max(worstTangent, angleOf(partsOf(grid.tangents, vertex), x));
            }
        }
    }
    // Degrees. Bytes alone come to 0.4; places two columns apart are not one plane on coarse levels.
    expect(worst).toBeLessThan(1.2);
    expect(worstTangent).toBeLessThan(1.2);
});

type Vector = readonly [number, number, number];

function wayOver({ quanta }: PlanetGrid, vertex: number, stride: number): Vector {
    const [from, to] = [3 * (vertex - stride), 3 * (vertex + stride)];
    return [quanta[to]! - quanta[from]!, quanta[to + 1]! - quanta[from + 1]!, quanta[to + 2]! - quanta[from + 2]!];
}

function partsOf(values: Int8Array, vertex: number): Vector {
    return [values[3 * vertex]!, values[3 * vertex + 1]!, values[3 * vertex + 2]!];
}

function cross([ax, ay, az]: Vector, [bx, by, bz]: Vector): Vector {
    return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** Degrees. */
function angleOf(a: Vector, b: Vector): number {
    const length = Math.hypot(...cross(a, b));
    return (Math.atan2(length, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) * 180) / Math.PI;
}

test(`neighbours on planets have the same vertices and normals along their border (seed ${seed})`, async () => {
    const kernels = await kernelsOfWorldAsync();
    const random = new Random(seed ^ 0xb04de4);
    let across = 0;
    let shared = 0;
    for (let pair = 0; pair < 300; pair++) {
        const radius = random.pick(RADII);
        const topology = new PlanetTopology(CHUNK_SIZE, radius);
        const level = random.whole(0, topology.rootLevel);
        const chunk = randomChunk(random, topology.rootLevel, level);
        const neighbours = new ChunkList();
        topology.neighboursToRef(chunk.face, level, chunk.x, chunk.z, neighbours);
        const i = random.whole(0, neighbours.count - 1);
        const other = { face: neighbours.faces[i]!, level, x: neighbours.xs[i]!, z: neighbours.zs[i]! };
        across += other.face === chunk.face ? 0 : 1;
        const settings = settingsOf(radius);
        const [own, others] = [bakePlanetGrid(kernels, chunk, settings), bakePlanetGrid(kernels, other, settings)];
        // Which of the border's samples both have, their places tell.
        const known = new Map<string, string>();
        forEachBorderVertex(chunk, own, (place, vertex) => known.set(place, vertex));
        let met = 0;
        forEachBorderVertex(other, others, (place, vertex) => {
            const mine = known.get(place);
            if (mine !== undefined) {
                met++;
                expect(vertex).toBe(mine);
            }
        });
        expect(met).toBeGreaterThan(0);
        shared += met;
    }
    expect(across).toBeGreaterThan(80);
    expect(shared).toBeGreaterThan(2_000);
});

function forEachBorderVertex(
    { face, x, z }: ChunkAddress,
    { quanta, normals, count }: PlanetGrid,
    visit: (place: string, vertex: string) => void,
): void {
    const place = new Float64Array(3);
    for (let vertex = 0; vertex < SIDE * SIDE; vertex++) {
        const [column, line] = [vertex % SIDE, Math.floor(vertex / SIDE)];
        if (column % RESOLUTION === 0 || line % RESOLUTION === 0) {
            placeToRef(face, x * RESOLUTION + column, z * RESOLUTION + line, count, place);
            const at = 3 * vertex;
            visit(place.join(), `${quanta.subarray(at, at + 3).join()} ${normals.subarray(at, at + 3).join()}`);
        }
    }
}
