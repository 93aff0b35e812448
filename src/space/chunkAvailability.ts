/** Whether a chunk can be had. */
export const Availability = {
    /** There is none, as beyond the edge of a bake. */
    absent: 0,
    /** There is one. */
    available: 1,
    /** Nobody knows yet: whoever was asked finds out. */
    unknown: 2,
} as const;
export type Availability = (typeof Availability)[keyof typeof Availability];

/** What chunks there are, where not all can be had. Its answers change as more becomes known. Allocates nothing. */
export interface ChunkAvailability {
    /** The coarsest level of which there may be chunks. */
    readonly coarsestLevel: number;
    /** Blocks of chunks that were asked about and that nobody knows yet. */
    readonly pendingCount: number;

    /** Returns whether there is a chunk. */
    at(face: number, level: number, x: number, z: number): Availability;

    /** Returns whether all four children of a chunk are available: absent where one of them is known to be. */
    childrenAt(face: number, level: number, x: number, z: number): Availability;

    /** Resolves once nothing is pending any more, or nothing more will become known. Never rejects. */
    whenKnownAsync(): Promise<void>;
}
