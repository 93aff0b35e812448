import { Constants } from "@babylonjs/core/Engines/constants.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import type { Scene } from "@babylonjs/core/scene.js";

const SIDE = 256;

/**
 * Creates a texture that repeats, for clouds and waves: red and green are two noises of five octaves, blue and alpha
 * are red's slopes along u and v. All are centred on a half.
 */
export function createNoiseTexture(scene: Scene): RawTexture {
    const red = fractalNoise(4, 5, 11);
    const green = fractalNoise(8, 5, 47);
    const texels = new Uint8Array(SIDE * SIDE * 4);
    for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
            const at = y * SIDE + x;
            const right = y * SIDE + ((x + 1) % SIDE);
            const above = ((y + 1) % SIDE) * SIDE + x;
            texels[at * 4] = toByte(red[at]! * 0.5);
            texels[at * 4 + 1] = toByte(green[at]! * 0.5);
            texels[at * 4 + 2] = toByte((red[right]! - red[at]!) * 9);
            texels[at * 4 + 3] = toByte((red[above]! - red[at]!) * 9);
        }
    }
    const texture = new RawTexture(
        texels,
        SIDE,
        SIDE,
        Constants.TEXTUREFORMAT_RGBA,
        scene,
        true,
        false,
        Texture.TRILINEAR_SAMPLINGMODE,
    );
    texture.name = "noise";
    texture.wrapU = Texture.WRAP_ADDRESSMODE;
    texture.wrapV = Texture.WRAP_ADDRESSMODE;
    texture.anisotropicFilteringLevel = 4;
    return texture;
}

function fractalNoise(cells: number, octaves: number, seed: number): Float32Array {
    const noise = new Float32Array(SIDE * SIDE);
    for (let octave = 0, amplitude = 0.9; octave < octaves; octave++, amplitude *= 0.5) {
        addGradientNoise(noise, cells << octave, amplitude, seed + octave);
    }
    return noise;
}

function addGradientNoise(noise: Float32Array, cells: number, amplitude: number, seed: number): void {
    const angle = (x: number, y: number): number => {
        let hash = Math.imul(x % cells, 0x9e3779b1) ^ Math.imul(y % cells, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
        hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
        hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
        return ((hash ^ (hash >>> 15)) >>> 0) * ((2 * Math.PI) / 2 ** 32);
    };
    const gradients = Array.from({ length: (cells + 1) ** 2 }, (_, i) => {
        const direction = angle(i % (cells + 1), Math.floor(i / (cells + 1)));
        return [Math.cos(direction), Math.sin(direction)] as const;
    });
    for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
            const u = (x * cells) / SIDE;
            const v = (y * cells) / SIDE;
            const i = Math.floor(u);
            const j = Math.floor(v);
            const corner = (di: number, dj: number): number => {
                const [gx, gy] = gradients[(j + dj) * (cells + 1) + i + di]!;
                return gx * (u - i - di) + gy * (v - j - dj);
            };
            const tx = fade(u - i);
            const ty = fade(v - j);
            const low = corner(0, 0) + tx * (corner(1, 0) - corner(0, 0));
            const high = corner(0, 1) + tx * (corner(1, 1) - corner(0, 1));
            noise[y * SIDE + x]! += amplitude * (low + ty * (high - low));
        }
    }
}

function fade(t: number): number {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

/** Returns -1 to 1 as a byte. */
function toByte(value: number): number {
    return Math.round(Math.min(1, Math.max(-1, value)) * 127.5 + 127.5);
}
