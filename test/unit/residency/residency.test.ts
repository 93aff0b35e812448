import fc from "fast-check";
import { BufferPool } from "../../../src/memory/bufferPool.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { NEVER, RecordState, type ChunkClaim, type ClaimListener } from "../../../src/residency/chunkRecord.js";
import { Residency } from "../../../src/residency/residency.js";
import { formatAddress, NO_FACE } from "../../../src/space/chunkAddress.js";
import { FakeSource } from "./fakeSource.js";

const NO_LISTENER: ClaimListener = { onReady() {}, onFailed() {} };
const error = new Error("planned");

function setUp(names: readonly string[] = ["bake"], concurrency = 2) {
    const pool = new BufferPool();
    const sources = names.map((name) => new FakeSource(name, pool, concurrency));
    const loaded: string[] = [];
    const failed: string[] = [];
    const residency = new Residency({
        pool,
        sources,
        profiler: new PerformanceProfiler({ enabled: false }),
        events: {
            onLoaded: ({ address }) => loaded.push(formatAddress(address)),
            onFailed: ({ address }) => failed.push(formatAddress(address)),
        },
        costOf: (_, ref) => void (ref[0] = 0),
        readHeightsToRef: (_, ref) => Object.assign(ref, { minY: -1, maxY: 1 }),
    });
    residency.cache.limitBytes = 1e9;
    const at = (x: number) => residency.records.at(NO_FACE, 0, x, 0);
    return { pool, sources, source: sources[0]!, loaded, failed, residency, at };
}

test("of several claims the most urgent counts; a stamp of a pass or round that is past is no claim", () => {
    const { residency, source, at } = setUp(["bake"], 1);
    residency.claim(at(9), 0, NO_LISTENER);
    residency.pump();
    residency.claimForView(at(1), 50, 0);
    residency.claimForPrefetch(at(2), 40);
    const low = residency.claim(at(1), 60, NO_LISTENER);
    const urgent = residency.claim(at(3), 90, NO_LISTENER);
    residency.claim(at(3), 45, NO_LISTENER);
    const priorities = () => source.waiting.map(({ address, priority }) => [address.x, priority]).sort();
    residency.pump();
    expect(priorities()).toEqual([
        [1, 50],
        [2, 40],
        [3, 45],
    ]);
    // The view looks elsewhere, and a new round does not find the second any more.
    residency.viewPass++;
    residency.prefetchRound++;
    urgent.priority = 10;
    residency.pump();
    expect(priorities()).toEqual([
        [1, 60],
        [3, 10],
    ]);
    expect(residency.counts.cancelled).toBe(1);
    residency.release(low);
    expect(priorities()).toEqual([[3, 10]]);
    expect(residency.records.find(at(1).key)?.state).toBe(RecordState.absent);
});

test("what is loading when its last claim goes still comes, and rests in memory", () => {
    const { residency, source, at, loaded } = setUp();
    const claim = residency.claim(at(1), 0, NO_LISTENER);
    residency.pump();
    residency.release(claim);
    source.answer();
    expect(loaded).toEqual(["0/1/0"]);
    expect(at(1)).toMatchObject({ state: RecordState.ready, isCached: true, minY: -1, maxY: 1 });
    // Memory answers within the call.
    residency.claimForView(at(1), 0, 0);
    expect(at(1).isCached).toBe(false);
    expect(residency.counts).toMatchObject({ hits: 1, misses: 0 });
    expect(source.loaded).toEqual(["0/1/0"]);
    residency.assertAccounts();
});

