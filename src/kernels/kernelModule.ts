import { messageOf, TerraneError } from "../base/errors.js";
import { nodeBuiltin } from "../base/host.js";
import { KernelError } from "./kernelError.js";
import { assertWasmRunsAsync } from "./wasmSupport.js";

/** What loading needs of the place where it runs. Tests give another. */
export interface KernelHost {
    readonly WebAssembly: typeof WebAssembly | undefined;
    readonly fetch: typeof fetch | undefined;
    /** The bytes of a file where there is a file system; undefined in browsers. */
    readonly readFileAsync: ((pathOrUrl: string | URL) => Promise<Uint8Array>) | undefined;
}

export interface KernelLoadOptions {
    /** Milliseconds within which all of `terrane.wasm` must arrive. Default 30,000. */
    timeoutMs?: number;
    /** Loads it there, and does not keep it. Default: here, where it is kept for all who ask. */
    host?: KernelHost;
}

/** Time enough for a file of 55 KB on a line of 20 kbit/s. */
export const DEFAULT_LOAD_TIMEOUT_MS = 30_000;

/**
 * Compiled code by its address. It is the same for whoever asks, so engines may share it, and a second world need not compile
 * it again.
 */
const compiled = new Map<string, Loading>();

/** A file that is being loaded, until nobody waits for it any more. */
interface Loading {
    readonly module: Promise<WebAssembly.Module>;
    readonly aborter: AbortController;
    waiting: number;
}

/**
 * Compiles `terrane.wasm`, once for each address.
 *
 * @param wasmUrl its address; in Node a path too. Default: beside this very script
 * @throws TerraneError where `timeoutMs` is out of range
 * @throws KernelError where wasm or its SIMD is missing or forbidden, and where no wasm can be loaded from there in time
 */
export async function compileKernelsAsync(
    wasmUrl?: string,
    { timeoutMs = DEFAULT_LOAD_TIMEOUT_MS, host }: KernelLoadOptions = {},
): Promise<WebAssembly.Module> {
    if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
        const allowed = "milliseconds above 0 and below 2^31";
        throw new TerraneError("loadTimeoutMs", timeoutMs, allowed, "Leave it out for the default.");
    }
    const url = wasmUrl ?? new URL("./terrane.wasm", import.meta.url).href;
    if (host !== undefined) {
        return inTimeAsync(url, startLoading(url, host), timeoutMs);
    }
    let loading = compiled.get(url);
    if (loading === undefined) {
        const started = startLoading(url, currentHost());
        compiled.set(url, started);
        // What failed may be put right: the next world tries anew.
        started.module.catch(() => forget(url, started));
        loading = started;
    }
    return inTimeAsync(url, loading, timeoutMs);
}

function currentHost(): KernelHost {
    const fs = nodeBuiltin<typeof import("node:fs/promises")>("node:fs/promises");
    return {
        WebAssembly: globalThis.WebAssembly,
        fetch: globalThis.fetch,
        readFileAsync: fs === undefined ? undefined : (file) => fs.readFile(file),
    };
}

function startLoading(url: string, host: KernelHost): Loading {
    const aborter = new AbortController();
    return { module: compileAsync(url, host, aborter.signal), aborter, waiting: 0 };
}

/** Waits for a file for so long; the last to give up ends the loading. */
async function inTimeAsync(url: string, loading: Loading, timeoutMs: number): Promise<WebAssembly.Module> {
    loading.waiting++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
            isLate = true;
            reject(notWasmError(url, new Error(`it did not come within ${timeoutMs} ms`)));
        }, timeoutMs);
    });
    try {
        return await Promise.race([loading.module, late]);
    } finally {
        clearTimeout(timer);
        loading.waiting--;
        if (isLate && loading.waiting === 0) {
            forget(url, loading);
            loading.aborter.abort();
        }
    }
}

function forget(url: string, loading: Loading): void {
    if (compiled.get(url) === loading) {
        compiled.delete(url);
    }
}

async function compileAsync(url: string, host: KernelHost, signal: AbortSignal): Promise<WebAssembly.Module> {
    await assertWasmRunsAsync(host.WebAssembly);
    const bytes = await loadAsync(url, host, signal);
    try {
        return await host.WebAssembly!.compile(bytes);
    } catch (error) {
        throw notWasmError(url, error);
    }
}

async function loadAsync(
    url: string,
    { fetch: fetchIt, readFileAsync }: KernelHost,
    signal: AbortSignal,
): Promise<BufferSource> {
    try {
        if (readFileAsync !== undefined && !/^(https?|data|blob):/.test(url)) {
            return (await readFileAsync(url.startsWith("file:") ? new URL(url) : url)) as Uint8Array<ArrayBuffer>;
        }
        // The whole body, not a stream: servers that do not know the type of .wasm files are common.
        const response = await fetchIt!(url, { signal });
        if (!response.ok) {
            throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
        }
        return await response.arrayBuffer();
    } catch (error) {
        throw notWasmError(url, error);
    }
}

function notWasmError(url: string, cause: unknown): KernelError {
    return new KernelError(
        "TERRANE_NO_KERNELS",
        `Terrane's kernels could not be loaded from ${url} (${messageOf(cause)}). ` +
            "Copy terrane.wasm beside the bundle, or pass options.wasmUrl; where the line is slow, raise options.loadTimeoutMs.",
        cause,
    );
}
