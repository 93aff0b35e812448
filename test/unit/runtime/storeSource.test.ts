import { jest } from "@jest/globals";
import { BufferPool } from "../../../src/memory/bufferPool.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { Residency } from "../../../src/residency/residency.js";
import { RecordState, type ClaimListener } from "../../../src/residency/chunkRecord.js";
import type { StoreLink } from "../../../src/runtime/storeLink.js";
import { WorldStores } from "../../../src/runtime/worldStores.js";
import { flatAddress, formatAddress, NO_FACE } from "../../../src/space/chunkAddress.js";
import { slotOfChunk } from "../../../src/space/blockBits.js";
import { BLOCK_HEIGHT, squareOf } from "../../../src/space/chunkSquare.js";
import type { LoadAnswer, LoadRequest, LoadTask } from "../../../src/store/loadProtocol.js";
import { priorityOf } from "../../../src/streaming/bands.js";
import { fakeChunk } from "../../support/fakeBake.js";
import { FakeSource } from "../residency/fakeSource.js";

const NO_LISTENER: ClaimListener = { onReady() {}, onFailed() {} };
const URGENT = priorityOf(false, 0, true, 0, 1);
const NORMAL = priorityOf(false, 2, true, 0, 1);

/** Writes down what is sent to the thread that loads. */
class FakeLink {
    public bake = null;
    public isOpen = true;
    public isWritable = false;
    public limitBytes = Infinity;
    public readonly world = 0;
    public stats = [];
    public listener: StoreLink["listener"] = null;
    public readonly loads: LoadTask[] = [];
    public readonly aborts: number[] = [];
    public readonly blocks: string[] = [];

    public setWorld(): void {}

    public post(request: LoadRequest): void {
        if (request.kind === "work") {
            this.loads.push(...request.loads);
            this.aborts.push(...request.aborts);
            this.blocks.push(...request.blocks.map(({ level, x, z }) => `${level}/${x}/${z}`));
        }
    }

    /** Answers for the first load that waits; found, unless told otherwise. */
    public answer(changes: Partial<LoadAnswer> = {}): void {
        const { id, address, buffer } = this.loads.shift()!;
        const chunk = new Uint8Array(fakeChunk(address));
        new Uint8Array(buffer).set(chunk.subarray(0, buffer.byteLength));
        const answer = { kind: "answer", id, buffer, unused: null, reason: "", loadMs: 2, unpackMs: 1 } as const;
        this.listener!.onEvent({ ...answer, status: "found", byteLength: chunk.byteLength, ...changes });
        this.listener!.onHandled();
    }

    /** Says that the world's block around 0/0/0 has these chunks, and that nothing else is known. */
    public tell(xs: readonly number[]): void {
        const bits = new Uint32Array(32);
        for (const x of xs) {
            const slot = slotOfChunk(x, 0);
            bits[slot >> 5]! |= 1 << (slot & 31);
        }
        const block = squareOf(flatAddress(0, 0, 0), BLOCK_HEIGHT);
        this.listener!.onEvent({ kind: "world", world: 0, isComplete: false, isBlind: false, blocks: [] });
        this.listener!.onEvent({ kind: "held", world: 0, blocks: [{ block, bits }] });
    }
}

let nowMs = 0;

function setUp({ bakes = true } = {}) {
    const pool = new BufferPool();
    const link = new FakeLink();
    const stores = new WorldStores({ link: link as unknown as StoreLink, bakes, storeBakes: false, isPinned: false });
    const profiler = new PerformanceProfiler({ now: () => nowMs });
    const bake = new FakeSource("bake", pool);
    const failed: string[] = [];
    const loaded: string[] = [];
    const source = stores.attach({
        pool,
        profiler,
        bufferBytes: 1000,
        find: (key) => residency.records.find(key),
        hasRoomFor: () => true,
        request: () => {},
    });
    const residency: Residency = new Residency({
        pool,
        sources: bakes ? [source, bake] : [source],
        profiler,
        events: {
            onLoaded: ({ address }) => loaded.push(formatAddress(address)),
            onFailed: ({ address }, { message }) => failed.push(`${formatAddress(address)}: ${message}`),
        },
        costOf: (_, ref) => void (ref[0] = 0),
        readHeightsToRef: (_, ref) => Object.assign(ref, { minY: -1, maxY: 1 }),
    });
    residency.cache.limitBytes = 1e9;
    const at = (x: number) => residency.records.at(NO_FACE, 0, x, 0);
    return { pool, link, stores, source, bake, residency, at, failed, loaded };
}

beforeEach(() => {
    nowMs = 0;
    jest.useFakeTimers();
});

afterEach(() => {
    jest.useRealTimers();
});

