import type { ChunkFlight } from "./chunkRecord.js";

/** What a source says of a chunk. All but `found` and `failed` send it on to the next source. */
export type SourceAnswer =
    /** `buffer` holds the data from byte 0, and counts as out in the pool. */
    | { readonly status: "found"; readonly buffer: ArrayBuffer; readonly byteLength: number }
    /** The source does not have it. */
    | { readonly status: "missing"; readonly error?: Error }
    /** The source has it, but not as it was stored. */
    | { readonly status: "damaged"; readonly error: Error }
    /** The source cannot tell now. Where no other has the chunk either, it has another chance when a source recovers. */
    | { readonly status: "unavailable"; readonly error: Error }
    /** The chunk cannot be had, whoever is asked. */
    | { readonly status: "failed"; readonly error: Error };

/** Who asks a source, and is told what comes of it. */
export interface SourceClient {
    /** The source is about to choose what to load: brings priorities up to date, and cancels what nobody claims. */
    refreshPriorities(): void;
    /** The source sets to work on a chunk. */
    onLoading(flight: ChunkFlight): void;
    /** A chunk waits again, at the same source. */
    onReturned(flight: ChunkFlight): void;
    /** The source takes longer than the chunk can wait: the next one is asked beside it, and the first answer wins. */
    onLate(flight: ChunkFlight): void;
    /** The flight has left the source. */
    onAnswered(flight: ChunkFlight, answer: SourceAnswer): void;
    /** What the source could not give may be had again. */
    onRecovered(): void;
}

/** Where chunk data comes from, beyond memory: a store, or the bake. How many it loads at once is its own matter. */
export interface ChunkSource {
    /** As stats and messages call it. */
    readonly name: string;
    /** Says once who asks. */
    connect(client: SourceClient): void;
    /** Queues a chunk, which the client is told of until it is answered or cancelled. */
    request(flight: ChunkFlight): void;
    /**
     * Drops a chunk, about which nothing is told from now on. Returns false where the source is at work on it and will
     * finish it: then it answers all the same.
     */
    cancel(flight: ChunkFlight): boolean;
    /** Loads the most urgent of what waits, as many as it may. Called once a frame. */
    pump(): void;
    /** Ends at once: nothing is told from now on, and what is under way gives its buffers back. */
    dispose(): void;
}
