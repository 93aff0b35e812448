import { readFileSync } from "node:fs";
import path from "node:path";
import { ChunkFlight, ChunkRecord, RecordState } from "../../../src/residency/chunkRecord.js";
import * as transitions from "../../../src/residency/transitions.js";
import { TRANSITIONS } from "../../../src/residency/transitions.js";

const STATES = Object.keys(RecordState) as (keyof typeof RecordState)[];
const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/life-of-a-chunk.md"), "utf8");

const take = {
    request: (record: ChunkRecord) => transitions.request(record, new ChunkFlight(record, 0, record.address, 0)),
    load: transitions.load,
    return: transitions.returnToQueue,
    cancel: transitions.cancel,
    receive: (record: ChunkRecord) =>
        transitions.receive(record, { buffer: new ArrayBuffer(1), byteLength: 1, revision: 0, holders: 0 }, 0),
    discard: transitions.discard,
    giveUp: transitions.giveUp,
    expire: (record: ChunkRecord) => transitions.expire(record, 1),
    evict: (record) => {
        record.flight = null;
        transitions.evict(record);
    },
    evictQueued: transitions.evict,
    evictLoading: (record) => {
        record.flight!.working = 1;
        transitions.evict(record);
    },
    clearFailure: transitions.clearFailure,
} satisfies Record<transitions.Transition, (record: ChunkRecord) => void>;

describe.each(Object.entries(TRANSITIONS))("%s", (name, ways) => {
    test.each(STATES)("from %s", (from) => {
        const record = new ChunkRecord();
        record.flight = new ChunkFlight(record, 0, record.address, 0);
        record.state = RecordState[from];
        const to = (ways as Partial<Record<string, keyof typeof RecordState>>)[from];
        const run = (): void => take[name as transitions.Transition](record);
        if (to === undefined) {
            expect(run).toThrow(`cannot take "${name}" while it is ${from}`);
            expect(record.state).toBe(RecordState[from]);
        } else {
            run();
            expect(STATES[record.state]).toBe(to);
        }
    });
});

test("every state can be come to, and left", () => {
    const ways = Object.values(TRANSITIONS).flatMap((way) => Object.entries(way));
    for (const state of STATES) {
        expect(ways.some(([from, to]) => from !== state && to === state)).toBe(true);
        expect(ways.some(([from, to]) => from === state && to !== state)).toBe(true);
    }
});

test("the page of a chunk's life draws every way from one state to another, and no other", () => {
    const told = Object.entries(TRANSITIONS).flatMap(([name, ways]) =>
        Object.entries(ways)
            .filter(([from, to]) => from !== to)
            .map(([from, to]) => `${from} --> ${to}: ${name}`),
    );
    const drawn = [...page.matchAll(/^\s*(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, names]) =>
        names!.split(", ").map((name) => `${from} --> ${to}: ${name}`),
    );
    expect(drawn.sort()).toEqual(told.sort());
});
