import { describe, expect, test } from "@jest/globals";
import { convertPictures, type ConversionOptions, type ConvertedLayer } from "../../../src/textures/convertPictures.js";
import { faultOfPicture, type Picture, type PictureSet } from "../../../src/textures/picture.js";
import { createRandom } from "../../../src/textures/random.js";
import { resample } from "../../../src/textures/resample.js";
import type { Steps } from "../../../src/textures/canvas.js";

const SIZE = 64;
const OPTIONS: ConversionOptions = { size: SIZE, tileSize: 2, heightScale: 0.2, flipNormals: false, relief: 1 };

function finish<T>(steps: Steps<T>): T {
    for (;;) {
        const step = steps.next();
        if (step.done === true) {
            return step.value;
        }
    }
}

const convert = (set: PictureSet, options: Partial<ConversionOptions> = {}): ConvertedLayer =>
    finish(convertPictures(set, { ...OPTIONS, ...options }));

function pictureOf(size: number, texel: (x: number, y: number) => readonly number[]): Picture {
    const texels = Array.from({ length: size * size }, (_, at) => texel(at % size, Math.floor(at / size)));
    return { data: Uint8Array.from(texels.flat()), width: size, height: size };
}

const GREY = pictureOf(1, () => [128, 128, 128]);
const FLAT = pictureOf(4, () => [128, 128, 255]);
const slopeOf = (byte: number): number => (4 * byte) / 255 - 2;
const momentOf = (byte: number): number => (4 * byte) / 255;
/** Half of what a byte of slope stands for. */
const SLOPE_STEP = 2.01 / 255;

function meanOf(bytes: Uint8Array, channel: number, value: (byte: number) => number): number {
    let sum = 0;
    for (let at = channel; at < bytes.length; at += 4) {
        sum += value(bytes[at]!);
    }
    return (4 * sum) / bytes.length;
}

function noise(size: number, channels: number, seed = 3): Picture {
    const random = createRandom(seed);
    return pictureOf(size, () => Array.from({ length: channels }, () => Math.floor(256 * random())));
}