test("sources are asked in their order: what one does not have goes on to the next, what fails goes nowhere", () => {
    const { residency, sources, at, failed } = setUp(["store", "bake"]);
    const told: string[] = [];
    const listener: ClaimListener = {
        onReady: ({ address }) => told.push(`${address.x} ready`),
        onFailed: ({ address }, { message }) => told.push(`${address.x} ${message}`),
    };
    [1, 2, 3, 4, 5].forEach((x) => residency.claim(at(x), x, listener));
    const [store, bake] = sources as [FakeSource, FakeSource];
    residency.pump();
    expect([store.loading.length, store.waiting.length]).toEqual([2, 3]);
    store.answer(0, null);
    store.answer(0, { status: "missing" });
    residency.pump();
    store.answer(0, { status: "damaged", error: new Error("It is damaged.") });
    store.answer(0, { status: "unavailable", error });
    residency.pump();
    store.answer(0, { status: "failed", error });
    expect(bake.loaded).toEqual(["0/2/0", "0/3/0"]);
    bake.answer();
    bake.answer(0, { status: "missing" });
    residency.pump();
    bake.answer(0, { status: "failed", error });
    expect(told).toEqual(["1 ready", "5 planned", "2 ready", "3 It is damaged.", "4 planned"]);
    expect(failed).toEqual(["0/5/0", "0/3/0", "0/4/0"]);
    expect([at(3), at(4), at(5)].map(({ state }) => state)).toEqual([5, 5, 5]);
    expect(residency.errorOf(at(5))).toBe(error);
    // It is not tried again, though it is claimed anew, and though its record has gone meanwhile.
    residency.claimForView(at(5), 0, 0);
    residency.pump();
    expect(store.loaded.filter((text) => text === "0/5/0")).toHaveLength(1);
    residency.assertAccounts();
});

test("where a source takes long, the next is asked beside it: the first answer wins, and the other goes to nobody", () => {
    const { residency, sources, at, loaded, failed } = setUp(["store", "bake"]);
    const [store, bake] = sources as [FakeSource, FakeSource];
    const beginBoth = (x: number): void => {
        residency.claim(at(x), 0, NO_LISTENER);
        residency.pump();
        store.delay();
        residency.pump();
    };
    beginBoth(1);
    store.answer();
    expect([loaded, bake.loading.length]).toEqual([["0/1/0"], 1]);
    // The bake goes on, and nobody waits for what it makes, not even who wants the chunk anew.
    residency.invalidate(() => true);
    residency.pump();
    bake.answer();
    expect([loaded, at(1).state]).toEqual([["0/1/0"], RecordState.loading]);
    store.answer();
    expect(loaded).toEqual(["0/1/0", "0/1/0"]);

    store.canAbort = true;
    beginBoth(2);
    bake.answer();
    expect([loaded.at(-1), store.loading.length]).toEqual(["0/2/0", 0]);

    // What the one does not have, the other may yet give; and what the other cannot, the one.
    beginBoth(3);
    store.answer(0, { status: "missing" });
    expect(at(3).state).toBe(RecordState.loading);
    bake.answer();
    beginBoth(4);
    bake.answer(0, { status: "failed", error });
    expect([failed, at(4).state]).toEqual([[], RecordState.loading]);
    store.answer();
    expect(loaded.slice(-2)).toEqual(["0/3/0", "0/4/0"]);
    beginBoth(5);
    bake.answer(0, { status: "failed", error });
    store.answer(0, { status: "missing" });
    expect(failed).toEqual(["0/5/0"]);

    // One that waits at the bake, and which nobody wants any more once the store has given it, is called off there.
    bake.concurrency = 0;
    beginBoth(6);
    expect(bake.waiting.length).toBe(1);
    store.answer();
    expect([loaded.at(-1), bake.waiting.length]).toEqual(["0/6/0", 0]);
    residency.assertAccounts();
});

test("a source that can drop what it loads does so when the last claim goes", () => {
    const { residency, source, at, loaded } = setUp();
    source.canAbort = true;
    const claim = residency.claim(at(1), 0, NO_LISTENER);
    residency.pump();
    expect(at(1).state).toBe(RecordState.loading);
    residency.release(claim);
    expect([source.loading.length, at(1).state, residency.counts.cancelled]).toEqual([0, RecordState.absent, 1]);
    residency.claim(at(1), 0, NO_LISTENER);
    residency.pump();
    source.answer();
    expect(loaded).toEqual(["0/1/0"]);
    residency.assertAccounts();
});

