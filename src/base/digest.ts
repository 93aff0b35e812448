import { createSHA256, type IHasher } from "hash-wasm";
import { nodeBuiltin } from "./host.js";

type Digest = (bytes: Uint8Array) => string;

/** Compiled code, not data: it is the same for whoever asks, so engines may share it without harm. */
let digest: Digest | null = null;

/**
 * Loads SHA-256. Await it once on each thread before the first `sha256Hex`. Node's own is used where there is one,
 * three times as fast; elsewhere it is wasm, since the browser's own is asynchronous and there on secure origins alone.
 */
export async function initDigestAsync(): Promise<void> {
    digest ??= nodeDigest() ?? wasmDigest(await createSHA256());
}

/**
 * Returns the SHA-256 of `bytes` as 64 hexadecimal digits.
 *
 * @throws Error where `initDigestAsync` has not been awaited on this thread
 */
export function sha256Hex(bytes: Uint8Array): string {
    if (digest === null) {
        throw new Error("The digest is not loaded; await initDigestAsync() on this thread first.");
    }
    return digest(bytes);
}

/** Returns Node's SHA-256; undefined in browsers. */
export function nodeDigest(): Digest | undefined {
    const crypto = nodeBuiltin<typeof import("node:crypto")>("node:crypto");
    return crypto && ((bytes) => crypto.createHash("sha256").update(bytes).digest("hex"));
}

/** Returns hash-wasm's SHA-256. */
export function wasmDigest(hasher: IHasher): Digest {
    return (bytes) => hasher.init().update(bytes).digest("hex");
}
