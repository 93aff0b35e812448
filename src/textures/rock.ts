import { clamp, mix, smoothstep, type Rgb } from "./arithmetic.js";
import { boxBlur } from "./blur.js";
import { drawCells, type CellTiles, type Warp } from "./cells.js";
import type { Canvas, Painter, Steps } from "./canvas.js";
import { fractalNoise } from "./noise.js";
import { createRandom } from "./random.js";

export interface RockOptions {
    readonly seed: number;
    /** Blocks along u and v. Fewer along u than along v lie flat, so that beds show. */
    readonly blocks: readonly [u: number, v: number];
    /** How far blocks stand out, in metres. */
    readonly relief: number;
    /** How much a block's face leans: shares of its relief over the block's width. */
    readonly tilt: number;
    /** Blocks half and a fifth the size, as shares of the relief. Default: 1 each */
    readonly smaller?: readonly [half: number, fifth: number];
    /** Uneven faces, in metres. */
    readonly roughness: number;
    /** Flutes that run down the face, as a share of the relief. */
    readonly flutes: number;
    /** How often edges are worn round. Default: 0 */
    readonly wornRound?: number;
    /** Depth of hollows that water left, in metres. Default: 0 */
    readonly dents?: number;
    readonly color?: Rgb;
    /** Contrast of tones, and of hues. Default: 1 */
    readonly contrast?: number;
    readonly hues?: number;
    /** How much lichen grows, 0 to 1. Default: 0.6 */
    readonly lichen?: number;
}

const STONE: Rgb = [0.185, 0.178, 0.168];
const LICHEN: Rgb = [0.33, 0.33, 0.25];
/** Entries of a table of beds, from the bottom of a tile to its top. */
const BED_ENTRIES = 1024;

/** The noises that a rock is made of. */
interface RockNoises {
    readonly bendU: Float32Array;
    readonly bendV: Float32Array;
    /** The bends with fine unevenness, for ragged edges. */
    readonly raggedU: Float32Array;
    readonly raggedV: Float32Array;
    readonly faces: Float32Array;
    readonly grain: Float32Array;
    readonly flutes: Float32Array;
}

/** Returns what paints broken rock: blocks of three sizes, each a tilted plane, in beds of different tones. */
export function rockPainter(options: RockOptions): Painter {
    return function* paintRock(canvas) {
        const noises = yield* drawNoises(canvas.size, options.seed);
        const tones = yield* raiseBlocks(canvas, noises, options);
        yield* colorBeds(canvas, noises, tones, options);
        yield;
        canvas.wear(3, 0.3 * (options.contrast ?? 1), 0.65, 1.3);
        canvas.wear(12, 0.5 * (options.contrast ?? 1), 0.65, 1.3);
    };
}

function* drawNoises(size: number, seed: number): Steps<RockNoises> {
    const bendU = fractalNoise(size, { cells: 2, octaves: 3, gain: 0.42, seed: seed + 1 });
    const bendV = fractalNoise(size, { cells: 3, octaves: 3, gain: 0.42, seed: seed + 5 });
    yield;
    const faces = fractalNoise(size, { cells: 4, octaves: 7, gain: 0.56, seed: seed + 20 });
    const grain = fractalNoise(size, { cells: 64, octaves: 2, gain: 0.8, seed: seed + 30 });
    yield;
    const straight = fractalNoise(size, { cells: 7, cellsV: 2, octaves: 4, seed: seed + 65 });
    yield;
    // Straight flutes would be a weave.
    const flutes = warped(
        straight,
        size,
        (at) => 0.1 * bendU[at]! + 0.08 * bendV[at]! + 0.02 * faces[at]!,
        (at) => {
            return 0.08 * bendU[at]!;
        },
    );
    yield;
    const raggedU = bendU.map((bend, at) => bend + 0.35 * faces[at]!);
    const raggedV = bendV.map((bend, at) => bend - 0.35 * faces[at]!);
    return { bendU, bendV, raggedU, raggedV, faces, grain, flutes };
}

function warped(tile: Float32Array, size: number, u: (at: number) => number, v: (at: number) => number): Float32Array {
    const mask = size - 1;
    const bent = new Float32Array(tile.length);
    for (let y = 0, at = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
            const row = Math.round(y + size * v(at)) & mask;
            bent[at] = tile[row * size + (Math.round(x + size * u(at)) & mask)]!;
        }
    }
    return bent;
}

