import { mix, mixColors, smoothstep, varied, type Rgb } from "./arithmetic.js";
import type { Canvas, Steps } from "./canvas.js";
import { stampLeaf } from "./leaves.js";
import { fractalNoise } from "./noise.js";
import { createRandom, type Random } from "./random.js";
import { stampBlade, stampTwig } from "./strokes.js";

const EARTH: Rgb = [0.055, 0.038, 0.022];
const MOSS: Rgb = [0.042, 0.075, 0.014];
const LEAVES: readonly Rgb[] = [
    [0.15, 0.075, 0.03],
    [0.21, 0.12, 0.05],
    [0.1, 0.05, 0.024],
    [0.27, 0.18, 0.09],
    [0.075, 0.045, 0.026],
    [0.12, 0.1, 0.035],
];
const TWIG: Rgb = [0.075, 0.056, 0.04];
const DARK_BLADE: Rgb = [0.025, 0.06, 0.012];
const LIGHT_BLADE: Rgb = [0.075, 0.125, 0.025];
const STAMPS_A_STEP = 300;

/** Paints litter and moss: leaves on the bare earth, blades where moss grows, twigs everywhere. */
export function* paintForestFloor(canvas: Canvas): Steps {
    const { size } = canvas;
    const random = createRandom(41);
    const moss = fractalNoise(size, { cells: 5, octaves: 4, gain: 0.55, seed: 440 });
    yield* paintEarth(canvas, moss);
    canvas.splitRelief();
    yield* stampLeaves(canvas, random, moss);
    for (let i = 0; i < 60; i++) {
        stampTwig(canvas, random, {
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, angle: random() * 2 * Math.PI },
            ...{ length: 0.08 + 0.47 * random() ** 2, halfWidth: 0.004 + 0.01 * random() ** 2 },
            ...{ height: 0.05, color: varied(random, TWIG, 0.3) },
        });
    }
    yield* stampBlades(canvas, random, moss);
}

function* paintEarth(canvas: Canvas, moss: Float32Array): Steps {
    const patches = fractalNoise(canvas.size, { cells: 3, octaves: 5, gain: 0.55, seed: 420 });
    yield;
    const crumbs = fractalNoise(canvas.size, { cells: 28, octaves: 4, gain: 0.7, seed: 430 });
    const stalks = fractalNoise(canvas.size, { cells: 96, octaves: 2, gain: 0.8, seed: 445 });
    yield;
    for (let at = 0; at < moss.length; at++) {
        const grown = smoothstep(0.02, 0.2, moss[at]! + 0.25 * crumbs[at]!);
        const earth = 0.8 + 0.5 * patches[at]! + 0.6 * crumbs[at]!;
        const green = 1 + 0.6 * stalks[at]!;
        canvas.height[at] = 0.012 * patches[at]! + 0.006 * crumbs[at]! + grown * (0.022 + 0.006 * stalks[at]!);
        canvas.setColor(
            at,
            mix(EARTH[0] * earth, MOSS[0] * green, grown),
            mix(EARTH[1] * earth, MOSS[1] * green, grown),
            mix(EARTH[2] * earth, MOSS[2] * green, grown),
        );
    }
}

function* stampLeaves(canvas: Canvas, random: Random, moss: Float32Array): Steps {
    for (let i = 0; i < 2100; i++) {
        if (i % STAMPS_A_STEP === 0) {
            yield;
        }
        const x = random() * canvas.tile;
        const y = random() * canvas.tile;
        if (moss[canvas.indexAt(x, y)]! > 0.12 && random() < 0.75) {
            continue;
        }
        stampLeaf(canvas, {
            ...{ x, y, angle: random() * 2 * Math.PI, length: 0.027 + 0.039 * random(), aspect: 0.36 + 0.3 * random() },
            ...{ height: 0.02 + 0.03 * random(), curl: (random() - 0.5) * 0.7 },
            color: varied(random, LEAVES[Math.floor(random() * LEAVES.length)]!, 0.3),
            ...{ tiltAlong: (random() - 0.5) * 0.9, tiltAcross: (random() - 0.5) * 0.9 },
        });
    }
}

function* stampBlades(canvas: Canvas, random: Random, moss: Float32Array): Steps {
    for (let i = 0; i < 1500; i++) {
        if (i % STAMPS_A_STEP === 0) {
            yield;
        }
        const x = random() * canvas.tile;
        const y = random() * canvas.tile;
        if (moss[canvas.indexAt(x, y)]! < -0.02) {
            continue;
        }
        stampBlade(canvas, {
            ...{ x, y, angle: random() * 2 * Math.PI, length: 0.07 + 0.13 * random(), bend: (random() - 0.5) * 2 },
            ...{ halfWidth: 0.0037 + 0.003 * random(), top: 0.06 + 0.07 * random(), tip: 0.05 },
            color: varied(random, mixColors(DARK_BLADE, LIGHT_BLADE, random()), 0.2),
            rootBrightness: 0.4,
        });
    }
}
