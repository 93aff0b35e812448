import { RecordState, type ChunkBytes, type ChunkFlight, type ChunkRecord } from "./chunkRecord.js";

/**
 * Every way from one state to another; what is not named here cannot happen. `docs/life-of-a-chunk.md` draws it. A stale
 * chunk stays stale while its new data waits, loads, fails or is called off, since its old data serves on.
 */
export const TRANSITIONS = {
    /** Somebody claims a chunk that is not here: it goes to the first source. */
    request: { absent: "queued", stale: "stale" },
    /** A source sets to work. */
    load: { queued: "loading", stale: "stale" },
    /** The source has lost its work and begins anew, or passes the chunk on to the next source. */
    return: { loading: "queued", queued: "queued", stale: "stale" },
    /** Nobody claims it any more, and no source has to finish what it began. */
    cancel: { queued: "absent", loading: "absent", stale: "stale" },
    /** Its data is here. */
    receive: { loading: "ready", stale: "ready" },
    /** An answer came, but of a revision that is wanted no more. */
    discard: { loading: "absent", stale: "stale" },
    /** No source has it. */
    giveUp: { queued: "failed", loading: "failed", stale: "stale" },
    /** Another revision is wanted. */
    expire: {
        absent: "absent",
        queued: "queued",
        loading: "loading",
        ready: "stale",
        stale: "stale",
        failed: "absent",
    },
    /** Its data leaves memory. */
    evict: { ready: "absent", stale: "absent" },
    /** Its stale data leaves memory while the new waits, or loads. */
    evictQueued: { stale: "queued" },
    evictLoading: { stale: "loading" },
    /** It has another chance. */
    clearFailure: { failed: "absent", stale: "stale" },
} as const satisfies Record<string, Partial<Record<StateName, StateName>>>;

export type StateName = keyof typeof RecordState;
export type Transition = keyof typeof TRANSITIONS;

export function request(record: ChunkRecord, flight: ChunkFlight): void {
    move(record, "request");
    record.flight = flight;
}

export function load(record: ChunkRecord): void {
    move(record, "load");
    record.flight!.revision = record.revision;
}

export function returnToQueue(record: ChunkRecord): void {
    move(record, "return");
}

export function cancel(record: ChunkRecord): void {
    move(record, "cancel");
    record.flight = null;
}

export function receive(record: ChunkRecord, bytes: ChunkBytes, nowMs: number): void {
    move(record, "receive");
    record.flight = null;
    if (record.bytes !== null && record.bytes.holders > 0) {
        record.superseded.push(record.bytes);
    }
    record.bytes = bytes;
    record.readyMs = nowMs;
}

export function discard(record: ChunkRecord): void {
    move(record, "discard");
    record.flight = null;
}

export function giveUp(record: ChunkRecord): void {
    move(record, "giveUp");
    record.flight = null;
    record.isGivenUp = true;
}

export function expire(record: ChunkRecord, revision: number): void {
    move(record, "expire");
    record.isGivenUp = false;
    record.revision = revision;
}

export function evict(record: ChunkRecord): void {
    const { flight } = record;
    move(record, flight === null ? "evict" : flight.isLoading ? "evictLoading" : "evictQueued");
    record.bytes = null;
}

export function clearFailure(record: ChunkRecord): void {
    move(record, "clearFailure");
    record.isGivenUp = false;
}

const NAMES = Object.keys(RecordState) as StateName[];

/** `TRANSITIONS` by number, since the frame path takes them. */
const NEXT = Object.fromEntries(
    Object.entries(TRANSITIONS).map(([transition, ways]) => [
        transition,
        NAMES.map((from) => {
            const to = (ways as Partial<Record<StateName, StateName>>)[from];
            return to === undefined ? -1 : RecordState[to];
        }),
    ]),
) as unknown as Record<Transition, readonly number[]>;

function move(record: ChunkRecord, transition: Transition): void {
    const next = NEXT[transition][record.state]!;
    if (next < 0) {
        const { level, x, z } = record.address;
        throw new Error(`Chunk ${level}/${x}/${z} cannot take "${transition}" while it is ${NAMES[record.state]}.`);
    }
    record.state = next as RecordState;
}
