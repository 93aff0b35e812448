/** Why the kernels cannot run. */
export type KernelErrorCode =
    /** There is no WebAssembly. */
    | "TERRANE_NO_WASM"
    /** There is no SIMD in it. */
    | "TERRANE_NO_SIMD"
    /** A policy forbids it. */
    | "TERRANE_WASM_FORBIDDEN"
    /** No `terrane.wasm` is where it was looked for. */
    | "TERRANE_NO_KERNELS";

/** Says why the kernels cannot run here, and what to do. `code` survives a worker's boundary, where class and name are lost. */
export class KernelError extends Error {
    public override readonly name = "KernelError";

    public constructor(
        /** Tells why. */
        public readonly code: KernelErrorCode,
        message: string,
        cause?: unknown,
    ) {
        super(message, { cause });
    }
}
