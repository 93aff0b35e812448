import type { ChunkSquare } from "../space/chunkSquare.js";
import { ArchiveStore } from "./archiveStore.js";
import { BlockArchives, type BlockArchivesOptions } from "./blockArchives.js";
import { archiveOfBlock, formatBlockUrl, readBlockPath, readBlockUrl, type BlockTemplate } from "./blockTemplate.js";
import { DirectoryStore } from "./directoryStore.js";
import { FileRanges } from "./fileRanges.js";
import { HttpClient } from "./httpClient.js";
import { HttpRanges, type HttpRangesOptions } from "./httpRanges.js";
import { httpBlockSettingsOf } from "./httpSettings.js";
import { HttpStore } from "./httpStore.js";

/** How archives of blocks on a web server are asked for. */
export type HttpBlockArchivesOptions = HttpRangesOptions & Pick<BlockArchivesOptions, "mostOpen">;

/**
 * Opens a bake on a web server of which each block is an archive. One client asks for all of them, and for the manifest: so
 * many requests at once, and one count of failures. Nothing is read yet.
 *
 * @param url of the archives, with `{block}` where `[face/]level/x/z` of each block stands; the manifest's folder is what comes
 *   before the first part of the path with that in it
 * @throws TerraneError where it is no http or https address, or `{block}` is not in its path once
 */
export function openHttpBlockArchives(url: string, options: HttpBlockArchivesOptions = {}): BlockArchives {
    const template = readBlockUrl(url);
    const { fetch, clock, mostOpen } = options;
    const client = new HttpClient(template.folder + template.query, options);
    const open = (block: ChunkSquare): ArchiveStore => {
        const ranges = new HttpRanges({ client, path: archiveOfBlock(template, block) }, options);
        return new ArchiveStore(ranges, { clock, isOneOfMany: true });
    };
    // A `fetch` of the caller's own cannot go to another thread.
    const description =
        fetch === undefined
            ? ({ kind: "blockArchives", url: formatBlockUrl(template), ...httpBlockSettingsOf(options) } as const)
            : null;
    return new BlockArchives(new HttpStore(client.address, options, client), open, { description, mostOpen });
}

/**
 * Opens a bake on disk of which each block is an archive, for Node. Nothing is read yet.
 *
 * @param path of the archives, with `{block}` as `openHttpBlockArchives` takes it
 * @throws TerraneError where `{block}` is not in it once
 * @throws StoreError in browsers, which have no files
 */
export function openFileBlockArchives(path: string): BlockArchives {
    const template = readBlockPath(path);
    const open = (block: ChunkSquare): ArchiveStore => openBlockFile(template, block);
    return new BlockArchives(new DirectoryStore(template.folder), open, {
        description: { kind: "blockArchiveFiles", path },
    });
}

/** Opens the archive of one block on disk, for Node. Where there is none, all that is asked of it is `missing`. */
export function openBlockFile(template: BlockTemplate, block: ChunkSquare): ArchiveStore {
    return new ArchiveStore(new FileRanges(`${template.folder}/${archiveOfBlock(template, block)}`), {
        isOneOfMany: true,
    });
}
