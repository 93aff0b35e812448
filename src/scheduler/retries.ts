import type { BakeOutcome } from "../bake/protocol.js";
import { messageOf } from "../base/errors.js";
import { formatAddress } from "../space/chunkAddress.js";
import { BatchLostError, ChunkBakeError } from "./bakeErrors.js";
import type { ScheduledChunk } from "./pendingChunks.js";

/** Number of times that a chunk is baked again after a lost batch. */
const MAX_LOSS_RETRIES = 2;
/** Number of times that a chunk is baked again after an outcome that says it failed. */
const MAX_FAILURE_RETRIES = 1;
/**
 * Number of times that a chunk is baked again after its worker died over another batch, so that even bad luck has an
 * end.
 */
const MAX_COLLATERAL_LOSSES = 8;
/** Codes of outcomes that would be the same every time. */
const FINAL_CODES: readonly string[] = ["TERRANE_INVALID", "TERRANE_CHUNK_LIMIT"];

/** Counts a lost batch. Returns null where the chunk is to be baked again, alone and elsewhere; else why it is given up. */
export function countLoss(chunk: ScheduledChunk, cause: unknown, worker: number): ChunkBakeError | null {
    if (cause instanceof BatchLostError && cause.isCollateral) {
        chunk.collateralLosses++;
    } else {
        chunk.losses++;
    }
    if (chunk.losses <= MAX_LOSS_RETRIES && chunk.collateralLosses <= MAX_COLLATERAL_LOSSES) {
        chunk.isAlone = true;
        chunk.avoidWorker = worker;
        return null;
    }
    const { address } = chunk.request;
    const times = chunk.losses + chunk.collateralLosses;
    const message = `Chunk ${formatAddress(address)} is given up: its batch was lost ${times} times. ${messageOf(cause)}`;
    return new ChunkBakeError(address, "TERRANE_BATCH_LOST", message, cause);
}

/** Counts a failed bake. Returns null where the chunk is to be baked again; else why it is given up. */
export function countFailure(
    chunk: ScheduledChunk,
    { code, message }: Extract<BakeOutcome, { ok: false }>,
): ChunkBakeError | null {
    chunk.failures++;
    if (!FINAL_CODES.includes(code) && chunk.failures <= MAX_FAILURE_RETRIES) {
        return null;
    }
    const { address } = chunk.request;
    const name = formatAddress(address);
    return new ChunkBakeError(address, code, message.includes(name) ? message : `Chunk ${name}: ${message}`);
}

/** Returns the number of times that a chunk was tried. */
export function attemptsOf({ losses, collateralLosses, failures }: ScheduledChunk): number {
    return losses + collateralLosses + failures;
}
