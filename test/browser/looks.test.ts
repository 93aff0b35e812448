import path from "node:path";
import type { TerrainQuality } from "../../src/babylon/material/quality.js";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { Picture, Setup, View } from "./pages/looksPage.js";

/** Pixels. */
const WIDTH = 192;
const HEIGHT = 112;
const BLOCK = 8;

const AT_EYE_HEIGHT: View = { position: [-1611, 1.7, 1881], yaw: 240, pitch: -8 };
/** Without the skyline, whose steps the two engines smooth by other patterns. */
const AT_ONES_FEET: View = { ...AT_EYE_HEIGHT, pitch: -36 };
const ROCK: View = { position: [5500, 60, -3786], yaw: 90, pitch: 3 };
const FROM_ABOVE: View = { position: [-1611, 40, 1881], yaw: 60, pitch: -8 };

/** One for each engine: pages of the same one draw textures once a size. */
let browsers: { webGl: BrowserHarness; webGpu: BrowserHarness };

beforeAll(async () => {
    const directory = path.resolve("dist/testPages");
    browsers = {
        webGl: await BrowserHarness.StartAsync({ directory }),
        webGpu: await BrowserHarness.StartAsync({ directory, args: WEBGPU_ARGS }),
    };
});

afterAll(async () => {
    await browsers.webGl.closeAsync();
    await browsers.webGpu.closeAsync();
});

/** Draws in a page of its own; RGBA from the upper row down. */
async function drawAsync(setup: Setup): Promise<Uint8Array[]> {
    const browser = browsers[setup.isWebGpu === true ? "webGpu" : "webGl"];
    const page = await browser.openAsync("/looksPage.html");
    try {
        await page.waitForFunction(() => window.looks !== undefined);
        const pictures = await page.evaluate((setup: Setup) => window.looks.drawAsync(setup), {
            width: WIDTH,
            height: HEIGHT,
            ...setup,
        });
        return pictures.map((picture) => pixelsOf(picture, setup.isWebGpu === true));
    } finally {
        await page.close();
        browser.expectNoErrors();
    }
}

function pixelsOf({ pixels }: Picture, isTopFirst: boolean): Uint8Array {
    const bytes = Buffer.from(pixels, "base64");
    const stride = WIDTH * 4;
    const rows = Array.from({ length: HEIGHT }, (_, row) => bytes.subarray(row * stride, (row + 1) * stride));
    return Buffer.concat(isTopFirst ? rows : rows.reverse());
}

/** The most by which the mean of a block's red, green or blue differs, of 255. */
function mostDifferent(a: Uint8Array, b: Uint8Array): number {
    let most = 0;
    for (let top = 0; top < HEIGHT; top += BLOCK) {
        for (let left = 0; left < WIDTH; left += BLOCK) {
            for (let channel = 0; channel < 3; channel++) {
                let sum = 0;
                for (let i = 0; i < BLOCK * BLOCK; i++) {
                    const at = 4 * ((top + Math.floor(i / BLOCK)) * WIDTH + left + (i % BLOCK)) + channel;
                    sum += a[at]! - b[at]!;
                }
                most = Math.max(most, Math.abs(sum) / BLOCK ** 2);
            }
        }
    }
    return most;
}

test.each<[TerrainQuality, View[]]>([
    ["low", [AT_ONES_FEET, ROCK, FROM_ABOVE]],
    ["high", [ROCK, FROM_ABOVE]],
])("the ground looks the same by WebGL and WebGPU, at %s quality", async (quality, views) => {
    const setup = { quality, timeOfDay: 10, views };
    const [webGl, webGpu] = [await drawAsync(setup), await drawAsync({ ...setup, isWebGpu: true })];
    expect(mostDifferent(webGl[0]!, webGl[1]!)).toBeGreaterThan(50);
    for (const [i, picture] of webGl.entries()) {
        expect(mostDifferent(picture, webGpu[i]!)).toBeLessThanOrEqual(3);
    }
});

test.each<[TerrainQuality, { most: number; mean: number }]>([
    // An environment's two maps of horizons come on top: 23 in all for the worst pixel.
    ["high", { most: 21, mean: 15 }],
    ["medium", { most: 19, mean: 14 }],
    ["low", { most: 10, mean: 9 }],
])("a pixel of the ground reads textures so often at most: %s", async (quality, { most, mean }) => {
    for (const picture of await drawAsync({ quality, countsFetches: true, views: [AT_EYE_HEIGHT, ROCK, FROM_ABOVE] })) {
        const counts: number[] = [];
        for (let i = 0; i < picture.length; i += 4) {
            // The sky has colours of its own; counts are grey, and four a fetch.
            if (picture[i] === picture[i + 1] && picture[i] === picture[i + 2] && picture[i]! % 4 === 0) {
                counts.push(picture[i]! / 4);
            }
        }
        expect(counts.length).toBeGreaterThan(2000);
        expect(Math.max(...counts)).toBeLessThanOrEqual(most);
        expect(Math.max(...counts)).toBeGreaterThan(7);
        expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeLessThanOrEqual(mean);
    }
});
