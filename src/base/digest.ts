import { createSHA256, type IHasher } from "hash-wasm";
import { nodeBuiltin } from "./host.js";

type Digest = (bytes: Uint8Array) => string;

/** Compiled code, not data: the same function whoever asks, so that sharing it between engines is harmless. */
let digest: Digest | null = null;

/**
 * Loads SHA-256. Await it once on each thread before the first `sha256Hex`. In Node the engine's own, three times as fast;
 * elsewhere wasm, since the browser's own answers only later, and on secure origins alone.
 */
export async function initDigestAsync(): Promise<void> {
    digest ??= nodeDigest() ?? wasmDigest(await createSHA256());
}

/** SHA-256 as 64 hexadecimal digits. Throws where `initDigestAsync` has not been awaited on this thread. */
export function sha256Hex(bytes: Uint8Array): string {
    if (digest === null) {
        throw new Error("The digest is not loaded; await initDigestAsync() on this thread first.");
    }
    return digest(bytes);
}

/** Node's; undefined in browsers. */
export function nodeDigest(): Digest | undefined {
    const crypto = nodeBuiltin<typeof import("node:crypto")>("node:crypto");
    return crypto && ((bytes) => crypto.createHash("sha256").update(bytes).digest("hex"));
}

/** hash-wasm's. */
export function wasmDigest(hasher: IHasher): Digest {
    return (bytes) => hasher.init().update(bytes).digest("hex");
}
