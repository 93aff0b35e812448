import type { StoreOptions } from "./store.js";

/** What tells one edition of a file from another; null for what a reader is not told. */
export interface FileIdentity {
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
    readonly length: number;
    /** The edition that the part must be of; null where any is good, and where the file may end before the part does. */
    readonly expected: FileIdentity | null;
    /** Whether no cache is asked, since one gave an older edition. Default: false */
    readonly isFresh?: boolean;
}

/** What came of reading a part. */
export type RangeResult =
    /** The bytes are the receiver's own; `identity` is that of the file they are of. */
    | { readonly status: "read"; readonly bytes: Uint8Array; readonly identity: FileIdentity }
    /** There is no such file. */
    | { readonly status: "missing" }
    /** The file is of another edition than was expected. */
    | { readonly status: "changed" }
    /** Out of reach, closed, or the host cannot give parts. `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

/** Reads parts of one file. */
export interface RangeReader {
    /** Where the file is: its path or address. */
    readonly location: string;
    /** Number of times that it had to try again. */
    readonly retries: number;
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
