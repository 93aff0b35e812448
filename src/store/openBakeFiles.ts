import { nodeBuiltin } from "../base/host.js";
import { isBlockPath } from "./blockTemplate.js";
import { DirectoryStore } from "./directoryStore.js";
import { openFileArchive } from "./openArchive.js";
import { openFileBlockArchives } from "./openBlockArchives.js";
import type { Store } from "./store.js";

/** Ending of an archive's name. */
const ARCHIVE_ENDING = /\.pmtiles$/i;

/**
 * Opens the files of a bake on disk, for Node: a folder, the archive that it was packed into, or with `{block}` in the path those
 * that its blocks were packed into. What is not there is taken for an archive where its name ends as one's. Nothing is read yet.
 *
 * @throws TerraneError where the path is empty, or has `{block}` in it twice
 * @throws StoreError in browsers, which have no files
 */
export function openBakeFiles(path: string): Store {
    if (isBlockPath(path)) {
        return openFileBlockArchives(path);
    }
    const stats = nodeBuiltin<typeof import("node:fs")>("node:fs")?.statSync(path, { throwIfNoEntry: false });
    const isArchive = stats === undefined ? ARCHIVE_ENDING.test(path) : !stats.isDirectory();
    return isArchive ? openFileArchive(path) : new DirectoryStore(path);
}
