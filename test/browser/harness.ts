import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { chromium, type Browser, type Page } from "playwright-core";
import { PNG } from "pngjs";
import { CHROMIUM_ARGS, findChromium } from "../../scripts/chromium.mjs";
import { createSamplesServer, listenAsync } from "../../scripts/samplesServer.mjs";

/** Lets Chromium draw by WebGPU without a GPU. */
export const WEBGPU_ARGS = [
    "--enable-unsafe-webgpu",
    "--ignore-gpu-blocklist",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
    "--disable-vulkan-surface",
];

export interface HarnessOptions {
    /** The folder to serve. Default: the samples' build. */
    directory?: string;
    /** Looks at each request first. True where it answers it, or leaves it without an answer. */
    answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
    /** For Chromium, beside those that all tests have. */
    args?: readonly string[];
}

export interface PageOptions {
    /** Pixels. Small by default: a software renderer pays for each. */
    width?: number;
    height?: number;
    /** Runs in the page before its own scripts. */
    beforeScripts?: () => void;
}

/** A server of built pages and a browser with a profile of its own, which remembers every error that a page reports. */
export class BrowserHarness {
    /** Console errors and uncaught exceptions of all pages since the last look. */
    public readonly errors: string[] = [];

    private constructor(
        private readonly _server: Server,
        private readonly _browser: Browser,
        public readonly origin: string,
    ) {}

    public static async StartAsync({ directory, answer, args = [] }: HarnessOptions = {}): Promise<BrowserHarness> {
        const executablePath = findChromium();
        if (executablePath === null) {
            throw new Error("There is no Chromium or Chrome; `npm test` says what to install.");
        }
        const files = createSamplesServer(directory === undefined ? {} : { directory });
        const server =
            answer === undefined
                ? files
                : createServer((request, response) => {
                      if (!answer(request, response)) {
                          files.emit("request", request, response);
                      }
                  });
        const port = await listenAsync(server, 0);
        try {
            // Each launch makes a user-data folder of its own and removes it.
            const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...args] });
            return new BrowserHarness(server, browser, `http://localhost:${port}`);
        } catch (error) {
            server.close();
            throw error;
        }
    }

    /** Opens `address` (from the root, with its query) in a new page. */
    public async openAsync(
        address: string,
        { width = 480, height = 270, beforeScripts }: PageOptions = {},
    ): Promise<Page> {
        const page = await this._browser.newPage({ viewport: { width, height } });
        if (beforeScripts !== undefined) {
            await page.addInitScript(beforeScripts);
        }
        page.setDefaultTimeout(100_000);
        page.on("pageerror", (error) => this.errors.push(`uncaught: ${error.stack ?? error.message}`));
        page.on("console", (message) => {
            if (message.type() === "error") {
                this.errors.push(`console: ${message.text()} (${message.location().url})`);
            }
        });
        page.on("crash", () => this.errors.push("the page crashed"));
        const response = await page.goto(`${this.origin}${address}`);
        if (response === null || !response.ok()) {
            throw new Error(`${address} answered ${response?.status()}`);
        }
        return page;
    }

    /** Fails where any page reported an error, and forgets them, so that one test's errors do not fail the next. */
    public expectNoErrors(): void {
        const found = this.errors.splice(0);
        if (found.length > 0) {
            throw new Error(`The page reported ${found.length} errors:\n${found.join("\n")}`);
        }
    }

    public async closeAsync(): Promise<void> {
        await this._browser.close();
        this._server.closeAllConnections();
        await new Promise((resolve) => this._server.close(resolve));
    }
}

export async function screenshotAsync(page: Page): Promise<PNG> {
    return PNG.sync.read(await page.screenshot());
}
