import { clamp, mix, mixColors, varied, type Rgb } from "./arithmetic.js";
import type { Canvas, Painter, Steps } from "./canvas.js";
import { stampLeaf } from "./leaves.js";
import { fractalNoise } from "./noise.js";
import { createRandom, type Random } from "./random.js";
import { stampStone } from "./stones.js";
import { stampBlade } from "./strokes.js";

export interface GrassOptions {
    readonly seed: number;
    /** How many blades are straw and how much soil shows, 0 to 1. */
    readonly dryness: number;
    readonly blades: number;
    readonly tufts: number;
}

/** Blades fan out from it. */
interface Tuft {
    readonly x: number;
    readonly y: number;
    /** 0 to 1. */
    readonly size: number;
    readonly tallness: number;
}

const WET_SOIL: Rgb = [0.045, 0.034, 0.02];
const DRY_SOIL: Rgb = [0.17, 0.125, 0.078];
/** Greens from the shade to the sun, and straw from old to new. */
const DARK_GREEN: Rgb = [0.034, 0.078, 0.011];
const LIGHT_GREEN: Rgb = [0.115, 0.17, 0.032];
const FADED_GREEN: Rgb = [0.19, 0.18, 0.06];
const OLD_STRAW: Rgb = [0.2, 0.155, 0.062];
const NEW_STRAW: Rgb = [0.36, 0.29, 0.14];
const CLOVER: Rgb = [0.05, 0.105, 0.028];
const PEBBLE: Rgb = [0.2, 0.17, 0.135];

/** Share of blades that belong to a tuft. */
const IN_TUFTS = 0.62;
const BLADES_A_STEP = 400;

/** Returns what paints a meadow: soil, pebbles, blades in tufts and between them, each with a colour of its own. */
export function grassPainter(options: GrassOptions): Painter {
    return function* paintGrass(canvas) {
        const { seed, dryness } = options;
        const random = createRandom(seed);
        const patches = fractalNoise(canvas.size, { cells: 3, octaves: 5, gain: 0.55, seed: seed + 20 });
        yield* paintSoil(canvas, patches, options);
        yield;
        const roughness = fractalNoise(canvas.size, { cells: 48, octaves: 2, gain: 0.6, seed: seed + 40 });
        for (let i = 0; i < 60 + 220 * dryness; i++) {
            stampStone(canvas, random, {
                ...{ x: random() * canvas.tile, y: random() * canvas.tile, radius: 0.006 + 0.02 * random() ** 3 },
                ...{ flatness: 0.5, base: 0.002, color: varied(random, PEBBLE, 0.4), roughness },
            });
        }
        canvas.splitRelief();
        yield;
        yield* stampBlades(canvas, random, patches, options);
        stampClover(canvas, random, patches, Math.round(420 * Math.max(0, 1 - 2 * dryness)));
    };
}

function* paintSoil(canvas: Canvas, patches: Float32Array, { seed, dryness }: GrassOptions): Steps {
    const crumbs = fractalNoise(canvas.size, { cells: 32, octaves: 3, gain: 0.7, seed: seed + 30 });
    yield;
    const soil = mixColors(WET_SOIL, DRY_SOIL, dryness);
    for (let at = 0; at < crumbs.length; at++) {
        const tone = 0.9 + 0.5 * patches[at]! + 0.5 * crumbs[at]!;
        canvas.height[at] = 0.008 * patches[at]! + 0.004 * crumbs[at]!;
        canvas.setColor(at, soil[0] * tone, soil[1] * tone, soil[2] * tone);
    }
}

function* stampBlades(canvas: Canvas, random: Random, patches: Float32Array, options: GrassOptions): Steps {
    const { dryness, blades } = options;
    const tufts = Array.from({ length: options.tufts }, (): Tuft => {
        return { x: random() * canvas.tile, y: random() * canvas.tile, size: random(), tallness: random() };
    });
    for (let i = 0; i < blades; i++) {
        if (i % BLADES_A_STEP === 0) {
            yield;
        }
        let x = random() * canvas.tile;
        let y = random() * canvas.tile;
        let angle = random() * 2 * Math.PI;
        let tallness = 0.75;
        let hue = 0;
        if (random() < IN_TUFTS) {
            const tuft = tufts[Math.floor(random() * tufts.length)]!;
            const distance = Math.sqrt(random()) * (0.02 + 0.035 * tuft.size);
            x = tuft.x + Math.cos(angle) * distance;
            y = tuft.y + Math.sin(angle) * distance;
            angle += (random() - 0.5) * 1.1;
            tallness = 1 + 0.7 * tuft.tallness;
            hue = 0.5 * (tuft.size - 0.5);
        }
        hue += 0.5 + 0.75 * patches[canvas.indexAt(x, y)]! + 0.5 * (random() - 0.5);
        const top = (0.05 + 0.09 * random()) * tallness;
        stampBlade(canvas, {
            ...{ x, y, angle, top, tip: top * (0.35 + 0.5 * random()), bend: (random() - 0.5) * 2 },
            length: (0.078 + 0.133 * random()) * tallness,
            halfWidth: 0.0048 + 0.0043 * random() * (1 - 0.35 * dryness),
            color: bladeColor(random, clamp(hue), dryness),
            rootBrightness: 0.36,
        });
    }
}

function bladeColor(random: Random, hue: number, dryness: number): Rgb {
    let color = mixColors(DARK_GREEN, LIGHT_GREEN, hue);
    if (random() < 0.12 + 0.62 * dryness) {
        color = mixColors(OLD_STRAW, NEW_STRAW, random());
    } else if (dryness > 0.4) {
        color = mixColors(color, FADED_GREEN, 0.55);
    }
    return varied(random, color, 0.28, 0.12);
}

/** Stamps clover, three leaves each, where the ground is not bare. */
function stampClover(canvas: Canvas, random: Random, patches: Float32Array, count: number): void {
    for (let i = 0; i < count; i++) {
        const x = random() * canvas.tile;
        const y = random() * canvas.tile;
        if (patches[canvas.indexAt(x, y)]! > 0.05) {
            continue;
        }
        const length = mix(0.016, 0.028, random());
        const turn = random() * 2 * Math.PI;
        const height = mix(0.05, 0.1, random());
        for (let k = 0; k < 3; k++) {
            const angle = turn + (k * 2 * Math.PI) / 3;
            stampLeaf(canvas, {
                ...{
                    x: x + Math.cos(angle) * length * 0.8,
                    y: y + Math.sin(angle) * length * 0.8,
                    angle,
                    length,
                    height,
                },
                ...{ aspect: 0.75, color: varied(random, CLOVER, 0.2), curl: -0.2 },
                ...{ tiltAlong: (random() - 0.5) * 0.5, tiltAcross: (random() - 0.5) * 0.5 },
            });
        }
    }
}
