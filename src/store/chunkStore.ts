/** Keeps the files of a bake. Names are relative paths of letters, digits, `-`, `_`, `.` and `/`. */
export interface ChunkStore {
    /**
     * Reads a file; resolves with null where there is none of that name.
     *
     * @param maxBytes the most that the caller can use; a longer file is not read. Default: 2^29
     * @throws FileTooLargeError where it is longer
     * @throws StoreError where it cannot be read
     */
    readAsync(name: string, maxBytes?: number): Promise<Uint8Array | null>;
    /**
     * Writes a file whole: readers see the one before or this one, whenever the writer dies. `bytes` is the caller's
     * again when the promise settles.
     *
     * @throws StoreError where it cannot be written
     */
    writeAsync(name: string, bytes: Uint8Array): Promise<void>;
    /**
     * Lists all names, in no order. None where nothing was written yet.
     *
     * @param folder the first part of the names that are asked for, as in `0`: a store may leave out all others.
     *   Default: all
     */
    listAsync(folder?: string): Promise<string[]>;
    /** Deletes a file. Does nothing where there is none of that name. */
    deleteAsync(name: string): Promise<void>;
}

/** Most bytes that `readAsync` reads by default: more than the longest manifest has. */
export const MAX_FILE_BYTES = 2 ** 29;

/** Says that something could not be read or written. */
export class StoreError extends Error {
    public override readonly name: string = "StoreError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_STORE";

    /** @param reason why, without the path: for lists that name the file themselves. Default: the message */
    public constructor(
        message: string,
        /** The file, as the store names it. */
        public readonly path: string,
        cause?: unknown,
        public readonly reason: string = message,
    ) {
        super(message, { cause });
    }
}

/** Says that a file is longer than the caller can use. It was not read. */
export class FileTooLargeError extends StoreError {
    public override readonly name = "FileTooLargeError";

    /** @param byteLength of the file; null where it has no length and more came than was asked for */
    public constructor(
        path: string,
        public readonly byteLength: number | null,
        /** The most bytes that the caller could use. */
        public readonly maxBytes: number,
    ) {
        const length = byteLength === null ? "more" : String(byteLength);
        const reason = `it has ${length} bytes; at most ${maxBytes} are read`;
        super(`${path} could not be read: ${reason}`, path, undefined, reason);
    }
}

/**
 * Checks a name.
 *
 * @throws StoreError for one that would lead out of the store, or that some file system takes for another
 */
export function assertName(name: string): void {
    if (!isName(name)) {
        throw new StoreError(
            `${JSON.stringify(name)} is no name for a file of a store: allowed are parts of letters, digits, "-", "_" ` +
                'and ".", none beginning with ".", with "/" between them.',
            name,
        );
    }
}

/** Returns whether a store may have a file, or a folder, of that name. */
export function isName(name: string): boolean {
    return name.length <= 256 && name.split("/").every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
}
