// npm run test:pops [-- --seed N] [--count N] [--fade SECONDS]: the long form of what `npm test` does once. A viewer passes a camera that stands
// still, on rough ground and at a cave's mouth, and no block of the picture may change by more than a fiftieth of the range in a
// frame; and of two landscapes that fade into each other each pixel must be as one of them.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { PNG } from "pngjs";
import { BrowserHarness } from "../browser/harness.js";
import type { Overlay } from "./overlay.js";
import { HEIGHT, WIDTH } from "./blocks.js";
import type { Pass, PassSetup } from "./pass.js";

const PLACES: readonly PassSetup["place"][] = ["rough ground", "a cave's mouth"];
const FRAMES = 600;
const ALLOWED = 0.02;
const STEPS = 24;
const DEFAULT_SEED = 1;
/** Worlds: each with a pass of each kind, and two landscapes. */
const DEFAULT_COUNT = 2;
const LONGEST_MS = 1_800_000;

const { values } = parseArgs({
    options: { seed: { type: "string" }, count: { type: "string" }, fade: { type: "string" } },
});
const seed = numberOf("seed", values.seed, DEFAULT_SEED);
const count = numberOf("count", values.count, DEFAULT_COUNT);
// --fade 0 shows what exchanges are without fades; such a run fails.
const levelFadeTime = values.fade === undefined ? undefined : Number(values.fade);

const browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages") });
let [passes, blocks, overlays, holes, neither] = [0, 0, 0, 0, 0];
try {
    const page = await browser.openAsync("/popsPage.html");
    page.setDefaultTimeout(LONGEST_MS);
    await page.waitForFunction(() => window.pops !== undefined);
    for (let world = seed; world < seed + count; world++) {
        for (const place of PLACES) {
            const setup: PassSetup = {
                seed: world,
                place,
                from: -FRAMES / 2,
                frames: FRAMES,
                hasLook: true,
                allowed: ALLOWED,
                ...(levelFadeTime === undefined ? {} : { levelFadeTime }),
            };
            const pass: Pass = await page.evaluate((each) => window.pops.passAsync(each), setup);
            passes++;
            blocks += pass.above;
            console.log(
                `seed ${world}, ${place}: ${FRAMES} frames, ${pass.shown} chunks shown, ` +
                    `${percent(pass.worst)} at most (frame ${pass.worstFrame}), ${pass.above} blocks above ` +
                    `${percent(ALLOWED)}, seen from ${JSON.stringify(pass.view)}`,
            );
            if (pass.above > 0) {
                savePictures(`seed ${world} ${place}`, pass.pictures);
            }
        }
        for (const isMultisampled of [false, true]) {
            const overlay: Overlay = await page.evaluate((each) => window.pops.overlayAsync(each), {
                seed: world,
                steps: STEPS,
                isMultisampled,
                hasOwnLook: true,
            });
            overlays++;
            holes += overlay.holes;
            neither += overlay.neither + overlay.wrongAtEnd;
            console.log(
                `seed ${world}, two landscapes with ${Math.max(1, overlay.samples)} samples a pixel: ` +
                    `${overlay.different} pixels change in ${STEPS} steps, ${overlay.holes} holes, ` +
                    `${overlay.neither} are as neither`,
            );
        }
    }
} finally {
    await browser.closeAsync();
}
console.log(
    `${passes} passes, ${blocks} blocks above ${percent(ALLOWED)}; ${overlays} overlays, ${holes} holes, ` +
        `${neither} pixels as neither`,
);
browser.errors.forEach((error) => console.error(error));
process.exitCode = blocks + holes + neither + browser.errors.length > 0 ? 1 : 0;

/** Saves the pictures before and after the worst frame, side by side. */
function savePictures(name: string, pictures: readonly string[]): void {
    const png = new PNG({ width: WIDTH * pictures.length, height: HEIGHT });
    pictures.forEach((text, i) => {
        const pixels = Buffer.from(text, "base64");
        for (let y = 0; y < HEIGHT; y++) {
            const from = (HEIGHT - 1 - y) * WIDTH * 4;
            pixels.copy(png.data, (y * png.width + i * WIDTH) * 4, from, from + WIDTH * 4);
        }
    });
    const file = path.resolve(".cache/pops", `${name.replaceAll(/\W+/g, "-")}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, PNG.sync.write(png));
    console.log(`its worst frame, before and after: ${file}`);
}

function percent(share: number): string {
    return `${(100 * share).toFixed(2)} %`;
}

function numberOf(name: string, text: string | undefined, usual: number): number {
    const value = text === undefined ? usual : Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 32 - 1) {
        console.error(`--${name} is ${text}; allowed: an integer from 1 to ${2 ** 32 - 1}.`);
        process.exit(2);
    }
    return value;
}
