import { nodeBuiltin } from "../base/host.js";
import { KernelError } from "./kernelError.js";
import { instantiateError, type Kernels, type KernelExports } from "./kernels.js";

/** What loading asks of where it runs. Tests give another. */
export interface KernelHost {
    readonly WebAssembly: typeof WebAssembly | undefined;
    readonly fetch: typeof fetch | undefined;
    /** The bytes of a file where there is a file system; undefined in browsers. */
    readonly readFileAsync: ((pathOrUrl: string | URL) => Promise<Uint8Array>) | undefined;
}

/** A function of type () -> v128 that returns i32x4.splat(0): what engines without SIMD refuse. */
const SIMD_PROBE = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
]);

/**
 * Compiled code by its address, not data: the same for whoever asks, so that sharing it between engines is harmless, and a
 * second world need not compile it again.
 */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/**
 * Compiles `terrane.wasm`, once for each address.
 *
 * @param wasmUrl its address; in Node a path too. Default: beside this very script
 * @throws KernelError where wasm or its SIMD is missing or forbidden, and where no wasm can be loaded from there
 */
export async function compileKernelsAsync(wasmUrl?: string, host?: KernelHost): Promise<WebAssembly.Module> {
    const url = wasmUrl ?? new URL("./terrane.wasm", import.meta.url).href;
    if (host !== undefined) {
        return compileAsync(url, host);
    }
    let module = compiled.get(url);
    if (module === undefined) {
        module = compileAsync(url, currentHost());
        compiled.set(url, module);
        // What failed may be put right: the next world tries anew.
        module.catch(() => compiled.delete(url));
    }
    return module;
}

/** An instance for this thread. Browsers forbid the main thread to instantiate large modules at once, so this waits. */
export async function createKernelsAsync(module: WebAssembly.Module): Promise<Kernels> {
    try {
        const instance = await WebAssembly.instantiate(module);
        return { exports: instance.exports as unknown as KernelExports, world: null };
    } catch (error) {
        throw instantiateError(error);
    }
}

function currentHost(): KernelHost {
    const fs = nodeBuiltin<typeof import("node:fs/promises")>("node:fs/promises");
    return {
        WebAssembly: globalThis.WebAssembly,
        fetch: globalThis.fetch,
        readFileAsync: fs === undefined ? undefined : (file) => fs.readFile(file),
    };
}

async function compileAsync(url: string, host: KernelHost): Promise<WebAssembly.Module> {
    const { WebAssembly: wasm } = host;
    if (typeof wasm !== "object") {
        throw new KernelError(
            "TERRANE_NO_WASM",
            "WebAssembly is missing here, and Terrane's kernels are WebAssembly. " +
                "Use a browser from 2021 on, and look whether a setting (as in lockdown modes) or an extension turns it off.",
        );
    }
    if (!wasm.validate(SIMD_PROBE)) {
        throw new KernelError(
            "TERRANE_NO_SIMD",
            "This engine's WebAssembly has no SIMD, which Terrane's kernels need. " +
                "Use Chrome or Edge 91, Firefox 89, Safari 16.4, Node 16.4, or later.",
        );
    }
    const bytes = await loadAsync(url, host);
    try {
        return await wasm.compile(bytes);
    } catch (error) {
        throw isForbidden(error) ? forbiddenError(error) : notWasmError(url, error);
    }
}

async function loadAsync(url: string, { fetch: fetchIt, readFileAsync }: KernelHost): Promise<BufferSource> {
    try {
        if (readFileAsync !== undefined && !/^(https?|data|blob):/.test(url)) {
            return (await readFileAsync(url.startsWith("file:") ? new URL(url) : url)) as Uint8Array<ArrayBuffer>;
        }
        // The whole body, not a stream: servers that do not know the type of .wasm files are common.
        const response = await fetchIt!(url);
        if (!response.ok) {
            throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
        }
        return await response.arrayBuffer();
    } catch (error) {
        throw notWasmError(url, error);
    }
}

/** A content security policy refuses with an error of this type in Chromium, and by these words elsewhere. */
function isForbidden(error: unknown): boolean {
    return /content.?security|unsafe-eval|\bCSP\b|disallowed by embedder/i.test(reasonOf(error));
}

function forbiddenError(cause: unknown): KernelError {
    return new KernelError(
        "TERRANE_WASM_FORBIDDEN",
        `This page's content security policy forbids WebAssembly (${reasonOf(cause)}). ` +
            "Add 'wasm-unsafe-eval' to its script-src.",
        cause,
    );
}

function notWasmError(url: string, cause: unknown): KernelError {
    return new KernelError(
        "TERRANE_NO_KERNELS",
        `Terrane's kernels could not be loaded from ${url} (${reasonOf(cause)}). ` +
            "Copy terrane.wasm beside the bundle, or pass options.wasmUrl.",
        cause,
    );
}

function reasonOf(error: unknown): string {
    return (error instanceof Error ? error.message : String(error)).trim();
}
