import { messageOf } from "../base/errors.js";
import { KernelError } from "./kernelError.js";
import type { KernelExports } from "./kernelExports.js";

export type { KernelExports };

/** One instance of the kernels: a memory and the functions that work in it. Each thread has its own. */
export interface Kernels {
    readonly exports: KernelExports;
    /** The world whose constants the kernels hold: several may share them, one job at a time. */
    world: object | null;
}

/**
 * Instantiates the kernels for this thread. Pages must wait: browsers forbid their thread to instantiate a large module
 * at once.
 *
 * @throws KernelError where the module is not this version's, or memory has run out
 */
export async function createKernelsAsync(module: WebAssembly.Module): Promise<Kernels> {
    try {
        return kernelsOf(await WebAssembly.instantiate(module));
    } catch (error) {
        throw instantiateError(error);
    }
}

/** `createKernelsAsync` without the wait: for workers and Node. */
export function createKernels(module: WebAssembly.Module): Kernels {
    try {
        return kernelsOf(new WebAssembly.Instance(module));
    } catch (error) {
        throw instantiateError(error);
    }
}

function kernelsOf({ exports }: WebAssembly.Instance): Kernels {
    return { exports: exports as unknown as KernelExports, world: null };
}

/** What went wrong where code that has been compiled cannot run. */
function instantiateError(cause: unknown): KernelError {
    return new KernelError(
        "TERRANE_NO_KERNELS",
        `Terrane's kernels do not start (${messageOf(cause)}). ` +
            "Use the terrane.wasm of this very version, and look whether memory has run out.",
        cause,
    );
}
