/** Code of a chunk that would exceed what chunks may be, on any thread. Worlds go on without it. */
export const CHUNK_LIMIT = "TERRANE_CHUNK_LIMIT";
/** Code of a chunk for which a thread had no memory left: another may have. */
export const NO_MEMORY = "TERRANE_NO_MEMORY";

export class ChunkLimitError extends Error {
    public override readonly name = "ChunkLimitError";

    /** @param reason what is too much, and what to do: a sentence that goes on after "beyond what a chunk may be:" */
    public constructor(
        public readonly code: typeof CHUNK_LIMIT | typeof NO_MEMORY,
        reason: string,
    ) {
        super(`It is beyond what a chunk may be: ${reason}`);
    }
}
