import { clamp } from "./arithmetic.js";
import { Canvas, type Painter, type Steps } from "./canvas.js";
import { encodeLayer, type LayerImage, type ReliefOptions } from "./encodeLayer.js";
import { paintForestFloor } from "./forestFloor.js";
import { grassPainter } from "./grass.js";
import { paintCaveFloor, paintLooseGround, paintScree } from "./looseStones.js";
import { fractalNoise } from "./noise.js";
import { rockPainter } from "./rock.js";
import { paintRockTop } from "./rockTop.js";
import { paintSand, paintSnow } from "./sandAndSnow.js";
import { TEXTURE_LAYERS, type TextureLayerInfo } from "./textureLayers.js";
import { paintMeadow, paintShrubs } from "./vegetation.js";

export type { LayerImage } from "./encodeLayer.js";

/** Rises when a layer looks otherwise than before: what browsers have kept is then drawn again. */
export const DRAWING_VERSION = 1;

/** How a layer is drawn. */
interface Drawing extends ReliefOptions {
    readonly paint: Painter;
}

const GRASS: ReliefOptions = {
    steepest: 1.5,
    cavities: [
        [2, 0.16],
        [6, 0.3],
        [18, 0.35],
    ],
};
const ROCK: ReliefOptions = {
    steepness: 0.85,
    steepest: 1.7,
    cavities: [
        [3, 0.35],
        [10, 0.4],
        [30, 0.4],
    ],
};

const DRAWINGS: Readonly<Record<TextureLayerInfo["name"], Drawing>> = {
    sand: {
        paint: paintSand,
        steepness: 1.25,
        cavities: [
            [2, 0.7],
            [6, 0.7],
        ],
    },
    lushGrass: { paint: grassPainter({ seed: 201, dryness: 0.12, blades: 7600, tufts: 170 }), ...GRASS },
    dryGrass: { paint: grassPainter({ seed: 301, dryness: 0.78, blades: 4600, tufts: 120 }), ...GRASS },
    forestFloor: {
        paint: paintForestFloor,
        cavities: [
            [2, 0.3],
            [7, 0.4],
            [20, 0.3],
        ],
    },
    rockTop: {
        paint: paintRockTop,
        steepness: 0.8,
        cavities: [
            [3, 0.35],
            [10, 0.4],
            [28, 0.4],
        ],
    },
    cliff: {
        paint: rockPainter({ seed: 600, blocks: [4, 9], relief: 0.26, tilt: 0.55, roughness: 0.05, flutes: 0.35 }),
        ...ROCK,
    },
    scree: {
        paint: paintScree,
        steepness: 0.9,
        steepest: 1.7,
        cavities: [
            [2, 0.35],
            [7, 0.5],
            [20, 0.4],
        ],
    },
    snow: {
        paint: paintSnow,
        cavities: [
            [4, 0.5],
            [16, 0.5],
        ],
    },
    caveWall: {
        paint: rockPainter({
            ...{
                seed: 860,
                blocks: [2, 4],
                relief: 0.3,
                tilt: 0.7,
                smaller: [0.5, 0.35],
                roughness: 0.1,
                flutes: 0.35,
            },
            ...{ wornRound: 1, dents: 0.045, color: [0.23, 0.21, 0.18], contrast: 0.5, hues: 0.45, lichen: 0 },
        }),
        ...ROCK,
        steepness: 1,
    },
    caveFloor: {
        paint: paintCaveFloor,
        steepness: 0.9,
        cavities: [
            [3, 0.5],
            [10, 0.5],
            [24, 0.4],
        ],
    },
    meadow: {
        paint: paintMeadow,
        steepness: 0.75,
        steepest: 1.5,
        cavities: [
            [3, 0.28],
            [10, 0.35],
            [30, 0.25],
        ],
    },
    shrubs: {
        paint: paintShrubs,
        steepness: 0.8,
        steepest: 1.5,
        cavities: [
            [3, 0.28],
            [10, 0.35],
            [30, 0.25],
        ],
    },
    rockFace: {
        paint: rockPainter({
            ...{
                seed: 1200,
                blocks: [4, 7],
                relief: 2.2,
                tilt: 0.6,
                roughness: 0.5,
                smaller: [0.85, 0.7],
                flutes: 0.32,
                lichen: 0.2,
            },
        }),
        ...ROCK,
        steepness: 0.9,
    },
    loose: {
        paint: paintLooseGround,
        steepness: 0.8,
        steepest: 1.5,
        cavities: [
            [3, 0.4],
            [10, 0.4],
            [30, 0.3],
        ],
    },
};

/**
 * Draws a layer. Nothing but its arguments counts; machines differ by rounding at most. Takes 60 to 330 milliseconds at 512, a third at 256.
 *
 * @param layer one of `TextureLayer`
 * @param size texels along a side: a power of two
 */
export function drawLayer(layer: number, size: number): LayerImage {
    return finish(drawLayerSteps(layer, size));
}

/** Draws a layer as `drawLayer` does, in steps of some milliseconds. */
export function* drawLayerSteps(layer: number, size: number): Steps<LayerImage> {
    const { name, tile, color } = TEXTURE_LAYERS[layer]!;
    const drawing = DRAWINGS[name];
    const canvas = new Canvas(size, tile);
    yield* drawing.paint(canvas);
    yield;
    return yield* encodeLayer(canvas, color, drawing);
}

/** Cells, octaves and gain of the four noises. */
const NOISES = [
    { cells: 4, octaves: 7, gain: 0.55, seed: 2000 },
    { cells: 5, octaves: 7, gain: 0.55, seed: 2200 },
    { cells: 3, octaves: 7, gain: 0.5, seed: 2250 },
    { cells: 4, octaves: 7, gain: 0.62, seed: 2340 },
] as const;
/** Standard deviation of a noise that goes from 0 to 1. */
const NOISE_DEVIATION = 0.22;

/** Draws four independent noises that repeat at their borders: RGBA, each with a mean of 0.5 and a deviation of 0.22. */
export function drawNoise(size: number): Uint8Array<ArrayBuffer> {
    return finish(drawNoiseSteps(size));
}

/** Draws the noises as `drawNoise` does, in steps of some milliseconds. */
export function* drawNoiseSteps(size: number): Steps<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(4 * size * size);
    for (const [channel, options] of NOISES.entries()) {
        yield;
        const noise = fractalNoise(size, options);
        let sum = 0;
        let squares = 0;
        for (const value of noise) {
            sum += value;
            squares += value * value;
        }
        const mean = sum / noise.length;
        const scale = NOISE_DEVIATION / Math.sqrt(squares / noise.length - mean * mean);
        for (let at = 0; at < noise.length; at++) {
            bytes[4 * at + channel] = Math.round(255 * clamp(0.5 + (noise[at]! - mean) * scale));
        }
    }
    return bytes;
}

function finish<T>(steps: Steps<T>): T {
    for (;;) {
        const step = steps.next();
        if (step.done === true) {
            return step.value;
        }
    }
}
