import { clamp, type Rgb } from "./arithmetic.js";
import { Canvas, type Steps } from "./canvas.js";
import {
    STEEPEST,
    writeCavities,
    writeHeights,
    writeSlope,
    type LayerImage,
    type ReliefOptions,
} from "./encodeLayer.js";
import { channelsOf, type Picture, type PictureSet } from "./picture.js";
import { resample } from "./resample.js";

export interface ConversionOptions {
    /** Texels along a side of the layer: a power of two. */
    readonly size: number;
    /** Metres that the pictures cover. */
    readonly tileSize: number;
    /** Metres from black to white of the heights. */
    readonly heightScale: number;
    /** Whether green points down in the normals, as DirectX has it, in place of up. */
    readonly flipNormals: boolean;
    /** 0 to 1: how much the shader bends normals by this layer. What is rough counts in full all the same. */
    readonly relief: number;
}

/** A layer made of pictures. */
export interface ConvertedLayer {
    readonly image: LayerImage;
    /** Mean colour, linear. */
    readonly color: Rgb;
    /** The least roughness, above which the second moment has the rest; null where there is no picture of it. */
    readonly roughness: number | null;
}

const CAVITIES: ReliefOptions = {
    cavities: [
        [3, 0.35],
        [10, 0.4],
        [30, 0.4],
    ],
};
/** Cavity of level ground, in bytes, as that of drawn layers. */
const OPEN_CAVITY = 228;
const MIDDLE_HEIGHT = 128;
/** Least z of a normal: slopes beyond are limited anyway. */
const LEAST_Z = 0.2;
/** What the shader takes of lost variance for the fourth power of roughness. */
const ROUGHNESS_OF_MOMENT = 0.6;
const LEAST_ROUGHNESS = 0.1;

/** Linear brightness by sRGB bytes. */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/**
 * Makes a layer of the texture arrays of pictures. What is averaged is light, slopes and their squares, not bytes, so that a
 * picture that shrinks keeps its brightness and its gloss.
 */
export function* convertPictures(set: PictureSet, options: ConversionOptions): Steps<ConvertedLayer> {
    const texels = options.size ** 2;
    const image: LayerImage = { color: new Uint8Array(4 * texels), relief: new Uint8Array(4 * texels) };
    const color = yield* convertColors(image.color, set.albedo, options.size);
    const canvas = set.height === undefined ? null : yield* readHeights(set.height, options);
    yield;
    if (canvas === null) {
        fillChannel(image.color, MIDDLE_HEIGHT);
        fillChannel(image.relief, OPEN_CAVITY);
    } else {
        writeHeights(image.color, canvas.height);
        yield;
        writeCavities(image.relief, canvas, CAVITIES);
    }
    yield;
    const lost = new Float32Array(texels);
    const roughness = set.roughness === undefined ? null : yield* convertRoughness(lost, set.roughness, options);
    yield;
    if (set.normal !== undefined) {
        yield* convertNormals(image.relief, lost, set.normal, options);
    } else {
        writeSlopesOf(image.relief, lost, canvas);
    }
    return { image, color, roughness };
}

function* convertColors(bytes: Uint8Array, picture: Picture, size: number): Steps<Rgb> {
    const mean: [number, number, number] = [0, 0, 0];
    for (let channel = 0; channel < 3; channel++) {
        const { at: offset, step } = placesOf(picture, channel);
        const values = yield* resampled(picture, size, (at) => LINEAR[picture.data[at * step + offset]!]!);
        let sum = 0;
        for (let at = 0; at < values.length; at++) {
            sum += values[at]!;
            bytes[4 * at + channel] = Math.round(255 * Math.sqrt(clamp(values[at]!)));
        }
        mean[channel] = sum / values.length;
    }
    return mean;
}

