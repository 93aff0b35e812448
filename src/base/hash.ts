import xxhash from "xxhash-wasm";

type Hash64 = (bytes: Uint8Array) => bigint;

/** Compiled code, not data: it is the same for whoever asks, so engines may share it without harm. */
let hash64: Hash64 | null = null;

/** Loads the hash kernel. Await it once on each thread before the first `hash64Bytes`. */
export async function initHashAsync(): Promise<void> {
    if (hash64 === null) {
        const { h64Raw } = await xxhash();
        hash64 = (bytes) => h64Raw(bytes);
    }
}

/**
 * Returns the xxHash64 of `bytes`, with seed 0.
 *
 * @throws Error where `initHashAsync` has not been awaited on this thread
 */
export function hash64Of(bytes: Uint8Array): bigint {
    if (hash64 === null) {
        throw new Error("The hash kernel is not loaded; await initHashAsync() on this thread first.");
    }
    return hash64(bytes);
}

/** Returns `hash64Of` as 16 hexadecimal digits. */
export function hash64Hex(bytes: Uint8Array): string {
    return hash64Of(bytes).toString(16).padStart(16, "0");
}
