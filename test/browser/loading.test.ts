import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { Page } from "playwright-core";
import { BrowserHarness } from "./harness.js";
import type { Outcome } from "./pages/loadingPage.js";

/** For what never comes: short enough for a test. */
const SHORT_MS = 1000;
/** For what comes: long enough for a slow machine. */
const LONG_MS = 6000;
const OPEN_POLICY = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src data:";
const NO_WASM_POLICY = "default-src 'self' 'unsafe-inline'; worker-src 'self' blob:; img-src data:";
const NO_BLOB_POLICY = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:";
const NO_WORKER_POLICY = "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'; img-src data:";

const directory = path.resolve("dist/testPages");
const script = readFileSync(path.join(directory, "terrane.worker.js"));
const wasm = readFileSync(path.join(directory, "terrane.wasm"));

/** What the server does with the files' addresses once the page has what it wants. */
let isGone: "" | "closed" | "stalled" | "moved on" = "";
let browser: BrowserHarness;
/** By policy: what one test loads the next may not have. */
const pages = new Map<string, Page>();
let page: Page;

function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(request.url!, "http://localhost");
    const policy = searchParams.get("policy");
    if (policy !== null) {
        response.setHeader("Content-Security-Policy", policy);
    }
    const send = (type: string, body: string | Buffer, status = 200): true => {
        response.writeHead(status, {
            "Content-Type": type,
            "Cache-Control": "no-store",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Resource-Policy": "cross-origin",
        });
        response.end(body);
        return true;
    };
    switch (pathname) {
        case "/stalled":
            return true;
        case "/half.wasm":
            response.writeHead(200, { "Content-Type": "application/wasm", "Content-Length": wasm.length });
            response.write(wasm.subarray(0, 1000));
            return true;
        case "/page.js":
            return send("text/html", "<!doctype html><title>No</title>");
        case "/throws.js":
            return send("text/javascript", "throw new Error('not today');");
        case "/silent.js":
            return send("text/javascript", "setInterval(() => {}, 1000);");
        case "/old.js":
            return send("text/javascript", script.toString().replaceAll(/"\d+\.\d+\.\d+"/g, '"0.0.1"'));
        case "/forbidden.js":
            response.setHeader("Content-Security-Policy", "default-src 'self'");
            return send("text/javascript", script);
        case "/kept.js":
            if (isGone === "closed") {
                request.socket.destroy();
                return true;
            }
            if (isGone === "moved on") {
                return send("text/javascript", script.toString().replaceAll(/"\d+\.\d+\.\d+"/g, '"9.9.9"'));
            }
            return isGone === "stalled" || send("text/javascript", script);
        case "/kept.wasm":
            if (isGone !== "") {
                request.socket.destroy();
                return true;
            }
            return send("application/wasm", wasm);
    }
    return false;
}

beforeAll(async () => {
    browser = await BrowserHarness.StartAsync({ directory, answer });
});

afterAll(async () => {
    await browser.closeAsync();
});

beforeEach(() => {
    isGone = "";
});

afterEach(() => {
    // What cannot be loaded is told on the console, too; but for the script that is made to, nothing may be thrown that nobody
    // catches.
    const uncaught = browser.errors.splice(0).filter((text) => /^uncaught(?!: Error: not today)/.test(text));
    expect(uncaught).toEqual([]);
});

async function openAsync(policy = OPEN_POLICY): Promise<void> {
    page = pages.get(policy) ?? (await browser.openAsync(`/loadingPage.html?policy=${encodeURIComponent(policy)}`));
    pages.set(policy, page);
    await page.waitForFunction(() => window.bakeAsync !== undefined);
}

interface Options {
    workers?: number;
    workerUrl?: string;
    wasmUrl?: string;
    loadTimeoutMs?: number;
}

const calls = ["bakeAsync", "createWorldAsync"] as const;

/** A limit of their own: a load that never ends ends the test. */
function runAsync(call: (typeof calls)[number] | "replaceAsync", options: Options): Promise<Outcome> {
    return page.evaluate(([name, given]) => window[name](given), [
        call,
        { loadTimeoutMs: LONG_MS, ...options },
    ] as const);
}

