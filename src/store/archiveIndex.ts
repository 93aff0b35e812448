import { findEntry, memoryOfDirectory, parseDirectory, type ArchiveDirectory } from "../format/archiveDirectory.js";
import {
    ARCHIVE_HEAD_BYTES,
    ArchiveError,
    parseArchiveHeader,
    type ArchiveHeader,
    type ArchiveSection,
} from "../format/archiveHeader.js";
import { ByteLru } from "../memory/byteLru.js";
import type { FileIdentity, RangeReader } from "./rangeReader.js";

/** Why something of an archive could not be read. */
export type ArchiveFault =
    | { readonly status: "damaged"; readonly reason: string }
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "changed" }
    | { readonly status: "missing" }
    | { readonly status: "aborted" };

/** Where a file lies, in bytes from the archive's beginning; `absent` where the archive has none of that id. */
export type Located = { readonly status: "found"; readonly section: ArchiveSection } | { readonly status: "absent" };

/** Directories below the root, of which each layer has thousands of times the entries of the one above it. */
const MOST_LAYERS = 3;
/** Most bytes of a leaf directory. Those that this library writes have at most 70,000. */
const MAX_LEAF_BYTES = 2 ** 20;

/** Index of one edition of an archive: its root, and as many leaves as the limit allows. */
export class ArchiveIndex {
    private readonly _leaves: ByteLru<ArchiveDirectory>;
    private readonly _reading = new Map<number, Promise<ArchiveDirectory | ArchiveFault>>();

    private constructor(
        private readonly _ranges: RangeReader,
        public readonly identity: FileIdentity,
        public readonly header: ArchiveHeader,
        private readonly _head: Uint8Array,
        private readonly _root: ArchiveDirectory,
        private readonly _signal: AbortSignal,
        cacheBytes: number,
    ) {
        this._leaves = new ByteLru<ArchiveDirectory>(cacheBytes, () => {});
    }

    /**
     * Reads header and root directory.
     *
     * @param cacheBytes most bytes of memory for leaves
     * @param signal ends what is read, now and later
     * @param isFresh whether no cache is asked
     */
    public static async openAsync(
        ranges: RangeReader,
        cacheBytes: number,
        signal: AbortSignal,
        isFresh: boolean,
    ): Promise<ArchiveIndex | ArchiveFault> {
        const head = { offset: 0, length: ARCHIVE_HEAD_BYTES };
        const result = await ranges.readRangeAsync({ ...head, expected: null, isFresh, signal });
        if (result.status !== "read") {
            return result;
        }
        const { bytes, identity } = result;
        try {
            const header = parseArchiveHeader(bytes);
            for (const { offset, byteLength } of [header.manifest, header.leaves, header.data, header.root]) {
                if (offset + byteLength > (identity.byteLength ?? Infinity)) {
                    throw new ArchiveError(`is cut off: it has ${identity.byteLength} of ${offset + byteLength} bytes`);
                }
            }
            const root = parseDirectory(bytesOf(bytes, header.root), header.data, header.leaves);
            return new ArchiveIndex(ranges, identity, header, bytes, root, signal, cacheBytes);
        } catch (error) {
            return faultOf(error);
        }
    }

    /** Returns the bytes of a section that came with the head; null where it lies behind it. */
    public inHead({ offset, byteLength }: ArchiveSection): Uint8Array | null {
        return offset + byteLength <= this._head.byteLength ? this._head.slice(offset, offset + byteLength) : null;
    }

    /** Finds a file without reading; undefined where a leaf on the way to it is not known. */
    public locate(id: number): Located | undefined {
        let directory: ArchiveDirectory | undefined = this._root;
        for (let layer = 0; layer <= MOST_LAYERS && directory !== undefined; layer++) {
            const step = this._stepIn(directory, id);
            if ("status" in step) {
                return step;
            }
            directory = this._leaves.get(step.offset);
        }
        return undefined;
    }

    /** Finds a file. Those who want one leaf at once share its reading. */
    public async locateAsync(id: number): Promise<Located | ArchiveFault> {
        let directory = this._root;
        for (let layer = 0; layer <= MOST_LAYERS; layer++) {
            const step = this._stepIn(directory, id);
            if ("status" in step) {
                return step;
            }
            const leaf = await this._readLeafAsync(step);
            if ("status" in leaf) {
                return leaf;
            }
            directory = leaf;
        }
        return { status: "damaged", reason: `has more than ${MOST_LAYERS} layers of directories` };
    }

    /** Lists the ids of all files, a directory at a time. Returns why it ended early; null where it did not. */
    public async *idsAsync(): AsyncGenerator<Float64Array, ArchiveFault | null> {
        const open: { directory: ArchiveDirectory; depth: number }[] = [{ directory: this._root, depth: 0 }];
        let leafBytes = 0;
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
            const { ids, runs, offsets, lengths } = at.directory;
            yield ids.filter((_, i) => runs[i]! > 0);
            for (let i = ids.length - 1; i >= 0; i--) {
                if (runs[i] !== 0) {
                    continue;
                }
                leafBytes += lengths[i]!;
                if (leafBytes > this.header.leaves.byteLength || at.depth >= MOST_LAYERS) {
                    return { status: "damaged", reason: "lists a directory twice" };
                }
                const directory = await this._readLeafAsync({ offset: offsets[i]!, byteLength: lengths[i]! });
                if ("status" in directory) {
                    return directory;
                }
                open.push({ directory, depth: at.depth + 1 });
            }
        }
        return null;
    }

    /** Returns where a directory has a file, or else in which leaf it may be. */
    private _stepIn(directory: ArchiveDirectory, id: number): Located | ArchiveSection {
        const i = findEntry(directory, id);
        if (i < 0) {
            return { status: "absent" };
        }
        const section = { offset: directory.offsets[i]!, byteLength: directory.lengths[i]! };
        return directory.runs[i] === 0
            ? section
            : { status: "found", section: { ...section, offset: this.header.data.offset + section.offset } };
    }

    private _readLeafAsync(leaf: ArchiveSection): Promise<ArchiveDirectory | ArchiveFault> {
        const known = this._leaves.get(leaf.offset);
        if (known !== undefined) {
            return Promise.resolve(known);
        }
        let reading = this._reading.get(leaf.offset);
        if (reading === undefined) {
            reading = this._readLeafOnceAsync(leaf).finally(() => this._reading.delete(leaf.offset));
            this._reading.set(leaf.offset, reading);
        }
        return reading;
    }

    private async _readLeafOnceAsync({ offset, byteLength }: ArchiveSection): Promise<ArchiveDirectory | ArchiveFault> {
        if (byteLength > MAX_LEAF_BYTES) {
            return {
                status: "damaged",
                reason: `has a directory of ${byteLength} bytes; at most ${MAX_LEAF_BYTES} are read`,
            };
        }
        const result = await this._ranges.readRangeAsync({
            offset: this.header.leaves.offset + offset,
            length: byteLength,
            expected: this.identity,
            signal: this._signal,
        });
        if (result.status !== "read") {
            return result;
        }
        try {
            const leaf = parseDirectory(result.bytes, this.header.data, this.header.leaves);
            this._leaves.set(offset, leaf, memoryOfDirectory(leaf));
            return leaf;
        } catch (error) {
            return faultOf(error);
        }
    }
}

function bytesOf(bytes: Uint8Array, { offset, byteLength }: ArchiveSection): Uint8Array {
    return bytes.subarray(offset, offset + byteLength);
}

function faultOf(error: unknown): ArchiveFault {
    if (error instanceof ArchiveError) {
        return { status: "damaged", reason: error.message };
    }
    throw error;
}