describe("pictures become a layer", () => {
    test.each([1, 16, 64, 100, 256])("whose colours have the mean light of the picture, at %i texels", (size) => {
        const albedo = noise(size, 4);
        const { color, image } = convert({ albedo });
        for (let channel = 0; channel < 3; channel++) {
            const light = meanOf(albedo.data as Uint8Array, channel, (byte) => {
                const value = byte / 255;
                return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            });
            expect(Math.abs(color[channel]! - light)).toBeLessThan(size === 100 ? 0.01 : 1e-4);
            const drawn = meanOf(image.color, channel, (byte) => (byte / 255) ** 2);
            expect(Math.abs(drawn - color[channel]!)).toBeLessThan(0.004);
        }
        expect(meanOf(image.color, 3, (byte) => byte / 255)).toBeCloseTo(0.5, 2);
    });

    test("which lies with its upper edge to the north", () => {
        const albedo = pictureOf(SIZE, (_, y) => (y < SIZE / 2 ? [255, 0, 0] : [0, 0, 255]));
        const { image } = convert({ albedo });
        const texel = (row: number): number[] => [...image.color.subarray(4 * row * SIZE, 4 * row * SIZE + 3)];
        expect(texel(SIZE / 4)).toEqual([0, 0, 255]);
        expect(texel((3 * SIZE) / 4)).toEqual([255, 0, 0]);
    });

    test("level where nothing says otherwise, by normals or by heights", () => {
        for (const set of [{}, { normal: FLAT }, { height: GREY }, { normal: FLAT, height: GREY }]) {
            const { image, roughness } = convert({ albedo: GREY, ...set });
            expect(roughness).toBeNull();
            for (const channel of [0, 1]) {
                expect(Math.abs(meanOf(image.relief, channel, slopeOf))).toBeLessThan(SLOPE_STEP);
            }
            expect(meanOf(image.relief, 2, momentOf)).toBeLessThan(0.04);
            expect(new Set(image.color.filter((_, at) => at % 4 === 3))).toEqual(new Set([128]));
        }
    });

    test("with the slopes of its normals, of both kinds", () => {
        // Falls eastwards by 0.5, and rises by 0.25 to the north.
        const length = Math.hypot(0.5, -0.25, 1);
        const encoded = [0.5, -0.25, 1].map((value) => 128 + Math.round((127 * value) / length));
        const normal = pictureOf(8, () => encoded);
        const soft = 1 / Math.sqrt(1 + (0.5 ** 2 + 0.25 ** 2) / 1.6 ** 2);
        for (const flipNormals of [false, true]) {
            const { image } = convert({ albedo: GREY, normal }, { flipNormals });
            expect(Math.abs(meanOf(image.relief, 0, slopeOf) + 0.5 * soft)).toBeLessThan(3 * SLOPE_STEP);
            const north = (flipNormals ? -0.25 : 0.25) * soft;
            expect(Math.abs(meanOf(image.relief, 1, slopeOf) - north)).toBeLessThan(3 * SLOPE_STEP);
        }
    });

    test("with the slopes of its heights, true to tile and scale", () => {
        // Up to the east over half the tile, down over the other: 0.4 m over 1 m.
        const height = pictureOf(SIZE, (x) => [Math.round((255 * (x < SIZE / 2 ? x : SIZE - x)) / (SIZE / 2))]);
        for (const [heightScale, tileSize, slope] of [
            [0.4, 2, 0.4],
            [0.8, 2, 0.8],
            [0.4, 4, 0.2],
        ] as const) {
            const { image } = convert({ albedo: GREY, height }, { heightScale, tileSize });
            const wanted = slope / Math.sqrt(1 + slope ** 2 / 1.6 ** 2);
            const at = (x: number): number => slopeOf(image.relief[4 * (SIZE * 20 + x)]!);
            expect(Math.abs(at(SIZE / 4) - wanted)).toBeLessThan(0.04);
            expect(Math.abs(at((3 * SIZE) / 4) + wanted)).toBeLessThan(0.04);
            expect(Math.abs(meanOf(image.relief, 1, slopeOf))).toBeLessThan(SLOPE_STEP);
        }
        const { image } = convert({ albedo: GREY, height });
        expect(meanOf(image.color, 3, (byte) => byte / 255)).toBeCloseTo(0.5, 2);
        // The ridge stands out, the valley lies in the shade.
        const cavity = (x: number): number => image.relief[4 * (SIZE * 20 + x) + 3]!;
        expect(cavity(SIZE / 2)).toBeGreaterThan(cavity(0) + 15);
    });

    test.each([64, 128, 256])("whose moments hold the squares of its slopes at every mip (%i texels)", (size) => {
        const { image } = convert({ albedo: GREY, normal: noise(size, 3), height: noise(size, 1, 5) });
        for (let side = 1; side <= SIZE; side *= 2) {
            for (let y = 0; y < SIZE; y += side) {
                for (let x = 0; x < SIZE; x += side) {
                    const [u, v, moment] = [0, 1, 2].map((channel) => {
                        let sum = 0;
                        for (let j = 0; j < side; j++) {
                            for (let i = 0; i < side; i++) {
                                sum += image.relief[4 * ((y + j) * SIZE + x + i) + channel]!;
                            }
                        }
                        return sum / (side * side);
                    }) as [number, number, number];
                    expect(momentOf(moment)).toBeGreaterThanOrEqual(slopeOf(u) ** 2 + slopeOf(v) ** 2 - 1e-9);
                }
            }
        }
    });

    test("whose finer slopes make it rougher in place of vanishing", () => {
        // Stripes of two texels that the layer averages away.
        const normal = pictureOf(4 * SIZE, (x) => (x % 2 === 0 ? [218, 128, 218] : [38, 128, 218]));
        const { image } = convert({ albedo: GREY, normal });
        expect(Math.abs(meanOf(image.relief, 0, slopeOf))).toBeLessThan(SLOPE_STEP);
        expect(meanOf(image.relief, 2, momentOf)).toBeGreaterThan(0.9);
    });

    test.each([1, 0.7])("whose roughness is the least, and the rest is in the moment, at relief %d", (relief) => {
        const roughness = pictureOf(SIZE, (x) => (x < SIZE / 2 ? [0, 102, 0] : [0, 204, 0]));
        const layer = convert({ albedo: GREY, roughness }, { relief });
        expect(layer.roughness).toBeCloseTo(0.4, 3);
        const at = (x: number): number => momentOf(layer.image.relief[4 * (SIZE * 20 + x) + 2]!);
        const alphaSquared = (x: number): number => layer.roughness! ** 4 + 0.6 * relief ** 2 * at(x);
        expect(Math.abs(alphaSquared(SIZE / 4) - 0.4 ** 4)).toBeLessThan(0.03);
        expect(Math.abs(alphaSquared((3 * SIZE) / 4) - 0.8 ** 4)).toBeLessThan(0.03);
    });
});

test("pictures of one size stay as they are, larger ones become means", () => {
    const values = Float32Array.from({ length: 16 }, (_, at) => at * at);
    const same = finish(resample(4, 4, 4, (at) => values[at]!));
    const upsideDown = [3, 2, 1, 0].flatMap((row) => [...values.subarray(4 * row, 4 * row + 4)]);
    expect([...same]).toEqual(upsideDown);
    const one = finish(resample(4, 4, 1, (at) => values[at]!));
    expect(one[0]).toBeCloseTo(values.reduce((sum, value) => sum + value) / 16, 4);
});

test("what is no square of 8-bit channels is named", () => {
    const data = new Uint8Array(48);
    expect(faultOfPicture({ data, width: 4, height: 4 })).toBeNull();
    expect(faultOfPicture({ data, width: 8, height: 2 })).toBe("8 x 2 texels");
    expect(faultOfPicture({ data, width: 5, height: 5 })).toBe("48 values for 5 x 5 texels");
    expect(faultOfPicture({ data, width: NaN, height: 4 })).toBe("a size of NaN x 4");
    expect(faultOfPicture({ data, width: 8192, height: 8192 })).toBe("8192 x 8192 texels");
});
