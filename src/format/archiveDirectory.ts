import { ArchiveError, type ArchiveSection } from "./archiveHeader.js";

/**
 * A part of an archive's index, in the order of ids. An entry is a file, or a leaf directory with the entries from its id on.
 */
export interface ArchiveDirectory {
    readonly ids: Float64Array;
    /** Bytes from the beginning of the data, or of the leaves where the entry is one. */
    readonly offsets: Float64Array;
    readonly lengths: Float64Array;
    /** Number of ids in a row that the same file has; 0 where the entry is a leaf. */
    readonly runs: Float64Array;
}

/** Entries to write. What they are of lies without gaps in their order. */
export interface DirectoryEntries {
    readonly ids: ArrayLike<number>;
    readonly lengths: ArrayLike<number>;
    readonly isOfLeaves: boolean;
}

/** An id, a run, a length and an offset take at least a byte each. */
const MIN_ENTRY_BYTES = 4;
/** Bytes of memory that an entry takes. */
const ENTRY_BYTES = 32;

/** Returns the bytes of memory that a directory takes. */
export function memoryOfDirectory({ ids }: ArchiveDirectory): number {
    return ids.length * ENTRY_BYTES;
}

/**
 * Returns entries `from` up to `to` as a directory.
 *
 * @param firstOffset of entry `from`
 */
export function writeDirectory(
    { ids, lengths, isOfLeaves }: DirectoryEntries,
    from: number,
    to: number,
    firstOffset: number,
): Uint8Array {
    // Ids and offsets take up to 8 bytes, lengths up to 5.
    const bytes = new Uint8Array(16 + 16 * (to - from));
    let at = writeNumber(bytes, 0, to - from);
    let lastId = 0;
    for (let i = from; i < to; i++) {
        at = writeNumber(bytes, at, ids[i]! - lastId);
        lastId = ids[i]!;
    }
    for (let i = from; i < to; i++) {
        at = writeNumber(bytes, at, isOfLeaves ? 0 : 1);
    }
    for (let i = from; i < to; i++) {
        at = writeNumber(bytes, at, lengths[i]!);
    }
    // 0 says: where the one before ends.
    at = writeNumber(bytes, at, firstOffset + 1);
    return bytes.slice(0, at + (to - from - 1));
}

/**
 * Reads a directory.
 *
 * @param data section in which its files lie
 * @param leaves section in which its leaves lie
 * @throws ArchiveError where it is malformed: no entry beyond its bytes, ids in order, everything within its section
 */
export function parseDirectory(bytes: Uint8Array, data: ArchiveSection, leaves: ArchiveSection): ArchiveDirectory {
    const reader = new NumberReader(bytes);
    const count = reader.next();
    if (count < 1 || count > bytes.byteLength / MIN_ENTRY_BYTES) {
        throw new ArchiveError(`has a directory of ${bytes.byteLength} bytes that says to have ${count} entries`);
    }
    const columnOf = (valueOf: (value: number, i: number) => number): Float64Array => {
        const column = new Float64Array(count);
        for (let i = 0; i < count; i++) {
            column[i] = valueOf(reader.next(), i);
        }
        return column;
    };
    let lastId = -1;
    const ids = columnOf((delta, i) => {
        const id = i === 0 ? delta : lastId + delta;
        if (id <= lastId || !Number.isSafeInteger(id)) {
            throw new ArchiveError("has a directory whose ids are out of order");
        }
        return (lastId = id);
    });
    const runs = columnOf((run, i) => {
        if (i + 1 < count && ids[i]! + run > ids[i + 1]!) {
            throw new ArchiveError("has a directory with two files below one id");
        }
        return run;
    });
    const lengths = columnOf((length) => length);
    let end = 0;
    const offsets = columnOf((stored, i) => {
        const offset = stored === 0 && i > 0 ? end : stored - 1;
        end = offset + lengths[i]!;
        const section = runs[i] === 0 ? leaves : data;
        if (offset < 0 || lengths[i] === 0 || end > section.byteLength) {
            throw new ArchiveError("has a directory whose files lie outside the archive");
        }
        return offset;
    });
    return { ids, offsets, lengths, runs };
}

/** Returns the place of the entry that has an id, or is the leaf that may have it; -1 where there is none. */
export function findEntry({ ids, runs }: ArchiveDirectory, id: number): number {
    let [low, high] = [0, ids.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (ids[middle]! <= id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const i = low - 1;
    return i >= 0 && (runs[i] === 0 || id - ids[i]! < runs[i]!) ? i : -1;
}

/** Writes a number, seven bits a byte and the lowest first; returns the place behind it. */
function writeNumber(bytes: Uint8Array, at: number, value: number): number {
    let rest = value;
    while (rest >= 128) {
        bytes[at++] = (rest % 128) + 128;
        rest = Math.floor(rest / 128);
    }
    bytes[at++] = rest;
    return at;
}

class NumberReader {
    private _at = 0;

    public constructor(private readonly _bytes: Uint8Array) {}

    public next(): number {
        let value = 0;
        for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
            const byte = this._bytes[this._at++];
            if (byte === undefined) {
                throw new ArchiveError("has a directory that ends too early");
            }
            value += (byte & 127) * scale;
            if (byte < 128) {
                return value;
            }
        }
        throw new ArchiveError("has a directory with a number beyond 2^56");
    }
}
