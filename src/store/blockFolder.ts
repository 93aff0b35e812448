import type { ChunkSquare } from "../space/chunkSquare.js";
import { writeArchiveFileAsync, type ArchiveTarget } from "./archiveFile.js";
import { archiveOfBlock, BLOCK, readBlockPath } from "./blockTemplate.js";
import { DirectoryStore } from "./directoryStore.js";
import { openBlockFile } from "./openBlockArchives.js";
import type { Store } from "./store.js";

/** Where a bake is written to as an archive for each block. */
export interface BlocksTarget {
    /** Takes the files of the manifest. */
    readonly folder: Store;
    /** Opens the archive of a block that was written before; what there is none of is `missing`. The caller's to close. */
    openArchive(block: ChunkSquare): Store;
    /** Writes the archive of a block, whole: where `fillAsync` rejects, what was there before stays. */
    writeArchiveAsync(block: ChunkSquare, fillAsync: (target: ArchiveTarget) => Promise<void>): Promise<void>;
}

/** Returns the path of the archives that `openBlockFolder` writes into a folder, with `{block}` in it. */
export function blocksIn(directory: string): string {
    return `${directory.replace(/\/+$/, "")}/${BLOCK}.pmtiles`;
}

/**
 * Opens a folder on disk to write a bake into, for Node: an archive for each block, as in `0/-1/3.pmtiles`, beside the manifest. It is
 * made with the first file.
 *
 * @throws TerraneError where the path is empty, or has `{block}` in it
 * @throws StoreError in browsers, which have no folders
 */
export function openBlockFolder(directory: string): BlocksTarget {
    const folder = new DirectoryStore(directory);
    const template = readBlockPath(blocksIn(directory));
    return {
        folder,
        openArchive: (block) => openBlockFile(template, block),
        writeArchiveAsync: (block, fillAsync) =>
            writeArchiveFileAsync(`${template.folder}/${archiveOfBlock(template, block)}`, fillAsync, true),
    };
}
