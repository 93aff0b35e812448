import type { ChunkRecord } from "./chunkRecord.js";

/** The present pass of the view and round of prefetch: a stamp of another is no claim. */
export interface ClaimClock {
    viewPass: number;
    prefetchRound: number;
}

/** Whether anybody wants the chunk. */
export function isClaimed(record: ChunkRecord, clock: ClaimClock): boolean {
    return isKept(record, clock) || record.prefetchRound === clock.prefetchRound;
}

/** Whether anybody wants the chunk's data to stay at hand. What was prefetched rests in memory like all that is unused. */
export function isKept(record: ChunkRecord, { viewPass }: ClaimClock): boolean {
    return record.viewPass === viewPass || record.claims.length > 0;
}

/** Writes the priority of the most urgent claim into the record's flight. Returns whether there is any claim. */
export function refreshPriority(record: ChunkRecord, clock: ClaimClock): boolean {
    let priority = Number.POSITIVE_INFINITY;
    let isAny = false;
    if (record.viewPass === clock.viewPass) {
        isAny = true;
        priority = record.viewPriority;
    }
    if (record.prefetchRound === clock.prefetchRound) {
        isAny = true;
        priority = Math.min(priority, record.prefetchPriority);
    }
    for (let i = 0; i < record.claims.length; i++) {
        isAny = true;
        priority = Math.min(priority, record.claims[i]!.priority);
    }
    record.flight!.priority = priority;
    return isAny;
}
