import type { Page } from "playwright-core";
import { BrowserHarness } from "./harness.js";

declare global {
    interface Window {
        /** Timers and size observers that run, counted by `countRunning`. */
        running: { intervals: number; sizes: number };
    }
}

let browser: BrowserHarness;
let page: Page;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync();
    page = await browser.openAsync("/endless?inspector=1&hud=0&workers=2", {
        height: 600,
        beforeScripts: countRunning,
    });
    await page.waitForFunction(() => window.terrane?.inspector !== undefined);
    // The ground's picture is not what is tested here, and in software a frame of it takes a second.
    await page.evaluate(() => {
        window.terrane!.engine._gl.drawElements = () => {};
    });
});

afterAll(async () => {
    await browser.closeAsync();
});

afterEach(() => {
    browser.expectNoErrors();
});

/** Runs in the page, before its scripts. */
function countRunning(): void {
    const intervals = new Set<number>();
    window.running = { intervals: 0, sizes: 0 };
    const { setInterval: set, clearInterval: clear } = window;
    window.setInterval = ((...args: Parameters<typeof set>) => {
        const id = set(...args);
        intervals.add(id);
        window.running.intervals = intervals.size;
        return id;
    }) as typeof set;
    window.clearInterval = ((id?: number) => {
        clear(id);
        intervals.delete(id!);
        window.running.intervals = intervals.size;
    }) as typeof clear;
    const watched = new Set<ResizeObserver>();
    window.ResizeObserver = class extends ResizeObserver {
        public override observe(target: Element): void {
            super.observe(target);
            watched.add(this);
            window.running.sizes = watched.size;
        }

        // Whoever watches one element stops so.
        public override unobserve(target: Element): void {
            super.unobserve(target);
            watched.delete(this);
            window.running.sizes = watched.size;
        }

        public override disconnect(): void {
            super.disconnect();
            watched.delete(this);
            window.running.sizes = watched.size;
        }
    };
}

/** Runs in the page: the line that follows the one of this name. */
function valueOf(label: string): string {
    const lines = document.body.innerText.split("\n");
    return lines[lines.indexOf(label) + 1] ?? "";
}

test("each section fills with live numbers", async () => {
    await page.waitForFunction(() => {
        const lines = document.body.innerText.split("\n");
        const shown = lines[lines.indexOf("Chunks shown") + 1] ?? "";
        const { visibleChunks } = window.terrane!.world.getStats();
        return visibleChunks > 0 && Number(shown.replaceAll(" ", "")) === visibleChunks;
    });
    const lines = await page.evaluate(() => document.body.innerText.split("\n"));
    for (const title of ["Terrane", "World", "Streaming", "Map", "Memory", "Bake", "Frames", "Advice"]) {
        expect(lines).toContain(title);
    }
    expect(await page.evaluate(valueOf, "Seed")).toBe("1");
    expect(await page.evaluate(valueOf, "Frames a second")).toMatch(/^\d+\.\d \((Excellent|Good|Fair|Poor)\)$/);
    expect(await page.evaluate(valueOf, "Request to picture")).toMatch(/^[1-9]\d*\.\d\d ms$/);
    expect(await page.evaluate(valueOf, "Chunk")).toBe("64 m, 64 cells");
    expect(lines.some((line) => /^\d+\.\d\d \/ \d+\.\d\d ms, target 50$/.test(line))).toBe(true);
    expect(lines).toContain("Worker 2");
    expect(lines.some((line) => /^Terrane \d+\.\d\d ms/.test(line))).toBe(true);
    // A number that something other than a redraw of the pane changes.
    await page.evaluate(() => {
        window.terrane!.world.memoryLimitBytes = 200 * 2 ** 20;
    });
    await page.waitForFunction(() => document.body.innerText.includes("200.0 MB"));
});

test("graphs and the map are drawn, and go on", async () => {
    const inked = () =>
        page.evaluate(() =>
            [
                ...document.querySelectorAll<HTMLCanvasElement>(
                    ".uplot canvas, canvas[aria-label='Map of the chunks']",
                ),
            ].map((canvas) => {
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
                const colors = new Set<number>();
                for (let i = 0; i < data.length; i += 4) {
                    colors.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
                }
                return colors.size;
            }),
        );
    const [frames, latency, map] = await inked();
    expect(frames).toBeGreaterThan(10);
    expect(latency).toBeGreaterThan(10);
    // The background, several levels and the viewer.
    expect(map).toBeGreaterThan(3);
});

