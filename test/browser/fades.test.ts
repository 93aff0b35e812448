import path from "node:path";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { Exchange, Setup } from "./pages/fadesPage.js";

const SETUPS: [string, Setup][] = [
    ["a plain material, siblings merged", {}],
    ["a frozen material, a mesh for each chunk", { isMaterialFrozen: true, mergeSiblings: false }],
    ["Terrane's own look", { hasOwnLook: true }],
    ["a depth pre-pass, multisampled", { needsDepthPrePass: true, isMultisampled: true }],
    ["WebGPU", { webGpu: { compatibilityMode: true }, hasOwnLook: true }],
    ["WebGPU with recorded draw calls", { webGpu: { compatibilityMode: false } }],
];

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

async function exchangeAsync(setup: Setup): Promise<Exchange> {
    const browser = browsers[setup.webGpu === undefined ? "webGl" : "webGpu"];
    const page = await browser.openAsync("/fadesPage.html");
    try {
        await page.waitForFunction(() => window.fades !== undefined);
        return await page.evaluate((setup: Setup) => window.fades.exchangeAsync(setup), setup);
    } finally {
        await page.close();
        browser.expectNoErrors();
    }
}

test.each(SETUPS)("levels dissolve: %s", async (_, setup) => {
    const exchange = await exchangeAsync(setup);
    expect(exchange.exchanges).toBeGreaterThan(8);
    expect(exchange.changed).toBeGreaterThan(300);
    expect(exchange.mergedFading > 0).toBe(setup.mergeSiblings ?? true);

    // At first all is as before, in the end all as after; in between each pixel is as one of them, in proportion.
    expect(exchange).toMatchObject({ differentAtStart: 0, differentAtEnd: 0, isReadyDuring: false });
    for (const { share, neither, after } of exchange.steps) {
        expect([share, neither]).toEqual([share, 0]);
        expect(Math.abs(after - share)).toBeLessThan(0.06);
    }

    // Nothing is compiled for it; what does not fade is drawn without any of it.
    expect(exchange.compiled).toBe(0);
    expect(exchange.hasPattern).toEqual({ plain: false, fading: true });

    // What the ground's own material draws sees fades; shadow map, depth map and what another material draws do not.
    expect(exchange.changedTexels).toMatchObject({ shadow: 0, depth: 0, otherMaterial: 0 });
    expect(exchange.changedTexels.target).toBeGreaterThan(100);

    const { shown, hiddenBefore, hiddenAfter } = exchange.events;
    expect(shown).toBeGreaterThan(8);
    expect(hiddenBefore).toBe(0);
    expect(hiddenAfter).toBeGreaterThan(8);
});

test("without fade time levels switch at once, and no shader knows of fades", async () => {
    const exchange = await exchangeAsync({ levelFadeTime: 0 });
    expect(exchange).toMatchObject({ exchanges: 0, differentAtEnd: 0, compiled: 0, isReadyDuring: true });
    expect(exchange.steps.every(({ after, neither }) => after === 1 && neither === 0)).toBe(true);
    expect(exchange.hasPattern).toEqual({ plain: false, fading: false });
    expect(exchange.events.hiddenBefore).toBe(exchange.events.hiddenAfter);
});
