/** An archive: a bake in one file, as PMTiles v3 with chunks for tiles. `docs/specs/archive.md` describes each field. */

/** Bytes of the header. */
export const ARCHIVE_HEADER_BYTES = 127;
/** Header and root directory lie within so many bytes, so that one request reads both. */
export const ARCHIVE_HEAD_BYTES = 2 ** 14;
/** Most bytes of the root directory. */
export const MAX_ROOT_BYTES = ARCHIVE_HEAD_BYTES - ARCHIVE_HEADER_BYTES;

/** Says why bytes are no archive, or none that this library reads. */
export class ArchiveError extends Error {
    public override readonly name = "ArchiveError";
    public readonly code = "TERRANE_ARCHIVE";
}

/** Where a part of an archive lies. */
export interface ArchiveSection {
    /** Bytes from the file's beginning. */
    readonly offset: number;
    readonly byteLength: number;
}

/** What the first bytes of an archive say. */
export interface ArchiveHeader {
    readonly root: ArchiveSection;
    /** The text of `manifest.json`, which PMTiles calls metadata. */
    readonly manifest: ArchiveSection;
    readonly leaves: ArchiveSection;
    readonly data: ArchiveSection;
    /** Number of files beside the manifest. */
    readonly fileCount: number;
    readonly minZoom: number;
    readonly maxZoom: number;
}

const MAGIC = "PMTiles";
const VERSION = 3;
/** Neither directories nor files are compressed by the archive. */
const NO_COMPRESSION = 1;
/** A tile type that PMTiles knows nothing of. */
const OTHER_TILES = 0;
/** Where the whole of a web map ends, in 10^-7 degrees: viewers of maps want some bounds. */
const MAP_BOUNDS = [-1_800_000_000, -850_511_287, 1_800_000_000, 850_511_287] as const;
const SECTIONS = { root: 8, manifest: 24, leaves: 40, data: 56 } as const;

/** Returns the bytes of a header. */
export function writeArchiveHeader(header: ArchiveHeader): Uint8Array {
    const bytes = new Uint8Array(ARCHIVE_HEADER_BYTES);
    const view = new DataView(bytes.buffer);
    new TextEncoder().encodeInto(MAGIC, bytes);
    bytes[7] = VERSION;
    for (const [name, at] of Object.entries(SECTIONS) as [keyof typeof SECTIONS, number][]) {
        view.setBigUint64(at, BigInt(header[name].offset), true);
        view.setBigUint64(at + 8, BigInt(header[name].byteLength), true);
    }
    // Tiles addressed, entries, and contents: no two files are the same, since each holds its address.
    for (const at of [72, 80, 88]) {
        view.setBigUint64(at, BigInt(header.fileCount), true);
    }
    // The data is in the order of tile ids.
    bytes[96] = 1;
    bytes.set([NO_COMPRESSION, NO_COMPRESSION, OTHER_TILES, header.minZoom, header.maxZoom], 97);
    MAP_BOUNDS.forEach((bound, i) => view.setInt32(102 + 4 * i, bound, true));
    bytes[118] = header.minZoom;
    return bytes;
}

/**
 * Reads a header.
 *
 * @param bytes the archive's first
 * @throws ArchiveError where it is no archive of this kind, or its sections cannot be where it says
 */
export function parseArchiveHeader(bytes: Uint8Array): ArchiveHeader {
    if (bytes.byteLength < ARCHIVE_HEADER_BYTES || new TextDecoder().decode(bytes.subarray(0, 7)) !== MAGIC) {
        throw new ArchiveError('is no archive: it does not begin with "PMTiles"');
    }
    if (bytes[7] !== VERSION) {
        throw new ArchiveError(`is of PMTiles version ${bytes[7]}; allowed: ${VERSION}`);
    }
    if (bytes[97] !== NO_COMPRESSION || bytes[98] !== NO_COMPRESSION || bytes[99] !== OTHER_TILES) {
        throw new ArchiveError("holds other things than chunks, or was packed again by another tool");
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sectionOf = (name: keyof typeof SECTIONS): ArchiveSection => {
        const [offset, byteLength] = [SECTIONS[name], SECTIONS[name] + 8].map((at) =>
            Number(view.getBigUint64(at, true)),
        ) as [number, number];
        if (!Number.isSafeInteger(offset + byteLength)) {
            throw new ArchiveError(`has a section that ends at byte ${offset + byteLength}`);
        }
        return { offset, byteLength };
    };
    const root = sectionOf("root");
    if (root.offset < ARCHIVE_HEADER_BYTES || root.offset + root.byteLength > ARCHIVE_HEAD_BYTES) {
        throw new ArchiveError("has a root directory that is not within its first 16,384 bytes");
    }
    return {
        root,
        manifest: sectionOf("manifest"),
        leaves: sectionOf("leaves"),
        data: sectionOf("data"),
        fileCount: Number(view.getBigUint64(72, true)),
        minZoom: bytes[100]!,
        maxZoom: bytes[101]!,
    };
}
