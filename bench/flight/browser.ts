import type { Server } from "node:http";
import { chromium, type Browser, type CDPSession, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findOrInstallChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";
import type { FlightBench } from "./page/page.js";
import type { ChunkCounts, FlightPlan, FlightRecord } from "./page/pilot.js";
import { samplePassageAsync } from "./passage.js";

export interface Flight {
    readonly record: FlightRecord;
    readonly requests: Awaited<ReturnType<FlightBench["measureRequestsAsync"]>>;
    /** Bytes of JavaScript's heap, after forced collections at both ends of the way out and back. */
    readonly heapBytes: { before: number; after: number };
}

const WIDTH = 320;
const HEIGHT = 180;
const LOAD_TIMEOUT_MS = 180_000;
const FLIGHT_TIMEOUT_MS = 600_000;
const PASSAGE_WARM_UP_FRAMES = 6000;
const PASSAGE_FRAMES = 3000;

/** Opens the `endless` sample again for each flight. */
export class FlightBrowser {
    private constructor(
        private readonly _server: Server,
        private readonly _browser: Browser,
        private readonly _address: string,
        private readonly _pageScript: string,
    ) {}

    /** @param query what the sample's address ends with */
    public static async StartAsync(directory: string, pageScript: string, query = ""): Promise<FlightBrowser> {
        const executablePath = findOrInstallChromium();
        const server = createSamplesServer({ directory });
        const port = await listenAsync(server, 0);
        const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
        return new FlightBrowser(server, browser, `http://localhost:${port}/endless?hud=0${query}`, pageScript);
    }

    public flyAsync(plan: FlightPlan): Promise<Flight> {
        return this._openAsync(plan, async (page, devTools) => {
            const before = await heapBytesAsync(devTools);
            await page.evaluate(() => window.flightBench.flyAsync());
            const after = await heapBytesAsync(devTools);
            const record = await page.evaluate(() => window.flightBench.teleportAsync());
            const requests = await page.evaluate(() => window.flightBench.measureRequestsAsync());
            return { record, requests, heapBytes: { before, after } };
        });
    }

    /** Measures the bytes of garbage that a chunk's passage leaves in steady flight, from its request to the cache. */
    public measurePassageAsync(plan: FlightPlan): Promise<number> {
        return this._openAsync(plan, async (page, devTools) => {
            const flyOnAsync = (frames: number, metresAFrame: number): Promise<ChunkCounts> =>
                page.evaluate(([count, step]) => window.flightBench.flyOnAsync(count!, step!), [frames, metresAFrame]);
            // Fast at first, until what runs often is compiled: code that is not boxes every number.
            await flyOnAsync(PASSAGE_WARM_UP_FRAMES, 3);
            const chunks = { baked: 0, shown: 0 };
            const flying = await samplePassageAsync(devTools, async () => {
                Object.assign(chunks, await flyOnAsync(PASSAGE_FRAMES, 1));
            });
            // What frames leave without a chunk is not theirs.
            const resting = await samplePassageAsync(devTools, async () => {
                await flyOnAsync(PASSAGE_FRAMES, 0);
            });
            if (!(flying.bake > resting.bake && flying.show > resting.show)) {
                throw new Error("chunks left no garbage: the functions that they pass have other names now");
            }
            return (flying.bake - resting.bake) / chunks.baked + (flying.show - resting.show) / chunks.shown;
        });
    }

    private async _openAsync<T>(
        plan: FlightPlan,
        measureAsync: (page: Page, devTools: CDPSession) => Promise<T>,
    ): Promise<T> {
        const page = await this._browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
        page.setDefaultTimeout(FLIGHT_TIMEOUT_MS);
        try {
            await page.addInitScript({ path: this._pageScript });
            await page.goto(this._address);
            await page.waitForFunction(() => window.flightBench.isLoaded, undefined, { timeout: LOAD_TIMEOUT_MS });
            if (!(await page.evaluate(() => crossOriginIsolated))) {
                throw new Error("the page is not cross-origin isolated: its clock is too coarse");
            }
            await page.evaluate((given) => window.flightBench.prepareAsync(given), plan);
            const devTools = await page.context().newCDPSession(page);
            const result = await measureAsync(page, devTools);
            if (errors.length > 0) {
                throw new Error(`the page reported ${errors.length} errors, the first: ${errors[0]}`);
            }
            return result;
        } finally {
            await page.close();
        }
    }

    public async closeAsync(): Promise<void> {
        await this._browser.close();
        this._server.closeAllConnections();
        this._server.close();
    }
}

async function heapBytesAsync(devTools: CDPSession): Promise<number> {
    await devTools.send("HeapProfiler.collectGarbage");
    await devTools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devTools.send("Runtime.getHeapUsage");
    return usedSize;
}