test("what no source could give while one was out of reach is tried again when it recovers, and nothing else is", () => {
    const { residency, sources, at, failed, loaded } = setUp(["store", "bake"]);
    const [store, bake] = sources as [FakeSource, FakeSource];
    residency.claim(at(1), 0, NO_LISTENER);
    residency.claim(at(2), 1, NO_LISTENER);
    residency.pump();
    store.answer(0, { status: "unavailable", error });
    store.answer(0, { status: "missing" });
    residency.pump();
    bake.answer(0, { status: "missing" });
    bake.answer(0, { status: "missing" });
    expect(failed).toEqual(["0/1/0", "0/2/0"]);
    residency.pump();
    expect(store.loading.length).toBe(0);
    store.recover();
    residency.pump();
    expect([store.loading.length, at(2).state]).toEqual([1, RecordState.failed]);
    store.answer();
    expect(loaded).toEqual(["0/1/0"]);
});

test("stale data serves until the new revision is there; what comes of an older one is discarded", () => {
    const { residency, source, at, pool } = setUp();
    const seen: number[] = [];
    residency.claim(at(1), 0, { ...NO_LISTENER, onReady: ({ bytes }) => seen.push(new Uint8Array(bytes!.buffer)[0]!) });
    residency.claim(at(2), 0, NO_LISTENER);
    residency.pump();
    source.answer(0, null, 7);
    const old = residency.hold(at(1));
    // The second is on its way when another revision is wanted.
    residency.invalidate(() => true);
    expect(at(1)).toMatchObject({ state: RecordState.stale, bytes: old });
    expect(at(2).state).toBe(RecordState.loading);
    residency.pump();
    source.answer(0, null, 7);
    expect(at(2).state).toBe(RecordState.queued);
    residency.pump();
    expect(source.loaded).toEqual(["0/1/0", "0/2/0", "0/1/0", "0/2/0"]);
    source.answer(0, null, 8);
    expect(at(1)).toMatchObject({ state: RecordState.ready, superseded: [old] });
    expect(new Uint8Array(old.buffer)[0]).toBe(7);
    expect(seen).toEqual([7, 8]);
    residency.assertAccounts();
    residency.giveBack(at(1), old);
    expect(at(1).superseded).toEqual([]);
    source.answer(0, null, 8);
    expect(at(2).bytes!.revision).toBe(1);
    residency.assertAccounts();
    expect(pool.bytesOut).toBe(2 * 2008);
});

test("stale data that nobody uses is not kept; neither is what memory has of an older revision", () => {
    const { residency, source, at, pool } = setUp();
    const claims = [1, 2, 3].map((x) => residency.claim(at(x), 0, NO_LISTENER));
    residency.pump();
    source.answer();
    source.answer();
    residency.pump();
    source.answer();
    residency.release(claims[0]!);
    const bytes = residency.hold(at(2));
    residency.release(claims[1]!);
    residency.invalidate(({ address }) => address.x <= 2);
    expect([at(1).state, at(2).state, at(3).state]).toEqual([RecordState.absent, RecordState.stale, RecordState.ready]);
    residency.giveBack(at(2), bytes);
    expect([at(2).state, residency.cache.count, pool.bytesOut]).toEqual([RecordState.absent, 0, 2000]);
    residency.assertAccounts();
});

test("stale data that is given back while the new is loading goes, and the new comes", () => {
    const { residency, source, at, pool } = setUp();
    const claim = residency.claim(at(1), 0, NO_LISTENER);
    residency.pump();
    source.answer();
    const bytes = residency.hold(at(1));
    residency.invalidate(() => true);
    residency.pump();
    residency.release(claim);
    residency.giveBack(at(1), bytes);
    expect([at(1).state, at(1).bytes, pool.bytesOut]).toEqual([RecordState.loading, null, 0]);
    source.answer();
    expect(at(1)).toMatchObject({ state: RecordState.ready, isCached: true });
    residency.assertAccounts();
});

