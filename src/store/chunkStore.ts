/** Where files of a bake rest. Names are relative paths of letters, digits, `-`, `_`, `.` and `/`. */
export interface ChunkStore {
    /** Null where there is none of that name. @throws StoreError where it cannot be read */
    readAsync(name: string): Promise<Uint8Array | null>;
    /**
     * Writes a file whole: whoever reads sees the one before or this one, whenever the writer dies. `bytes` is the
     * caller's again when the promise settles.
     *
     * @throws StoreError where it cannot be written
     */
    writeAsync(name: string, bytes: Uint8Array): Promise<void>;
    /** All names, in no order. None where nothing was written yet. */
    listAsync(): Promise<string[]>;
    /** Nothing happens where there is none of that name. */
    deleteAsync(name: string): Promise<void>;
}

/** Something could not be read or written. */
export class StoreError extends Error {
    public override readonly name = "StoreError";
    public readonly code = "TERRANE_STORE";

    public constructor(
        message: string,
        public readonly path: string,
        cause?: unknown,
    ) {
        super(message, { cause });
    }
}

/** Throws a `StoreError` for a name that would lead out of the store, or that some file system takes for another. */
export function assertName(name: string): void {
    const parts = name.split("/");
    const isFine = name.length <= 256 && parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
    if (!isFine) {
        throw new StoreError(
            `${JSON.stringify(name)} is no name for a file of a store: allowed are parts of letters, digits, "-", "_" ` +
                'and ".", none beginning with ".", with "/" between them.',
            name,
        );
    }
}
