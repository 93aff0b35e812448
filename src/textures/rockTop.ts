import { clamp, mix, smoothstep, type Rgb } from "./arithmetic.js";
import { boxBlur } from "./blur.js";
import { drawCells } from "./cells.js";
import type { Canvas, Steps } from "./canvas.js";
import { fractalNoise } from "./noise.js";

const STONE: Rgb = [0.185, 0.178, 0.168];
const LICHEN: Rgb = [0.34, 0.34, 0.25];

/** Paints rock that lies flat: slabs of three sizes, whole in some places and broken in others, with lichen. */
export function* paintRockTop(canvas: Canvas): Steps {
    const { size, height } = canvas;
    const bendU = fractalNoise(size, { cells: 4, octaves: 3, gain: 0.45, seed: 550 });
    const bendV = fractalNoise(size, { cells: 4, octaves: 3, gain: 0.45, seed: 560 });
    yield;
    const faces = fractalNoise(size, { cells: 3, octaves: 7, gain: 0.55, seed: 520 });
    const grain = fractalNoise(size, { cells: 64, octaves: 2, gain: 0.8, seed: 530 });
    // Fine unevenness makes edges ragged.
    const u = bendU.map((bend, at) => bend + 0.4 * faces[at]!);
    const v = bendV.map((bend, at) => bend - 0.4 * faces[at]!);
    yield;
    const slabs = drawCells(size, {
        ...{
            cells: 3,
            cellsV: 4,
            seed: 500,
            offset: 0.34,
            tilt: 0.34,
            bevel: [0.05, 1.1],
            warp: { u, v, amount: 0.05 },
        },
    });
    yield;
    const blocks = drawCells(size, {
        ...{ cells: 8, seed: 510, offset: 0.13, tilt: 0.14, bevel: [0.1, 1], warp: { u: v, v: u, amount: 0.022 } },
    });
    yield;
    const chips = drawCells(size, {
        ...{ cells: 21, seed: 515, offset: 0.04, tilt: 0.05, bevel: [0.1, 0.8], warp: { u, v, amount: 0.01 } },
    });
    yield;
    const lichen = fractalNoise(size, { cells: 9, octaves: 5, gain: 0.6, seed: 540 });
    const stains = fractalNoise(size, { cells: 3, octaves: 4, seed: 545 });
    const broken = fractalNoise(size, { cells: 4, octaves: 4, seed: 547 });
    yield;
    for (let at = 0; at < height.length; at++) {
        const whole = smoothstep(-0.15, 0.3, broken[at]!);
        const cleft = smoothstep(0.04, 0, slabs.border[at]!) * smoothstep(0, 0.3, broken[at]!);
        height[at] =
            slabs.plane[at]! +
            blocks.plane[at]! * mix(1, 0.45, whole) +
            chips.plane[at]! * mix(0.5, 1, whole) +
            0.1 * faces[at]! +
            0.03 * (1 - 1.6 * Math.abs(faces[at]!)) +
            0.004 * grain[at]! -
            0.03 * cleft;
        const tone =
            (0.84 +
                0.34 * faces[at]! +
                0.2 * grain[at]! +
                0.22 * (blocks.tone[at]! - 0.5) +
                0.14 * (slabs.tone[at]! - 0.5)) *
            (1 - 0.2 * cleft);
        const grown = smoothstep(0.3, 0.42, lichen[at]! + 0.18 * grain[at]!) * 0.35;
        const warmth = clamp(0.5 + stains[at]!);
        canvas.setColor(
            at,
            mix(STONE[0] * tone * (0.92 + 0.2 * warmth), LICHEN[0], grown),
            mix(STONE[1] * tone * (0.96 + 0.06 * warmth), LICHEN[1], grown),
            mix(STONE[2] * tone * (1.06 - 0.22 * warmth), LICHEN[2], grown),
        );
    }
    height.set(boxBlur(height, size, 1));
    yield;
    canvas.wear(3, 0.3, 0.65, 1.3);
    canvas.wear(12, 0.5, 0.65, 1.3);
}
