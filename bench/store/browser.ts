import { copyFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { chromium, type Browser, type CDPSession, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findOrInstallChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";
import { median } from "../common/statistics.js";
import type { StoreBench, StorePlan, ThreadResult } from "./page/page.js";

const TIMEOUT_MS = 300_000;
const ROUNDS = 5;
const PAGE =
    '<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," /><script type="module" src="storePage.js"></script>\n';

export interface MainThreadFigures {
    [name: string]: number;
    /** Milliseconds of the main thread's tasks, by its own clock: all that one chunk takes from request to callback. */
    mainMsPerLoad: number;
    mainMsPerBake: number;
    /** Of these, in scripts. */
    mainScriptMsPerLoad: number;
    mainScriptMsPerBake: number;
    /** Milliseconds until 64 height grids were there that were wanted at once, over HTTP, through the runtime. */
    runtimeBurst64Ms: number;
}

/** Opens the bench's page, from a server that lets the browser keep nothing. */
export class StoreBrowser {
    private constructor(
        private readonly _server: Server,
        private readonly _browser: Browser,
        private readonly _address: string,
    ) {}

    /** @param site what is served: the page and what it loads are put there */
    public static async StartAsync(site: string, bundles: string, dist: string): Promise<StoreBrowser> {
        writeFileSync(path.join(site, "index.html"), PAGE);
        for (const name of ["storePage.js", "storeThread.js"]) {
            copyFileSync(path.join(bundles, name), path.join(site, name));
        }
        for (const name of ["terrane.worker.js", "terrane.wasm"]) {
            copyFileSync(path.join(dist, name), path.join(site, name));
        }
        const files = createSamplesServer({ directory: site });
        const server = createServer((request, response) => {
            response.setHeader("Cache-Control", "no-store");
            files.emit("request", request, response);
        });
        const port = await listenAsync(server, 0);
        const browser = await chromium.launch({ executablePath: findOrInstallChromium(), args: CHROMIUM_ARGS });
        return new StoreBrowser(server, browser, `http://localhost:${port}/`);
    }

    /** Measures all stores that a page has, on a thread of the page. */
    public measureStoresAsync(plan: StorePlan): Promise<ThreadResult> {
        return this._openAsync((page) => page.evaluate((given) => window.storeBench.measureStoresAsync(given), plan));
    }

    /** Measures what a load and a bake take of the page's main thread, through the runtime. */
    public measureMainThreadAsync(plan: StorePlan): Promise<MainThreadFigures> {
        return this._openAsync(async (page, devTools) => {
            await devTools.send("Performance.enable", { timeDomain: "threadTicks" });
            const tasks: Record<"load" | "bake", { task: number; script: number }[]> = { load: [], bake: [] };
            const bursts: number[] = [];
            for (let round = -1; round < ROUNDS; round++) {
                for (const kind of ["load", "bake"] as const) {
                    await page.evaluate(([given, what]) => window.storeBench.openCoreAsync(given, what), [
                        plan,
                        kind,
                    ] as const);
                    const before = await metricsAsync(devTools);
                    await page.evaluate((given) => window.storeBench.requestAllAsync(given), plan);
                    const after = await metricsAsync(devTools);
                    await page.evaluate(() => window.storeBench.closeCoreAsync());
                    if (round >= 0) {
                        tasks[kind].push({
                            task: (after.task - before.task) / plan.chunks.length,
                            script: (after.script - before.script) / plan.chunks.length,
                        });
                    }
                }
                const burstMs = await page.evaluate((given) => window.storeBench.measureBurstAsync(given), plan);
                if (round >= 0) {
                    bursts.push(burstMs);
                }
            }
            const of = (kind: "load" | "bake", part: "task" | "script"): number =>
                median(tasks[kind].map((one) => one[part]));
            return {
                mainMsPerLoad: of("load", "task"),
                mainMsPerBake: of("bake", "task"),
                mainScriptMsPerLoad: of("load", "script"),
                mainScriptMsPerBake: of("bake", "script"),
                runtimeBurst64Ms: median(bursts),
            };
        });
    }

    public async closeAsync(): Promise<void> {
        await this._browser.close();
        this._server.closeAllConnections();
        this._server.close();
    }

    private async _openAsync<T>(runAsync: (page: Page, devTools: CDPSession) => Promise<T>): Promise<T> {
        const page = await this._browser.newPage({ viewport: { width: 320, height: 180 } });
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
        page.on("console", (message) => {
            if (message.type() === "error" || message.type() === "warning") {
                errors.push(message.text());
            }
        });
        page.setDefaultTimeout(TIMEOUT_MS);
        try {
            await page.goto(this._address);
            await page.waitForFunction(() => "storeBench" in window);
            if (!(await page.evaluate(() => crossOriginIsolated))) {
                throw new Error("the page is not cross-origin isolated: its clock is too coarse");
            }
            const result = await runAsync(page, await page.context().newCDPSession(page));
            if (errors.length > 0) {
                throw new Error(`the page reported ${errors.length} errors, the first: ${errors[0]}`);
            }
            return result;
        } finally {
            await page.close();
        }
    }
}

/** Milliseconds that the main thread has worked since the page began. */
async function metricsAsync(devTools: CDPSession): Promise<{ task: number; script: number }> {
    await devTools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devTools.send("Performance.getMetrics");
    const of = (name: string): number => 1000 * metrics.find((metric) => metric.name === name)!.value;
    return { task: of("TaskDuration"), script: of("ScriptDuration") };
}

export type { StoreBench };
