import { clamp, mix, smoothstep, varied, type Rgb } from "./arithmetic.js";
import { drawCells } from "./cells.js";
import type { Canvas, Steps } from "./canvas.js";
import { fractalNoise } from "./noise.js";
import { createRandom } from "./random.js";
import { stampStone } from "./stones.js";

const SCREE_EARTH: Rgb = [0.145, 0.118, 0.088];
const SCREE_STONES: readonly Rgb[] = [
    [0.25, 0.235, 0.215],
    [0.2, 0.185, 0.165],
    [0.29, 0.25, 0.2],
    [0.16, 0.15, 0.145],
    [0.23, 0.19, 0.155],
];
const CAVE_EARTH: Rgb = [0.15, 0.12, 0.09];
const CAVE_STONE: Rgb = [0.19, 0.165, 0.135];
const PALE_GROUND: Rgb = [0.2, 0.18, 0.165];
const WARM_GROUND: Rgb = [0.25, 0.205, 0.155];
const BOULDER: Rgb = [0.22, 0.205, 0.185];
const STONES_A_STEP = 200;

/** Paints scree: stones from a thumb's size to a head's over earth, few of them large. */
export function* paintScree(canvas: Canvas): Steps {
    const { size, texel } = canvas;
    const random = createRandom(61);
    const patches = fractalNoise(size, { cells: 3, octaves: 5, gain: 0.55, seed: 620 });
    const crumbs = fractalNoise(size, { cells: 40, octaves: 3, gain: 0.7, seed: 630 });
    yield;
    for (let at = 0; at < patches.length; at++) {
        const tone = 0.85 + 0.4 * patches[at]! + 0.5 * crumbs[at]!;
        canvas.height[at] = 0.02 * patches[at]! + 0.008 * crumbs[at]!;
        canvas.setColor(at, SCREE_EARTH[0] * tone, SCREE_EARTH[1] * tone, SCREE_EARTH[2] * tone);
    }
    const roughness = fractalNoise(size, { cells: 40, octaves: 3, gain: 0.6, seed: 640 });
    const lichen = fractalNoise(size, { cells: 20, octaves: 4, gain: 0.6, seed: 645 });
    for (let i = 0; i < 3600; i++) {
        if (i % STONES_A_STEP === 0) {
            yield;
        }
        const radius = Math.min(0.31, 0.0148 / Math.max(0.03, 1 - 0.985 * random() ** (1 / 1.5)));
        stampStone(canvas, random, {
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, radius, flatness: 0.32 + 0.3 * random() },
            ...{ base: 0.012 * random() - 0.12 * radius, roughness },
            color: varied(random, SCREE_STONES[Math.floor(random() * SCREE_STONES.length)]!, 0.28, 0.08),
            ...(radius > 7 * texel && { lichen }),
        });
    }
    yield;
    canvas.wear(4, 0.35, 0.7, 1.25);
}

/** Paints the floor of a cave: trodden mud, dried in places, with rubble. */
export function* paintCaveFloor(canvas: Canvas): Steps {
    const { size } = canvas;
    const random = createRandom(91);
    const patches = fractalNoise(size, { cells: 3, octaves: 5, seed: 920 });
    const crumbs = fractalNoise(size, { cells: 32, octaves: 4, gain: 0.65, seed: 930 });
    yield;
    const u = fractalNoise(size, { cells: 6, octaves: 3, seed: 946 });
    const v = fractalNoise(size, { cells: 6, octaves: 3, seed: 947 });
    const mud = drawCells(size, { cells: 13, seed: 945, offset: 0, tilt: 0, warp: { u, v, amount: 0.017 } });
    yield;
    for (let at = 0; at < patches.length; at++) {
        const crack = smoothstep(0.06, 0, mud.border[at]!) * smoothstep(0, 0.25, -patches[at]!);
        const tone = (0.85 + 0.35 * patches[at]! + 0.25 * crumbs[at]!) * (1 - 0.15 * crack);
        canvas.height[at] = 0.05 * patches[at]! + 0.006 * crumbs[at]! - 0.007 * crack;
        canvas.setColor(at, CAVE_EARTH[0] * tone, CAVE_EARTH[1] * tone, CAVE_EARTH[2] * tone);
    }
    const roughness = fractalNoise(size, { cells: 40, octaves: 3, gain: 0.6, seed: 940 });
    for (let i = 0; i < 620; i++) {
        if (i % STONES_A_STEP === 0) {
            yield;
        }
        stampStone(canvas, random, {
            radius: Math.min(0.265, 0.014 / Math.max(0.04, 1 - 0.97 * random() ** 0.8)),
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, flatness: 0.35 + 0.25 * random() },
            ...{ base: -0.01 + 0.01 * random(), color: varied(random, CAVE_STONE, 0.3), roughness },
        });
    }
    yield;
    canvas.wear(5, 0.35, 0.65, 1.3);
}

/** Paints loose ground from some way off: rills between patches of gravel, and boulders. */
export function* paintLooseGround(canvas: Canvas): Steps {
    const { size } = canvas;
    const random = createRandom(131);
    const patches = fractalNoise(size, { cells: 2, octaves: 6, gain: 0.56, seed: 1300 });
    const hues = fractalNoise(size, { cells: 3, octaves: 6, gain: 0.56, seed: 1310 });
    yield;
    const gravel = fractalNoise(size, { cells: 60, octaves: 3, gain: 0.8, seed: 1320 });
    const u = fractalNoise(size, { cells: 4, octaves: 4, seed: 1330 });
    const v = fractalNoise(size, { cells: 4, octaves: 4, seed: 1340 });
    yield;
    const basins = drawCells(size, { cells: 6, seed: 1350, offset: 0, tilt: 0, warp: { u, v, amount: 0.059 } });
    yield;
    for (let at = 0; at < patches.length; at++) {
        const rill = smoothstep(0.16, 0, basins.border[at]!);
        const tone = 1 + 0.45 * patches[at]! + 0.3 * gravel[at]! - 0.22 * rill;
        const warmth = clamp(0.5 + 1.2 * hues[at]!);
        canvas.height[at] = 0.35 * patches[at]! + 0.05 * gravel[at]! - 0.16 * rill;
        canvas.setColor(
            at,
            mix(PALE_GROUND[0], WARM_GROUND[0], warmth) * tone,
            mix(PALE_GROUND[1], WARM_GROUND[1], warmth) * tone,
            mix(PALE_GROUND[2], WARM_GROUND[2], warmth) * tone,
        );
    }
    const roughness = fractalNoise(size, { cells: 40, octaves: 3, gain: 0.6, seed: 1360 });
    for (let i = 0; i < 520; i++) {
        if (i % STONES_A_STEP === 0) {
            yield;
        }
        stampStone(canvas, random, {
            radius: Math.min(1, 0.1 / Math.max(0.08, 1 - 0.95 * random())),
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, flatness: 0.5, base: 0.02 },
            ...{ color: varied(random, BOULDER, 0.3), roughness },
        });
    }
}
