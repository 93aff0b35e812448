/** A chunk that would be more than chunks may be. Worlds go on without it. */
export class ChunkLimitError extends Error {
    public override readonly name = "ChunkLimitError";
    public readonly code = "TERRANE_CHUNK_LIMIT";

    /** @param reason what is too much, and what to do: a sentence that goes on after "beyond what a chunk may be:" */
    public constructor(reason: string) {
        super(`It is beyond what a chunk may be: ${reason}`);
    }
}
