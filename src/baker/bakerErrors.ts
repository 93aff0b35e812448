import type { BakeFailure } from "../scheduler/bakeSchedulerOptions.js";
import { formatAddress } from "../space/chunkAddress.js";

export type { BakeFailure } from "../scheduler/bakeSchedulerOptions.js";

/** Number of addresses that a message names. */
const MAX_NAMED = 8;

/**
 * Says that a bake was ended by its signal. What was baked by then is in the store: the same bake goes on from there.
 */
export class BakeCancelledError extends Error {
    public override readonly name = "AbortError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_CANCELLED";

    public constructor(completedChunks: number, totalChunks: number, cause?: unknown) {
        super(`The bake was cancelled after ${completedChunks} of ${totalChunks} chunks.`, { cause });
    }
}

/** Says that some chunks could not be baked; all others are done and in the store. */
export class WorldBakeError extends Error {
    public override readonly name = "WorldBakeError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_WORLD_BAKE";

    public constructor(
        /** The chunks that could not be baked, and why. */
        public readonly failures: readonly BakeFailure[],
        totalChunks: number,
    ) {
        const names = failures.slice(0, MAX_NAMED).map(({ address }) => formatAddress(address));
        const more = failures.length > MAX_NAMED ? ` and ${failures.length - MAX_NAMED} more` : "";
        super(
            `${failures.length} of ${totalChunks} chunks could not be baked: ${names.join(", ")}${more}. ` +
                `The first said: ${failures[0]?.error.message ?? "nothing"} Bake again to try what is missing.`,
            { cause: failures[0]?.error },
        );
    }
}
