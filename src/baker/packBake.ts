import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { hash64Of, initHashAsync } from "../base/hash.js";
import { layOutArchive } from "../format/archiveLayout.js";
import { tileOfNode } from "../format/archiveTiles.js";
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, parseManifest } from "../format/manifest.js";
import type { ArchiveTarget } from "../store/archiveFile.js";
import { asStore } from "../store/asStore.js";
import type { ChunkStore } from "../store/chunkStore.js";
import { ManifestReader } from "../store/manifestReader.js";
import type { Store } from "../store/store.js";
import {
    addChunk,
    packedBlocksAsync,
    readFileAsync,
    writeFilesAsync,
    type PackedBlock,
    type PackOptions,
} from "./packFiles.js";
import { PackList, type PackedFiles } from "./packList.js";

export { PackError, type PackOptions } from "./packFiles.js";

/** What was packed. */
export interface PackResult {
    /** Number of chunks. */
    readonly chunks: number;
    /** Chunks, and nodes of the manifest. */
    readonly files: number;
    /** Of the archive. */
    readonly byteLength: number;
    /** The bake's own. */
    readonly rootHash: string;
}

/**
 * Packs a bake into an archive: all that its manifest lists, with each file's length and checksum checked on the way. The same
 * bake gives the same bytes. No more than a few of its files are in memory at once; of each, 24 bytes are.
 *
 * @param files of a bake: a folder's, or another archive's
 * @param target takes the archive, part after part
 * @throws PackError where a file is missing or damaged
 * @throws ManifestError where the manifest is none, or another generator's
 * @throws StoreError where the bake cannot be read now
 * @throws the signal's reason
 */
export async function packBakeAsync(
    files: Store | ChunkStore,
    target: ArchiveTarget,
    options: PackOptions = {},
): Promise<PackResult> {
    const plan = await planPackAsync(files, options);
    await plan.writeAsync(target, options);
    return plan.result;
}

/** A bake whose files are listed, and their places in its archive known. */
export interface PackPlan {
    readonly result: PackResult;
    /**
     * Reads the files and writes the archive.
     *
     * @throws as `packBakeAsync` does
     */
    writeAsync(target: ArchiveTarget, options?: PackOptions): Promise<void>;
}

/**
 * Lists a bake's files, so that it is known that there is something to pack before an archive is begun.
 *
 * @throws as `packBakeAsync` does
 */
export async function planPackAsync(files: Store | ChunkStore, { signal }: PackOptions = {}): Promise<PackPlan> {
    await initHashAsync();
    const store = asStore(files);
    const manifest = await readFileAsync(store, { key: MANIFEST_FILE, maxBytes: MAX_MANIFEST_BYTES, signal });
    const root = parseManifest(new TextDecoder().decode(manifest), GENERATOR_VERSION);
    const list = await listAsync(packedBlocksAsync(store, new ManifestReader(store, root), root, signal));
    const { parts, byteLength } = layOutArchive(list, manifest);
    const { length } = list.ids;
    return {
        result: { chunks: length - list.nodeCount, files: length, byteLength, rootHash: root.rootHash },
        writeAsync: async (target, options = {}) => {
            for (const part of parts) {
                await target.writeAsync(part);
            }
            let packed = 0;
            await writeFilesAsync(store, list, target, () => options.onProgress?.(++packed, length), options.signal);
        },
    };
}

/** Lists what the manifest lists, and its own nodes, in the order of an archive. */
async function listAsync(blocks: AsyncIterable<PackedBlock>): Promise<PackedFiles> {
    const list = new PackList();
    for await (const { entries, nodes } of blocks) {
        for (const { square, bytes } of nodes) {
            list.add(tileOfNode(square), bytes.byteLength, hash64Of(bytes));
            list.nodeCount++;
        }
        entries.forEach((entry) => addChunk(list, entry));
    }
    return list.sorted();
}