/** Raises the blocks. Returns the tone of each texel's block, 0 to 1. */
function* raiseBlocks(canvas: Canvas, noises: RockNoises, options: RockOptions): Steps<Float32Array> {
    const { size, height } = canvas;
    const { seed, relief, tilt, roughness, blocks } = options;
    const { raggedU, raggedV, faces, grain, flutes } = noises;
    const [u, v] = blocks;
    const [half, fifth] = options.smaller ?? [1, 1];
    const warp = (amount: number): Warp => ({ u: raggedU, v: raggedV, amount });
    const large = drawCells(size, {
        cells: u,
        cellsV: v,
        seed: seed + 70,
        offset: 1,
        tilt,
        bevel: [0.1, 1.2],
        warp: warp(0.047),
    });
    yield;
    const middle = drawCells(size, {
        ...{ cells: 2 * u + 1, cellsV: 2 * v + 1, seed: seed + 72 },
        ...{ offset: 0.5, tilt, bevel: [0.1, 1], warp: warp(0.024) },
    });
    yield;
    const small = drawCells(size, {
        ...{
            cells: 5 * u,
            cellsV: 4 * v,
            seed: seed + 75,
            offset: 0.22,
            tilt: tilt / 2,
            bevel: [0.1, 0.8],
            warp: warp(0.01),
        },
    });
    yield;
    for (let at = 0; at < height.length; at++) {
        const blocky = large.plane[at]! + half * middle.plane[at]! + fifth * small.plane[at]!;
        height[at] =
            relief * (blocky + options.flutes * flutes[at]!) +
            roughness * (faces[at]! + 0.35 * (1 - 2 * Math.abs(faces[at]!)) + 0.06 * grain[at]!);
    }
    for (let round = 0; round < (options.wornRound ?? 0); round++) {
        height.set(boxBlur(height, size, canvas.texels(2)));
    }
    // Sharp edges would be saw teeth from near by.
    height.set(boxBlur(height, size, 1));
    if (options.dents !== undefined) {
        yield* dent(canvas, noises, options.dents, options);
    }
    return middle.tone;
}

function* dent(canvas: Canvas, { bendU, bendV, faces, grain }: RockNoises, depth: number, o: RockOptions): Steps {
    const { size, height } = canvas;
    const dents = (cells: number, seed: number, amount: number): CellTiles =>
        drawCells(size, { cells, cellsV: cells + 2, seed, offset: 0, tilt: 0, warp: { u: bendV, v: bendU, amount } });
    const wide = dents(11, o.seed + 80, 0.012).nearest;
    yield;
    const narrow = dents(23, o.seed + 82, 0.008).nearest;
    yield;
    for (let at = 0; at < height.length; at++) {
        height[at]! +=
            depth * (wide[at]! ** 2 + 0.35 * narrow[at]! ** 2) + o.roughness * (0.05 * grain[at]! + 0.25 * faces[at]!);
    }
}

function* colorBeds(canvas: Canvas, noises: RockNoises, tones: Float32Array, options: RockOptions): Steps {
    const { size } = canvas;
    const { seed, color = STONE, contrast = 1, hues = 1 } = options;
    const { bendU, bendV, faces, grain, flutes } = noises;
    const stains = fractalNoise(size, { cells: 3, octaves: 4, seed: seed + 45 });
    const lichen = fractalNoise(size, { cells: 8, octaves: 5, gain: 0.6, seed: seed + 60 });
    yield;
    const [bedTones, bedHues] = drawBeds(seed + 99);
    for (let y = 0, at = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
            const bed =
                Math.floor((y / size + 0.066 * bendU[at]! + 0.023 * bendV[at]!) * BED_ENTRIES) & (BED_ENTRIES - 1);
            const spread =
                0.32 * (bedTones[bed]! - 0.5) + 0.3 * faces[at]! + 0.2 * grain[at]! + 0.14 * (tones[at]! - 0.5);
            const tone = 0.8 + contrast * spread + 0.16 * flutes[at]!;
            const warmth = clamp(0.5 + hues * (0.45 * (bedHues[bed]! - 0.5) + 0.6 * stains[at]!));
            const grown = smoothstep(0.28, 0.42, lichen[at]! + 0.15 * grain[at]!) * (options.lichen ?? 0.6) * 0.45;
            canvas.setColor(
                at,
                mix(color[0] * tone * (0.88 + 0.28 * warmth), LICHEN[0], grown),
                mix(color[1] * tone * (0.95 + 0.06 * warmth), LICHEN[1], grown),
                mix(color[2] * tone * (1.1 - 0.3 * warmth), LICHEN[2], grown),
            );
        }
    }
}

/** Returns the tone and the hue of beds of many thicknesses, 0 to 1. */
function drawBeds(seed: number): [Float32Array, Float32Array] {
    const random = createRandom(seed);
    const tones = new Float32Array(BED_ENTRIES);
    const hues = new Float32Array(BED_ENTRIES);
    for (let at = 0; at < BED_ENTRIES;) {
        const end = Math.min(BED_ENTRIES, at + 6 + 70 * random() ** 2);
        const tone = random();
        const hue = random();
        for (; at < end; at++) {
            tones[at] = tone + 0.12 * (random() - 0.5);
            hues[at] = hue;
        }
    }
    return [softened(tones), softened(hues)];
}

function softened(entries: Float32Array): Float32Array {
    let last = entries;
    for (let round = 0; round < 3; round++) {
        const before = last;
        const at = (entry: number): number => before[entry & (BED_ENTRIES - 1)]!;
        last = before.map((value, entry) => (at(entry - 1) + 2 * value + at(entry + 1)) / 4);
    }
    return last;
}
