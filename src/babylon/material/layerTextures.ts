import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Constants } from "@babylonjs/core/Engines/constants.js";
import "@babylonjs/core/Engines/Extensions/engine.rawTexture.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { RawTexture2DArray } from "@babylonjs/core/Materials/Textures/rawTexture2DArray.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { TerraneError } from "../../base/errors.js";
import { cellTiles, createTile, fractalTile, normalizeTile, TILE, type Tile } from "./tileableNoise.js";

/** The layers of the texture array, by the numbers that the shaders know them by. */
export const Layer = {
    sand: 0,
    lushGrass: 1,
    dryGrass: 2,
    forest: 3,
    rock: 4,
    scree: 5,
    snow: 6,
    caveRock: 7,
    /** Four independent noises, to break up borders and large areas. */
    noise: 8,
} as const;
export const LAYER_COUNT = 9;

/** Rise over run (height 0 to 1 over the tile's side) at which a slope channel is full. */
const FULL_SLOPE = 24;

/** The look of a layer: `tone` picks a colour from its dark one (0) to its light one (1), `height` lifts it, 0 to 1. */
interface LayerTiles {
    readonly tone: Tile;
    readonly height: Tile;
}

/**
 * Creates the surfaces of the default look on the spot: nothing is downloaded. RGBA holds tone, height, and the height's slope
 * along u and v. Colours are the shader's, so that one fetch brings colour, relief and normal.
 *
 * @throws TerraneError on WebGL 1, which has no texture arrays
 */
export function createLayerTexture(name: string, scene: Scene): Texture {
    const platform = scene.getEngine().shaderPlatformName as string | undefined;
    if (platform === "WEBGL1") {
        throw new TerraneError(
            "scene",
            "on WebGL 1",
            "WebGL 2 or WebGPU",
            "Pass a material of your own as options.material.",
        );
    }
    if (platform === undefined) {
        // Babylon's NullEngine, which draws nothing, has no texture arrays.
        return named(RawTexture.CreateRGBATexture(new Uint8Array(4), 1, 1, scene, false), name);
    }
    const texture = new RawTexture2DArray(
        createLayerBytes(),
        TILE,
        TILE,
        LAYER_COUNT,
        Constants.TEXTUREFORMAT_RGBA,
        scene,
        true,
        false,
        Texture.TRILINEAR_SAMPLINGMODE,
    );
    texture.wrapU = Texture.WRAP_ADDRESSMODE;
    texture.wrapV = Texture.WRAP_ADDRESSMODE;
    texture.anisotropicFilteringLevel = isSoftwareRenderer(scene.getEngine()) ? 2 : 4;
    return named(texture, name);
}

/** Returns whether a processor renders, which pays for each sample that a graphics card has for nothing. */
function isSoftwareRenderer(engine: AbstractEngine): boolean {
    const info = (engine as { getInfo?(): { readonly renderer?: string } }).getInfo?.();
    return /swiftshader|llvmpipe|softpipe|basic render/i.test(info?.renderer ?? "");
}

function named(texture: Texture, name: string): Texture {
    texture.name = name;
    return texture;
}

/** Returns `LAYER_COUNT` images of `TILE` x `TILE` RGBA texels, one after another. Machines differ by rounding at most. */
export function createLayerBytes(): Uint8Array {
    const bytes = new Uint8Array(LAYER_COUNT * TILE * TILE * 4);
    const makers: [number, () => LayerTiles][] = [
        [Layer.sand, makeSand],
        [Layer.lushGrass, () => makeGrass(200, 0.35)],
        [Layer.dryGrass, () => makeGrass(300, 0.75)],
        [Layer.forest, makeForest],
        [Layer.rock, makeRock],
        [Layer.scree, makeScree],
        [Layer.snow, makeSnow],
        [Layer.caveRock, makeCaveRock],
    ];
    for (const [layer, make] of makers) {
        const { tone, height } = make();
        writeLayer(bytes, layer, tone, height);
    }
    writeNoise(bytes);
    return bytes;
}

