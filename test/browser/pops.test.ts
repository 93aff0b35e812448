import path from "node:path";
import type { Page } from "playwright-core";
import { compareBlocks, HEIGHT, WIDTH } from "../pops/blocks.js";
import { BrowserHarness } from "./harness.js";

/** The long form, with 600 frames of more worlds, is `npm run test:pops`. */
const FRAMES = 60;
/** Metres: where, without fades, blocks of these worlds pop by 13 and by 24 percent of the range. */
const FROM = { "rough ground": 240, "a cave's mouth": -150 };
const ALLOWED = 0.02;
const STEPS = 24;
const SEED = 1;

let browser: BrowserHarness;
let page: Page;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages") });
    page = await browser.openAsync("/popsPage.html");
    await page.waitForFunction(() => window.pops !== undefined);
});

afterAll(async () => {
    await browser.closeAsync();
    browser.expectNoErrors();
});

test("three of a block's pixels that turn from black to white would be seen, in the last row and column too", () => {
    const before = new Uint8Array(WIDTH * HEIGHT * 4);
    const after = before.slice();
    for (let pixel = 0; pixel < 3; pixel++) {
        after.fill(255, ((HEIGHT - 1) * WIDTH + WIDTH - 1 - pixel) * 4, ((HEIGHT - 1) * WIDTH + WIDTH - pixel) * 4);
    }
    expect(compareBlocks(before, before, ALLOWED)).toEqual({ worst: 0, above: 0 });
    expect(compareBlocks(before, after, ALLOWED)).toEqual({ worst: 3 / 64, above: 1 });
});

test.each(["rough ground", "a cave's mouth"] as const)(
    `no block of the picture pops while a viewer passes, ${FRAMES} frames of %s (seed ${SEED})`,
    async (place) => {
        const setup = { seed: SEED, place, from: FROM[place], frames: FRAMES, allowed: ALLOWED, hasLook: false };
        const pass = await page.evaluate((each) => window.pops.passAsync(each), setup);
        expect(pass.shown).toBeGreaterThan(8);
        expect(pass.worst).toBeGreaterThan(0);
        expect(pass).toMatchObject({ above: 0 });
    },
);

test.each([false, true])(
    `of two landscapes that fade into each other each pixel is as one has it, multisampled: %s (seed ${SEED})`,
    async (isMultisampled) => {
        const setup = { seed: SEED, steps: STEPS, isMultisampled, hasOwnLook: false };
        const overlay = await page.evaluate((each) => window.pops.overlayAsync(each), setup);
        expect(overlay.samples > 1).toBe(isMultisampled);
        expect(overlay.different).toBeGreaterThan(30_000);
        expect(overlay.fusedChunks).toBeGreaterThan(0);
        expect(overlay).toMatchObject({ holes: 0, neither: 0, wrongAtEnd: 0 });
        expect(overlay.mostOff).toBeLessThan(0.05);
    },
);
