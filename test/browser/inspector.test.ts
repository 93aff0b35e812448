import type { Page } from "playwright-core";
import { BrowserHarness } from "./harness.js";

let browser: BrowserHarness;
let page: Page;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync();
    page = await browser.openAsync("/endless?inspector=1&hud=0&workers=2");
    await page.waitForFunction(() => window.terrane?.inspector !== undefined);
});

afterAll(async () => {
    await browser.closeAsync();
});

afterEach(() => {
    browser.expectNoErrors();
});

test("the Terrane pane shows the world's numbers, live", async () => {
    await page.waitForFunction(() => {
        const lines = document.body.innerText.split("\n");
        const shown = lines[lines.indexOf("Chunks shown") + 1] ?? "";
        const { visibleChunks } = window.terrane!.world.getStats();
        return visibleChunks > 0 && Number(shown.replaceAll(" ", "")) === visibleChunks;
    });
    const text = await page.evaluate(() => document.body.innerText);
    for (const title of ["Terrane", "World", "Streaming", "Memory", "Bake", "Frames", "Advice", "Controls"]) {
        expect(text.split("\n")).toContain(title);
    }
    // A number that something other than a redraw of the pane changes.
    await page.evaluate(() => {
        window.terrane!.world.memoryLimitBytes = 200 * 2 ** 20;
    });
    await page.waitForFunction(() => document.body.innerText.includes("200.0 MB"));
});

test("the performance viewer knows Terrane's curves", async () => {
    const ids = await page.evaluate(() => [...window.terrane!.scene.getPerfCollector().datasets.ids]);
    expect(ids).toEqual(expect.arrayContaining(["Terrane ms", "Terrane chunks"]));
});

test("closing leaves nothing of it, and the world goes on", async () => {
    const isOpen = () => page.$("#babylon-inspector-container").then((element) => element !== null);
    expect(await isOpen()).toBe(true);
    const after = await page.evaluate(async () => {
        const { inspector, scene, world } = window.terrane!;
        await inspector!.disposeAsync();
        const frame = scene.getFrameId();
        await new Promise<void>((resolve) => {
            const observer = scene.onAfterRenderObservable.add(() => {
                if (scene.getFrameId() > frame) {
                    observer.remove();
                    resolve();
                }
            });
        });
        return {
            isInspectorDisposed: inspector!.isDisposed,
            isWorldDisposed: world.isDisposed,
            providers: document.querySelectorAll("[class*=fui-FluentProvider]").length,
        };
    });
    expect(after).toEqual({ isInspectorDisposed: true, isWorldDisposed: false, providers: 0 });
    expect(await isOpen()).toBe(false);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain("Chunks shown");
});
