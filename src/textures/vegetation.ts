import { clamp, mix, mixColors, varied, type Rgb } from "./arithmetic.js";
import type { Canvas, Steps } from "./canvas.js";
import { fractalNoise } from "./noise.js";
import { createRandom, type Random } from "./random.js";
import { stampStone } from "./stones.js";

/** A tussock, a shrub or a tree, seen from above. */
interface Crown {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly height: number;
    readonly color: Rgb;
    /** How uneven it is, as a share of its height. */
    readonly lumps: number;
}

/** The noises of a place. */
interface Growth {
    readonly patches: Float32Array;
    readonly hues: Float32Array;
    /** Unevenness of about 50 and 20 centimetres. */
    readonly twigs: Float32Array;
    readonly leaves: Float32Array;
}

const GREEN: Rgb = [0.075, 0.105, 0.024];
const YELLOW: Rgb = [0.155, 0.135, 0.05];
const GREEN_TUSSOCK: Rgb = [0.07, 0.11, 0.022];
const PALE_TUSSOCK: Rgb = [0.2, 0.17, 0.065];
const SHRUB: Rgb = [0.045, 0.075, 0.022];
const DARK_CROWN: Rgb = [0.03, 0.058, 0.016];
const LIGHT_CROWN: Rgb = [0.075, 0.105, 0.03];
const STONE: Rgb = [0.21, 0.2, 0.18];
const CROWNS_A_STEP = 100;

/** Paints grassland: patches, tussocks, and here and there a shrub or a stone. */
export function* paintMeadow(canvas: Canvas): Steps {
    const random = createRandom(111);
    const growth = yield* paintSward(canvas, 1100);
    for (let i = 0; i < 2600; i++) {
        if (i % (4 * CROWNS_A_STEP) === 0) {
            yield;
        }
        const x = random() * canvas.tile;
        const y = random() * canvas.tile;
        const radius = 0.14 + 0.28 * random() ** 2;
        const hue = clamp(0.5 + 1.2 * growth.hues[canvas.indexAt(x, y)]! + 0.4 * (random() - 0.5));
        const color = varied(random, mixColors(GREEN_TUSSOCK, PALE_TUSSOCK, hue), 0.3, 0.1);
        stampCrown(canvas, random, { x, y, radius, height: radius * 0.8, color, lumps: 0.35 }, growth);
    }
    for (let i = 0; i < 44; i++) {
        const x = random() * canvas.tile;
        const y = random() * canvas.tile;
        const radius = 0.44 + 0.56 * random();
        if (growth.patches[canvas.indexAt(x, y)]! >= -0.05) {
            const color = varied(random, SHRUB, 0.25);
            stampCrown(canvas, random, { x, y, radius, height: radius * 0.8, color, lumps: 0.3 }, growth);
        }
    }
    const roughness = fractalNoise(canvas.size, { cells: 40, octaves: 3, gain: 0.6, seed: 1150 });
    for (let i = 0; i < 40; i++) {
        stampStone(canvas, random, {
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, radius: 0.11 + 0.37 * random() ** 4 },
            ...{ flatness: 0.55, base: 0.08, color: varied(random, STONE, 0.25), roughness },
        });
    }
}

/** Paints woodland: crowns of half a metre to two, and grass where light falls in. */
export function* paintShrubs(canvas: Canvas): Steps {
    const random = createRandom(121);
    const growth = yield* paintSward(canvas, 1150);
    for (let i = 0; i < 520; i++) {
        if (i % CROWNS_A_STEP === 0) {
            yield;
        }
        const radius = 0.56 + 1.06 * random() ** 2;
        stampCrown(
            canvas,
            random,
            {
                ...{ x: random() * canvas.tile, y: random() * canvas.tile, radius, height: radius * 0.95, lumps: 0.3 },
                color: varied(random, mixColors(DARK_CROWN, LIGHT_CROWN, random()), 0.25, 0.12),
            },
            growth,
        );
    }
}

function* paintSward(canvas: Canvas, seed: number): Steps<Growth> {
    const { size } = canvas;
    const patches = fractalNoise(size, { cells: 2, octaves: 6, gain: 0.58, seed });
    const hues = fractalNoise(size, { cells: 3, octaves: 6, gain: 0.58, seed: seed + 10 });
    yield;
    const twigs = fractalNoise(size, { cells: 60, octaves: 3, gain: 0.8, seed: 1120 });
    const leaves = fractalNoise(size, { cells: 128, octaves: 2, gain: 0.8, seed: 1130 });
    yield;
    for (let at = 0; at < patches.length; at++) {
        const tone = 1 + 0.55 * patches[at]! + 0.35 * twigs[at]! + 0.2 * leaves[at]!;
        const dry = clamp(0.5 + 1.1 * hues[at]!);
        canvas.height[at] = 0.16 * patches[at]! + 0.05 * twigs[at]!;
        canvas.setColor(
            at,
            mix(GREEN[0], YELLOW[0], dry) * tone,
            mix(GREEN[1], YELLOW[1], dry) * tone,
            mix(GREEN[2], YELLOW[2], dry) * tone,
        );
    }
    return { patches, hues, twigs, leaves };
}

function stampCrown(canvas: Canvas, random: Random, crown: Crown, { twigs, leaves }: Growth): void {
    const { size, texel, height } = canvas;
    const mask = size - 1;
    const radius = crown.radius / texel;
    const reach = Math.ceil(radius * 1.26) + 1;
    const x0 = Math.floor(crown.x / texel);
    const y0 = Math.floor(crown.y / texel);
    const turn = random() * 2 * Math.PI;
    const lobes = 3 + Math.floor(random() * 4);
    const [red, green, blue] = crown.color;
    for (let j = -reach; j <= reach; j++) {
        for (let i = -reach; i <= reach; i++) {
            const length = Math.sqrt(i * i + j * j);
            if (length > radius * 1.27) {
                continue;
            }
            const angle = Math.atan2(j, i);
            const rim = radius * (1 + 0.16 * Math.sin(angle * lobes + turn) + 0.1 * Math.sin(angle * 7 + turn * 3));
            const coverage = rim + 0.5 - length;
            if (coverage <= 0) {
                continue;
            }
            const at = ((y0 + j) & mask) * size + ((x0 + i) & mask);
            const dome = Math.sqrt(Math.max(0, 1 - (length / rim) ** 2));
            const uneven = 0.6 * leaves[at]! + 0.5 * twigs[at]!;
            const brightness = 0.62 + 0.5 * dome + 0.75 * uneven;
            const top = 0.2 * height[at]! + crown.height * (dome + crown.lumps * uneven);
            const cover = Math.min(1, coverage);
            canvas.stamp(at, top, red * brightness, green * brightness, blue * brightness, top, cover);
        }
    }
}
