import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { hash64Of, initHashAsync } from "../base/hash.js";
import { layOutArchive } from "../format/archiveLayout.js";
import { nameOfTile } from "../format/archiveNames.js";
import { tileOfChunk, tileOfNode } from "../format/archiveTiles.js";
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, parseManifest, type ManifestRoot } from "../format/manifest.js";
import { manifestNodeName, MAX_NODE_BYTES } from "../format/manifestNode.js";
import { formatAddress, parseAddress } from "../space/chunkAddress.js";
import { ancestorSquare, BLOCK_HEIGHT, squareKey, type ChunkSquare } from "../space/chunkSquare.js";
import type { ArchiveTarget } from "../store/archiveFile.js";
import { asStore } from "../store/asStore.js";
import { StoreError, type ChunkStore } from "../store/chunkStore.js";
import { ManifestReader } from "../store/manifestReader.js";
import type { Store, StoreRequest } from "../store/store.js";
import { PackList, type PackedFiles } from "./packList.js";
import { MAX_CHUNK_FILE_BYTES } from "./storedChunks.js";

export interface PackOptions {
    /** Called after each file with the number of files that are packed, and of all. Default: nobody is told */
    readonly onProgress?: ((packed: number, total: number) => void) | undefined;
    /** Ends it early. Default: none */
    readonly signal?: AbortSignal | undefined;
}

/** What was packed. */
export interface PackResult {
    readonly chunks: number;
    /** Chunks, and nodes of the manifest. */
    readonly files: number;
    /** Of the archive. */
    readonly byteLength: number;
    /** The bake's own. */
    readonly rootHash: string;
}

/** Says that a bake cannot be packed: a file of it is missing, or not what its manifest says. */
export class PackError extends Error {
    public override readonly name = "PackError";
    public readonly code = "TERRANE_PACK";

    /** @param fault the end of a sentence that begins with the file's name */
    public constructor(
        public readonly file: string,
        public readonly fault: string,
    ) {
        super(`The bake cannot be packed: ${file} ${fault}.`);
    }
}

/** Number of files that are read while one is written. */
const READ_AHEAD = 4;

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
    const manifest = await readAsync(store, { key: MANIFEST_FILE, maxBytes: MAX_MANIFEST_BYTES, signal });
    const root = parseManifest(new TextDecoder().decode(manifest), GENERATOR_VERSION);
    const list = await listAsync(store, new ManifestReader(store, root), topHeightsOf(root), signal);
    const { parts, byteLength } = layOutArchive(list, manifest);
    const { length } = list.ids;
    return {
        result: { chunks: length - list.nodeCount, files: length, byteLength, rootHash: root.rootHash },
        writeAsync: async (target, options = {}) => {
            for (const part of parts) {
                await target.writeAsync(part);
            }
            await writeFilesAsync(store, list, target, options);
        },
    };
}

async function writeFilesAsync(
    store: Store,
    list: PackedFiles,
    target: ArchiveTarget,
    { onProgress, signal }: PackOptions,
): Promise<void> {
    const total = list.ids.length;
    const readings: Promise<Uint8Array>[] = [];
    try {
        for (let i = 0; i < total; i++) {
            while (readings.length <= READ_AHEAD && i + readings.length < total) {
                const reading = readPackedAsync(store, list, i + readings.length, signal);
                // It is waited for later; its fault is known then.
                reading.catch(() => {});
                readings.push(reading);
            }
            await target.writeAsync(await readings.shift()!);
            onProgress?.(i + 1, total);
        }
    } finally {
        await Promise.allSettled(readings);
    }
}

/** Lists what the manifest lists, and its own nodes, in the order of an archive. */
async function listAsync(
    store: Store,
    reader: ManifestReader,
    topHeights: ReadonlyMap<string, number>,
    signal: AbortSignal | undefined,
): Promise<PackedFiles> {
    const list = new PackList();
    /** The last node of each height: blocks come in an order in which none comes back. */
    const last = new Map<number, number>();
    for await (const answer of reader.blocksAsync({ signal })) {
        signal?.throwIfAborted();
        if (answer.status === "damaged") {
            throw new PackError(MANIFEST_FILE, `has a node that ${answer.error.message}`);
        }
        if (answer.status !== "found") {
            throw new StoreError(answer.status === "unavailable" ? answer.reason : "The store gave up.", MANIFEST_FILE);
        }
        const { square, entries } = answer;
        const top = topHeights.get(levelName(square)) ?? 0;
        for (let height = BLOCK_HEIGHT; height <= top; height += BLOCK_HEIGHT) {
            const node = ancestorSquare(square, height);
            if (last.get(height) !== squareKey(node)) {
                last.set(height, squareKey(node));
                const bytes = await readAsync(store, { key: manifestNodeName(node), maxBytes: MAX_NODE_BYTES, signal });
                list.add(tileOfNode(node), bytes.byteLength, hash64Of(bytes));
                list.nodeCount++;
            }
        }
        for (const { address, file, storedByteLength, checksum } of entries) {
            const tile = tileOfChunk(parseAddress(address));
            if (tile === null) {
                throw new PackError(
                    file,
                    "lies beyond what an archive reaches: as far as chunks of level 0 have addresses",
                );
            }
            list.add(tile, storedByteLength, BigInt(`0x${checksum}`));
        }
    }
    return list.sorted();
}

/** Returns the height of the topmost nodes of each level. */
function topHeightsOf(root: Pick<ManifestRoot, "levels"> | { readonly version: 1 }): Map<string, number> {
    const levels = "levels" in root ? root.levels : [];
    return new Map(levels.map((level) => [levelName(level), level.nodes[0]!.square.height]));
}

function levelName({ face, level }: Pick<ChunkSquare, "face" | "level">): string {
    return formatAddress({ face, level, x: 0, z: 0 });
}

async function readPackedAsync(
    store: Store,
    { ids, lengths, checksums }: PackedFiles,
    i: number,
    signal: AbortSignal | undefined,
): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const key = nameOfTile(ids[i]!)!;
    const bytes = await readAsync(store, { key, maxBytes: Math.min(lengths[i]!, MAX_CHUNK_FILE_BYTES), signal });
    if (bytes.byteLength !== lengths[i]) {
        throw new PackError(key, `has ${bytes.byteLength} bytes; the manifest says ${lengths[i]}`);
    }
    if (hash64Of(bytes) !== checksums[i]) {
        throw new PackError(key, "is damaged: its checksum is not the manifest's");
    }
    return bytes;
}

async function readAsync(store: Store, request: StoreRequest): Promise<Uint8Array> {
    const result = await store.getAsync(request);
    switch (result.status) {
        case "found":
            return result.bytes;
        case "missing":
            if (request.key === MANIFEST_FILE) {
                const text = `There is no ${MANIFEST_FILE}: the bake did not end, or this is not its folder.`;
                throw new StoreError(text, MANIFEST_FILE);
            }
            throw new PackError(request.key, "is missing");
        case "damaged":
            throw new PackError(request.key, result.reason);
        case "unavailable":
            throw new StoreError(result.reason, request.key);
        case "aborted":
            request.signal?.throwIfAborted();
            throw new StoreError(`${request.key} could not be read: the store gave up.`, request.key);
    }
}
