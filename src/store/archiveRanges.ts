import type { ArchiveSection } from "../format/archiveHeader.js";

/** How far apart files may lie that are read together. */
export interface JoinBounds {
    /** Most bytes between two files that are read and thrown away, to save a request. Default: 2^16, about two chunks */
    readonly gapBytes: number;
    /** Most bytes of one request for several files; a longer file has its own. Default: 2^20, some 30 chunks */
    readonly mostBytes: number;
}

/** Several files as one range. */
export interface JoinedRange<T> {
    readonly offset: number;
    readonly length: number;
    readonly parts: readonly T[];
}

/** Groups files that lie near each other. Those whose place is unknown are left out. */
export function joinRanges<T extends { readonly section: ArchiveSection | null }>(
    files: readonly T[],
    { gapBytes, mostBytes }: JoinBounds,
): JoinedRange<T>[] {
    const located = files.filter((file): file is T & { section: ArchiveSection } => file.section !== null);
    located.sort((a, b) => a.section.offset - b.section.offset);
    const joined: { offset: number; end: number; parts: T[] }[] = [];
    for (const file of located) {
        const { offset, byteLength } = file.section;
        const last = joined.at(-1);
        const end = Math.max(last?.end ?? 0, offset + byteLength);
        if (last !== undefined && offset - last.end <= gapBytes && end - last.offset <= mostBytes) {
            last.parts.push(file);
            last.end = end;
        } else {
            joined.push({ offset, end: offset + byteLength, parts: [file] });
        }
    }
    return joined.map(({ offset, end, parts }) => ({ offset, length: end - offset, parts }));
}
