import { BrowserHarness } from "./harness.js";
import { samplePages } from "../../scripts/samplePages.mjs";

let browser: BrowserHarness;

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync();
});

afterAll(async () => {
    await browser.closeAsync();
});

test("the gallery links to every sample, and every link answers", async () => {
    const page = await browser.openAsync("/");
    const links = await page.$$eval("a[href]", (anchors) =>
        anchors.map((anchor) => (anchor as HTMLAnchorElement).href),
    );
    const local = links.filter((link) => link.startsWith(browser.origin)).map((link) => new URL(link));
    const samples = samplePages().filter(({ name }) => name !== "gallery");
    expect(samples.length).toBeGreaterThan(0);
    expect(local.map(({ pathname }) => pathname)).toEqual(
        expect.arrayContaining(samples.map(({ name }) => expect.stringMatching(`^/${name}(\\.html)?$`))),
    );
    for (const link of local) {
        const response = await page.request.get(link.href);
        expect([link.href, response.status()]).toEqual([link.href, 200]);
    }
    browser.expectNoErrors();
});

test("an address that is none answers 404", async () => {
    const page = await browser.openAsync("/");
    expect((await page.request.get(`${browser.origin}/no-such-page`)).status()).toBe(404);
});

test("pages are cross-origin isolated, so that clocks are fine", async () => {
    const page = await browser.openAsync("/");
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
