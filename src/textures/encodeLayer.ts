import { clamp, type Rgb } from "./arithmetic.js";
import { boxBlur } from "./blur.js";
import type { Canvas, Steps } from "./canvas.js";

/** A layer as the texture arrays hold it: RGBA, 8 bits each, rows from v = 0 on. */
export interface LayerImage {
    /** Square roots of linear red, green and blue; the height, whose mean is 0.5. */
    readonly color: Uint8Array<ArrayBuffer>;
    /** Slopes along u and v, -2 to 2; the second moment, `(u^2 + v^2) / 4`; the cavity, 1 where nothing stands above. */
    readonly relief: Uint8Array<ArrayBuffer>;
}

/** How heights become normals and cavities. */
export interface ReliefOptions {
    /** Factor of all slopes. Default: 1 */
    readonly steepness?: number;
    /** Slope that none exceeds, approached softly; below 2. Default: 1.6 */
    readonly steepest?: number;
    /** Radii, in texels at 512 x 512, and how much a hollow of that size counts. */
    readonly cavities: readonly (readonly [radius: number, amount: number])[];
}

/** Slope that relief approaches at most. */
export const STEEPEST = 1.6;
/** Standard deviations of height between 0 and 1. */
const HEIGHT_SPREAD = 4.6;
/** Bytes that a slope of 1 takes. */
const SLOPE_BYTES = 255 / 4;
/** What is added to the second moment, in bytes: mips round slopes by up to half a byte at each level. */
const MOMENT_MARGIN = 1;

/**
 * Returns the bytes of what is drawn.
 *
 * @param mean the colour that the layer has on average: all colours are scaled to it
 */
export function* encodeLayer(canvas: Canvas, mean: Rgb, options: ReliefOptions): Steps<LayerImage> {
    const texels = canvas.height.length;
    const color = new Uint8Array(4 * texels);
    const relief = new Uint8Array(4 * texels);
    writeColors(color, canvas, mean);
    yield;
    writeHeights(color, canvas.height);
    yield;
    writeSlopes(relief, canvas, options);
    yield;
    writeCavities(relief, canvas, options);
    return { color, relief };
}

function writeColors(bytes: Uint8Array, { color }: Canvas, mean: Rgb): void {
    const texels = color.length / 3;
    for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let at = channel; at < color.length; at += 3) {
            sum += clamp(color[at]!);
        }
        const scale = (mean[channel]! * texels) / sum;
        for (let at = 0; at < texels; at++) {
            bytes[4 * at + channel] = Math.round(255 * Math.sqrt(clamp(color[3 * at + channel]! * scale)));
        }
    }
}

/** Writes heights as shares of their spread, with a mean of 0.5. */
export function writeHeights(bytes: Uint8Array, height: Float32Array): void {
    let sum = 0;
    let squares = 0;
    for (const value of height) {
        sum += value;
        squares += value * value;
    }
    const mean = sum / height.length;
    const scale = 1 / (HEIGHT_SPREAD * Math.sqrt(Math.max(1e-12, squares / height.length - mean * mean)));
    // What is cut off at 0 and 1 moves the mean; some rounds move it back.
    let middle = mean;
    for (let round = 0; round < 4; round++) {
        let lifted = 0;
        for (const value of height) {
            lifted += clamp(0.5 + (value - middle) * scale);
        }
        middle += (lifted / height.length - 0.5) / scale;
    }
    for (let at = 0; at < height.length; at++) {
        bytes[4 * at + 3] = Math.round(255 * clamp(0.5 + (height[at]! - middle) * scale));
    }
}

function writeSlopes(bytes: Uint8Array, canvas: Canvas, { steepness = 1, steepest = STEEPEST }: ReliefOptions): void {
    const { relief, size, texel } = canvas;
    const mask = size - 1;
    const scale = steepness / (2 * texel);
    for (let y = 0, at = 0; y < size; y++) {
        const below = ((y - 1) & mask) * size;
        const above = ((y + 1) & mask) * size;
        for (let x = 0; x < size; x++, at++) {
            const u = (relief[y * size + ((x + 1) & mask)]! - relief[y * size + ((x - 1) & mask)]!) * scale;
            const v = (relief[above + x]! - relief[below + x]!) * scale;
            writeSlope(bytes, at, u, v, steepest, 0);
        }
    }
}

/**
 * Writes the slope of a texel, softly limited, and its second moment.
 *
 * @param lost what the second moment has besides: variance of slopes finer than a texel, and what is rough beyond its surface
 */
export function writeSlope(bytes: Uint8Array, at: number, u: number, v: number, steepest: number, lost: number): void {
    const limited = 1 / Math.sqrt(1 + (u * u + v * v) / (steepest * steepest));
    const byteU = Math.round(127.5 + u * limited * SLOPE_BYTES);
    const byteV = Math.round(127.5 + v * limited * SLOPE_BYTES);
    bytes[4 * at] = byteU;
    bytes[4 * at + 1] = byteV;
    bytes[4 * at + 2] = momentByte((byteU - 127.5) / SLOPE_BYTES, (byteV - 127.5) / SLOPE_BYTES, lost);
}

/** Returns the second moment of slopes as they were rounded, itself rounded up. */
function momentByte(u: number, v: number, lost: number): number {
    const squared = u * u + v * v;
    return Math.min(255, Math.ceil((255 * (squared + lost)) / 4 + MOMENT_MARGIN + Math.sqrt(squared)));
}

/** Writes what hollows see of the sky. */
export function writeCavities(bytes: Uint8Array, canvas: Canvas, { cavities }: ReliefOptions): void {
    const { height, size, texel } = canvas;
    const depth = new Float32Array(height.length).fill(0.12);
    for (const [radius, amount] of cavities) {
        const texels = canvas.texels(radius);
        const means = boxBlur(boxBlur(height, size, texels), size, texels);
        const scale = amount / (texels * texel);
        for (let at = 0; at < depth.length; at++) {
            depth[at]! += clamp((means[at]! - height[at]!) * scale, -0.12, 1.4);
        }
    }
    for (let at = 0; at < depth.length; at++) {
        bytes[4 * at + 3] = Math.round(255 / (1 + Math.max(0, depth[at]!)));
    }
}
