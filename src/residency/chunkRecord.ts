import { NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";

/** Where a chunk's data is. `transitions.ts` alone moves a record from one to another. */
export const RecordState = {
    /** Nothing of it is here or on its way. */
    absent: 0,
    /** Waits for a source. */
    queued: 1,
    /** A source is at work on it. */
    loading: 2,
    /** Its data is here, of the revision that is wanted. */
    ready: 3,
    /** Data of an older revision is here, and serves until the new one comes. */
    stale: 4,
    /** Given up: no source has it. */
    failed: 5,
} as const;
export type RecordState = (typeof RecordState)[keyof typeof RecordState];

/** Chunk data of one revision, in memory. */
export interface ChunkBytes {
    /** Holds the data from byte 0 on, and may be longer. Out of the pool. */
    readonly buffer: ArrayBuffer;
    readonly byteLength: number;
    readonly revision: number;
    /** Sinks that use it. */
    holders: number;
}

/** Told what becomes of a chunk that was claimed. */
export interface ClaimListener {
    /** The data is here: `record.bytes`. Called again with each newer revision while the claim stands. */
    onReady(record: ChunkRecord): void;
    /** The chunk is given up. */
    onFailed(record: ChunkRecord, error: Error): void;
}

/** A wish for one chunk, until its owner releases it. */
export interface ChunkClaim {
    readonly record: ChunkRecord;
    readonly listener: ClaimListener;
    /** Lower is sooner. May be changed at any time. */
    priority: number;
}

/** Whether a chunk was prefetched, and came to be shown. */
export const PrefetchUse = { none: 0, prefetched: 1, used: 2 } as const;
export type PrefetchUse = (typeof PrefetchUse)[keyof typeof PrefetchUse];

/** No pass or round: a stamp that claims nothing. */
export const NEVER = -1;

/** What is known of one chunk, all in one place. Pooled: hold none that is not claimed, held or a node's. */
export class ChunkRecord {
    public key = 0;
    public address: ChunkAddress = NOWHERE;
    public state: RecordState = RecordState.absent;
    /** Whether no source has it in the revision that is wanted. Stale data serves on even so. */
    public isGivenUp = false;
    /** The revision that is wanted. Data of a lower one is stale. */
    public revision = 0;
    /** The newest data that is here. */
    public bytes: ChunkBytes | null = null;
    /** Data of older revisions that sinks still use. */
    public readonly superseded: ChunkBytes[] = [];
    /** Metres: the least and the greatest height; NaN until the chunk was here once. */
    public minY = Number.NaN;
    public maxY = Number.NaN;
    /** Its way through the sources; null where it is on none. */
    public flight: ChunkFlight | null = null;
    /** Whether the memory source has it: data that nobody uses. */
    public isCached = false;

    /** The view's claim: the pass that stamped it last, and its priority. */
    public viewPass = NEVER;
    public viewPriority = Number.POSITIVE_INFINITY;
    /** Prefetch's claim: the round that stamped it last, and its priority. */
    public prefetchRound = NEVER;
    public prefetchPriority = Number.POSITIVE_INFINITY;
    public prefetchUse: PrefetchUse = PrefetchUse.none;
    /** All other claims. */
    public readonly claims: ChunkClaim[] = [];
    /** Whether a node of the quadtree refers to it. */
    public hasNode = false;

    /** On the profiler's clock: when the view asked for it, NaN where it did not or has shown it since; and when it came. */
    public requestedMs = Number.NaN;
    public readyMs = 0;
    /** Its place among all records. */
    public index = -1;
}

/** A chunk on its way through the sources. */
export class ChunkFlight {
    /** Lower is sooner. Brought up to date by `SourceClient.refreshPriorities`. */
    public priority = Number.POSITIVE_INFINITY;
    /** The revision that was wanted when the first of the sources that are at work on it set to work. */
    public revision = 0;
    /** How many sources were asked, from the first of the chain on. */
    public asked = 0;
    /** Sources that have yet to answer, a bit each by their places in the chain; and those of them that are at work. */
    public open = 0;
    public working = 0;
    /** Why the last source that said so cannot give the chunk. */
    public error: Error | null = null;
    /** Whether a source could not tell: then the chunk is tried again when one recovers. */
    public isUnavailable = false;
    /** What the bake knows the chunk by. */
    public ticket: unknown = null;

    public constructor(
        public readonly record: ChunkRecord,
        public readonly key: number,
        public readonly address: ChunkAddress,
        /** Its place among all flights; -1 where it has ended, which a source that is at work on it may not know yet. */
        public index: number,
    ) {}

    public get isLoading(): boolean {
        return this.working !== 0;
    }
}

const NOWHERE: ChunkAddress = { face: NO_FACE, level: 0, x: 0, z: 0 };