test("what failed of an older revision is asked for anew, from the first source on", () => {
    const { residency, sources, at, failed } = setUp(["store", "bake"]);
    const [store, bake] = sources as [FakeSource, FakeSource];
    [1, 2].forEach((x) => residency.claim(at(x), 0, NO_LISTENER));
    residency.pump();
    store.answer(0, { status: "missing" });
    residency.pump();
    residency.invalidate(() => true);
    bake.answer(0, { status: "failed", error });
    store.answer(0, { status: "missing" });
    expect([failed, at(1).state, at(2).state]).toEqual([[], RecordState.queued, RecordState.queued]);
    residency.pump();
    expect(store.loaded).toEqual(["0/1/0", "0/2/0", "0/1/0", "0/2/0"]);
    store.answer();
    store.answer();
    expect([at(1).state, at(2).state]).toEqual([RecordState.ready, RecordState.ready]);
    residency.assertAccounts();
});

test("a stale chunk that cannot be had anew stays as it is, until yet another revision", () => {
    const { residency, source, at, failed } = setUp();
    residency.claim(at(1), 0, NO_LISTENER);
    residency.pump();
    source.answer();
    residency.hold(at(1));
    residency.invalidate(() => true);
    residency.pump();
    source.answer(0, { status: "failed", error });
    expect([at(1).state, at(1).isGivenUp, failed]).toEqual([RecordState.stale, true, ["0/1/0"]]);
    residency.claimForView(at(1), 0, 0);
    residency.pump();
    expect(source.loaded).toHaveLength(2);
    residency.invalidate(() => true);
    residency.pump();
    source.answer();
    expect([at(1).state, at(1).isGivenUp]).toEqual([RecordState.ready, false]);
});

test.each(["invalidate", "dispose", "reset"] as const)(
    "who is told of a chunk may call %s: the others are told of no data that has gone",
    (call) => {
        const { residency, source, at, loaded, pool } = setUp();
        const told: string[] = [];
        const listen = (name: string, run = (): void => {}): ClaimListener => ({
            onReady: ({ bytes }) => {
                told.push(`${name} ${new Uint8Array(bytes!.buffer)[0]}`);
                run();
            },
            onFailed: () => {},
        });
        let calls = 0;
        const end = (): void => {
            if (calls++ === 0) {
                residency[call](() => true);
            }
        };
        residency.claim(at(1), 0, listen("first", end));
        residency.claim(at(1), 0, listen("second"));
        residency.pump();
        source.answer(0, null, 7);
        expect([told, loaded]).toEqual([["first 7"], []]);
        expect(pool.bytesOut).toBe(0);
        if (call !== "dispose") {
            residency.pump();
            source.answer(0, null, 8);
            expect([told, loaded]).toEqual([["first 7", "first 8", "second 8"], ["0/1/0"]]);
            residency.assertAccounts();
        }
    },
);

test("records leave when nothing is known of their chunks", () => {
    const { residency, source, at } = setUp();
    const claims = [1, 2, 3].map((x) => residency.claim(at(x), 0, NO_LISTENER));
    expect(residency.records.all).toHaveLength(3);
    residency.release(claims[0]!);
    expect(residency.records.all).toHaveLength(2);
    residency.pump();
    source.answer();
    source.answer(0, { status: "failed", error });
    residency.release(claims[1]!);
    residency.release(claims[2]!);
    // One rests in memory; why the other was given up is kept apart.
    expect(residency.records.all.map(({ address }) => address.x)).toEqual([2]);
    residency.cache.clear();
    expect(residency.records.all).toEqual([]);
    expect(at(3).state).toBe(RecordState.failed);
    residency.reset();
    expect(at(3)).toMatchObject({ state: RecordState.absent, viewPass: NEVER });
});

