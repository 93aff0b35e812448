import type { BufferPool } from "../memory/bufferPool.js";
import type { ChunkCache } from "./chunkCache.js";
import type { ChunkBytes, ChunkRecord } from "./chunkRecord.js";

/** Throws where a chunk's buffer stands in no account or in two, or the accounts do not add up to what is out of the pool. */
export function assertAccounts(
    records: readonly ChunkRecord[],
    cache: ChunkCache,
    heldBytes: number,
    pool: BufferPool,
): void {
    const seen = new Set<ArrayBuffer>();
    const enter = ({ buffer }: ChunkBytes): number => {
        if (seen.has(buffer)) {
            throw new Error(`A buffer of ${buffer.byteLength} bytes stands in two accounts.`);
        }
        seen.add(buffer);
        return buffer.byteLength;
    };
    let cached = 0;
    let held = 0;
    for (const { bytes, superseded, isCached } of records) {
        held += superseded.reduce((sum, old) => sum + enter(old), 0);
        if (bytes !== null && isCached) {
            cached += enter(bytes);
        } else if (bytes !== null) {
            held += enter(bytes);
        }
    }
    const accounts = { held: heldBytes, cached: cache.bytes, out: pool.bytesOut };
    const counted = { held, cached, out: held + cached };
    if (JSON.stringify(accounts) !== JSON.stringify(counted)) {
        throw new Error(`The accounts say ${JSON.stringify(accounts)}, counted were ${JSON.stringify(counted)}.`);
    }
}
