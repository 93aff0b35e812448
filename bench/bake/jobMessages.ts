import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/** Our bake; the plain job with either noise; a thread that only computes. */
export type JobKind = "terrane" | "openSimplex" | "gradient" | "spin";

export interface JobRequest {
    readonly addresses: readonly ChunkAddress[];
    /** Metres: radius of the plain job's tunnels. */
    readonly radius: number;
}

export interface JobResponse {
    readonly ms: number;
    /** Sums over the addresses. Our own job leaves counts to `SeedChunk`. */
    readonly stagesMs: number[];
    readonly triangles: number;
    readonly heightSamples: number;
    readonly caveSamples: number;
    /** Rounds of pure computing that a spinning thread did. */
    readonly spins: number;
}
