import type { BakeTask } from "../bake/protocol.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";

/** Most addresses that a message names; a batch may hold 64. */
const MAX_NAMED = 8;

/** Says that a batch did not come back: its thread died, took too long or was ended. Its buffers are gone. */
export class BatchLostError extends Error {
    public override readonly name = "BatchLostError";
    public readonly code = "TERRANE_BATCH_LOST";

    /**
     * @param tasks what was in the batch; the message names their addresses
     * @param isCollateral whether the thread died over another batch, so that this one is not to blame
     * @param worker the executor's number of the worker that held it; -1 where there is none
     */
    public constructor(
        tasks: readonly BakeTask[],
        reason: string,
        public readonly isCollateral: boolean,
        cause?: unknown,
        public readonly worker = -1,
    ) {
        super(`The batch of ${namesOf(tasks)} was lost: ${reason}`, { cause });
    }
}

/** Says that a chunk is given up, and why. */
export class ChunkBakeError extends Error {
    public override readonly name = "ChunkBakeError";

    /** @param code what went wrong: an outcome's code, or `TERRANE_BATCH_LOST` */
    public constructor(
        public readonly address: ChunkAddress,
        public readonly code: string,
        message: string,
        cause?: unknown,
    ) {
        super(message, { cause });
    }
}

function namesOf(tasks: readonly BakeTask[]): string {
    const names = tasks.slice(0, MAX_NAMED).map(({ address }) => formatAddress(address));
    const more = tasks.length - names.length;
    return `chunk${tasks.length === 1 ? "" : "s"} ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