test("what no store has goes to the bake without a message; what may be there is asked for once a frame", () => {
    const { link, residency, at, bake, loaded } = setUp();
    link.tell([1, 2]);
    [1, 2, 3].forEach((x) => residency.claim(at(x), NORMAL, NO_LISTENER));
    expect(bake.waiting.map(({ address }) => address.x)).toEqual([3]);
    expect(link.loads).toEqual([]);
    residency.pump();
    expect(link.loads.map(({ address }) => address.x)).toEqual([1, 2]);
    link.answer();
    link.answer();
    expect(loaded).toEqual(["0/1/0", "0/2/0"]);
    residency.assertAccounts();
});

test("of a block that is not known it is asked what there is, and for the chunk itself", () => {
    const { link, residency, at, bake } = setUp();
    link.tell([1]);
    residency.claim(at(40), NORMAL, NO_LISTENER);
    residency.pump();
    expect([link.blocks, link.loads.map(({ address }) => address.x)]).toEqual([["0/1/0"], [40]]);
    link.answer({ status: "missing", byteLength: 0 });
    expect(bake.loaded).toEqual(["0/40/0"]);
});

test("an immediate chunk that is late is baked beside, and no other is", () => {
    const { link, residency, at, bake, loaded } = setUp();
    link.tell([1, 2]);
    residency.claim(at(1), URGENT, NO_LISTENER);
    residency.claim(at(2), NORMAL, NO_LISTENER);
    residency.pump();
    nowMs = 20;
    jest.advanceTimersByTime(20);
    expect(bake.waiting.length + bake.loading.length).toBe(0);
    nowMs = 40;
    jest.advanceTimersByTime(20);
    expect(bake.loaded).toEqual(["0/1/0"]);
    bake.answer();
    expect([loaded, link.aborts]).toEqual([["0/1/0"], []]);
    residency.pump();
    // Who was slower is called off, and its buffer comes back all the same.
    expect(link.aborts.length).toBe(1);
    link.answer({ status: "aborted", byteLength: 0 });
    residency.assertAccounts();
    // A store that always takes this long is not late.
    for (let i = 0; i < 40; i++) {
        link.tell([1, 2, 3]);
        residency.claim(at(3), URGENT, NO_LISTENER);
        residency.pump();
        nowMs += 100;
        link.answer();
        residency.invalidate(() => true);
    }
    const { length } = bake.loaded;
    residency.claim(at(1), URGENT, NO_LISTENER);
    residency.pump();
    nowMs += 60;
    jest.advanceTimersByTime(60);
    expect(bake.loaded.length).toBe(length);
});

test("what nobody wants any more is called off, and its buffer comes back", () => {
    const { link, residency, at, pool, loaded } = setUp();
    link.tell([1]);
    const claim = residency.claim(at(1), NORMAL, NO_LISTENER);
    residency.pump();
    expect(pool.bytesInTransit).toBeGreaterThan(0);
    residency.release(claim);
    residency.pump();
    expect([link.aborts.length, residency.records.find(at(1).key)?.state]).toEqual([1, RecordState.absent]);
    // It came before it heard of that.
    link.answer();
    expect([loaded, pool.bytesInTransit, pool.bytesOut]).toEqual([[], 0, 0]);
});

test("where the thread that loads dies, chunks are baked, and no buffer is missed", () => {
    const { link, residency, at, bake, pool } = setUp();
    link.tell([1, 2]);
    residency.claim(at(1), NORMAL, NO_LISTENER);
    residency.pump();
    link.isOpen = false;
    link.listener!.onLost();
    residency.claim(at(2), NORMAL, NO_LISTENER);
    residency.pump();
    expect(bake.loaded).toEqual(["0/1/0", "0/2/0"]);
    expect(pool.bytesInTransit).toBe(0);
});

test("who is told that one chunk did not come may call off the others", () => {
    const { link, residency, at, bake, pool } = setUp({ bakes: false });
    expect(bake.waiting).toEqual([]);
    link.tell([1, 2, 3, 4, 5]);
    const claims = [2, 3].map((x) => residency.claim(at(x), NORMAL, NO_LISTENER));
    const release = (): void => claims.forEach((claim) => residency.release(claim));
    residency.claim(at(1), URGENT, { onReady() {}, onFailed: release });
    residency.pump();
    link.isOpen = false;
    link.listener!.onLost();
    expect([pool.bytesInTransit, residency.records.find(at(2).key)?.state]).toEqual([0, RecordState.absent]);
    // And while all that wait are passed on.
    const waiting: ReturnType<typeof residency.claim>[] = [];
    residency.claim(at(4), URGENT, {
        onReady() {},
        onFailed: () => {
            residency.claim(at(5), NORMAL, NO_LISTENER);
            waiting.forEach((claim) => residency.release(claim));
        },
    });
    waiting.push(...[2, 3].map((x) => residency.claim(at(x), NORMAL, NO_LISTENER)));
    residency.pump();
    link.isOpen = true;
    link.loads.length = 0;
    residency.pump();
    expect(link.loads.map(({ address }) => address.x)).toEqual([5]);
});

