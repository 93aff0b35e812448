import { MACRO_CHANNELS } from "../../../src/generators/macroField.js";
import type { Kernels } from "../../../src/kernels/kernels.js";
import { createHeightGrid, HeightField } from "../../oracle/heightField.js";
import { bSpline, catmullRom } from "../../oracle/macroSpline.js";
import { readKernelGrid } from "../../support/kernelGrid.js";
import { loadKernelsAsync, soilMemory } from "../../support/kernels.js";
import { Random, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const { exports } = kernels;
const seed = testSeed();
/** A quiet NaN in each float. */
const NOT_A_NUMBER = 0x7fc00000;
// As far as any job below goes: all of it is soiled before each.
exports.reserve(2 ** 21);

/** Nodes as the kernels take them, of numbers up to 1,000 and here and there zeros. */
interface Nodes {
    readonly stride: number;
    readonly values: Float32Array;
}

function randomNodes(random: Random, countX: number, countZ: number): Nodes {
    const stride = Math.ceil(countX / 4) * 4;
    const values = new Float32Array(stride * MACRO_CHANNELS * countZ);
    const valueOf = () => (random.next() < 0.1 ? 0 : random.between(-1000, 1000));
    return { stride, values: values.map(valueOf) };
}

function nodeAt({ stride, values }: Nodes, channel: number, x: number, z: number): number {
    return values[(z * MACRO_CHANNELS + channel) * stride + x]!;
}

function lend({ values }: Nodes): number {
    const at = exports.reserve(values.byteLength);
    new Float32Array(exports.memory.buffer, at).set(values);
    return at;
}

/** The grid's macro fields, channel by channel, row by row. */
function readFields(countX: number, countZ: number): Float32Array {
    const fields = new Float32Array(MACRO_CHANNELS * countX * countZ);
    for (let channel = 0, to = 0; channel < MACRO_CHANNELS; channel++) {
        for (let row = 0; row < countZ; row++, to += countX) {
            const at = exports.macroPlanesStart() + channel * exports.planeSize() + row * exports.planeLineBytes();
            fields.set(new Float32Array(exports.memory.buffer, at, countX), to);
        }
    }
    return fields;
}

function fill(nodes: Nodes, x: number, z: number, step: number, countX: number, countZ: number): Float32Array {
    soilMemory(kernels, NOT_A_NUMBER);
    exports.layoutGrid(countX, countZ);
    exports.fillMacro(lend(nodes), nodes.stride, x, z, step, 1);
    return readFields(countX, countZ);
}

test(`through nodes: the oracle's values to f32, and on a node its own to the last bit (seed ${seed})`, () => {
    const random = new Random(seed);
    let onNodes = 0;
    for (let run = 0; run < 60; run++) {
        const step = random.power(1 / 64, 1);
        const [countX, countZ] = [random.whole(6, 40), random.whole(6, 40)];
        const [x, z] = [1 + step * random.whole(0, 1 / step - 1), 1 + step * random.whole(0, 1 / step - 1)];
        const nodes = randomNodes(random, Math.floor(x + countX * step) + 4, Math.floor(z + countZ * step) + 4);
        const fields = fill(nodes, x, z, step, countX, countZ);
        for (let at = 0; at < fields.length; at++) {
            const [column, row] = [at % countX, Math.floor(at / countX) % countZ];
            const channel = Math.floor(at / (countX * countZ));
            const [atX, atZ] = [x + column * step, z + row * step];
            const [nodeX, nodeZ] = [Math.floor(atX), Math.floor(atZ)];
            if (atX === nodeX && atZ === nodeZ) {
                onNodes++;
                if (!Object.is(fields[at]!, nodeAt(nodes, channel, nodeX, nodeZ))) {
                    throw new Error(`${fields[at]} on node (${nodeX}, ${nodeZ})`);
                }
                continue;
            }
            let expected = 0;
            catmullRom(atZ - nodeZ).values.forEach((weightZ, k) =>
                catmullRom(atX - nodeX).values.forEach((weightX, i) => {
                    expected += weightZ * weightX * nodeAt(nodes, channel, nodeX + i - 1, nodeZ + k - 1);
                }),
            );
            if (!(Math.abs(fields[at]! - expected) < 1e-3)) {
                throw new Error(`${fields[at]}, not ${expected}, at (${atX}, ${atZ})`);
            }
        }
    }
    expect(onNodes).toBeGreaterThan(1000);
});

test(`a strip is what a grid of its own would hold, turned or not, to the last bit (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 60; run++) {
        const step = random.power(1 / 64, 1);
        const [countX, countZ] = [random.whole(6, 30), random.whole(6, 30)];
        const [x, z] = [1 + step * random.whole(0, 1 / step - 1), 1 + step * random.whole(0, 1 / step - 1)];
        const nodes = randomNodes(random, Math.floor(x + countX * step) + 4, Math.floor(z + countZ * step) + 4);
        const expected = fill(nodes, x, z, step, countX, countZ);

        // Into the middle of a larger grid, turned and mirrored at will.
        const [isTurned, isBackX, isBackZ] = [random.next() < 0.5, random.next() < 0.5, random.next() < 0.5];
        const [left, below] = [random.whole(0, 5), random.whole(0, 5)];
        const [alongX, alongZ] = isTurned ? [countZ, countX] : [countX, countZ];
        const [gridX, gridZ] = [left + alongX + 3, below + alongZ + 3];
        soilMemory(kernels, NOT_A_NUMBER);
        exports.layoutGrid(gridX, gridZ);
        const own = randomNodes(random, Math.floor(gridX * step) + 5, Math.floor(gridZ * step) + 5);
        exports.fillMacro(lend(own), own.stride, 1, 1, step, 1);
        const before = readFields(gridX, gridZ);
        const line = exports.planeLineBytes() / 4;
        const strideX = (isTurned ? line : 1) * (isBackX ? -1 : 1);
        const strideZ = (isTurned ? 1 : line) * (isBackZ ? -1 : 1);
        const first = below * line + left;
        const to = first - Math.min(0, (countX - 1) * strideX) - Math.min(0, (countZ - 1) * strideZ);
        exports.fillMacroStrip(lend(nodes), nodes.stride, x, z, step, countX, countZ, to, strideX, strideZ);
        const after = readFields(gridX, gridZ);
        for (let at = 0; at < expected.length; at++) {
            const [i, k] = [at % countX, Math.floor(at / countX) % countZ];
            const channel = Math.floor(at / (countX * countZ));
            const index = to + i * strideX + k * strideZ;
            const [column, row] = [index % line, Math.floor(index / line)];
            const place = (channel * gridZ + row) * gridX + column;
            if (!Object.is(after[place], expected[at])) {
                throw new Error(`${after[place]}, not ${expected[at]}, at (${i}, ${k})`);
            }
            after[place] = before[place]!;
        }
        expect(after).toEqual(before);
    }
});

/** Kernels of which flat worlds ask for the spline of planets. */
const throughNodes: Kernels = {
    world: null,
    exports: {
        ...exports,
        fillMacro: (nodes, stride, x, z, step) => exports.fillMacro(nodes, stride, x, z, step, 1),
    },
};

test(`heights and the slopes that gullies follow are the oracle's by either spline (seed ${seed})`, () => {
    const random = new Random(seed);
    let others = 0;
    for (let run = 0; run < 40; run++) {
        const recipe = randomRecipe(random);
        const [level, x, z] = [random.whole(0, 3), random.whole(-4000, 4000), random.whole(-4000, 4000)];
        const smooth = [bSpline, catmullRom].map((spline) => {
            const oracle = createHeightGrid();
            new HeightField(recipe, spline).fillGrid(level, x, z, 20, 20, oracle);
            kernels.world = null;
            throughNodes.world = null;
            const by = spline === bSpline ? kernels : throughNodes;
            const made = readKernelGrid(by, recipe, level, x, z, 20).smooth;
            const furthest = made.reduce((most, value, at) => Math.max(most, Math.abs(value - oracle.smooth[at]!)), 0);
            expect([run, furthest < 0.02]).toEqual([run, true]);
            return made;
        });
        others += smooth[0]!.some((value, at) => Math.abs(value - smooth[1]![at]!) > 0.1) ? 1 : 0;
    }
    expect(others).toBeGreaterThan(10);
});