// fast-check prints the seed of a counterexample.
test("whatever is claimed, released, held, lost, failed and invalidated, each buffer stands in one account", () => {
    const step = fc.record({
        kind: fc.constantFrom(
            ...[
                "claim",
                "claim",
                "release",
                "view",
                "view",
                "hold",
                "hold",
                "giveBack",
                "pump",
                "pump",
                "found",
                "found",
            ],
            ...[
                "found",
                "missing",
                "failed",
                "lose",
                "late",
                "unavailable",
                "recover",
                "pass",
                "round",
                "prefetch",
                "invalidate",
                "shrink",
                "reset",
            ],
        ),
        x: fc.nat(5),
        n: fc.nat(9),
    });
    fc.assert(
        fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
            const { residency, sources, at, pool } = setUp(["store", "bake"]);
            sources[0]!.canAbort = true;
            const claims: ChunkClaim[] = [];
            const held: [ReturnType<typeof at>, ReturnType<typeof residency.hold>][] = [];
            const take = <T>(list: T[], n: number): T | undefined => list.splice(n % Math.max(1, list.length), 1)[0];
            const run: Record<string, (x: number, n: number) => void> = {
                claim: (x, n) => void claims.push(residency.claim(at(x), n, NO_LISTENER)),
                release: (_, n) => {
                    const claim = take(claims, n);
                    if (claim !== undefined) {
                        residency.release(claim);
                    }
                },
                view: (x, n) => residency.claimForView(at(x), n, 0),
                prefetch: (x, n) => residency.claimForPrefetch(at(x), n),
                hold: (x) => {
                    if (at(x).state === RecordState.ready) {
                        held.push([at(x), residency.hold(at(x))]);
                    }
                },
                giveBack: (_, n) => {
                    const hold = take(held, n);
                    if (hold !== undefined) {
                        residency.giveBack(...hold);
                    }
                },
                pump: () => residency.pump(),
                found: (x, n) => sources[x % 2]!.answer(0, null, n),
                missing: (x) => sources[x % 2]!.answer(0, { status: "missing" }),
                failed: (x) => sources[x % 2]!.answer(0, { status: "failed", error }),
                lose: (x) => sources[x % 2]!.lose(),
                late: () => {
                    if (sources[0]!.loading.length > 0) {
                        sources[0]!.delay();
                    }
                },
                unavailable: (x) => sources[x % 2]!.answer(0, { status: "unavailable", error }),
                recover: (x) => sources[x % 2]!.recover(),
                pass: () => void residency.viewPass++,
                round: () => void residency.prefetchRound++,
                invalidate: (x) => residency.invalidate(({ address }) => address.x >= x),
                shrink: (_, n) => void (residency.cache.limitBytes = n * 2000),
                reset: () => residency.reset(),
            };
            for (const { kind, x, n } of steps) {
                run[kind]!(x, n);
                residency.assertAccounts();
            }
            // In the end everything that is claimed comes or is given up, and everything can be given back.
            residency.cache.limitBytes = 1e9;
            for (let i = 0; i < 60; i++) {
                residency.pump();
                sources.forEach((source) => source.answer());
            }
            for (const { record } of claims) {
                expect(record.state === RecordState.ready || record.isGivenUp).toBe(true);
            }
            claims.forEach((claim) => residency.release(claim));
            held.forEach((hold) => residency.giveBack(...hold));
            residency.viewPass++;
            residency.prefetchRound++;
            residency.records.all.slice().forEach((record) => residency.releaseView(record));
            residency.assertAccounts();
            residency.cache.clear();
            residency.pump();
            expect([residency.records.all, pool.bytesOut, residency.held.bytes]).toEqual([[], 0, 0]);
        }),
        { numRuns: 300 },
    );
});