function makeSand(): LayerTiles {
    const bends = fractalTile(2, 3, 0.5, 100);
    const grain = fractalTile(64, 2, 0.8, 110);
    const patches = fractalTile(9, 3, 0.5, 120);
    const height = build((at, x, y) => {
        const ripple = Math.sin(2 * Math.PI * ((3 * x + 11 * y) / TILE + 0.55 * bends[at]!));
        return (0.5 + 0.5 * patches[at]!) * ripple * 0.28 + 0.6 * patches[at]! + 0.14 * grain[at]!;
    });
    const tone = build((at) => 0.5 * height[at]! + 0.8 * patches[at]! + 0.6 * grain[at]!);
    return { tone: contrast(tone, 0.45), height: flatten(normalizeTile(height), 0.6) };
}

/**
 * Returns tufts of blades.
 *
 * @param dryness 0 to 1: opens gaps between them
 */
function makeGrass(seed: number, dryness: number): LayerTiles {
    const bendX = fractalTile(8, 2, 0.5, seed + 50);
    const bendY = fractalTile(8, 2, 0.5, seed + 60);
    const tufts = cellTiles(28, seed, 7, bendX, bendY);
    const blades = cellTiles(72, seed + 10, 4, bendY, bendX);
    const patches = fractalTile(9, 3, 0.55, seed + 20);
    const height = build((at) => {
        const tuft = 1 - tufts.nearest[at]! + 0.5 * tufts.id[at]!;
        return tuft + (0.55 + 0.3 * dryness) * (1 - blades.nearest[at]!) + 0.45 * patches[at]!;
    });
    const tone = build((at) => 0.6 * height[at]! + 0.5 * blades.id[at]! + (0.5 + 0.6 * dryness) * patches[at]!);
    return { tone: contrast(tone, 0.62), height: normalizeTile(height) };
}

/** Returns low shrubs and moss: soft mounds of leaves. */
function makeForest(): LayerTiles {
    const bendX = fractalTile(8, 3, 0.5, 450);
    const bendY = fractalTile(8, 3, 0.5, 460);
    const mounds = cellTiles(13, 400, 9, bendX, bendY);
    const leaves = cellTiles(64, 410, 5, bendY, bendX);
    const clumps = fractalTile(10, 4, 0.6, 420);
    const height = build((at) => {
        const inside = Math.max(0, 1 - 0.9 * mounds.nearest[at]!);
        const mound = inside * inside * (3 - 2 * inside);
        return 0.9 * mound + 0.55 * clumps[at]! + (0.5 + 0.3 * mound) * (0.9 - leaves.nearest[at]!);
    });
    const tone = build((at) => 0.8 * height[at]! + 0.35 * leaves.id[at]! + 0.35 * clumps[at]!);
    return { tone: contrast(tone, 0.6), height: normalizeTile(height) };
}

/** Returns broken faces: ridged noise, cut by cracks. */
function makeRock(): LayerTiles {
    const bendX = fractalTile(4, 4, 0.55, 550);
    const bendY = fractalTile(4, 4, 0.55, 560);
    const blocks = cellTiles(6, 500, 16, bendX, bendY);
    const chips = cellTiles(17, 510, 9, bendY, bendX);
    const coarse = fractalTile(7, 5, 0.58, 520);
    const grain = fractalTile(48, 2, 0.7, 530);
    const height = build((at) => {
        const crack = Math.min(1, (blocks.second[at]! - blocks.nearest[at]!) * 7);
        const chip = Math.min(1, (chips.second[at]! - chips.nearest[at]!) * 4);
        const ridged = 1 - 1.5 * Math.abs(coarse[at]!);
        return 0.55 * crack + 0.25 * chip + 0.75 * ridged + 0.5 * blocks.id[at]! + 0.16 * chips.id[at]!;
    });
    const tone = build((at) => 0.75 * height[at]! + 0.35 * coarse[at]! + 0.3 * grain[at]! + 0.2 * chips.id[at]!);
    return { tone: contrast(tone, 0.6), height: normalizeTile(height) };
}

/** Returns stones of three sizes over earth. */
function makeScree(): LayerTiles {
    const bendX = fractalTile(10, 2, 0.5, 650);
    const bendY = fractalTile(10, 2, 0.5, 660);
    const stones = cellTiles(13, 600, 5, bendX, bendY);
    const pebbles = cellTiles(38, 610, 3, bendY, bendX);
    const earth = fractalTile(8, 5, 0.6, 620);
    const height = build((at) => {
        const stone = stones.id[at]! > 0.45 ? Math.max(0, 0.62 - stones.nearest[at]!) * 2.1 : 0;
        const pebble = Math.max(0, 0.6 - pebbles.nearest[at]!) * 0.9;
        return Math.max(stone, pebble) + 0.28 * earth[at]!;
    });
    const tone = build((at) => 0.6 * height[at]! + 0.35 * stones.id[at]! + 0.3 * pebbles.id[at]! + 0.35 * earth[at]!);
    return { tone: contrast(tone, 0.6), height: normalizeTile(height) };
}

