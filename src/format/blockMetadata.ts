import { hash64Hex } from "../base/hash.js";
import { formatBlock, slotInBlock, type ChunkSquare } from "../space/chunkSquare.js";
import { parseAddress } from "../space/chunkAddress.js";
import type { ManifestChunk } from "./manifest.js";
import { encodeBlockNode } from "./manifestNode.js";

/** Version of what an archive of one block says of itself. */
const BLOCK_VERSION = 1;

/**
 * Returns what the archive of one block has for metadata, as JSON: which block of which world it is, and a checksum that tells its
 * files from all others, that of the block's node in the manifest. Await `initHashAsync` before.
 *
 * @param world by `worldKeyOf`
 * @param chunks all that were baked of the block
 */
export function blockMetadata(world: string, block: ChunkSquare, chunks: readonly ManifestChunk[]): Uint8Array {
    const sorted = chunks
        .map((chunk) => [slotInBlock(parseAddress(chunk.address)), chunk] as const)
        .sort(([a], [b]) => a - b);
    const metadata = {
        kind: "terrane-block",
        version: BLOCK_VERSION,
        world,
        block: formatBlock(block),
        chunkCount: chunks.length,
        checksum: hash64Hex(encodeBlockNode(world, block, new Map(sorted))),
    };
    return new TextEncoder().encode(`${JSON.stringify(metadata, null, 1)}\n`);
}
