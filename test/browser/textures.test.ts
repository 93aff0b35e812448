import path from "node:path";
import type { Page } from "playwright-core";
import { initHashAsync } from "../../src/base/hash.js";
import { DRAWING_VERSION, drawLayer } from "../../src/textures/drawLayer.js";
import { encodeLayerFile } from "../../src/textures/layerFile.js";
import { TEXTURE_LAYERS, TextureLayer } from "../../src/textures/textureLayers.js";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { Pixel } from "./pages/texturesPage.js";

const SIZE = 256;
const LEVELS = Math.log2(SIZE);
/** Two arrays and a noise, with their mips: a third more than without. */
const FULL_BYTES = ((2 * TEXTURE_LAYERS.length + 1) * 4 * (4 * SIZE * SIZE - 1)) / 3;
const PLAIN_BYTES = (2 * TEXTURE_LAYERS.length + 1) * 4;
const NO_WORKER_POLICY = "default-src 'self' 'unsafe-inline'; worker-src 'none'; img-src data:";

let browser: BrowserHarness;

async function startAsync(args: readonly string[] = []): Promise<void> {
    browser = await BrowserHarness.StartAsync({
        directory: path.resolve("dist/testPages"),
        args,
        answer: (request, response) => {
            const policy = new URL(request.url!, "http://localhost").searchParams.get("policy");
            if (policy !== null) {
                response.setHeader("Content-Security-Policy", policy);
            }
            return false;
        },
    });
}

async function openAsync(isWebGpu = false, query = ""): Promise<Page> {
    const page = await browser.openAsync(`/texturesPage.html${query}`);
    await page.waitForFunction(() => window.textures !== undefined);
    await page.evaluate((webGpu) => window.textures.openAsync(webGpu), isWebGpu);
    return page;
}

function meanOf(bytes: Uint8Array): Pixel {
    const sums = [0, 0, 0, 0];
    bytes.forEach((byte, at) => (sums[at % 4]! += byte));
    return sums.map((sum) => (4 * sum) / bytes.length) as unknown as Pixel;
}

/** Fails where two texels differ by more than mips round. */
function expectNear(pixel: Pixel, wanted: Pixel): void {
    pixel.forEach((value, channel) => expect(Math.abs(value - wanted[channel]!)).toBeLessThan(3));
}

const stateOf = (page: Page) => page.evaluate(() => window.textures.state());
const lookAsync = (page: Page, which: "color" | "relief", layer: number, lod: number): Promise<Pixel> =>
    page.evaluate(([a, b, c]) => window.textures.look(a, b, c), [which, layer, lod] as const);

/** Fails unless each layer is the one that this thread draws, by its smallest mip. */
async function expectDrawnAsync(page: Page): Promise<void> {
    for (const layer of [TextureLayer.sand, TextureLayer.caveWall, TextureLayer.loose]) {
        const image = drawLayer(layer, SIZE);
        expectNear(await lookAsync(page, "color", layer, LEVELS), meanOf(image.color));
        expectNear(await lookAsync(page, "relief", layer, LEVELS), meanOf(image.relief));
    }
}

describe.each([
    ["WebGL 2", false, []],
    ["WebGPU", true, WEBGPU_ARGS],
] as [string, boolean, string[]][])("the textures of the ground on %s", (_, isWebGpu, args) => {
    beforeAll(() => startAsync(args));
    afterAll(async () => {
        await browser.closeAsync();
        browser.expectNoErrors();
    });

    test("are plain at once, in the layers' colours, then full, drawn by a worker that ends", async () => {
        const page = await openAsync(isWebGpu);
        await page.evaluate((size) => window.textures.acquire(size), SIZE);
        expect(await stateOf(page)).toMatchObject({ isReady: false, byteLength: PLAIN_BYTES, workers: 1 });
        for (const layer of [TextureLayer.snow, TextureLayer.lushGrass]) {
            const color = TEXTURE_LAYERS[layer]!.color.map((value) => 255 * Math.sqrt(value));
            expectNear(await lookAsync(page, "color", layer, 0), [color[0]!, color[1]!, color[2]!, 128]);
        }
        await page.evaluate(() => window.textures.untilReadyAsync());
        expect(await stateOf(page)).toEqual({
            isReady: true,
            byteLength: FULL_BYTES,
            loadedTextures: 2,
            workers: 0,
        });
        await expectDrawnAsync(page);
        await page.evaluate(() => window.textures.dispose());
        expect(await stateOf(page)).toMatchObject({ byteLength: 0, loadedTextures: 0 });
        await page.close();
    });
});

