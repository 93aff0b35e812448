import { hash64Of } from "../base/hash.js";
import { nameOfTile } from "../format/archiveNames.js";
import { tileOfChunk } from "../format/archiveTiles.js";
import { MANIFEST_FILE, type ManifestChunk, type ManifestRoot } from "../format/manifest.js";
import { manifestNodeName, MAX_NODE_BYTES } from "../format/manifestNode.js";
import { formatAddress, parseAddress } from "../space/chunkAddress.js";
import { ancestorSquare, BLOCK_HEIGHT, squareKey, type ChunkSquare } from "../space/chunkSquare.js";
import type { ArchiveTarget } from "../store/archiveFile.js";
import { StoreError } from "../store/chunkStore.js";
import type { ManifestReader } from "../store/manifestReader.js";
import type { Store, StoreRequest } from "../store/store.js";
import type { PackedFiles, PackList } from "./packList.js";
import { MAX_CHUNK_FILE_BYTES } from "./storedChunks.js";

/** How a bake is packed. */
export interface PackOptions {
    /** Called after each file with the number of files that are packed, and of all. Default: nobody is told */
    readonly onProgress?: ((packed: number, total: number) => void) | undefined;
    /** Ends it early. Default: none */
    readonly signal?: AbortSignal | undefined;
}

/** Says that a bake cannot be packed: a file of it is missing, or not what its manifest says. */
export class PackError extends Error {
    public override readonly name = "PackError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_PACK";

    /** @param fault the end of a sentence that begins with the file's name */
    public constructor(
        /** The file, as the store names it. */
        public readonly file: string,
        /** What is wrong with it, as the end of a sentence that begins with its name. */
        public readonly fault: string,
    ) {
        super(`The bake cannot be packed: ${file} ${fault}.`);
    }
}

/** A node of the manifest, and its file. */
export interface PackedNode {
    readonly square: ChunkSquare;
    readonly bytes: Uint8Array;
}

/** A block of a bake. */
export interface PackedBlock {
    readonly square: ChunkSquare;
    readonly entries: readonly ManifestChunk[];
    /** Nodes that lead to it and to none before it, its own the first. None in manifests that list all chunks. */
    readonly nodes: readonly PackedNode[];
}

/** Number of files that are read while one is written. */
const READ_AHEAD = 4;

/** Yields all that a manifest lists, block by block. */
export async function* packedBlocksAsync(
    store: Store,
    reader: ManifestReader,
    root: Pick<ManifestRoot, "levels"> | { readonly version: 1 },
    signal: AbortSignal | undefined,
): AsyncGenerator<PackedBlock, void, undefined> {
    const topHeights = topHeightsOf(root);
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
        const { square: block, entries } = answer;
        const top = topHeights.get(levelName(block)) ?? 0;
        const nodes: PackedNode[] = [];
        for (let height = BLOCK_HEIGHT; height <= top; height += BLOCK_HEIGHT) {
            const square = ancestorSquare(block, height);
            if (last.get(height) !== squareKey(square)) {
                last.set(height, squareKey(square));
                const key = manifestNodeName(square);
                nodes.push({ square, bytes: await readFileAsync(store, { key, maxBytes: MAX_NODE_BYTES, signal }) });
            }
        }
        yield { square: block, entries, nodes };
    }
}

/** Adds a chunk to what is packed. */
export function addChunk(list: PackList, { address, file, storedByteLength, checksum }: ManifestChunk): void {
    const tile = tileOfChunk(parseAddress(address));
    if (tile === null) {
        throw new PackError(file, "lies beyond what an archive reaches: as far as chunks of level 0 have addresses");
    }
    list.add(tile, storedByteLength, BigInt(`0x${checksum}`));
}

/** Reads files, a few ahead, checks them, and writes them one after the other. Calls `onPacked` after each. */
export async function writeFilesAsync(
    store: Store,
    list: PackedFiles,
    target: ArchiveTarget,
    onPacked: () => void,
    signal: AbortSignal | undefined,
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
            onPacked();
        }
    } finally {
        await Promise.allSettled(readings);
    }
}

/** Reads a file that must be there. */
export async function readFileAsync(store: Store, request: StoreRequest): Promise<Uint8Array> {
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
    const bytes = await readFileAsync(store, { key, maxBytes: Math.min(lengths[i]!, MAX_CHUNK_FILE_BYTES), signal });
    if (bytes.byteLength !== lengths[i]) {
        throw new PackError(key, `has ${bytes.byteLength} bytes; the manifest says ${lengths[i]}`);
    }
    if (hash64Of(bytes) !== checksums[i]) {
        throw new PackError(key, "is damaged: its checksum is not the manifest's");
    }
    return bytes;
}