describe.each(calls)("%s", (call) => {
    test.each([
        ["never answers", "/stalled"],
        ["stops in the midst of the body", "/half.wasm"],
    ])("a server of terrane.wasm that %s ends in a KernelError", async (_, wasmUrl) => {
        await openAsync();
        const outcome = await runAsync(call, { wasmUrl, loadTimeoutMs: SHORT_MS });
        expect(outcome).toMatchObject({ name: "KernelError", code: "TERRANE_NO_KERNELS" });
        expect(outcome.message).toMatch(/did not come within 1000 ms.*options\.wasmUrl/);
    });

    test.each([0, 1])("a policy without wasm-unsafe-eval is named, with %p workers", async (workers) => {
        await openAsync(NO_WASM_POLICY);
        const outcome = await runAsync(call, { workers });
        expect(outcome).toMatchObject({ name: "KernelError", code: "TERRANE_WASM_FORBIDDEN" });
        expect(outcome.message).toMatch(/content security policy forbids.*Add 'wasm-unsafe-eval'/);
    });

    test("a worker's script of another origin is named, and what to do", async () => {
        await openAsync(`${OPEN_POLICY} http:`);
        const workerUrl = `${browser.origin.replace("localhost", "127.0.0.1")}/terrane.worker.js`;
        const outcome = await runAsync(call, { workerUrl });
        expect(outcome).toMatchObject({ name: "TerraneError", code: "TERRANE_INVALID" });
        expect(outcome.message).toMatch(/from the page's own origin alone, and .* is of http:\/\/127\.0\.0\.1/);
        expect(outcome.message).toMatch(/Serve terrane\.worker\.js from http:\/\/localhost:\d+ .*workers: 0/);
    });
});

test.each([
    ["is not there", "/missing.js", LONG_MS, /\(the server answered 404/],
    ["is a page", "/page.js", LONG_MS, /\(the server answers with text\/html, which is no script\)/],
    ["throws as it loads", "/throws.js", LONG_MS, /could not be started from .*throws\.js/],
    ["registers nothing", "/silent.js", SHORT_MS, /\(no answer within 1000 ms\)/],
    ["never comes", "/stalled", SHORT_MS, /\(the server does not answer\)/],
    ["is of another version", "/old.js", LONG_MS, /its script is of another version, 0\.0\.1; this library is/],
])("a worker's script that %s is named, and what to do", async (_, workerUrl, loadTimeoutMs, message) => {
    await openAsync();
    const outcome = await runAsync("bakeAsync", { workerUrl, loadTimeoutMs });
    expect(outcome).toMatchObject({ name: "TerraneError", code: "TERRANE_INVALID" });
    expect(outcome.message).toMatch(message);
    expect(outcome.message).toMatch(/Copy terrane\.worker\.js beside the bundle, or pass options\.workerUrl/);
});

test("a policy that forbids workers is named, and what to do", async () => {
    await openAsync(NO_WORKER_POLICY);
    const outcome = await runAsync("createWorldAsync", {});
    expect(outcome).toMatchObject({ name: "TerraneError", code: "TERRANE_INVALID" });
    expect(outcome.message).toMatch(/content security policy forbids the worker \(worker-src\)\. Allow .*'self'/);
});

test("a worker whose own policy forbids wasm says so of each chunk that it cannot pack, and bakes for a world all the same", async () => {
    await openAsync();
    const outcome = await runAsync("bakeAsync", { workerUrl: "/forbidden.js" });
    expect(outcome.name).toBe("WorldBakeError");
    expect(outcome.message).toMatch(/worker's content security policy forbids WebAssembly.*Add 'wasm-unsafe-eval'/);
    expect(await runAsync("createWorldAsync", { workerUrl: "/forbidden.js" })).toEqual({ done: "done" });
});

describe("what was loaded once is kept", () => {
    /** Addresses of its own for each test: what another has kept is none of theirs. */
    let kept = { workerUrl: "", wasmUrl: "", loadTimeoutMs: 0 };
    let tests = 0;

    beforeEach(() => {
        kept = { workerUrl: `/kept.js?${++tests}`, wasmUrl: `/kept.wasm?${tests}`, loadTimeoutMs: 2000 };
    });

    /** Until the page has its copy, which it fetches after the first worker has started. */
    async function firstAsync(): Promise<Outcome> {
        const copied = page.waitForResponse(
            (response) => response.url().endsWith(kept.workerUrl) && response.request().resourceType() === "fetch",
        );
        const first = await runAsync("bakeAsync", kept);
        expect(first.done).toMatch(/^[0-9a-f]{64}$/);
        await (await copied).finished();
        return first;
    }

    test.each(["closed", "stalled", "moved on"] as const)(
        "with the server %s, a second bake, a world, and a worker that is replaced are as the first",
        async (how) => {
            await openAsync();
            const first = await firstAsync();
            isGone = how;
            expect(await runAsync("bakeAsync", kept)).toEqual(first);
            expect(await runAsync("createWorldAsync", kept)).toEqual({ done: "done" });
            expect(await runAsync("replaceAsync", kept)).toEqual({ done: "true true" });
        },
    );

    test("a policy that allows no blob workers is none the worse while the server is there, and is named when it is not", async () => {
        await openAsync(NO_BLOB_POLICY);
        const first = await firstAsync();
        expect(await runAsync("bakeAsync", kept)).toEqual(first);
        isGone = "closed";
        const outcome = await runAsync("bakeAsync", kept);
        expect(outcome).toMatchObject({ name: "TerraneError", code: "TERRANE_INVALID" });
        expect(outcome.message).toMatch(/could not be started from \/kept\.js\?\d+ \(it cannot be fetched/);
    });
});
