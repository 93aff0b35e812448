import { hash64Hex, initHashAsync } from "../../src/base/hash.js";
import type { BakeTask } from "../../src/bake/protocol.js";
import { ChunkFlags, isChunkIntact, readChunkHeader } from "../../src/format/chunkData.js";
import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import { formatAddress } from "../../src/space/chunkAddress.js";
import { GOLDEN_ADDRESSES, GOLDEN_RECIPE } from "./goldenChunks.js";

export interface GoldenOutcome {
    /** xxHash64 of all of a chunk's bytes, by address. */
    hashes: Record<string, string>;
    /** Addresses of chunks that are fused. */
    fused: string[];
}

/** Bakes the golden chunks, two a batch and as many batches at once as the executor takes, and hashes their bytes. */
export async function bakeGoldenAsync(executor: BakeExecutor): Promise<GoldenOutcome> {
    await initHashAsync();
    const hashOf = new Map<number, string>();
    const fused: string[] = [];
    const batches = batchesOfTwo();
    const runNextAsync = async (): Promise<void> => {
        for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
            const request = { recipeJson: JSON.stringify(GOLDEN_RECIPE), tasks: batch };
            for (const outcome of (await executor.runBatchAsync(request)).outcomes) {
                if (!outcome.ok) {
                    throw new Error(outcome.message);
                }
                const bytes = new Uint8Array(outcome.buffer, 0, outcome.byteLength);
                const header = readChunkHeader(bytes);
                const name = formatAddress(GOLDEN_ADDRESSES[outcome.id]!);
                if (formatAddress(header.address) !== name || !isChunkIntact(bytes, header)) {
                    throw new Error(`Chunk ${name} came back as ${formatAddress(header.address)}, or damaged.`);
                }
                hashOf.set(outcome.id, hash64Hex(bytes));
                if ((header.flags & ChunkFlags.fused) !== 0) {
                    fused.push(name);
                }
            }
        }
    };
    await Promise.all(Array.from({ length: executor.maxBatchesInFlight }, runNextAsync));
    const hashes = Object.fromEntries(
        GOLDEN_ADDRESSES.map((address, id) => [formatAddress(address), hashOf.get(id) ?? "missing"]),
    );
    return { hashes, fused };
}

function batchesOfTwo(): BakeTask[][] {
    const tasks = GOLDEN_ADDRESSES.map((address, id) => ({
        id,
        address,
        // Large enough for some and too small for others; filled with what an earlier use might have left.
        buffer: new Uint8Array(2 ** 18).fill(0xa5).buffer,
    }));
    return Array.from({ length: Math.ceil(tasks.length / 2) }, (_, i) => tasks.slice(i * 2, i * 2 + 2));
}
