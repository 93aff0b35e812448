/**
 * What `terrane.wasm` exports. Addresses and lengths are bytes. All but `hash64` work in an arena that is laid out anew
 * for each job: `resetArena`, then `reserve`. Any call may grow the memory, so views are taken anew after each.
 */
export interface KernelExports {
    readonly memory: WebAssembly.Memory;
    resetArena(): void;
    reserve(bytes: number): number;
    arenaTop(): number;
    /** xxHash64 with seed 0. Signed, as wasm has no unsigned integers. */
    hash64(at: number, length: number): bigint;
}

/** One instance of the kernels: a memory and the calls over it. Each thread has its own. */
export interface Kernels {
    readonly exports: KernelExports;
}
