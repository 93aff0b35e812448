import { messageOf } from "../base/errors.js";
import { KernelError } from "./kernelError.js";

/** A function of type () -> v128 that returns i32x4.splat(0): what engines without SIMD refuse. */
const SIMD_PROBE = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11,
]);

/**
 * Asserts that kernels may run here, without loading any: other wasm would fail for the same reasons, and not name them.
 *
 * @param wasm `globalThis.WebAssembly`, which may be missing
 * @throws KernelError where wasm or its SIMD is missing or forbidden
 */
export async function assertWasmRunsAsync(wasm: typeof WebAssembly | undefined): Promise<void> {
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
    try {
        await wasm.compile(SIMD_PROBE);
    } catch (error) {
        throw new KernelError(
            "TERRANE_WASM_FORBIDDEN",
            `The page's or the worker's content security policy forbids WebAssembly (${messageOf(error)}). ` +
                "Add 'wasm-unsafe-eval' to its script-src.",
            error,
        );
    }
}
