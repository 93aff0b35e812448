import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/**
 * Kinds of jobs: our bake; the plain job with either noise; a thread that only computes; our bake as a game has it, for
 * its garbage.
 */
export type JobKind = "terrane" | "openSimplex" | "gradient" | "spin" | "garbage";

export interface JobRequest {
    readonly addresses: readonly ChunkAddress[];
    /** Metres: radius of the plain job's tunnels. */
    readonly radius: number;
}

export interface JobResponse {
    readonly ms: number;
    /** Milliseconds of stages, summed over the addresses. Our own job leaves counts to `SeedChunk`. */
    readonly stagesMs: number[];
    readonly triangles: number;
    readonly heightSamples: number;
    readonly caveSamples: number;
    /** Milliseconds of garbage collection, where the thread watches for it. */
    readonly gcMs?: number;
    /** Rounds of pure computing that a spinning thread did. */
    readonly spins: number;
}
