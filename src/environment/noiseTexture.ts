import { Constants } from "@babylonjs/core/Engines/constants.js";
import "@babylonjs/core/Engines/Extensions/engine.rawTexture.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { bytesWithMips } from "../babylon/material/swappedTexture.js";

const SIDE = 256;
/** Bytes of the texture: on the GPU, and of the texels that Babylon keeps for a lost context. */
export const NOISE_BYTES = bytesWithMips(SIDE, 1) + 4 * SIDE * SIDE;
/** Waves in one tile of water, and the largest slope that a texel can have. */
const WAVES = 56;
const SLOPE_RANGE = 3;
/** Radians: where the wind comes from in a tile, and how far waves stray from it. */
const WIND = 0.3;
const SPREAD = 1.35;

/**
 * Creates a texture that repeats, for clouds, foam and waves: red and green are two noises, centred on a half; blue and alpha are
 * the slopes of a patch of sea along u and v, of which one standard deviation is a sixth of their range.
 */
export function createNoiseTexture(name: string, scene: Scene): RawTexture {
    const texture = new RawTexture(
        drawNoise(),
        SIDE,
        SIDE,
        Constants.TEXTUREFORMAT_RGBA,
        scene,
        true,
        false,
        Texture.TRILINEAR_SAMPLINGMODE,
    );
    texture.name = name;
    texture.wrapU = Texture.WRAP_ADDRESSMODE;
    texture.wrapV = Texture.WRAP_ADDRESSMODE;
    texture.anisotropicFilteringLevel = 4;
    return texture;
}

/** Returns the texels, RGBA. */
export function drawNoise(): Uint8Array {
    const texels = new Uint8Array(SIDE * SIDE * 4);
    writeFractal(texels, 0, 4, 11);
    writeFractal(texels, 1, 6, 47);
    writeWaves(texels);
    return texels;
}

/** Writes gradient noise of five octaves, the coarsest with `cells` cells a side. */
function writeFractal(texels: Uint8Array, channel: number, cells: number, seed: number): void {
    const sum = new Float32Array(SIDE * SIDE);
    for (let octave = 0, amplitude = 1; octave < 5; octave++, amplitude *= 0.5) {
        addGradientNoise(sum, cells << octave, amplitude, seed + octave);
    }
    let squares = 0;
    for (const value of sum) {
        squares += value * value;
    }
    const scale = 0.2 / Math.sqrt(squares / sum.length);
    for (let i = 0; i < sum.length; i++) {
        texels[i * 4 + channel] = toByte(0.5 + sum[i]! * scale);
    }
}

function addGradientNoise(sum: Float32Array, cells: number, amplitude: number, seed: number): void {
    const random = createRandom(seed);
    const gradients = new Float32Array(cells * cells * 2);
    for (let i = 0; i < cells * cells; i++) {
        const angle = random() * 2 * Math.PI;
        gradients[i * 2] = Math.cos(angle);
        gradients[i * 2 + 1] = Math.sin(angle);
    }
    const corner = (i: number, j: number, x: number, y: number): number => {
        const at = ((j % cells) * cells + (i % cells)) * 2;
        return gradients[at]! * x + gradients[at + 1]! * y;
    };
    for (let row = 0, at = 0; row < SIDE; row++) {
        const v = (row * cells) / SIDE;
        const j = Math.floor(v);
        const y = v - j;
        const t = y * y * y * (y * (y * 6 - 15) + 10);
        for (let column = 0; column < SIDE; column++, at++) {
            const u = (column * cells) / SIDE;
            const i = Math.floor(u);
            const x = u - i;
            const s = x * x * x * (x * (x * 6 - 15) + 10);
            const low = corner(i, j, x, y) * (1 - s) + corner(i + 1, j, x - 1, y) * s;
            const high = corner(i, j + 1, x, y - 1) * (1 - s) + corner(i + 1, j + 1, x - 1, y - 1) * s;
            sum[at]! += amplitude * (low * (1 - t) + high * t);
        }
    }
}

/** Writes the slopes of sine waves that all fit the tile, most of them running with the wind. */
function writeWaves(texels: Uint8Array): void {
    const random = createRandom(5);
    const cosines = Float32Array.from({ length: SIDE }, (_, i) => Math.cos((2 * Math.PI * i) / SIDE));
    const slopeU = new Float32Array(SIDE * SIDE);
    const slopeV = new Float32Array(SIDE * SIDE);
    for (let wave = 0; wave < WAVES; wave++) {
        const length = 2.5 * Math.pow(13, wave / (WAVES - 1));
        const angle = WIND + SPREAD * (random() + random() - 1);
        const u = Math.round(Math.cos(angle) * length);
        const v = Math.round(Math.sin(angle) * length);
        const norm = Math.hypot(u, v) || 1;
        const steepness = Math.pow(norm, -0.35);
        const phase = Math.floor(random() * SIDE);
        for (let row = 0, at = 0; row < SIDE; row++) {
            for (let column = 0; column < SIDE; column++, at++) {
                const slope = steepness * cosines[(u * column + v * row + phase) & (SIDE - 1)]!;
                slopeU[at]! += (slope * u) / norm;
                slopeV[at]! += (slope * v) / norm;
            }
        }
    }
    let squares = 0;
    for (let i = 0; i < slopeU.length; i++) {
        squares += slopeU[i]! * slopeU[i]! + slopeV[i]! * slopeV[i]!;
    }
    const scale = 1 / (Math.sqrt(squares / slopeU.length / 2) * 2 * SLOPE_RANGE);
    for (let i = 0; i < slopeU.length; i++) {
        texels[i * 4 + 2] = toByte(0.5 + slopeU[i]! * scale);
        texels[i * 4 + 3] = toByte(0.5 + slopeV[i]! * scale);
    }
}

function createRandom(seed: number): () => number {
    let state = Math.imul(seed, 0x9e3779b1) >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let hash = Math.imul(state ^ (state >>> 15), state | 1);
        hash ^= hash + Math.imul(hash ^ (hash >>> 7), hash | 61);
        return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32;
    };
}

function toByte(value: number): number {
    return Math.max(0, Math.min(255, Math.round(value * 255)));
}