/** Returns the heights on a canvas, in metres; null where all are the same. */
function* readHeights(picture: Picture, options: ConversionOptions): Steps<Canvas | null> {
    const { size, tileSize, heightScale } = options;
    const { at: offset, step } = placesOf(picture, 0);
    const values = yield* resampled(picture, size, (at) => picture.data[at * step + offset]! / 255);
    let least = 1;
    let most = 0;
    for (const value of values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
    }
    if (most - least < 1.5 / 255 || heightScale === 0) {
        return null;
    }
    const canvas = new Canvas(size, tileSize);
    for (let at = 0; at < values.length; at++) {
        canvas.height[at] = values[at]! * heightScale;
    }
    return canvas;
}

/** Adds what is rougher than the least to `lost`. Returns the least. */
function* convertRoughness(lost: Float32Array, picture: Picture, { size, relief }: ConversionOptions): Steps<number> {
    const { at: offset, step } = placesOf(picture, 1);
    const fourths = yield* resampled(
        picture,
        size,
        (at) => Math.max(LEAST_ROUGHNESS, picture.data[at * step + offset]! / 255) ** 4,
    );
    let least = 1;
    for (const fourth of fourths) {
        least = Math.min(least, fourth);
    }
    // The shader scales what is lost as it does slopes.
    const scale = relief > 0 ? 1 / (ROUGHNESS_OF_MOMENT * relief * relief) : 0;
    for (let at = 0; at < lost.length; at++) {
        lost[at]! += (fourths[at]! - least) * scale;
    }
    return least ** 0.25;
}

function* convertNormals(
    bytes: Uint8Array,
    lost: Float32Array,
    picture: Picture,
    { size, flipNormals }: ConversionOptions,
): Steps {
    const { data } = picture;
    const step = channelsOf(picture);
    const [red, green, blue] = [0, 1, 2].map((channel) => placesOf(picture, channel).at) as [number, number, number];
    const zOf = (at: number): number => Math.max(LEAST_Z, signed(data[at * step + blue]!));
    const uOf = (at: number): number => -signed(data[at * step + red]!) / zOf(at);
    const sign = flipNormals ? 1 : -1;
    const vOf = (at: number): number => (sign * signed(data[at * step + green]!)) / zOf(at);
    const us = yield* resampled(picture, size, uOf);
    const vs = yield* resampled(picture, size, vOf);
    const squares = yield* resampled(picture, size, (at) => uOf(at) ** 2 + vOf(at) ** 2);
    for (let at = 0; at < us.length; at++) {
        const u = us[at]!;
        const v = vs[at]!;
        // What the picture had between the texels of the layer.
        const finer = Math.max(0, squares[at]! - u * u - v * v);
        writeSlope(bytes, at, u, v, STEEPEST, lost[at]! + finer);
    }
}

/** Writes the slopes of heights; level ground where there are none. */
function writeSlopesOf(bytes: Uint8Array, lost: Float32Array, canvas: Canvas | null): void {
    if (canvas === null) {
        lost.forEach((value, at) => writeSlope(bytes, at, 0, 0, STEEPEST, value));
        return;
    }
    const { height, size, texel } = canvas;
    const mask = size - 1;
    const scale = 1 / (2 * texel);
    for (let y = 0, at = 0; y < size; y++) {
        const row = y * size;
        const below = ((y - 1) & mask) * size;
        const above = ((y + 1) & mask) * size;
        for (let x = 0; x < size; x++, at++) {
            const u = (height[row + ((x + 1) & mask)]! - height[row + ((x - 1) & mask)]!) * scale;
            const v = (height[above + x]! - height[below + x]!) * scale;
            writeSlope(bytes, at, u, v, STEEPEST, lost[at]!);
        }
    }
}

function resampled(picture: Picture, size: number, read: (at: number) => number): Steps<Float32Array> {
    return resample(picture.width, picture.height, size, read);
}

/** Returns where a channel lies within a texel, and how many values a texel has. Grey is in all channels. */
function placesOf(picture: Picture, channel: number): { at: number; step: number } {
    const step = channelsOf(picture);
    return { at: step === 1 ? 0 : channel, step };
}

/** Normal maps mean 128 by level. */
function signed(byte: number): number {
    return Math.max(-1, (byte - 128) / 127);
}

function fillChannel(bytes: Uint8Array, value: number): void {
    for (let at = 3; at < bytes.length; at += 4) {
        bytes[at] = value;
    }
}
