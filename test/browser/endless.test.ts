import type { Page } from "playwright-core";
import { BrowserHarness, screenshotAsync } from "./harness.js";
import { statisticsOf } from "./pixels.js";

let browser: BrowserHarness;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync();
});

afterAll(async () => {
    await browser.closeAsync();
});

afterEach(() => {
    browser.expectNoErrors();
});

/** Pixels. A software renderer takes its time, so pictures whose content does not matter are tiny. */
const TINY = { width: 160, height: 90 };

async function openReadyAsync(address: string, { width, height }: { width: number; height: number }): Promise<Page> {
    const page = await browser.openAsync(address, { width, height });
    await page.waitForFunction(() => window.terrane?.world !== undefined);
    await readyAsync(page);
    return page;
}

/** Has the tiny picture select the levels that one of `lines` would. Resolves when they are shown. */
async function selectAsWithAsync(page: Page, lines: number): Promise<void> {
    await page.evaluate(
        (error) => {
            window.terrane!.world.screenSpaceError = error;
        },
        (3 * TINY.height) / lines,
    );
    await readyAsync(page);
}

async function readyAsync(page: Page): Promise<void> {
    await page.evaluate(() => window.terrane!.world.whenReadyAsync());
}

/** What is shown around the camera, and whether ground is under it. */
function statsAsync(page: Page) {
    return page.evaluate(() => {
        const { world, camera } = window.terrane!;
        const { visibleChunks, visibleByLevel, failedChunks, bakedChunks, workers } = world.getStats();
        return {
            visibleChunks,
            levels: visibleByLevel.filter((count) => count > 0).length,
            failedChunks,
            bakedChunks,
            workers,
            viewDistance: world.viewDistance,
            height: camera.position.y - world.sampleHeight(camera.position.x, camera.position.z),
        };
    });
}

describe("the endless sample", () => {
    let page: Page;
    beforeAll(async () => {
        page = await openReadyAsync("/endless?hud=0&workers=2", TINY);
    });
    afterAll(async () => {
        await page.close();
    });

    test("shows more than 100 chunks of six levels, 8 km far", async () => {
        await selectAsWithAsync(page, 720);
        const stats = await statsAsync(page);
        await selectAsWithAsync(page, 240);
        expect(stats.viewDistance).toBeGreaterThanOrEqual(8000);
        expect(stats.visibleChunks).toBeGreaterThan(100);
        expect(stats.levels).toBeGreaterThanOrEqual(6);
        expect(stats.failedChunks).toBe(0);
        expect(stats.workers).toBe(2);
        expect(stats.height).toBeGreaterThan(0);
    });

    test("streams along a flight of 500 m", async () => {
        const before = await statsAsync(page);
        const flown = await page.evaluate(async () => {
            const { scene, camera, world } = window.terrane!;
            const start = camera.position.x;
            await new Promise<void>((resolve) => {
                const observer = scene.onBeforeRenderObservable.add(() => {
                    const { position } = camera;
                    position.x += 50;
                    position.y = Math.max(position.y, world.sampleHeight(position.x, position.z) + 20);
                    if (position.x - start >= 500) {
                        scene.onBeforeRenderObservable.remove(observer);
                        resolve();
                    }
                });
            });
            return camera.position.x - start;
        });
        expect(flown).toBeGreaterThanOrEqual(500);
        await readyAsync(page);
        const after = await statsAsync(page);
        expect(after.bakedChunks).toBeGreaterThan(before.bakedChunks);
        expect(after.visibleChunks).toBeGreaterThan(40);
        expect(after.failedChunks).toBe(0);
    });

    test("is ready again after a jump of 100 km", async () => {
        const before = await statsAsync(page);
        await page.evaluate(() => {
            const { camera, world } = window.terrane!;
            camera.position.z += 100_000;
            camera.position.y = world.sampleHeight(camera.position.x, camera.position.z) + 60;
        });
        await readyAsync(page);
        const after = await statsAsync(page);
        expect(after.visibleChunks).toBeGreaterThan(40);
        expect(after.bakedChunks - before.bakedChunks).toBeGreaterThan(40);
        expect(after.failedChunks).toBe(0);
        const hit = await page.evaluate(() => {
            const { camera, world } = window.terrane!;
            return world.raycast(camera.position, { x: 0, y: -1, z: 0 }, 1000)?.distance;
        });
        expect(hit).toBeGreaterThan(0);
    });

    test("leaves no mesh, no geometry and no worker when its world is disposed", async () => {
        expect(page.workers().length).toBe(2);
        const left = await page.evaluate(async () => {
            const { scene, world } = window.terrane!;
            const isChunk = (thing: { isVerticesDataPresent(kind: string): boolean }) =>
                thing.isVerticesDataPresent("terraneWeights");
            const before = scene.meshes.filter(isChunk).length;
            world.dispose();
            const frames = scene.getFrameId();
            await new Promise<void>((resolve) => {
                const observer = scene.onAfterRenderObservable.add(() => {
                    if (scene.getFrameId() > frames + 2) {
                        scene.onAfterRenderObservable.remove(observer);
                        resolve();
                    }
                });
            });
            return {
                before,
                meshes: scene.meshes.filter(isChunk).length,
                geometries: scene.geometries.filter(isChunk).length,
                component: scene._getComponent("Terrane") !== null,
                isDisposed: world.isDisposed,
            };
        });
        expect(left.before).toBeGreaterThan(40);
        expect(left).toMatchObject({ meshes: 0, geometries: 0, component: false, isDisposed: true });
        for (let waits = 0; waits < 50 && page.workers().length > 0; waits++) {
            await page.waitForTimeout(100);
        }
        expect(page.workers().length).toBe(0);
    });
});

test("a still picture has sky above and detailed ground below", async () => {
    const page = await openReadyAsync("/endless?still=1&hud=0", { width: 480, height: 270 });
    // The sky and the ground's textures come after the world.
    await page.waitForFunction(() => document.documentElement.dataset["ready"] === "1");
    const picture = await screenshotAsync(page);
    await page.close();
    const whole = statisticsOf(picture);
    expect(whole.colours).toBeGreaterThan(150);
    expect(whole.deviation).toBeGreaterThan(10);
    const sky = statisticsOf(picture, 0, 0.1);
    const ground = statisticsOf(picture, 0.6, 1);
    expect(sky.mean[2]).toBeGreaterThan(sky.mean[0]);
    expect(sky.mean[0] + sky.mean[1]).toBeGreaterThan(ground.mean[0] + ground.mean[1]);
    expect(ground.detail).toBeGreaterThan(2 * sky.detail);
});

test("the same seed gives the same still picture, another seed another", async () => {
    const means: string[] = [];
    for (const seed of [7, 7, 8]) {
        const page = await openReadyAsync(`/endless?still=1&hud=0&seed=${seed}`, { width: 240, height: 135 });
        expect(await page.evaluate(() => String(window.terrane!.world.recipe.seed))).toBe(String(seed));
        const { mean, deviation } = statisticsOf(await screenshotAsync(page));
        means.push([...mean, deviation].map((value) => value.toFixed(1)).join(" "));
        await page.close();
    }
    expect(means[1]).toBe(means[0]);
    expect(means[2]).not.toBe(means[0]);
});

test("a page without workers bakes on its own thread", async () => {
    const page = await openReadyAsync("/endless?workers=0&hud=0", TINY);
    expect((await statsAsync(page)).workers).toBe(0);
    expect(page.workers().length).toBe(0);
    await page.close();
});
