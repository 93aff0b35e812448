import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";
import { Ledger, randomOf, type Counts } from "./record.js";

const pages = path.resolve(import.meta.dirname, "../../dist/testPages");
/** Most milliseconds from the first acknowledged write to the kill. */
const MOST_MS = 150;

/**
 * Crashes the renderer of a tab that writes into the browser's database, again and again, within one browser whose database is
 * on a disk, and looks each time what is there.
 */
export async function killTabsAsync(
    count: number,
    seed: number,
    say: (line: string) => void = console.log,
): Promise<Counts> {
    const executablePath = findChromium();
    if (executablePath === null) {
        throw new Error("There is no Chromium or Chrome; `npm test` says what to install.");
    }
    const server = createSamplesServer({ directory: pages });
    const address = `http://localhost:${await listenAsync(server, 0)}/storePage.html`;
    const profile = mkdtempSync(path.join(os.tmpdir(), "terrane-profile-"));
    let browser: BrowserContext | undefined;
    try {
        browser = await chromium.launchPersistentContext(profile, { executablePath, args: CHROMIUM_ARGS });
        const [ledger, random] = [new Ledger(), randomOf(seed)];
        let page = await openAsync(browser, address);
        for (let cycle = 0; cycle < count; cycle++) {
            await killOneAsync(browser, page, ledger, random);
            // Who looks is the next who writes.
            page = await openAsync(browser, address);
            ledger.check(await page.evaluate(() => window.stores.findAsync()), say);
        }
        return ledger.counts;
    } finally {
        await browser?.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
}

async function openAsync(browser: BrowserContext, address: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => window.stores !== undefined);
    const opened = await page.evaluate(() => window.stores.openAsync("kills"));
    if (opened !== "opened") {
        throw new Error(`The database is ${opened}.`);
    }
    return page;
}

async function killOneAsync(browser: BrowserContext, page: Page, ledger: Ledger, random: () => number): Promise<void> {
    const first = new Promise<void>((resolve) => {
        void page.exposeFunction("acknowledge", (key: string, version: number) => {
            ledger.acknowledge(key, version);
            resolve();
        });
    });
    await page.waitForFunction(() => window.acknowledge !== undefined);
    const crashed = page.waitForEvent("crash");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const session = await browser.newCDPSession(page);
    await page.evaluate(
        ([version, seed]) => window.stores.write(version!, seed!),
        [ledger.nextVersion, Math.floor(random() * 2 ** 31)],
    );
    await first;
    await new Promise((resolve) => setTimeout(resolve, random() * MOST_MS));
    // The renderer gives no answer.
    session.send("Page.crash").catch(() => {});
    await crashed;
    await page.close();
    if (errors.length > 0) {
        throw new Error(`The writer failed: ${errors.join("\n")}`);
    }
}
