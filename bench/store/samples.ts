import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/*
 * What crosses between Node, the page and the page's thread: plain data.
 */

/** Name of the archive in the bake's folder. */
export const ARCHIVE = "bake.pmtiles";

/** A chunk that is loaded and baked. */
export interface BenchChunk {
    readonly address: ChunkAddress;
    /** Whether it is one volume; else it is a height grid. */
    readonly isFused: boolean;
    /** Bytes of its file. */
    readonly fileBytes: number;
}

/** One load, or one bake. */
export interface LoadSample {
    /** Milliseconds from the request to the chunk data in a buffer. */
    readonly ms: number;
    /** Of these, unpacking and checking what is in the file. */
    readonly unpackMs: number;
    /** Bytes of the chunk data. */
    readonly byteLength: number;
    readonly isFused: boolean;
}

/** Height grids that were all wanted at once. */
export interface Burst {
    /** Milliseconds until the last was there. */
    readonly ms: number;
    /** Milliseconds until each was there. */
    readonly chunkMs: readonly number[];
    /** Bytes of chunk data of all. */
    readonly byteLength: number;
}

/** What a store was measured to do. */
export interface StoreSamples {
    /** One after the other. */
    readonly alone: readonly LoadSample[];
    readonly bursts: readonly Burst[];
}

/** Milliseconds of fetches that no store has a part in. */
export interface PlainFetches {
    readonly aloneMs: readonly number[];
    /** Until the last of 64 was there. */
    readonly burstsMs: readonly number[];
}
