import path from "node:path";
import type { Page } from "playwright-core";
import { BrowserHarness } from "./harness.js";
import type { Fault, Findings } from "./pages/faultsPage.js";

/** Long enough for a first view to come in, on a slow machine, and for motion to be known. */
const SECONDS = 6;

let browser: BrowserHarness;
let page: Page;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync({ directory: path.resolve("dist/testPages") });
    page = await browser.openAsync("/faultsPage.html");
    await page.waitForFunction(() => window.plantAsync !== undefined);
    // What a page does for the first time takes longer, which is no fault either.
    await plantAsync({});
});

afterAll(async () => {
    await browser.closeAsync();
});

afterEach(() => {
    browser.expectNoErrors();
});

function plantAsync(fault: Fault, seconds = SECONDS): Promise<Findings> {
    return page.evaluate(([planted, s]) => window.plantAsync(planted, s), [fault, seconds] as const);
}

test("workers slowed by 200 ms a chunk: the bake is a critical bottleneck; more of them, or less to bake, the first advice", async () => {
    const { recommendations, bottlenecks } = await plantAsync({ slowMs: 200, isUploadFree: true, warmUpSeconds: 3 });
    // What else a machine is slow at may stand before it; simulated, without a clock, it stands first.
    expect(bottlenecks).toContainEqual(expect.objectContaining({ operation: "bakeTerrain", severity: "critical" }));
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const option = cores > 2 ? "workers" : "screenSpaceError";
    expect(recommendations[0]).toMatchObject({ option, severity: "critical" });
    expect(recommendations[0]!.message).toMatch(/for a worker and [2-9]\d\d ms for its bake/);
});

test("pools of next to nothing: more memory is the first advice", async () => {
    const { recommendations } = await plantAsync({ memoryLimitBytes: 16 * 2 ** 20 });
    expect(recommendations[0]).toMatchObject({ option: "memoryLimitBytes" });
    expect(recommendations[0]!.to / 2 ** 20).toBeGreaterThanOrEqual(32);
    expect(recommendations[0]!.to / 2 ** 20).toBeLessThanOrEqual(256);
});

test("a budget of 0.1 ms: a larger one is the first advice", async () => {
    // While the first view comes in: what follows is less than one chunk a frame, which always may.
    const { recommendations } = await plantAsync({ applyBudgetMs: 0.1 }, 3);
    expect(recommendations[0]).toMatchObject({ option: "applyBudgetMs" });
    expect(recommendations[0]!.to).toBeGreaterThan(0.1);
});
