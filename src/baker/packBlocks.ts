import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { hash64Of, initHashAsync } from "../base/hash.js";
import { layOutArchive } from "../format/archiveLayout.js";
import { nameOfTile } from "../format/archiveNames.js";
import { blockMetadata } from "../format/blockMetadata.js";
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, parseManifest } from "../format/manifest.js";
import { manifestNodeName } from "../format/manifestNode.js";
import { asStore } from "../store/asStore.js";
import type { BlocksTarget } from "../store/blockFolder.js";
import { StoreError, type ChunkStore } from "../store/chunkStore.js";
import { ManifestReader } from "../store/manifestReader.js";
import type { Store, StoreRequest } from "../store/store.js";
import { addChunk, packedBlocksAsync, readFileAsync, writeFilesAsync, type PackOptions } from "./packFiles.js";
import { PackList, type PackedFiles } from "./packList.js";

/** What was packed, as an archive for each block. */
export interface PackBlocksResult {
    /** Number of chunks. */
    readonly chunks: number;
    /** Number of archives. */
    readonly blocks: number;
    /** Number of those that were there already, whole. */
    readonly kept: number;
    /** Of all archives. */
    readonly byteLength: number;
    /** The bake's own. */
    readonly rootHash: string;
}

/**
 * Packs a bake into an archive for each block, 32 x 32 chunks of a level, and copies the files of its manifest, `manifest.json`
 * last. Each file is checked on the way. The same bake gives the same bytes. Archives that were written before are read, and
 * written again only where they are not what they must be.
 *
 * @param files of a bake: a folder's, or an archive's
 * @throws as `packBakeAsync` does, and a StoreError where something cannot be written
 */
export async function packBlocksAsync(
    files: Store | ChunkStore,
    target: BlocksTarget,
    { onProgress, signal }: PackOptions = {},
): Promise<PackBlocksResult> {
    await initHashAsync();
    const store = asStore(files);
    const manifest = await readFileAsync(store, { key: MANIFEST_FILE, maxBytes: MAX_MANIFEST_BYTES, signal });
    const root = parseManifest(new TextDecoder().decode(manifest), GENERATOR_VERSION);
    const reader = new ManifestReader(store, root);
    const { chunkCount: total, world, rootHash } = reader;
    let [chunks, blocks, kept, bytes] = [0, 0, 0, 0];
    for await (const { square, entries, nodes } of packedBlocksAsync(store, reader, root, signal)) {
        const list = new PackList();
        entries.forEach((entry) => addChunk(list, entry));
        const sorted = list.sorted();
        const metadata = blockMetadata(world.key, square, entries);
        const { parts, byteLength } = layOutArchive(sorted, metadata);
        if (await isWholeAsync(target.openArchive(square), metadata, sorted, signal)) {
            chunks += entries.length;
            kept++;
            onProgress?.(chunks, total);
        } else {
            await target.writeArchiveAsync(square, async (archive) => {
                for (const part of parts) {
                    await archive.writeAsync(part);
                }
                await writeFilesAsync(store, sorted, archive, () => onProgress?.(++chunks, total), signal);
            });
        }
        for (const node of nodes) {
            await putAsync(target.folder, manifestNodeName(node.square), node.bytes);
        }
        blocks++;
        bytes += byteLength;
    }
    await putAsync(target.folder, MANIFEST_FILE, manifest);
    return { chunks, blocks, kept, byteLength: bytes, rootHash };
}

/** Tells whether an archive is what it must be, and closes it. */
async function isWholeAsync(
    archive: Store,
    metadata: Uint8Array,
    { ids, lengths, checksums }: PackedFiles,
    signal: AbortSignal | undefined,
): Promise<boolean> {
    try {
        // What archives have for metadata they give below this name.
        const held = await archive.getAsync({ key: MANIFEST_FILE, maxBytes: metadata.byteLength, signal });
        if (held.status !== "found" || hash64Of(held.bytes) !== hash64Of(metadata)) {
            signal?.throwIfAborted();
            return false;
        }
        const requests = Array.from(ids, (id, i): StoreRequest => ({
            key: nameOfTile(id)!,
            maxBytes: lengths[i]!,
            signal,
            inspectAsync: async (bytes) => (hash64Of(bytes) === checksums[i] ? null : "is another"),
        }));
        let isWhole = true;
        await archive.getManyAsync(requests, (_, { status }) => (isWhole &&= status === "found"));
        signal?.throwIfAborted();
        return isWhole;
    } finally {
        await archive.closeAsync();
    }
}

async function putAsync(folder: Store, key: string, bytes: Uint8Array): Promise<void> {
    const result = await folder.putAsync(key, bytes);
    if (result.status !== "stored") {
        throw new StoreError(`${key} could not be written: ${"reason" in result ? result.reason : result.status}`, key);
    }
}
