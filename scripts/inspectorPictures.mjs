// node scripts/inspectorPictures.mjs: renders docs/inspector/ by headless Chromium: each section of the Terrane pane during
// a flight, the ground with level tint and chunk borders, and Terrane's curves in the performance viewer.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { buildPartAsync } from "./buildParts.mjs";
import { CHROMIUM_ARGS, findOrInstallChromium } from "./chromium.mjs";
import { createSamplesServer, listenAsync } from "./samplesServer.mjs";

const SECTIONS = ["World", "Advice", "Frames", "Streaming", "Map", "Memory", "Bake"];
const FLIGHT_MS = 15_000;

const directory = path.resolve(import.meta.dirname, "../docs/inspector");
mkdirSync(directory, { recursive: true });
for (const part of ["samples", "samplesWithInspector"]) {
    await buildPartAsync(part);
}
const server = createSamplesServer();
const origin = `http://localhost:${await listenAsync(server, 0)}`;
const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: CHROMIUM_ARGS });
try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(120_000);
    page.on("pageerror", (error) => console.error(error));
    await page.goto(`${origin}/endless?inspector=1&hud=0`);
    await page.waitForFunction(() => globalThis.terrane?.world !== undefined);
    await page.evaluate(stopDrawing);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
    await page.evaluate(fly);
    await page.waitForTimeout(FLIGHT_MS);

    for (const section of SECTIONS) {
        await toggleAsync(page, section);
    }
    for (const section of SECTIONS) {
        await toggleAsync(page, section);
        await page.waitForTimeout(2000);
        await takePaneAsync(page, `${section.toLowerCase()}.png`);
        await toggleAsync(page, section);
    }

    await toggleAsync(page, "Map");
    await page.evaluate(() => globalThis.goOnDrawing());
    // Level tint and chunk borders.
    for (const index of [0, 1]) {
        await page.getByRole("switch").nth(index).click();
    }
    await page.waitForTimeout(15_000);
    await takeAsync(page, "levels.png");

    await page.evaluate(stopDrawing);
    await page.locator('[role="radio"][value="Statistics"]').click();
    const popup = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Open Realtime Perf Viewer" }).click();
    const viewer = await popup;
    await viewer.setViewportSize({ width: 1100, height: 640 });
    await viewer.getByText("Terrane chunks").scrollIntoViewIfNeeded();
    await page.waitForTimeout(8000);
    await takeAsync(viewer, "performanceViewer.png");
} finally {
    await browser.close();
    server.close();
}

/** Runs in the page: a software renderer's frame times are not what shall be pictured. */
function stopDrawing() {
    const context = globalThis.terrane.engine._gl;
    context.drawElements = () => {};
    globalThis.goOnDrawing = () => delete context.drawElements;
}

/** Runs in the page: flies over the ground at 60 m/s for as long as the page is open. */
function fly() {
    const { scene, camera, world, engine } = globalThis.terrane;
    scene.onBeforeAnimationsObservable.add(() => {
        const step = Math.min(0.1, engine.getDeltaTime() / 1000) * 60;
        camera.position.x += Math.sin(camera.rotation.y) * step;
        camera.position.z += Math.cos(camera.rotation.y) * step;
        camera.position.y = Math.max(0, world.sampleHeight(camera.position.x, camera.position.z)) + 60;
    });
}

function toggleAsync(page, section) {
    return page.getByRole("button", { name: section, exact: true }).first().click();
}

async function takePaneAsync(page, file) {
    const title = page.getByText("Terrane", { exact: true }).first();
    const { x, y } = await title.boundingBox();
    const { width, height } = page.viewportSize();
    await page.screenshot({
        path: path.join(directory, file),
        clip: { x: x - 10, y: y - 10, width: width - x + 10, height: height - y + 10 },
    });
    console.log(`docs/inspector/${file}`);
}

async function takeAsync(page, file) {
    await page.screenshot({ path: path.join(directory, file) });
    console.log(`docs/inspector/${file}`);
}