function makeSnow(): LayerTiles {
    const drifts = fractalTile(6, 4, 0.45, 700);
    const grain = fractalTile(64, 1, 1, 710);
    const height = build((at) => drifts[at]! + 0.035 * grain[at]!);
    const tone = build((at) => 0.55 * drifts[at]! + 0.1 * grain[at]!);
    return { tone: contrast(tone, 0.35), height: flatten(normalizeTile(height), 0.45) };
}

/** Returns scalloped walls, as water leaves them. */
function makeCaveRock(): LayerTiles {
    const bendX = fractalTile(4, 4, 0.5, 850);
    const bendY = fractalTile(4, 4, 0.5, 860);
    const scallops = cellTiles(9, 800, 14, bendX, bendY);
    const coarse = fractalTile(7, 5, 0.56, 810);
    const grain = fractalTile(48, 2, 0.7, 820);
    const height = build((at) => 0.9 * scallops.nearest[at]! + 0.5 * coarse[at]! + 0.05 * grain[at]!);
    const tone = build((at) => 0.5 * height[at]! + 0.4 * coarse[at]! + 0.25 * grain[at]!);
    return { tone: contrast(tone, 0.55), height: normalizeTile(height) };
}

function build(value: (at: number, x: number, y: number) => number): Tile {
    const tile = createTile();
    for (let y = 0, at = 0; y < TILE; y++) {
        for (let x = 0; x < TILE; x++, at++) {
            tile[at] = value(at, x, y);
        }
    }
    return tile;
}

/**
 * Centres a tile on 0.5, two standard deviations from the middle at `width` of the way to 0 and 1. Every layer then keeps
 * its own mean colour when mips blend it.
 */
function contrast(tile: Tile, width: number): Tile {
    let sum = 0;
    let squares = 0;
    for (const value of tile) {
        sum += value;
        squares += value * value;
    }
    const mean = sum / tile.length;
    const deviation = Math.sqrt(Math.max(1e-12, squares / tile.length - mean * mean));
    return tile.map((value) => Math.min(1, Math.max(0, 0.5 + (0.25 * width * (value - mean)) / deviation)));
}

function flatten(tile: Tile, share: number): Tile {
    return tile.map((value) => 0.5 + (value - 0.5) * share);
}

function writeLayer(bytes: Uint8Array, layer: number, tone: Tile, height: Tile): void {
    const mask = TILE - 1;
    for (let y = 0, at = 0, to = layer * TILE * TILE * 4; y < TILE; y++) {
        for (let x = 0; x < TILE; x++, at++, to += 4) {
            const slopeU = height[y * TILE + ((x + 1) & mask)]! - height[y * TILE + ((x - 1) & mask)]!;
            const slopeV = height[((y + 1) & mask) * TILE + x]! - height[((y - 1) & mask) * TILE + x]!;
            bytes[to] = toByte(tone[at]!);
            bytes[to + 1] = toByte(height[at]!);
            bytes[to + 2] = toByte(0.5 + (slopeU * TILE) / 4 / FULL_SLOPE);
            bytes[to + 3] = toByte(0.5 + (slopeV * TILE) / 4 / FULL_SLOPE);
        }
    }
}

function writeNoise(bytes: Uint8Array): void {
    const channels = [
        contrast(fractalTile(3, 6, 0.55, 900), 0.9),
        contrast(fractalTile(4, 6, 0.6, 920), 0.9),
        contrast(fractalTile(5, 5, 0.5, 940), 0.9),
        contrast(cellTiles(7, 960, 12, fractalTile(4, 4, 0.5, 970), fractalTile(4, 4, 0.5, 980)).nearest, 0.9),
    ];
    for (let at = 0, to = Layer.noise * TILE * TILE * 4; at < TILE * TILE; at++, to += 4) {
        for (let channel = 0; channel < 4; channel++) {
            bytes[to + channel] = toByte(channels[channel]![at]!);
        }
    }
}

function toByte(value: number): number {
    return Math.max(0, Math.min(255, Math.round(value * 255)));
}
