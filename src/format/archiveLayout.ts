import { writeDirectory, type DirectoryEntries } from "./archiveDirectory.js";
import { ARCHIVE_HEADER_BYTES, MAX_ROOT_BYTES, writeArchiveHeader, type ArchiveSection } from "./archiveHeader.js";
import { placeOfTile } from "./hilbert.js";

/** What is to be in an archive, in the order of the ids, each once. At least one file. */
export interface ArchiveFiles {
    readonly ids: ArrayLike<number>;
    /** Bytes of each file, at least 1. */
    readonly lengths: ArrayLike<number>;
}

/** All of an archive that comes before its files, which follow without gaps in the order of the ids. */
export interface ArchiveLayout {
    /** To write one after the other, the manifest among them. */
    readonly parts: readonly Uint8Array[];
    /** Of the whole archive. */
    readonly byteLength: number;
}

/**
 * Lays an archive out. The same files give the same bytes.
 *
 * @param manifest text of `manifest.json`
 * @param leafEntries most entries of a leaf directory. Default: 4,096, which take some 24 KB: less than a chunk
 */
export function layOutArchive(files: ArchiveFiles, manifest: Uint8Array, leafEntries = 4096): ArchiveLayout {
    const { root, leaves } = writeIndex(files, leafEntries);
    const count = files.ids.length;
    let dataBytes = 0;
    for (let i = 0; i < count; i++) {
        dataBytes += files.lengths[i]!;
    }
    let end = ARCHIVE_HEADER_BYTES;
    const sectionOf = (byteLength: number): ArchiveSection => {
        const section = { offset: end, byteLength };
        end += byteLength;
        return section;
    };
    const header = writeArchiveHeader({
        root: sectionOf(root.byteLength),
        manifest: sectionOf(manifest.byteLength),
        leaves: sectionOf(leaves.reduce((sum, { byteLength }) => sum + byteLength, 0)),
        data: sectionOf(dataBytes),
        fileCount: count,
        // Ids of a zoom follow those of all lower ones.
        minZoom: placeOfTile(files.ids[0]!)!.zoom,
        maxZoom: placeOfTile(files.ids[count - 1]!)!.zoom,
    });
    return { parts: [header, root, manifest, ...leaves], byteLength: end };
}

/** Writes the directories: leaves, and leaves of leaves, until the root has room for what is left. */
function writeIndex({ ids, lengths }: ArchiveFiles, leafEntries: number): { root: Uint8Array; leaves: Uint8Array[] } {
    const leaves: Uint8Array[] = [];
    let leafBytes = 0;
    let entries: DirectoryEntries = { ids, lengths, isOfLeaves: false };
    /** Of the first entry: files begin at 0, each layer of leaves behind the one before. */
    let offset = 0;
    for (;;) {
        const count = entries.ids.length;
        // An entry takes at least 4 bytes.
        const root = count * 4 <= MAX_ROOT_BYTES ? writeDirectory(entries, 0, count, offset) : null;
        if (root !== null && root.byteLength <= MAX_ROOT_BYTES) {
            return { root, leaves };
        }
        const layerOffset = leafBytes;
        const above = { ids: [] as number[], lengths: [] as number[] };
        for (let from = 0; from < count; from += leafEntries) {
            const to = Math.min(count, from + leafEntries);
            const leaf = writeDirectory(entries, from, to, offset);
            for (let i = from; i < to; i++) {
                offset += entries.lengths[i]!;
            }
            above.ids.push(entries.ids[from]!);
            above.lengths.push(leaf.byteLength);
            leaves.push(leaf);
            leafBytes += leaf.byteLength;
        }
        entries = { ...above, isOfLeaves: true };
        offset = layerOffset;
    }
}
