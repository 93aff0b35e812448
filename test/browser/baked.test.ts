import { createServer, type Server } from "node:http";
import path from "node:path";
import type { Page } from "playwright-core";
import sirv from "sirv";
import { listenAsync } from "../../scripts/samplesServer.mjs";
import { BrowserHarness, screenshotAsync } from "./harness.js";
import { statisticsOf } from "./pixels.js";

/** Files that the samples' own server was asked for, of the bake. */
let asked: string[] = [];
let browser: BrowserHarness;
/** Servers that a test has started: one that is left open would keep the process alive. */
const servers: Server[] = [];

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync({
        answer: ({ url }) => {
            if (url!.startsWith("/bakes/")) {
                asked.push(url!);
            }
            return false;
        },
    });
});

afterAll(async () => {
    await browser.closeAsync();
});

afterEach(() => {
    for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
    }
    browser.expectNoErrors();
});

const TINY = { width: 160, height: 90 };

async function readyAsync(page: Page): Promise<void> {
    await page.waitForFunction(() => document.documentElement.dataset.ready === "1");
}

async function openAsync(query: string, size = TINY): Promise<Page> {
    asked = [];
    const page = await browser.openAsync(`/baked?${query}`, size);
    await readyAsync(page);
    return page;
}

/** What is shown, and which store it came from. */
function statsAsync(page: Page) {
    return page.evaluate(() => {
        const { visibleChunks, failedChunks, bakedChunks, loadedChunks, stores } = window.terrane!.world.getStats();
        const of = (name: string) => stores.find((store) => store.name === name)!;
        return { visibleChunks, failedChunks, bakedChunks, loadedChunks, kept: of("indexedDb"), bake: of("baked") };
    });
}

/** Waits until all that came from the bake is in the database. */
async function untilKeptAsync(page: Page): Promise<void> {
    await page.waitForFunction(() => {
        const [kept, bake] = window.terrane!.world.getStats().stores;
        return bake!.bytesRead > 0 && kept!.bytesWritten >= bake!.bytesRead;
    });
}

/** The bake alone, for pages of any origin. */
async function serveBakeAsync(): Promise<{ address: string; server: Server }> {
    const serve = sirv(path.resolve("dist/samples/bakes/archipelago"), { dev: true });
    const server = createServer((request, response) => {
        response.setHeader("Access-Control-Allow-Origin", "*");
        serve(request, response, () => void response.writeHead(404).end());
    });
    servers.push(server);
    return { address: `http://localhost:${await listenAsync(server, 0)}/`, server };
}

test("the sample streams a bake from plain files, and bakes nothing", async () => {
    const page = await openAsync("hud=0&source=files");
    const stats = await statsAsync(page);
    expect(stats.visibleChunks).toBeGreaterThan(20);
    expect(stats).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    expect(stats.bake.hits).toBe(stats.loadedChunks);
    expect(stats.kept.hits).toBe(0);
    expect(asked.filter((url) => url.endsWith(".trn")).length).toBe(stats.loadedChunks);
    expect(asked.some((url) => url.endsWith(".pmtiles"))).toBe(false);
    // The recipe is the bake's own.
    expect(await page.evaluate(() => window.terrane!.world.recipe.id)).toBe("archipelago");
    await page.close();
});

test("the sample streams the same bake from one packed file, neighbours by one request", async () => {
    const page = await openAsync("hud=0&source=archive");
    const stats = await statsAsync(page);
    expect(stats.visibleChunks).toBeGreaterThan(20);
    expect(stats).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    expect(stats.bake.hits).toBe(stats.loadedChunks);
    expect(asked.every((url) => url.endsWith("/bake.pmtiles"))).toBe(true);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(stats.loadedChunks);
    await page.close();
});

test("once the bake's server has stopped, a reload shows the same picture from the browser's database", async () => {
    const { address, server } = await serveBakeAsync();
    const page = await openAsync(`still=1&bake=${encodeURIComponent(address)}`, { width: 240, height: 135 });
    await untilKeptAsync(page);
    const before = await statsAsync(page);
    const picture = statisticsOf(await screenshotAsync(page));
    expect(before.bake.hits).toBeGreaterThan(20);
    expect(asked).toEqual([]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));

    await page.reload();
    await readyAsync(page);
    const after = await statsAsync(page);
    expect(after.kept.hits).toBe(after.loadedChunks);
    expect(after.kept.hits).toBeGreaterThan(20);
    expect(after).toMatchObject({ visibleChunks: before.visibleChunks, bakedChunks: 0, failedChunks: 0 });
    expect(after.bake.hits).toBe(0);
    expect(statisticsOf(await screenshotAsync(page)).mean).toEqual(picture.mean);
    await page.close();
    // The browser itself reports that it could not reach the server; nothing else may have gone wrong.
    const others = browser.errors.splice(0).filter((error) => !error.includes(address));
    expect(others).toEqual([]);
});

test("its button keeps the surroundings for offline, and ends that on request", async () => {
    const page = await openAsync("");
    const button = page.locator(".stores button");
    const toast = page.locator(".toast");
    await button.evaluate((element: HTMLButtonElement) => {
        element.click();
        element.click();
    });
    await toast.filter({ hasText: "Cancelled" }).waitFor({ state: "attached" });
    await expect(button.textContent()).resolves.toBe("Keep for offline");
    const { kept } = await statsAsync(page);
    await button.click();
    await button.filter({ hasText: "Cancel" }).waitFor();
    await toast.filter({ hasText: /^\d+ chunks are kept/ }).waitFor({ state: "attached" });
    await page.waitForFunction(
        (bytes) => window.terrane!.world.getStats().stores[0]!.bytesWritten > bytes,
        kept.bytesWritten,
    );
    const text = await toast.textContent();
    // All chunks of the finest level that the bake has within 700 m, and those above them.
    expect(Number.parseInt(text!, 10)).toBeGreaterThan(100);
    await page.close();
});

test("a still picture shows islands, sea and sky", async () => {
    const page = await openAsync("still=1", { width: 480, height: 270 });
    const picture = await screenshotAsync(page);
    await page.close();
    const whole = statisticsOf(picture);
    expect(whole.colours).toBeGreaterThan(150);
    expect(whole.deviation).toBeGreaterThan(10);
    const sky = statisticsOf(picture, 0, 0.1);
    const ground = statisticsOf(picture, 0.6, 1);
    expect(sky.mean[2]).toBeGreaterThan(sky.mean[0]);
    expect(ground.detail).toBeGreaterThan(2 * sky.detail);
});
