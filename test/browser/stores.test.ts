import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";
import { killTabsAsync } from "../kills/killTabs.js";

const server = createSamplesServer({ directory: path.resolve("dist/testPages") });
let profile: string;
let browser: BrowserContext;
let origin: string;

beforeAll(async () => {
    origin = `http://localhost:${await listenAsync(server, 0)}`;
    profile = mkdtempSync(path.join(os.tmpdir(), "terrane-profile-"));
    // Tabs of one profile, whose database is on a disk.
    browser = await chromium.launchPersistentContext(profile, {
        executablePath: findChromium()!,
        args: CHROMIUM_ARGS,
    });
});

afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

afterEach(async () => {
    const [first, ...others] = browser.pages();
    await first!.goto("about:blank");
    await Promise.all(others.map((page) => page.close()));
});

async function tabAsync(at = origin): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${at}/storePage.html`);
    await page.waitForFunction(() => window.stores !== undefined);
    return page;
}

async function openTabAsync(database: string): Promise<Page> {
    const page = await tabAsync();
    expect(await page.evaluate((name) => window.stores.openAsync(name), database)).toBe("opened");
    return page;
}

test("two tabs on one database: each finds what the other puts, and misses what it deletes; a reload finds all", async () => {
    const [here, there] = [await openTabAsync("tabs"), await openTabAsync("tabs")];
    expect(await here.evaluate(() => window.stores.putAsync("a", 5000))).toBe("stored");
    await there.waitForFunction(() => window.stores.has("a") === true);
    expect(await there.evaluate(() => window.stores.getAsync("a"))).toBe(5000);
    expect(await there.evaluate(() => window.stores.putAsync("edits/0", 70, true))).toBe("stored");
    expect(await there.evaluate(() => window.stores.deleteAsync("a"))).toBe("deleted");
    expect(await here.evaluate(() => window.stores.getAsync("a"))).toBe("missing");
    await here.waitForFunction(() => window.stores.has("a") === false && window.stores.has("edits/0") === true);
    await here.reload();
    await here.waitForFunction(() => window.stores !== undefined);
    expect(await here.evaluate(() => window.stores.openAsync("tabs"))).toBe("opened");
    expect(await here.evaluate(() => window.stores.listAsync())).toEqual({ status: "listed", keys: ["edits/0"] });
    expect(await here.evaluate(() => window.stores.getAsync("edits/0"))).toBe(70);
    expect(typeof (await here.evaluate(() => window.stores.persistAsync()))).toBe("boolean");
});

test("a browser that has no more room: chunks make room, for new ones and for what a user made, which never does", async () => {
    // An origin that has stored nothing yet: Chromium goes by what it knew of the room a while ago.
    const empty = origin.replace("localhost", "127.0.0.1");
    const tab = await tabAsync(empty);
    const session = await browser.newCDPSession(tab);
    await session.send("Storage.overrideQuotaForOrigin", { origin: empty, quotaSize: 6_000_000 });
    expect(await tab.evaluate(() => window.stores.openAsync("full"))).toBe("opened");
    const putAllAsync = (folder: string, isMade: boolean): Promise<string[]> =>
        tab.evaluate(
            async ([name, isIrreplaceable]) => {
                const all: string[] = [];
                for (let i = 0; i < 30; i++) {
                    all.push(await window.stores.putAsync(`${name}/${i}`, 500_000, isIrreplaceable));
                }
                return all;
            },
            [folder, isMade] as const,
        );
    const keysAsync = (): Promise<string[]> =>
        tab.evaluate(async () => ((await window.stores.listAsync()) as { keys: string[] }).keys);
    try {
        expect(await tab.evaluate(() => window.stores.putAsync("edits/first", 100_000, true))).toBe("stored");
        expect(await putAllAsync("chunks", false)).toEqual(new Array(30).fill("stored"));
        const keys = await keysAsync();
        expect(keys.length).toBeLessThan(13);
        expect(keys).toContain("edits/first");
        expect(keys).toContain("chunks/29");
        expect(keys).not.toContain("chunks/0");
        expect(await tab.evaluate(() => window.stores.warnings)).toEqual([]);
        const statuses = await putAllAsync("edits", true);
        const stored = statuses.flatMap((status, i) => (status === "stored" ? [`edits/${i}`] : []));
        expect(stored.length).toBeGreaterThan(7);
        expect(statuses.filter((status) => status !== "stored")).toEqual(new Array(30 - stored.length).fill("refused"));
        expect((await keysAsync()).sort()).toEqual(["edits/first", ...stored].sort());
        expect(await tab.evaluate(() => window.stores.putAsync("chunks/30", 500_000))).toBe("refused");
        expect(await tab.evaluate(() => window.stores.warnings)).toEqual([
            "The browser has no more room for this page. What is new is not kept.",
        ]);
        expect(await tab.evaluate(() => window.stores.getAsync("edits/first"))).toBe(100_000);
    } finally {
        await session.send("Storage.overrideQuotaForOrigin", { origin: empty });
    }
});

test("an upgrade while a tab holds the database: the tab lets go of it; the older page is told of the newer database", async () => {
    const [old, later] = [await openTabAsync("upgraded"), await tabAsync()];
    await old.evaluate(() => window.stores.putAsync("a", 10));
    expect(await later.evaluate(() => window.stores.upgradeAsync("upgraded", 2))).toBe("upgraded");
    expect(await old.evaluate(() => window.stores.getAsync("a"))).toBe("unavailable");
    expect(await old.evaluate(() => window.stores.putAsync("b", 10))).toBe("unavailable");
    const another = await tabAsync();
    expect(await another.evaluate(() => window.stores.openAsync("upgraded"))).toBe("newer");
});

test("an upgrade that another tab holds up: opening ends, and says what holds it", async () => {
    const [holder, later] = [await tabAsync(), await tabAsync()];
    await holder.evaluate(() => window.stores.holdAsync("held"));
    expect(await later.evaluate(() => window.stores.openAsync("held", 1000, 2))).toBe("blocked");
    await holder.close();
    const another = await tabAsync();
    expect(await another.evaluate(() => window.stores.openAsync("held", 1000, 2))).toBe("opened");
});

test("a sandboxed frame has no database: a memory takes its place, with one warning", async () => {
    const page = await browser.newPage();
    // Scripts of a frame without an origin come from another origin.
    await page.route("**/*.{js,html}", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" } }); // prettier-ignore
    });
    await page.goto(`${origin}/storePage.html`);
    await page.evaluate(() => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-scripts");
        frame.src = "./storePage.html";
        document.body.append(frame);
    });
    await page.waitForSelector("iframe");
    const frame = page.frames().find((one) => one.parentFrame() !== null)!;
    await frame.waitForFunction(() => window.stores !== undefined);
    expect(await frame.evaluate(() => window.stores.openAsync("sandbox"))).toBe("denied");
    expect(await frame.evaluate(() => window.stores.openDescribedAsync("sandbox"))).toBe("memory");
    expect(await frame.evaluate(() => window.stores.warnings)).toEqual([
        expect.stringMatching(/^The browser does not open the database "sandbox": .*kept in memory/),
    ]);
    expect(await frame.evaluate(() => window.stores.putAsync("a", 10))).toBe("stored");
    expect(await frame.evaluate(() => window.stores.getAsync("a"))).toBe(10);
});

test("ten crashes of a tab that writes: nothing is damaged, nothing acknowledged is lost", async () => {
    const faults: string[] = [];
    const counts = await killTabsAsync(10, 1, (fault) => faults.push(fault));
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ kills: 10, damaged: 0, lost: 0 });
    expect(counts.writes).toBeGreaterThan(10);
});
