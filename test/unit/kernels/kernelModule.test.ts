import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { compileKernelsAsync, type KernelHost } from "../../../src/kernels/kernelModule.js";
import { createKernels, createKernelsAsync } from "../../../src/kernels/kernels.js";
import { wasmFile } from "../../support/kernels.js";

const bytes = readFileSync(wasmFile);
const address = "https://example.test/lib/terrane.wasm";

/** A browser, in which `terrane.wasm` is where it should be. */
function browser(over: Partial<KernelHost> = {}): KernelHost {
    return {
        WebAssembly,
        fetch: (async () => new Response(bytes)) as unknown as typeof fetch,
        readFileAsync: undefined,
        ...over,
    };
}

test.each([wasmFile, pathToFileURL(wasmFile).href])("Node loads them from %s", async (url) => {
    const { exports } = await createKernelsAsync(await compileKernelsAsync(url));
    expect(exports.memory.buffer.byteLength).toBeGreaterThan(0);
});

test("a browser fetches them, whatever type the server gives", async () => {
    const asked: string[] = [];
    const fetchIt = async (url: string) => {
        asked.push(url);
        return new Response(bytes, { headers: { "content-type": "text/plain" } });
    };
    const module = await compileKernelsAsync(address, {
        host: browser({ fetch: fetchIt as unknown as typeof fetch }),
    });
    expect(asked).toEqual([address]);
    expect(createKernels(module).world).toBeNull();
});

test("one address is compiled once, and tried anew after a failure", async () => {
    expect(await compileKernelsAsync(wasmFile)).toBe(await compileKernelsAsync(wasmFile));
    const missing = `${wasmFile}.missing`;
    const first = compileKernelsAsync(missing);
    await expect(first).rejects.toThrow(missing);
    const second = compileKernelsAsync(missing);
    expect(second).not.toBe(first);
    await expect(second).rejects.toMatchObject({ code: "TERRANE_NO_KERNELS" });
});

const refusing = (error: Error): typeof WebAssembly =>
    ({ ...WebAssembly, validate: () => true, compile: () => Promise.reject(error) }) as unknown as typeof WebAssembly;

test.each<[string, KernelHost, string, RegExp]>([
    [
        "there is no WebAssembly",
        browser({ WebAssembly: undefined }),
        "TERRANE_NO_WASM",
        /WebAssembly is missing.*Use a browser from 2021/,
    ],
    [
        "it has no SIMD",
        browser({ WebAssembly: { ...WebAssembly, validate: () => false } as unknown as typeof WebAssembly }),
        "TERRANE_NO_SIMD",
        /no SIMD.*Chrome or Edge 91, Firefox 89, Safari 16\.4, Node 16\.4/,
    ],
    [
        "the page's policy forbids it",
        browser({
            WebAssembly: refusing(
                new WebAssembly.CompileError(
                    "WebAssembly.compile(): Wasm code generation disallowed by embedder: 'unsafe-eval' is not allowed",
                ),
            ),
        }),
        "TERRANE_WASM_FORBIDDEN",
        /content security policy forbids.*'wasm-unsafe-eval' to its script-src/,
    ],
    [
        "nothing is there",
        browser({ fetch: (async () => new Response("", { status: 404 })) as unknown as typeof fetch }),
        "TERRANE_NO_KERNELS",
        /https:\/\/example\.test\/lib\/terrane\.wasm \(the server answered 404.*pass options\.wasmUrl/,
    ],
    [
        "the server cannot be reached",
        browser({ fetch: (() => Promise.reject(new TypeError("Failed to fetch"))) as unknown as typeof fetch }),
        "TERRANE_NO_KERNELS",
        /Failed to fetch.*Copy terrane\.wasm beside the bundle/,
    ],
    [
        "what is there is no wasm",
        browser({ fetch: (async () => new Response("<html>")) as unknown as typeof fetch }),
        "TERRANE_NO_KERNELS",
        /could not be loaded from https:\/\/example\.test/,
    ],
])("where %s, the error says so and what to do", async (_, host, code, message) => {
    const error: unknown = await compileKernelsAsync(address, { host }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "KernelError", code });
    expect((error as Error).message).toMatch(message);
});

describe("a server that accepts and then stalls", () => {
    /** Headers and half of the body after `afterMs`, the rest after as long again; never where that is Infinity. */
    let server: Server;
    let url = "";
    let asked = 0;
    let afterMs = Infinity;
    let hasHeaders = false;

    beforeEach(async () => {
        asked = 0;
        server = createServer((_, response) => {
            asked++;
            if (hasHeaders) {
                response.writeHead(200, { "content-length": bytes.length });
                response.write(bytes.subarray(0, 1000));
            }
            if (afterMs < Infinity) {
                setTimeout(() => response.end(hasHeaders ? bytes.subarray(1000) : bytes), afterMs);
            }
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        // A path of its own each time: what was loaded once is kept.
        url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${Math.round(performance.now())}.wasm`;
    });

    afterEach(() => {
        server.closeAllConnections();
        server.close();
    });

    test.each([
        ["before it answers", false],
        ["in the midst of the body", true],
    ])("%s: loading fails in time, by name, ends the request, and may be tried again", async (_, headers) => {
        hasHeaders = headers;
        afterMs = Infinity;
        for (const times of [1, 2]) {
            const closed = new Promise((resolve) =>
                server.once("request", (request) => request.socket.once("close", resolve)),
            );
            const loading = compileKernelsAsync(url, { timeoutMs: 200 });
            await expect(loading).rejects.toMatchObject({ name: "KernelError", code: "TERRANE_NO_KERNELS" });
            await expect(loading).rejects.toThrow(
                /did not come within 200 ms.*options\.wasmUrl.*options\.loadTimeoutMs/,
            );
            await closed;
            expect(asked).toBe(times);
        }
        afterMs = 0;
        expect(await compileKernelsAsync(url)).toBeInstanceOf(WebAssembly.Module);
    });

    test("who gives up early spoils nothing for who waits longer, and one request does for both", async () => {
        hasHeaders = true;
        afterMs = 400;
        const [early, late] = [compileKernelsAsync(url, { timeoutMs: 50 }), compileKernelsAsync(url)];
        await expect(early).rejects.toThrow(/did not come within 50 ms/);
        expect(await late).toBeInstanceOf(WebAssembly.Module);
        expect(asked).toBe(1);
    });

    test("a timeout that is none is refused", async () => {
        for (const timeoutMs of [0, -1, NaN, Infinity]) {
            await expect(compileKernelsAsync(url, { timeoutMs })).rejects.toThrow(/loadTimeoutMs is/);
        }
    });
});

test("this engine's SIMD is found by the probe, and its lack would be", () => {
    // The probe with its v128 replaced by a type that does not exist: as an engine without SIMD sees it.
    const probe = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11];
    expect(WebAssembly.validate(new Uint8Array(probe))).toBe(true);
    expect(WebAssembly.validate(new Uint8Array(probe.map((byte) => (byte === 123 ? 122 : byte))))).toBe(false);
});

test("code of another version is told from ours", async () => {
    // A module that wants an import that nobody gives.
    const wants = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0];
    const module = new WebAssembly.Module(new Uint8Array(wants));
    expect(() => createKernels(module)).toThrow(/Terrane's kernels do not start/);
    await expect(createKernelsAsync(module)).rejects.toMatchObject({ code: "TERRANE_NO_KERNELS" });
});
