import { clamp, mix, type Rgb } from "./arithmetic.js";
import type { Canvas } from "./canvas.js";
import type { Random } from "./random.js";

/** One end of a piece of a stroke. Metres. */
interface StrokeEnd {
    x: number;
    y: number;
    halfWidth: number;
    height: number;
    /** Factor of the colour. */
    brightness: number;
}

/** What a stroke is like all along it. */
interface StrokeLook {
    readonly color: Rgb;
    /** How much of its height counts for normals. */
    readonly reliefShare: number;
    /** How far its middle stands above its edges, in metres. */
    readonly bulge: number;
    /** Whether it is round like a twig, or folded like a blade. */
    readonly isRound: boolean;
}

export interface Blade {
    readonly x: number;
    readonly y: number;
    /** Direction in which it leaves its root, radians. */
    readonly angle: number;
    readonly length: number;
    /** How much it turns over its length, radians. */
    readonly bend: number;
    readonly halfWidth: number;
    /** Height of its highest place and of its tip; the root is at the ground. */
    readonly top: number;
    readonly tip: number;
    readonly color: Rgb;
    /** How bright it is at its root, as a share of what it is further up. */
    readonly rootBrightness: number;
}

/** Metres that a piece of a blade is long. */
const PIECE = 0.036;
/** Texels that the thinnest stroke is wide to each side: thinner ones would be beads. */
const LEAST_HALF_WIDTH = 0.5;
const ROOT_HEIGHT = 0.006;

const from: StrokeEnd = { x: 0, y: 0, halfWidth: 0, height: 0, brightness: 1 };
const to: StrokeEnd = { x: 0, y: 0, halfWidth: 0, height: 0, brightness: 1 };

/** Stamps a blade of grass: it rises from its root, bends over, and its tip hangs. */
export function stampBlade(canvas: Canvas, blade: Blade): void {
    const pieces = Math.max(4, Math.round(blade.length / PIECE));
    const look = { color: blade.color, reliefShare: 0.16, bulge: blade.halfWidth * 0.55, isRound: false };
    let { x, y, angle } = blade;
    setBladeEnd(to, blade, x, y, 0);
    for (let piece = 1; piece <= pieces; piece++) {
        Object.assign(from, to);
        angle += blade.bend / pieces;
        x += (Math.cos(angle) * blade.length) / pieces;
        y += (Math.sin(angle) * blade.length) / pieces;
        setBladeEnd(to, blade, x, y, piece / pieces);
        stampPiece(canvas, look);
    }
}

/** @param along 0 at the root to 1 at the tip */
function setBladeEnd(end: StrokeEnd, blade: Blade, x: number, y: number, along: number): void {
    end.x = x;
    end.y = y;
    end.halfWidth = blade.halfWidth * (along < 0.25 ? 0.7 + 1.2 * along : 1 - ((along - 0.25) / 0.75) ** 1.6);
    end.height =
        along < 0.6
            ? mix(ROOT_HEIGHT, blade.top, Math.sin((along / 0.6) * (Math.PI / 2)))
            : mix(blade.top, blade.tip, ((along - 0.6) / 0.4) ** 2);
    end.brightness = mix(blade.rootBrightness, 1.12, Math.min(1, along * 1.5));
}

export interface Twig {
    readonly x: number;
    readonly y: number;
    readonly angle: number;
    readonly length: number;
    readonly halfWidth: number;
    readonly height: number;
    readonly color: Rgb;
}

/** Metres that a twig runs straight. */
const TWIG_PIECE = 0.055;

/** Stamps a twig that lies on the ground, with a bend here and there. */
export function stampTwig(canvas: Canvas, random: Random, twig: Twig): void {
    const look = { color: twig.color, reliefShare: 0.3, bulge: twig.halfWidth * 1.2, isRound: true };
    let { x, y, angle } = twig;
    Object.assign(to, { x, y, halfWidth: twig.halfWidth, height: twig.height, brightness: 1 });
    for (let along = 0; along < twig.length; along += TWIG_PIECE) {
        Object.assign(from, to);
        angle += (random() - 0.5) * 0.5;
        x += Math.cos(angle) * TWIG_PIECE;
        y += Math.sin(angle) * TWIG_PIECE;
        Object.assign(to, { x, y, halfWidth: twig.halfWidth * (1 - 0.6 * Math.min(1, along / twig.length)) });
        stampPiece(canvas, look);
    }
}

/** Stamps what lies between `from` and `to`. */
function stampPiece(canvas: Canvas, { color, reliefShare, bulge, isRound }: StrokeLook): void {
    const { size, texel } = canvas;
    const mask = size - 1;
    const x0 = from.x / texel;
    const y0 = from.y / texel;
    const dx = to.x / texel - x0;
    const dy = to.y / texel - y0;
    const squared = dx * dx + dy * dy;
    const length = Math.sqrt(squared);
    const width0 = Math.max(LEAST_HALF_WIDTH, from.halfWidth / texel);
    const width1 = Math.max(LEAST_HALF_WIDTH, to.halfWidth / texel);
    const reach = Math.max(width0, width1) + 0.5;
    const top = Math.ceil(Math.max(y0, y0 + dy) + reach);
    const right = Math.ceil(Math.max(x0, x0 + dx) + reach);
    const left = Math.floor(Math.min(x0, x0 + dx) - reach);
    for (let y = Math.floor(Math.min(y0, y0 + dy) - reach); y <= top; y++) {
        for (let x = left; x <= right; x++) {
            const along = clamp(((x - x0) * dx + (y - y0) * dy) / squared);
            const toX = x - x0 - dx * along;
            const toY = y - y0 - dy * along;
            const halfWidth = mix(width0, width1, along);
            const distance = Math.sqrt(toX * toX + toY * toY);
            const coverage = halfWidth + 0.5 - distance;
            if (coverage <= 0) {
                continue;
            }
            const across = clamp((dx * toY - dy * toX) / length / halfWidth, -1, 1);
            const profile = isRound ? Math.sqrt(1 - across * across) : 1 - Math.abs(across);
            // One side of a fold catches the light.
            const side = isRound ? 1 - 0.25 * across : 1 + 0.07 * Math.sign(across);
            const brightness = mix(from.brightness, to.brightness, along) * side;
            const height = mix(from.height, to.height, along);
            canvas.stamp(
                (y & mask) * size + (x & mask),
                height + (isRound ? bulge * profile : 0),
                color[0] * brightness,
                color[1] * brightness,
                color[2] * brightness,
                height * reliefShare + bulge * profile,
                Math.min(1, coverage),
            );
        }
    }
}
