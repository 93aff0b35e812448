import xxhash from "xxhash-wasm";

type Hash64 = (bytes: Uint8Array) => bigint;

/** Compiled code, not data: the same function whoever asks, so that sharing it between engines is harmless. */
let hash64: Hash64 | null = null;

/** Loads the hash kernel. Await it once on each thread before the first `hash64Bytes`. */
export async function initHashAsync(): Promise<void> {
    if (hash64 === null) {
        const { h64Raw } = await xxhash();
        hash64 = (bytes) => h64Raw(bytes);
    }
}

/** xxHash64 with seed 0. Throws where `initHashAsync` has not been awaited on this thread. */
export function hash64Of(bytes: Uint8Array): bigint {
    if (hash64 === null) {
        throw new Error("The hash kernel is not loaded; await initHashAsync() on this thread first.");
    }
    return hash64(bytes);
}

/** `hash64Of` as 16 hexadecimal digits. */
export function hash64Hex(bytes: Uint8Array): string {
    return hash64Of(bytes).toString(16).padStart(16, "0");
}
