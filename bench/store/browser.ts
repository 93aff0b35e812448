import { copyFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { chromium, type Browser, type CDPSession, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findOrInstallChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";
import { median } from "../common/statistics.js";
import type { StoreBench, StorePlan, ThreadResult, WorldKind } from "./page/page.js";

const TIMEOUT_MS = 300_000;
const ROUNDS = 5;
const PAGE =
    '<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," /><script type="module" src="storePage.js"></script>\n';

const KINDS: readonly WorldKind[] = ["http", "archive", "indexedDb", "bake"];

/** Milliseconds of the main thread, by its own clock: in tasks, and of these in scripts. */
interface MainThreadMs {
    readonly task: number;
    readonly script: number;
}

/** Milliseconds of the main thread that a chunk takes from its request to its callback, by its own clock. */
export interface MainThreadFigures {
    [name: string]: number;
    /** Over HTTP, less `mainMsPerPlainFetch`: what is ours. */
    mainMsPerLoad: number;
    mainMsPerBake: number;
    /** What the browser itself takes of the main thread for a fetch in a worker that tells nothing. */
    mainMsPerPlainFetch: number;
    /** Over HTTP, all in all. */
    mainMsPerLoadHttp: number;
    /** From the browser's database, all in all. */
    mainMsPerLoadIndexedDb: number;
    /** From the archive, all in all. */
    mainMsPerLoadArchive: number;
    /** Over HTTP, in scripts. */
    mainScriptMsPerLoad: number;
    mainScriptMsPerBake: number;
    /** Until 64 height grids were there that were wanted at once, over HTTP, through the runtime. */
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
            const samples: Record<WorldKind | "fetch", MainThreadMs[]> = Object.fromEntries(
                [...KINDS, "fetch" as const].map((kind) => [kind, []]),
            ) as never;
            const measureAsync = async (runAsync: () => Promise<void>): Promise<MainThreadMs> => {
                const before = await metricsAsync(devTools);
                await runAsync();
                const after = await metricsAsync(devTools);
                const { length } = plan.chunks;
                return { task: (after.task - before.task) / length, script: (after.script - before.script) / length };
            };
            const bursts: number[] = [];
            for (let round = 0; round <= ROUNDS; round++) {
                for (const kind of KINDS) {
                    await page.evaluate(([given, what]) => window.storeBench.openCoreAsync(given, what), [
                        plan,
                        kind,
                    ] as const);
                    samples[kind].push(
                        await measureAsync(() =>
                            page.evaluate((given) => window.storeBench.requestAllAsync(given), plan),
                        ),
                    );
                    await page.evaluate(() => window.storeBench.settleAsync());
                    await page.evaluate(() => window.storeBench.closeCoreAsync());
                }
                samples.fetch.push(
                    await measureAsync(() => page.evaluate((given) => window.storeBench.fetchAllAsync(given), plan)),
                );
                bursts.push(await page.evaluate((given) => window.storeBench.measureBurstAsync(given), plan));
            }
            // The first round is one of code that is not compiled yet, and of an empty database.
            const of = (kind: WorldKind | "fetch", part: keyof MainThreadMs): number =>
                median(samples[kind].slice(1).map((one) => one[part]));
            return {
                mainMsPerLoad: of("http", "task") - of("fetch", "task"),
                mainMsPerBake: of("bake", "task"),
                mainMsPerPlainFetch: of("fetch", "task"),
                mainMsPerLoadHttp: of("http", "task"),
                mainMsPerLoadIndexedDb: of("indexedDb", "task"),
                mainMsPerLoadArchive: of("archive", "task"),
                mainScriptMsPerLoad: of("http", "script"),
                mainScriptMsPerBake: of("bake", "script"),
                runtimeBurst64Ms: median(bursts.slice(1)),
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
async function metricsAsync(devTools: CDPSession): Promise<MainThreadMs> {
    await devTools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devTools.send("Performance.getMetrics");
    const of = (name: string): number => 1000 * metrics.find((metric) => metric.name === name)!.value;
    return { task: of("TaskDuration"), script: of("ScriptDuration") };
}

export type { StoreBench };