test("where nothing is baked, what a store should have and does not give is tried again, ever more rarely", () => {
    const { link, residency, at, failed, loaded } = setUp({ bakes: false });
    link.tell([1, 2]);
    residency.claim(at(1), NORMAL, NO_LISTENER);
    residency.claim(at(5), NORMAL, NO_LISTENER);
    expect(failed).toEqual([]);
    residency.pump();
    expect(failed).toEqual(["0/5/0: Chunk 0/5/0 could not be loaded: no store has it, and nothing is baked."]);
    link.answer({ status: "unavailable", byteLength: 0, reason: "The server is gone." });
    expect(failed[1]).toBe("0/1/0: Chunk 0/1/0 could not be loaded: The server is gone.");
    jest.advanceTimersByTime(1999);
    expect(link.loads.length).toBe(0);
    jest.advanceTimersByTime(1);
    expect(link.loads.length).toBe(1);
    link.answer({ status: "missing", byteLength: 0 });
    // It is known to fail: that is no news.
    expect(failed.length).toBe(2);
    jest.advanceTimersByTime(3999);
    expect(link.loads.length).toBe(0);
    jest.advanceTimersByTime(1);
    link.answer();
    expect(loaded).toEqual(["0/1/0"]);
    // Nobody waits for the one that no store has.
    expect(failed.length).toBe(2);
});

test("a block that cannot be told of now is asked for again later; then it counts as it is known", () => {
    const { link, residency, at, bake, stores } = setUp();
    link.tell([1]);
    residency.claim(at(40), NORMAL, NO_LISTENER);
    residency.pump();
    expect(link.blocks).toEqual(["0/1/0"]);
    const block = squareOf(flatAddress(0, 40, 0), BLOCK_HEIGHT);
    link.listener!.onEvent({ kind: "held", world: 0, blocks: [{ block, bits: null, isPartial: true }] });
    // A picture that waits for it is not ready yet.
    expect(stores.contents.blocks.pendingCount).toBe(1);
    jest.advanceTimersByTime(2000);
    residency.claim(at(42), NORMAL, NO_LISTENER);
    residency.pump();
    expect(link.blocks).toEqual(["0/1/0", "0/1/0"]);
    link.listener!.onEvent({ kind: "held", world: 0, blocks: [{ block, bits: null, isPartial: true }] });
    expect(stores.contents.blocks.pendingCount).toBe(0);
    residency.claim(at(41), NORMAL, NO_LISTENER);
    expect(bake.waiting.map(({ address }) => address.x)).toEqual([41]);
    jest.advanceTimersByTime(4000);
    residency.claim(at(43), NORMAL, NO_LISTENER);
    residency.pump();
    expect(link.blocks.length).toBe(3);
});

test("what a store has lost is known, and what comes of another world is not taken", () => {
    const { link, residency, at, stores, bake } = setUp();
    link.listener!.onEvent({ kind: "world", world: 0, isComplete: true, isBlind: false, blocks: [] });
    stores.contents.add(flatAddress(0, 1, 0));
    residency.claim(at(1), NORMAL, NO_LISTENER);
    residency.pump();
    link.answer({ status: "missing", byteLength: 0 });
    expect([bake.loaded, stores.contents.has(flatAddress(0, 1, 0))]).toEqual([["0/1/0"], false]);
    const block = squareOf(flatAddress(0, 40, 0), BLOCK_HEIGHT);
    const bits = new Uint32Array(32).fill(0xffffffff);
    link.listener!.onEvent({ kind: "held", world: 7, blocks: [{ block, bits }] });
    expect(stores.contents.has(flatAddress(0, 40, 0))).toBe(false);
});

test("as soon as a store gives again, all that it could not give is tried at once", () => {
    const { link, residency, at, loaded } = setUp({ bakes: false });
    link.tell([1, 2, 3]);
    [1, 2].forEach((x) => residency.claim(at(x), NORMAL, NO_LISTENER));
    residency.pump();
    link.answer({ status: "unavailable", byteLength: 0 });
    link.answer({ status: "unavailable", byteLength: 0 });
    residency.claim(at(3), NORMAL, NO_LISTENER);
    residency.pump();
    link.answer();
    residency.pump();
    expect(link.loads.length).toBe(2);
    link.answer();
    link.answer();
    expect(loaded.sort()).toEqual(["0/1/0", "0/2/0", "0/3/0"]);
});
