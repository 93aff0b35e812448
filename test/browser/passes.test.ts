import path from "node:path";
import type { Page } from "playwright-core";
import { BrowserHarness, WEBGPU_ARGS } from "./harness.js";
import type { Counts, Setup, Turn } from "./pages/passesPage.js";

async function openAsync(args: readonly string[] = []): Promise<{ browser: BrowserHarness; page: Page }> {
    const browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages"), args });
    const page = await browser.openAsync("/passesPage.html");
    await page.waitForFunction(() => window.passes !== undefined);
    return { browser, page };
}

/**
 * Where borders meet, skirts and ground lie in one place, and who is drawn first has the pixel: that depends on the order in
 * which chunks came. What a pass leaves out is thousands.
 */
const TIES = 8;

describe("a turn on the spot, in eight steps", () => {
    let browser: BrowserHarness;
    let merged: Turn;
    let single: Turn;
    let changes: Counts;
    let differences: Counts;

    beforeAll(async () => {
        const opened = await openAsync();
        ({ browser } = opened);
        const { page } = opened;
        const turnAsync = (mergeSiblings: boolean): Promise<Turn> =>
            page.evaluate((setup: Setup) => window.passes.turnAsync(setup), { mergeSiblings });
        merged = await turnAsync(true);
        single = await turnAsync(false);
        changes = await page.evaluate((id) => window.passes.differencesOf(id), merged.id);
        differences = await page.evaluate(([a, b]) => window.passes.differencesOf(a, b), [
            merged.id,
            single.id,
        ] as const);
    });

    afterAll(async () => {
        await browser.closeAsync();
        browser.expectNoErrors();
    });

    test("each pass draws ground, and some of it by merged meshes", () => {
        expect(merged.mergedMeshes).toBeGreaterThan(10);
        expect(single.mergedMeshes).toBe(0);
        const empty = Object.entries(merged.drawn).filter(([, counts]) => counts.some((count) => count === 0));
        // Below the probe it is all ground, in one light.
        expect(empty.map(([name]) => name).filter((name) => name !== "probe 3")).toEqual([]);
    });

    test("shadow map, rear view and probe do not change by a texel while the camera turns", () => {
        for (const [name, counts] of Object.entries(changes)) {
            if (/shadow|rear|probe/.test(name)) {
                expect([name, Math.max(...counts)]).toEqual([name, 0]);
            }
        }
        expect(Math.max(...changes["main view"]!)).toBeGreaterThan(1000);
    });

    test("shadow map and GPU pick are what they are with a mesh for each chunk; so is every picture", () => {
        for (const [name, counts] of Object.entries(differences)) {
            const allowed = /shadow|pick/.test(name) ? 0 : TIES;
            expect([name, counts.filter((count) => count > allowed)]).toEqual([name, []]);
        }
    });

    test("a world casts shadows by cascades: all that is shown, until that ends", () => {
        expect(merged.casters.listed).toBeGreaterThan(10);
        expect(merged.casters).toEqual({ listed: merged.casters.listed, shown: merged.casters.listed, after: 0 });
    });

    test("draw calls are those of both halves of a split screen; merged siblings save some", () => {
        // Half a screen sees less to its sides; over a whole turn, both see the same.
        expect(single.drawCalls.split).toBeGreaterThan(1.4 * single.drawCalls.one);
        expect(merged.drawCalls.split).toBeGreaterThan(1.4 * merged.drawCalls.one);
        expect(merged.drawCalls.one).toBeLessThan(0.8 * single.drawCalls.one);
    });
});

test("frozen active meshes, and an aggressive priority: the same picture in a turn and along a flight", async () => {
    const { browser, page } = await openAsync();
    try {
        const flyAsync = (setup: Partial<Setup>): Promise<Pick<Turn, "id" | "drawn">> =>
            page.evaluate((each: Setup) => window.passes.flyAsync(each), { mergeSiblings: true, ...setup });
        const plain = await flyAsync({});
        for (const setup of [{ isFrozen: true }, { isAggressive: true }]) {
            const ids = [plain.id, (await flyAsync(setup)).id] as const;
            const differences = await page.evaluate(([a, b]) => window.passes.differencesOf(a, b), ids);
            expect([setup, differences["main view"]!.filter((count) => count > TIES)]).toEqual([setup, []]);
        }
        browser.expectNoErrors();
    } finally {
        await browser.closeAsync();
    }
});

const gpu = await openAsync(WEBGPU_ARGS);
const hasAdapter = await gpu.page.evaluate(async () => {
    const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
    return gpu !== undefined && (await gpu.requestAdapter()) !== null;
});

afterAll(async () => {
    await gpu.browser.closeAsync();
});

(hasAdapter ? test : test.skip)(
    "WebGPU draws the same from recorded bundles as without, in a turn and along a flight",
    async () => {
        const flyAsync = (compatibilityMode: boolean): Promise<Pick<Turn, "id" | "drawn">> =>
            gpu.page.evaluate((setup: Setup) => window.passes.flyAsync(setup), {
                mergeSiblings: true,
                webGpu: { compatibilityMode },
            });
        const plain = await flyAsync(true);
        const recorded = await flyAsync(false);
        expect(Math.min(...plain.drawn["main view"]!)).toBeGreaterThan(1000);
        const differences = await gpu.page.evaluate(([a, b]) => window.passes.differencesOf(a, b), [
            plain.id,
            recorded.id,
        ] as const);
        expect(differences["main view"]!.filter((count) => count > TIES)).toEqual([]);
        gpu.browser.expectNoErrors();
    },
);
