import { describe, expect, it } from "@jest/globals";
import { drawLayer, drawLayerSteps, drawNoise, type LayerImage } from "../../../src/textures/drawLayer.js";
import { TEXTURE_LAYERS, TextureLayer } from "../../../src/textures/textureLayers.js";

const LAYERS = TEXTURE_LAYERS.map(({ name }, layer) => ({ name, layer }));
const SIZES = [256, 512];
/** Drawn once for all tests. */
const drawn = new Map<string, LayerImage>();

function imageOf(layer: number, size: number): LayerImage {
    const key = `${layer} ${size}`;
    let image = drawn.get(key);
    if (image === undefined) {
        image = drawLayer(layer, size);
        drawn.set(key, image);
    }
    return image;
}

const shrunk = new Map<Uint8Array, Uint8Array[]>();

/** Returns all mips, each a mean of 2 x 2 texels of the one below, rounded to bytes, as graphics cards make them. */
function mipsOf(image: Uint8Array, size: number): Uint8Array[] {
    const known = shrunk.get(image);
    if (known !== undefined) {
        return known;
    }
    const mips = [image];
    for (let side = size / 2; side >= 1; side /= 2) {
        const below = mips[mips.length - 1]!;
        const mip = new Uint8Array(4 * side * side);
        for (let y = 0, to = 0; y < side; y++) {
            for (let x = 0; x < side; x++) {
                for (let channel = 0; channel < 4; channel++, to++) {
                    const at = 4 * (2 * y * 2 * side + 2 * x) + channel;
                    const row = 8 * side;
                    mip[to] = (below[at]! + below[at + 4]! + below[at + row]! + below[at + row + 4]! + 2) >> 2;
                }
            }
        }
        mips.push(mip);
    }
    shrunk.set(image, mips);
    return mips;
}

function meanOf(bytes: Uint8Array, channel: number, value: (byte: number) => number): number {
    let sum = 0;
    for (let at = channel; at < bytes.length; at += 4) {
        sum += value(bytes[at]!);
    }
    return (4 * sum) / bytes.length;
}

const slopeOf = (byte: number): number => (4 * byte) / 255 - 2;

/** Returns the mean difference of a row from the row above, for each row, with the last row beside the first. */
function stepsAcrossRows(bytes: Uint8Array, size: number, channel: number, isTransposed: boolean): number[] {
    const at = (row: number, along: number): number =>
        bytes[4 * (isTransposed ? along * size + row : row * size + along) + channel]!;
    return Array.from({ length: size }, (_, row) => {
        let sum = 0;
        for (let along = 0; along < size; along++) {
            sum += Math.abs(at((row + 1) % size, along) - at(row, along));
        }
        return sum / size;
    });
}

describe.each(SIZES)("layers at %i", (size) => {
    it.each(LAYERS)("have the colour that is said of $name", ({ layer }) => {
        const { color } = imageOf(layer, size);
        TEXTURE_LAYERS[layer]!.color.forEach((wanted, channel) => {
            const mean = meanOf(color, channel, (byte) => (byte / 255) ** 2);
            expect(Math.abs(mean - wanted)).toBeLessThan(0.004 + 0.01 * wanted);
        });
    });

    it.each(LAYERS)("have a height of 0.5 on average: $name", ({ layer }) => {
        expect(meanOf(imageOf(layer, size).color, 3, (byte) => byte / 255)).toBeCloseTo(0.5, 2);
    });

    it.each(LAYERS)("shrink to their true means in the smallest mip: $name", ({ layer }) => {
        const { color, relief } = imageOf(layer, size);
        for (const bytes of [color, relief]) {
            const smallest = mipsOf(bytes, size).at(-1)!;
            for (let channel = 0; channel < 4; channel++) {
                const difference = smallest[channel]! - meanOf(bytes, channel, (byte) => byte);
                // Halves are rounded up: an eighth of a byte a level, on average.
                expect(Math.abs(difference - Math.log2(size) / 8)).toBeLessThan(1.5);
            }
        }
        // Square roots lose some brightness, and the more the more colours differ.
        TEXTURE_LAYERS[layer]!.color.forEach((wanted, channel) => {
            const left = (mipsOf(color, size).at(-1)![channel]! / 255) ** 2;
            expect(left / wanted).toBeGreaterThan(0.9);
            expect(left / wanted).toBeLessThan(1.04);
        });
    });

    it.each(LAYERS)("have a second moment of at least the slope's square in every mip: $name", ({ layer }) => {
        for (const mip of mipsOf(imageOf(layer, size).relief, size)) {
            let least = Infinity;
            for (let at = 0; at < mip.length; at += 4) {
                const squared = slopeOf(mip[at]!) ** 2 + slopeOf(mip[at + 1]!) ** 2;
                least = Math.min(least, (4 * mip[at + 2]!) / 255 - squared);
            }
            expect(least).toBeGreaterThanOrEqual(0);
        }
    });

    it.each(LAYERS)("know in their smallest mip how uneven all of it is: $name", ({ layer }) => {
        const { relief } = imageOf(layer, size);
        const smallest = mipsOf(relief, size).at(-1)!;
        const squares = [0, 1].map((channel) => meanOf(relief, channel, (byte) => slopeOf(byte) ** 2));
        // The moment is rounded up, each by at most the margin for a slope of 1.7.
        const moment = (4 * smallest[2]!) / 255;
        expect(moment).toBeGreaterThanOrEqual(squares[0]! + squares[1]! - 0.008);
        expect(moment).toBeLessThan(squares[0]! + squares[1]! + 0.065);
    });

    it.each(LAYERS)("repeat without a visible edge: $name", ({ layer }) => {
        const { color, relief } = imageOf(layer, size);
        for (const [bytes, channel] of [
            [color, 1],
            [color, 3],
            [relief, 0],
            [relief, 3],
        ] as const) {
            for (const isTransposed of [false, true]) {
                const steps = stepsAcrossRows(bytes, size, channel, isTransposed);
                const edge = steps.pop()!;
                const most = steps.reduce((sum, step) => Math.max(sum, step), 0);
                expect(edge).toBeLessThanOrEqual(1.15 * most);
            }
        }
    });
});

