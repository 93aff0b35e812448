import type { Aborted, StoreOptions, Unavailable } from "./store.js";

/** What tells one edition of a file from another; null for what a reader is not told. */
export interface FileIdentity {
    /** Of the whole file. */
    readonly byteLength: number | null;
    /** A mark of the file's content, as a strong ETag. */
    readonly etag: string | null;
    /** When it was changed, as the host says it. */
    readonly modified: string | null;
}

/** A part of a file that is wanted. */
export interface RangeRequest extends StoreOptions {
    /** Bytes from the file's beginning. */
    readonly offset: number;
    /** Bytes of the part. */
    readonly length: number;
    /** The edition that the part must be of; null where any is good, and where the file may end before the part does. */
    readonly expected: FileIdentity | null;
    /** Whether no cache is asked, since one gave an older edition. Default: false */
    readonly isFresh?: boolean;
}

/** What came of reading a part. */
export type RangeResult = RangeRead | RangeMissing | RangeChanged | Unavailable | Aborted;

/** The part was read. */
export interface RangeRead {
    /** Tells this answer from others. */
    readonly status: "read";
    /** The receiver's own; fewer than were asked for only where no edition was expected and the file ends. */
    readonly bytes: Uint8Array;
    /** Of the file that they are of. */
    readonly identity: FileIdentity;
}

/** There is no such file. */
export interface RangeMissing {
    /** Tells this answer from others. */
    readonly status: "missing";
}

/** The file is of another edition than was expected. */
export interface RangeChanged {
    /** Tells this answer from others. */
    readonly status: "changed";
}

/** Reads parts of one file. */
export interface RangeReader {
    /** Where the file is: its path or address. */
    readonly location: string;
    /** Number of times that it had to try again. */
    readonly retries: number;
    /** Reads a part. Never rejects. */
    readRangeAsync(request: RangeRequest): Promise<RangeResult>;
    /** Ends what is under way, and lets go of what is open. Everything is `unavailable` from then on. */
    closeAsync(): Promise<void>;
}

/** Tells whether two identities may be of one edition: nothing that both know differs. The strongest mark decides alone. */
export function isSameEdition(a: FileIdentity, b: FileIdentity): boolean {
    const differs = <T>(one: T | null, other: T | null): boolean => one !== null && other !== null && one !== other;
    if (differs(a.byteLength, b.byteLength) || differs(a.etag, b.etag)) {
        return false;
    }
    // Hosts of one name may have copied one file at different times.
    const isMarked = a.etag !== null && b.etag !== null;
    return isMarked || !differs(a.modified, b.modified);
}
