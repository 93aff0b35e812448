import { clamp, varied, type Rgb } from "./arithmetic.js";
import type { Canvas, Steps } from "./canvas.js";
import { fractalNoise } from "./noise.js";
import { createRandom } from "./random.js";
import { stampStone } from "./stones.js";

const SAND: Rgb = [0.47, 0.375, 0.245];
const SNOW: Rgb = [0.83, 0.855, 0.885];
const SHELL: Rgb = [0.55, 0.5, 0.42];
const PEBBLE: Rgb = [0.24, 0.2, 0.16];

/** Paints sand: ripples of the wind, grain, some dark grains, pebbles and shells. */
export function* paintSand(canvas: Canvas): Steps {
    const { size } = canvas;
    const random = createRandom(11);
    const bends = fractalNoise(size, { cells: 2, octaves: 4, seed: 100 });
    const patches = fractalNoise(size, { cells: 3, octaves: 4, gain: 0.55, seed: 120 });
    yield;
    const lumps = fractalNoise(size, { cells: 40, octaves: 3, gain: 0.8, seed: 130 });
    yield;
    for (let y = 0, at = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
            const phase = 2 * Math.PI * ((3 * x + 12 * y) / size) + 5.2 * bends[at]!;
            const strength = 0.55 + 0.45 * clamp(0.5 + 1.4 * patches[at]!);
            // Steep to the lee.
            const ripple = Math.sin(phase + 0.55 * Math.sin(phase)) * strength;
            const grain = random() - 0.5;
            const tone =
                (0.86 + 0.06 * ripple + 0.2 * patches[at]! + 0.16 * lumps[at]! + 0.22 * grain) *
                (grain > 0.46 ? 0.55 : 1);
            canvas.height[at] = 0.0048 * ripple + 0.006 * patches[at]! + 0.0012 * lumps[at]! + 0.0008 * grain;
            canvas.setColor(at, SAND[0] * tone, SAND[1] * tone, SAND[2] * tone);
        }
    }
    yield;
    const roughness = fractalNoise(size, { cells: 32, octaves: 3, gain: 0.6, seed: 140 });
    for (let i = 0; i < 90; i++) {
        stampStone(canvas, random, {
            ...{ x: random() * canvas.tile, y: random() * canvas.tile, radius: 0.006 + 0.02 * random() ** 4 },
            ...{ flatness: 0.5, base: 0.002, roughness, color: varied(random, random() < 0.3 ? SHELL : PEBBLE, 0.35) },
        });
    }
}

/** Paints snow: drifts, and the ridges that wind leaves. */
export function* paintSnow(canvas: Canvas): Steps {
    const { size } = canvas;
    const random = createRandom(71);
    const bends = fractalNoise(size, { cells: 3, octaves: 3, seed: 700 });
    const drifts = fractalNoise(size, { cells: 3, octaves: 4, gain: 0.45, seed: 705 });
    yield;
    const ridges = fractalNoise(size, { cells: 5, cellsV: 14, octaves: 3, seed: 710 });
    const grain = fractalNoise(size, { cells: 96, octaves: 2, gain: 0.8, seed: 720 });
    yield;
    for (let at = 0; at < drifts.length; at++) {
        const ridge = Math.max(0, ridges[at]! + 0.3 * bends[at]!);
        const tone = 0.96 + 0.05 * drifts[at]! + 0.03 * (random() - 0.5) + 0.03 * grain[at]!;
        canvas.height[at] = 0.06 * drifts[at]! + 0.022 * ridge + 0.0012 * grain[at]!;
        canvas.setColor(at, SNOW[0] * tone, SNOW[1] * tone, SNOW[2] * tone);
    }
}