describe("the textures of the ground", () => {
    beforeAll(async () => {
        await initHashAsync();
        await startAsync();
    });
    afterAll(() => browser.closeAsync());
    afterEach(() => browser.expectNoErrors());

    test("come from the browser's cache on the second visit", async () => {
        const page = await openAsync();
        await page.evaluate((size) => window.textures.acquire(size), SIZE);
        await page.evaluate(() => window.textures.untilReadyAsync());
        const kept = await page.evaluate(async () => {
            const cache = await caches.open("terrane-textures");
            return (await cache.keys()).map(({ url }) => url);
        });
        expect(kept).toHaveLength(TEXTURE_LAYERS.length);
        // A forged layer shows where layers come from, a damaged one that they are looked at.
        const texels = new Uint8Array(4 * SIZE * SIZE);
        const { sand: layer, snow: damaged } = TextureLayer;
        const forged = encodeLayerFile(
            { drawing: DRAWING_VERSION, layer, size: SIZE },
            { color: texels.fill(40), relief: texels.slice().fill(90) },
        );
        await page.evaluate(
            async ([file, url, other]) => {
                const cache = await caches.open("terrane-textures");
                await cache.put(url, new Response(Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))));
                const whole = new Uint8Array(await (await cache.match(other))!.arrayBuffer());
                whole[5000]! ^= 1;
                await cache.put(other, new Response(whole));
            },
            [
                Buffer.from(forged).toString("base64"),
                kept.find((url) => url.endsWith(`/${layer}`))!,
                kept.find((url) => url.endsWith(`/${damaged}`))!,
            ] as const,
        );
        await page.reload();
        await page.waitForFunction(() => window.textures !== undefined);
        await page.evaluate(() => window.textures.openAsync(false));
        await page.evaluate((size) => window.textures.acquire(size), SIZE);
        await page.evaluate(() => window.textures.untilReadyAsync());
        expect(await lookAsync(page, "color", layer, 0)).toEqual([40, 40, 40, 40]);
        expect(await lookAsync(page, "relief", layer, 0)).toEqual([90, 90, 90, 90]);
        expectNear(await lookAsync(page, "color", damaged, LEVELS), meanOf(drawLayer(damaged, SIZE).color));
        await page.evaluate(() => caches.delete("terrane-textures"));
        await page.close();
    });

    test("are drawn by the page's thread where its policy forbids workers", async () => {
        const page = await openAsync(false, `?policy=${encodeURIComponent(NO_WORKER_POLICY)}`);
        const warnings: string[] = [];
        page.on("console", (message) => {
            if (message.type() === "warning") {
                warnings.push(message.text());
            }
        });
        await page.evaluate((size) => window.textures.acquire(size), SIZE);
        await page.evaluate(() => window.textures.untilReadyAsync());
        await expectDrawnAsync(page);
        expect(warnings.filter((text) => text.includes("textures is lost"))).toHaveLength(1);
        // What the policy itself reports.
        browser.errors.splice(0);
        await page.close();
    });

    test("leave nothing behind where they are disposed half-way", async () => {
        const page = await openAsync();
        await page.evaluate((size) => window.textures.acquire(size), 512);
        await page.waitForTimeout(400);
        await page.evaluate(() => window.textures.dispose());
        await page.waitForFunction(() => window.textures.state().workers === 0);
        expect(await stateOf(page)).toEqual({ isReady: false, byteLength: 0, loadedTextures: 0, workers: 0 });
        await page.close();
    });

    test("are plain after a lost context, then full again", async () => {
        const page = await openAsync();
        await page.evaluate((size) => window.textures.acquire(size), SIZE);
        await page.evaluate(() => window.textures.untilReadyAsync());
        await page.evaluate(() => window.textures.loseAsync());
        expect(await stateOf(page)).toMatchObject({ isReady: false, byteLength: PLAIN_BYTES });
        await page.evaluate(() => window.textures.untilReadyAsync());
        expect(await stateOf(page)).toMatchObject({ isReady: true, byteLength: FULL_BYTES, loadedTextures: 2 });
        await expectDrawnAsync(page);
        // Babylon warns of the context.
        browser.errors.splice(0);
        await page.close();
    });
});
