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

/**
 * Tells whether the SHA-256 of `bytes` is `hash`, 64 hexadecimal digits in lower case. The host's own asynchronous digest is
 * asked where there is one; elsewhere, as on origins that are not secure, wasm is loaded for it.
 */
export async function isSha256Async(bytes: Uint8Array, hash: string): Promise<boolean> {
    const own = nodeDigest();
    if (own !== undefined) {
        return own(bytes) === hash;
    }
    const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
    if (subtle !== undefined) {
        return hexOf(new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>))) === hash;
    }
    await initDigestAsync();
    return sha256Hex(bytes) === hash;
}

function hexOf(bytes: Uint8Array): string {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