/** Holds a frame up. Returns its number, and where it stands among the recent ones, of 1. */
async function holdUpAsync(name: string): Promise<{ frame: number; share: number }> {
    await page.evaluate((operation) => {
        window.terrane!.scene.onBeforeRenderObservable.addOnce(() => {
            const { profiler } = window.terrane!.world;
            const startMs = profiler.now();
            const endMs = startMs + 4 * profiler.getFrameStats().p50Ms;
            while (profiler.now() < endMs);
            profiler.record(operation, startMs, endMs - startMs);
        });
    }, name);
    const place = await page.waitForFunction((operation) => {
        const { profiler } = window.terrane!.world;
        const hitch = profiler.getHitches().find(({ ran }) => ran.some((part) => part.operation === operation));
        if (hitch === undefined) {
            return null;
        }
        const frames: number[] = [];
        profiler.forEachRecentFrame((frame) => frames.push(frame));
        return { frame: hitch.frame, share: (hitch.frame - frames[0]!) / (frames[frames.length - 1]! - frames[0]!) };
    }, name);
    return (await place.jsonValue())!;
}

test("a click on a hitch's mark shows what ran in it", async () => {
    const over = page.locator(".u-over").first();
    // The plot moves on meanwhile, and the frame behind may be a hitch as well: such a click picks another mark.
    for (let attempt = 0; attempt < 8; attempt++) {
        const name = `heldUp${attempt}`;
        const { frame, share } = await holdUpAsync(name);
        const { width } = (await over.boundingBox())!;
        await over.click({ position: { x: Math.min(width - 2, Math.max(2, share * width)), y: 40 } });
        const isShown = await page
            .waitForFunction((text) => document.body.innerText.split("\n").includes(text), name, { timeout: 4000 })
            .then(
                () => true,
                () => false,
            );
        if (isShown) {
            // Until another hitch comes it is the latest; what was picked stays.
            expect(await page.evaluate(valueOf, `Frame ${frame}`)).toMatch(/ ms, median /);
            return;
        }
    }
    throw new Error("No click showed the hitch that it was meant for.");
});

test("a slider and the switches move the world at once", async () => {
    // The inspector's sliders count steps: of the view distance, 80 of 500 m.
    await page.locator('input[type="range"][max="80"]').fill("10");
    expect(await page.evaluate(() => window.terrane!.world.viewDistance)).toBe(5000);
    const switches = page.getByRole("switch");
    const before = await page.evaluate(() => window.terrane!.world.isStreamingPaused);
    await switches.first().click();
    expect(await page.evaluate(() => window.terrane!.world.isStreamingPaused)).toBe(!before);
    await switches.first().click();
    // The map's first switch, after two of streaming's. It stays on while another pane is looked at.
    await switches.nth(2).click();
    const isTinted = () =>
        page.evaluate(() => {
            const plugin = window.terrane!.world.material?.pluginManager?.getPlugin("TerraneChunkView");
            return (plugin as { showsLevels?: boolean } | null | undefined)?.showsLevels;
        });
    expect(await isTinted()).toBe(true);
    await page.locator('[role="radio"][value="Statistics"]').click();
    await page.waitForFunction(() => document.body.innerText.includes("Open Realtime Perf Viewer"));
    await page.locator('[role="radio"][value="Terrane"]').click();
    await page.waitForFunction(() => document.body.innerText.includes("Chunks shown"));
    expect(await switches.nth(2).isChecked()).toBe(true);
    await switches.nth(2).click();
    expect(await isTinted()).toBe(false);
    // Closing the inspector turns it off as well: see the last test.
    await switches.nth(2).click();
});

test("the performance viewer knows Terrane's curves, also after its own pane has cleared them", async () => {
    const ids = () => page.evaluate(() => [...window.terrane!.scene.getPerfCollector().datasets.ids]);
    expect(await ids()).toEqual(expect.arrayContaining(["Terrane ms", "Terrane chunks"]));
    await page.locator('[role="radio"][value="Statistics"]').click();
    await page.waitForFunction(() => document.body.innerText.includes("Open Realtime Perf Viewer"));
    await page.waitForFunction(() => window.terrane!.scene.getPerfCollector().datasets.ids.includes("Terrane ms"));
    expect(await ids()).toEqual(expect.arrayContaining(["Terrane ms", "Terrane chunks"]));
    // The item in the bar leads back.
    await page.getByRole("button", { name: /^Terrane \d/ }).click();
    await page.waitForFunction(() => document.body.innerText.includes("Chunks shown"));
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
        // An observable lets an observer go a turn later.
        await new Promise((resolve) => setTimeout(resolve, 50));
        return {
            isInspectorDisposed: inspector!.isDisposed,
            isWorldDisposed: world.isDisposed,
            running: window.running,
            isTinted: (world.material?.pluginManager?.getPlugin("TerraneChunkView") as { showsLevels?: boolean } | null)
                ?.showsLevels,
            curves: scene.getPerfCollector().metadataObservable.observers.length,
            providers: document.querySelectorAll("[class*=fui-FluentProvider]").length,
        };
    });
    expect(after).toEqual({
        isInspectorDisposed: true,
        isWorldDisposed: false,
        providers: 0,
        running: { intervals: 0, sizes: 0 },
        isTinted: false,
        curves: 0,
    });
    expect(await isOpen()).toBe(false);
    expect(await page.evaluate(() => document.body.innerText)).not.toContain("Chunks shown");
});
