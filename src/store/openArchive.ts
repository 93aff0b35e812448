import { ArchiveStore } from "./archiveStore.js";
import { FileRanges } from "./fileRanges.js";
import { httpRangeSettingsOf } from "./httpSettings.js";
import { HttpRanges, type HttpRangesOptions } from "./httpRanges.js";

/**
 * Opens a packed bake on a web server. Nothing is read yet.
 *
 * @param url of the archive
 * @throws TerraneError where it is no http or https address
 */
export function openHttpArchive(url: string, options: HttpRangesOptions = {}): ArchiveStore {
    const { fetch, clock } = options;
    // A `fetch` of the caller's own cannot go to another thread.
    const ranges = new HttpRanges(url, options);
    const archive = { kind: "archive", url: ranges.address, ...httpRangeSettingsOf(options) } as const;
    return new ArchiveStore(ranges, { description: fetch === undefined ? archive : null, clock });
}

/**
 * Opens a packed bake on disk, for Node. Nothing is read yet.
 *
 * @param file path of the archive
 * @throws StoreError in browsers, which have no files
 */
export function openFileArchive(file: string): ArchiveStore {
    return new ArchiveStore(new FileRanges(file), { description: { kind: "archiveFile", file } });
}
