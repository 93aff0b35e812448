// node scripts/pictures.mjs [endless] [cave] [strips] [gallery] [views | NAME ...]: renders docs/pictures/endless.png,
// docs/pictures/cave.png from inside a cave, film strips of an exchange of levels on rough ground and at
// a cave's mouth, the gallery's picture of each sample, and the named views of docs/gallery (all, or those named), by headless Chromium.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { URLSearchParams } from "node:url";
import { chromium } from "playwright-core";
import { buildPartAsync } from "./buildParts.mjs";
import { CHROMIUM_ARGS, findOrInstallChromium } from "./chromium.mjs";
import { takeFilmStripAsync } from "./filmStrips.mjs";
import { CAVE_POSE, GALLERY_VIEWS } from "./galleryViews.mjs";
import { samplePages } from "./samplePages.mjs";
import { createSamplesServer, listenAsync } from "./samplesServer.mjs";

const LARGE = { width: 1280, height: 720 };
const GALLERY = { width: 800, height: 450 };

const asked = process.argv.slice(2);
const wants = (name) => asked.length === 0 || asked.includes(name);

const root = path.resolve(import.meta.dirname, "..");
mkdirSync(path.join(root, "docs/pictures"), { recursive: true });
mkdirSync(path.join(root, "docs/gallery"), { recursive: true });

await buildPartAsync("samples");
const server = createSamplesServer();
const origin = `http://localhost:${await listenAsync(server, 0)}`;
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: CHROMIUM_ARGS });
try {
    if (wants("endless")) {
        await takeAsync("/endless?still=1", LARGE, "docs/pictures/endless.png");
    }
    if (wants("cave")) {
        await takeAsync(`/caves?still=1&${new URLSearchParams(CAVE_POSE)}`, LARGE, "docs/pictures/cave.png");
    }
    if (wants("strips")) {
        await takeStripsAsync();
    }
    for (const view of GALLERY_VIEWS.filter(({ name }) => wants("views") || asked.includes(name))) {
        await takeViewAsync(view);
    }
    if (wants("gallery")) {
        for (const { name } of samplePages().filter((page) => page.name !== "gallery")) {
            await takeAsync(`/${name}?still=1`, GALLERY, `samples/gallery/${name}.jpg`);
        }
    }
} finally {
    await browser.close();
    server.close();
}

async function openAsync(address, viewport) {
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(300_000);
    page.on("pageerror", (error) => console.error(error));
    await page.goto(origin + address);
    await page.waitForFunction(() => globalThis.terrane?.world !== undefined);
    return page;
}

async function takeAsync(address, viewport, file) {
    const page = await openAsync(address, viewport);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
    await page.screenshot({ path: path.join(root, file), ...(file.endsWith(".jpg") && { type: "jpeg", quality: 85 }) });
    await page.close();
    console.log(`${file}: ${address}`);
}

/** Takes a named view at the best quality. Nothing is drawn until all is there: a frame takes a processor half a minute. */
async function takeViewAsync({ name, page: address, time, above, pose }) {
    const query = new URLSearchParams({ still: 1, quality: "high", time });
    const place = { ...pose };
    const page = await browser.newPage({ viewport: LARGE });
    page.setDefaultTimeout(900_000);
    page.on("pageerror", (error) => console.error(error));
    await page.addInitScript(() => {
        const { prototype } = globalThis.WebGL2RenderingContext;
        const { drawElements } = prototype;
        prototype.drawElements = function (...parameters) {
            if (globalThis.isDrawing === true) {
                drawElements.apply(this, parameters);
            }
        };
    });
    if (above !== undefined) {
        // The height of the ground is known once a world is there.
        await page.goto(`${origin}${address}?still=1&workers=0`);
        await page.waitForFunction(() => globalThis.terrane?.world !== undefined);
        place.y = above + (await page.evaluate(({ x, z }) => globalThis.terrane.world.sampleHeight(x, z), place));
    }
    for (const [key, value] of Object.entries(place)) {
        query.set(key, value);
    }
    await page.goto(`${origin}${address}?${query}`);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
    await page.evaluate(() => {
        globalThis.isDrawing = true;
        globalThis.terrane.scene.render();
        globalThis.terrane.scene.render();
    });
    const file = `docs/gallery/${name}.jpg`;
    await page.screenshot({ path: path.join(root, file), type: "jpeg", quality: 90 });
    await page.close();
    console.log(`${file}: ${address}?${query}`);
}

async function takeStripsAsync() {
    await buildPartAsync("testPages");
    const server = createSamplesServer({ directory: path.join(root, "dist/testPages") });
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    page.on("pageerror", (error) => console.error(error));
    await page.goto(`http://localhost:${await listenAsync(server, 0)}/popsPage.html`);
    await page.waitForFunction(() => globalThis.pops !== undefined);
    for (const [place, name] of [
        ["rough ground", "exchangeOnRoughGround"],
        ["a cave's mouth", "exchangeAtMouth"],
    ]) {
        await takeFilmStripAsync(page, path.join(root, `docs/pictures/${name}.png`), place);
        console.log(`docs/pictures/${name}.png: ${place}`);
    }
    await page.close();
    server.close();
}