describe("layers", () => {
    it("lie in the order of their numbers", () => {
        expect(TEXTURE_LAYERS.map(({ name }) => TextureLayer[name])).toEqual(TEXTURE_LAYERS.map((_, layer) => layer));
        expect(TEXTURE_LAYERS).toHaveLength(Object.keys(TextureLayer).length);
    });

    it("have tiles that divide 8,192 metres", () => {
        expect(TEXTURE_LAYERS.filter(({ tile }) => 8192 % tile !== 0)).toEqual([]);
    });

    it.each(LAYERS)("are the same each time, and drawn in many steps: $name", ({ layer }) => {
        const steps = drawLayerSteps(layer, 32);
        let count = 0;
        let step = steps.next();
        for (; step.done !== true; count++) {
            step = steps.next();
        }
        expect(count).toBeGreaterThanOrEqual(3);
        expect(step.value).toEqual(drawLayer(layer, 32));
    });

    it("look the same at half the size", () => {
        for (const { layer } of LAYERS) {
            const small = mipsOf(imageOf(layer, 256).color, 256)[4]!;
            const large = mipsOf(imageOf(layer, 512).color, 512)[5]!;
            let sum = 0;
            let spread = 0;
            const mean = meanOf(large, 1, (byte) => byte);
            for (let at = 1; at < large.length; at += 4) {
                sum += Math.abs(large[at]! - small[at]!);
                spread += Math.abs(large[at]! - mean);
            }
            expect(sum).toBeLessThan(spread);
        }
    });

    it("have slopes that fit their bytes, with room", () => {
        for (const { layer } of LAYERS) {
            const { relief } = imageOf(layer, 256);
            for (const channel of [0, 1]) {
                const most = meanOf(relief, channel, (byte) => Number(byte < 8 || byte > 247));
                expect(most).toBe(0);
            }
        }
    });
});

describe("the noise texture", () => {
    it.each(SIZES)("has a mean of 0.5 and a deviation of 0.22 in each channel, at %i", (size) => {
        const noise = drawNoise(size);
        for (let channel = 0; channel < 4; channel++) {
            const mean = meanOf(noise, channel, (byte) => byte / 255);
            expect(mean).toBeCloseTo(0.5, 2);
            expect(Math.sqrt(meanOf(noise, channel, (byte) => (byte / 255 - mean) ** 2))).toBeCloseTo(0.22, 1);
        }
    });

    it("repeats without a visible edge, and its channels are independent", () => {
        const noise = drawNoise(256);
        for (let channel = 0; channel < 4; channel++) {
            const steps = stepsAcrossRows(noise, 256, channel, false);
            expect(steps.pop()!).toBeLessThanOrEqual(1.15 * Math.max(...steps));
            for (let other = 0; other < channel; other++) {
                let product = 0;
                for (let at = 0; at < noise.length; at += 4) {
                    product += (noise[at + channel]! / 255 - 0.5) * (noise[at + other]! / 255 - 0.5);
                }
                expect(Math.abs((4 * product) / noise.length / 0.22 ** 2)).toBeLessThan(0.2);
            }
        }
    });
});
