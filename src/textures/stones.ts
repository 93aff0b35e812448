import { mix, type Rgb } from "./arithmetic.js";
import type { Canvas } from "./canvas.js";
import type { Random } from "./random.js";

export interface Stone {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    /** Its height as a share of its radius. */
    readonly flatness: number;
    /** Metres above the ground that its rim lies; below 0 it is buried. */
    readonly base: number;
    readonly color: Rgb;
    /** Noise that roughens its faces. */
    readonly roughness: Float32Array;
    /** Noise whose highs are lichen. Default: none grows */
    readonly lichen?: Float32Array;
}

const LICHEN: Rgb = [0.3, 0.29, 0.2];
const MOST_SIDES = 9;
/** Direction, distance and steepness of each side of the stone at hand. */
const sides = new Float64Array(4 * MOST_SIDES);

/** Stamps a stone with broken faces: six to nine steep sides below two tilted tops. */
export function stampStone(canvas: Canvas, random: Random, stone: Stone): void {
    const { size, texel } = canvas;
    const mask = size - 1;
    const radius = stone.radius / texel;
    const count = chooseSides(random, radius);
    const aspect = 0.65 + 0.35 * random();
    const turn = random() * Math.PI;
    const alongX = Math.cos(turn);
    const alongY = Math.sin(turn);
    const top = radius * stone.flatness;
    const tiltU = (random() - 0.5) * 0.55;
    const tiltV = (random() - 0.5) * 0.55;
    const tilt2U = (random() - 0.5) * 1.1;
    const tilt2V = (random() - 0.5) * 1.1;
    const top2 = top + 0.12 * radius * random();
    const reach = Math.ceil(radius * 1.1) + 1;
    const x0 = Math.floor(stone.x / texel);
    const y0 = Math.floor(stone.y / texel);
    const bumps = Math.min(1.6, 0.1 * radius);
    for (let j = -reach; j <= reach; j++) {
        for (let i = -reach; i <= reach; i++) {
            const u = alongX * i + alongY * j;
            const v = (alongX * j - alongY * i) / aspect;
            let rise = Math.min(top + tiltU * u + tiltV * v, top2 + tilt2U * u + tilt2V * v);
            for (let k = 0; k < 4 * count && rise > 0; k += 4) {
                rise = Math.min(rise, (sides[k + 2]! - u * sides[k]! - v * sides[k + 1]!) * sides[k + 3]!);
            }
            if (rise <= 0) {
                continue;
            }
            const at = ((y0 + j) & mask) * size + ((x0 + i) & mask);
            const rough = stone.roughness[at]!;
            const height = stone.base + (rise + rough * bumps) * texel;
            const coverage = Math.min(1, (height - canvas.height[at]!) / texel);
            if (coverage <= 0) {
                continue;
            }
            const grown = stone.lichen !== undefined && stone.lichen[at]! > 0.32 ? 0.3 : 0;
            const brightness = 0.86 + 0.24 * rough + 0.1 * Math.min(1, rise / (top + 0.1));
            canvas.stamp(
                at,
                height,
                mix(stone.color[0] * brightness, LICHEN[0], grown),
                mix(stone.color[1] * brightness, LICHEN[1], grown),
                mix(stone.color[2] * brightness, LICHEN[2], grown),
                height,
                coverage,
            );
        }
    }
}

/** Returns how many sides there are. */
function chooseSides(random: Random, radius: number): number {
    const count = 6 + Math.floor(random() * (MOST_SIDES - 5));
    const turn = random() * 2 * Math.PI;
    for (let k = 0; k < count; k++) {
        const angle = turn + ((k + 0.65 * (random() - 0.5)) * 2 * Math.PI) / count;
        sides[4 * k] = Math.cos(angle);
        sides[4 * k + 1] = Math.sin(angle);
        sides[4 * k + 2] = radius * (0.74 + 0.26 * random());
        sides[4 * k + 3] = 0.7 + 1.6 * random();
    }
    return count;
}
