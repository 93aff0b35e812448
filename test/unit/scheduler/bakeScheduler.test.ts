import fc from "fast-check";
import { BufferPool } from "../../../src/memory/bufferPool.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { BatchLostError, ChunkBakeError } from "../../../src/scheduler/bakeErrors.js";
import { BakeScheduler } from "../../../src/scheduler/bakeScheduler.js";
import { PACKED_CHUNKS } from "../../../src/scheduler/bakeSchedulerOptions.js";
import type { ScheduledChunk } from "../../../src/scheduler/pendingChunks.js";
import { ResourceMonitor } from "../../../src/scheduler/resourceMonitor.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { MonitorAdmission } from "../../../src/baker/monitorAdmission.js";
import { baked, failed, FakeExecutor, HoldingExecutor, settledAsync, type SentBatch } from "./fakeExecutor.js";
import { createKeyedScheduler, NO_LIMIT, type KeyedCallbacks, type KeyedOptions } from "./keyedScheduler.js";

const BUFFER_BYTES = 4096;

function setUp(
    executor = new FakeExecutor(),
    options: KeyedOptions = {},
    callbacks: Pick<KeyedCallbacks, "onBaked"> = {},
) {
    const profiler = new PerformanceProfiler();
    const delivered = new Map<number, ArrayBuffer>();
    const errors = new Map<number, Error>();
    const cancelled: number[] = [];
    const keyed = createKeyedScheduler(
        executor,
        {
            addressOf,
            onBaked: (key, buffer) => {
                expect(delivered.has(key)).toBe(false);
                delivered.set(key, buffer);
            },
            onFailed: (key, { address, error }) => {
                expect(address).toEqual(addressOf(key));
                errors.set(key, error);
            },
            onCancelled: (key) => cancelled.push(key),
            ...callbacks,
        },
        { recipeJson: '{"seed":1}', bufferBytes: BUFFER_BYTES, profiler, ...options },
    );
    return { executor, profiler, delivered, errors, cancelled, ...keyed };
}

/** Keys from 1000 on are of level 1, from 2000 on of level 2. */
const addressOf = (key: number) => flatAddress(Math.floor(key / 1000), key % 1000, 0);
const crash = new Error("the worker crashed");

/** Lets the scheduler measure chunks of level 0 at `ms` each. */
async function learnAsync({ scheduler, request, executor }: ReturnType<typeof setUp>, ms: number): Promise<void> {
    request(999);
    scheduler.pump();
    await executor.last.answerAsync(executor.last.tasks.map((task) => baked(task, { ms })));
}

test("the most urgent at the moment of sending goes first, by the newest priorities", async () => {
    const { scheduler, request, executor, delivered } = setUp();
    [1, 2, 3, 4].forEach((key) => request(key));
    request(4, 0);
    request(1, 99);
    request(3, NaN);
    scheduler.pump();
    expect(executor.sent.map(({ ids }) => ids)).toEqual([[4]]);
    expect([scheduler.pendingCount, scheduler.inFlightCount]).toEqual([3, 1]);
    request(1, -5);
    request(4, -9);
    await executor.last.answerAsync([baked(executor.last.tasks[0]!, { ms: 100 })]);
    expect(executor.last.ids).toEqual([1]);
    await executor.last.answerAsync();
    await executor.last.answerAsync();
    expect(executor.sent.map(({ ids }) => ids)).toEqual([[4], [1], [2], [3]]);
    expect([...delivered.keys()]).toEqual([4, 1, 2]);
    expect(executor.last.recipeJson).toBe('{"seed":1}');
});

test("priorities are read when a batch is chosen; what a refresh cancels is not sent", async () => {
    const executor = new FakeExecutor();
    const order: number[] = [];
    const requests = [3, 1, 2].map((key) => ({ key, address: addressOf(key), priority: 9 }));
    const chunks: ScheduledChunk[] = [];
    const scheduler: BakeScheduler = new BakeScheduler({
        executor,
        client: {
            refreshPriorities: () => {
                requests.forEach((request) => (request.priority = request.key));
                scheduler.cancel(chunks[2]!);
            },
            onSent: ({ key }) => order.push(key),
            onReturned: () => {},
            onBaked: () => {},
            onFailed: () => {},
            onCancelled: ({ key }) => order.push(-key),
        },
        admission: NO_LIMIT,
        product: PACKED_CHUNKS,
        recipeJson: "{}",
        pool: new BufferPool(),
        bufferBytes: BUFFER_BYTES,
        profiler: new PerformanceProfiler(),
    });
    requests.forEach((request) => chunks.push(scheduler.request(request)!));
    scheduler.pump();
    await executor.last.answerAsync();
    await executor.last.answerAsync();
    expect(order).toEqual([-2, 1, 3]);
});

test("batches carry the recipe that holds when they are sent", async () => {
    const { scheduler, request, executor } = setUp();
    [1, 2].forEach((key) => request(key));
    scheduler.pump();
    scheduler.recipeJson = '{"seed":2}';
    await executor.last.answerAsync();
    expect(executor.sent.map(({ recipeJson }) => recipeJson)).toEqual(['{"seed":1}', '{"seed":2}']);
});

test("equal priorities go in the order of their requests", async () => {
    const set = setUp();
    await learnAsync(set, 1);
    [5, 3, 8, 1].forEach((key) => set.request(key, 7));
    set.scheduler.pump();
    expect(set.executor.last.ids).toEqual([5, 3, 8, 1]);
});

test("what is not measured is sent alone; then batches hold 4 ms of work and at most 8 chunks", async () => {
    const set = setUp();
    for (let key = 0; key < 30; key++) {
        set.request(key);
    }
    set.scheduler.pump();
    expect(set.executor.last.ids).toEqual([0]);
    await set.executor.last.answerAsync([baked(set.executor.last.tasks[0]!, { ms: 1.5 })]);
    expect(set.executor.last.ids).toEqual([1, 2]);
    await set.executor.last.answerAsync(set.executor.last.tasks.map((task) => baked(task, { ms: 0.01 })));
    // 1.5 ms blended with two of 0.01 ms is 0.96 ms.
    expect(set.executor.last.ids).toHaveLength(4);
    while (set.executor.last.ids.length < 8) {
        await set.executor.last.answerAsync(set.executor.last.tasks.map((task) => baked(task, { ms: 0.01 })));
        expect(set.scheduler.pendingCount).toBeGreaterThan(0);
    }
    expect(set.executor.last.ids).toHaveLength(8);
});

test("each level has its own measure; one without has that of all, at most 1 ms", async () => {
    const set = setUp();
    await learnAsync(set, 10);
    [1001, 1002, 1003, 1004, 1005].forEach((key) => set.request(key));
    set.scheduler.pump();
    // Level 1 is not measured, and the 10 ms of the first chunk of all say nothing of it.
    expect(set.executor.last.ids).toEqual([1001, 1002, 1003, 1004]);
    await set.executor.last.answerAsync(set.executor.last.tasks.map((task) => baked(task, { ms: 1.2 })));
    expect(set.executor.last.ids).toEqual([1005]);
    [1006, 1007, 1008, 5, 6].forEach((key, i) => set.request(key, i));
    await set.executor.last.answerAsync(set.executor.last.tasks.map((task) => baked(task, { ms: 1.2 })));
    expect(set.executor.last.ids).toEqual([1006, 1007, 1008]);
    await set.executor.last.answerAsync();
    expect(set.executor.last.ids).toEqual([5]);
});

test("of a level that is not measured where all are fast, as many are sent as all say", async () => {
    const set = setUp();
    await learnAsync(set, 0.6);
    [1, 2, 3, 4, 5, 6, 7, 8].forEach((key) => set.request(1000 + key));
    set.scheduler.pump();
    expect(set.executor.last.ids).toHaveLength(6);
});

/** A scheduler for two workers and hundreds of chunks of 3 ms, one of which fits a batch. */
async function setUpHoldAsync() {
    const executor = new HoldingExecutor(2);
    const set = setUp(executor);
    await learnAsync(set, 3);
    for (let key = 0; key < 400; key++) {
        set.request(key);
    }
    return { ...set, executor };
}

test.each([
    [16.7, 2],
    [100, 25],
])("with frames of %d ms a worker holds %d batches", async (frameMs, batches) => {
    const { scheduler, executor } = await setUpHoldAsync();
    scheduler.hold.frameMs = frameMs;
    scheduler.pump();
    expect(executor.inFlight).toBe(2 * batches);
    scheduler.pump();
    await executor.last.answerAsync();
    expect(executor.inFlight).toBe(2 * batches);
});

test("once frames are short again, nothing is sent until workers hold as little as ever", async () => {
    const { scheduler, executor } = await setUpHoldAsync();
    scheduler.hold.frameMs = 100;
    scheduler.pump();
    scheduler.hold.frameMs = 16;
    const sent = [...executor.sent];
    for (const batch of sent.slice(1, 47)) {
        await batch.answerAsync();
        scheduler.pump();
    }
    expect([executor.sent.length, executor.inFlight]).toEqual([sent.length, 4]);
    await sent[47]!.answerAsync();
    expect([executor.sent.length, executor.inFlight]).toEqual([sent.length + 1, 4]);
});

test("memory limits what is in flight while frames are long, too", async () => {
    const executor = new HoldingExecutor(1);
    const set = setUp(executor, { admission: { ...NO_LIMIT, admits: (inFlight) => inFlight < 5 } });
    await learnAsync(set, 3);
    for (let key = 0; key < 100; key++) {
        set.request(key);
    }
    set.scheduler.hold.frameMs = 1000;
    set.scheduler.pump();
    expect(set.scheduler.inFlightCount).toBe(5);
});

test("a worker that dies takes much with it once; behind what may have killed it, little waits", async () => {
    const executor = new HoldingExecutor(1);
    const set = setUp(executor);
    await learnAsync(set, 3);
    for (let key = 0; key < 200; key++) {
        set.request(key);
    }
    const { scheduler, errors, delivered } = set;
    scheduler.hold.frameMs = 100;
    scheduler.pump();
    const losses: number[] = [];
    const settled = new Set<SentBatch>([executor.sent[0]!]);
    for (;;) {
        const held = executor.sent.filter((batch) => !settled.has(batch));
        const [first, ...behind] = held;
        if (first === undefined) {
            break;
        }
        settled.add(first);
        if (!first.ids.includes(10)) {
            await first.answerAsync();
        } else {
            losses.push(behind.length);
            behind.forEach((batch) => settled.add(batch));
            await first.loseAsync(crash);
            for (const batch of behind) {
                await batch.loseAsync(new BatchLostError(batch.tasks, "its worker crashed.", true));
            }
        }
        scheduler.pump();
    }
    expect([...errors.keys()]).toEqual([10]);
    expect(delivered.size).toBe(200);
    expect(losses).toEqual([24, 1, 1]);
    // And then as much as before.
    for (let key = 200; key < 300; key++) {
        set.request(key);
    }
    scheduler.pump();
    expect(executor.inFlight).toBe(25);
});

test("an executor that cannot hold more is sent no more", async () => {
    const set = setUp(new FakeExecutor(3, 2));
    await learnAsync(set, 3);
    for (let key = 0; key < 50; key++) {
        set.request(key);
    }
    set.scheduler.hold.frameMs = 1000;
    set.scheduler.pump();
    expect(set.executor.inFlight).toBe(3);
});

test.each([
    ["where nobody hurries", false, 16, 0.05, 8],
    ["where all wait for the whole", true, 16, 0.05, 32],
    ["and never more than 4 ms of work", true, 16, 0.4, 10],
    ["but while frames are long", true, 100, 0.05, 8],
])("a batch has as many chunks: %s", async (_, isHurried, frameMs, ms, size) => {
    const set = setUp();
    await learnAsync(set, ms);
    for (let key = 0; key < 100; key++) {
        set.request(key);
    }
    Object.assign(set.scheduler.hold, { isHurried, frameMs });
    set.scheduler.pump();
    expect(set.executor.last.ids).toHaveLength(size);
});

test("an offline bake sends larger batches", async () => {
    const set = setUp(new FakeExecutor(), { maxBatchSize: 64, batchBudgetMs: Infinity });
    for (let key = 0; key < 100; key++) {
        set.request(key);
    }
    set.scheduler.pump();
    expect(set.executor.last.ids).toHaveLength(64);
});

test("few chunks are spread over the free slots, and never more batches are sent than the executor takes", async () => {
    const set = setUp(new FakeExecutor(4));
    await learnAsync(set, 0.1);
    [1, 2, 3, 4, 5, 6].forEach((key) => set.request(key));
    set.scheduler.pump();
    set.scheduler.pump();
    expect(set.executor.sent.slice(1).map(({ ids }) => ids)).toEqual([[1, 2], [3, 4], [5], [6]]);
    [7, 8].forEach((key) => set.request(key));
    set.scheduler.pump();
    expect(set.executor.mostInFlight).toBe(4);
    await set.executor.sent[2]!.answerAsync();
    expect(set.executor.last.ids).toEqual([7, 8]);
    expect(set.executor.mostInFlight).toBe(4);
});

test("cancel drops what waits, leaves its neighbours, and does not touch what was sent", async () => {
    const { scheduler, request, cancel, executor, delivered, cancelled } = setUp();
    [1, 2, 3].forEach((key) => request(key));
    scheduler.pump();
    expect([cancel(1), cancel(2), cancel(2)]).toEqual([false, true, false]);
    await executor.last.answerAsync();
    await executor.last.answerAsync();
    expect(executor.sent.map(({ ids }) => ids)).toEqual([[1], [3]]);
    expect([...delivered.keys()]).toEqual([1, 3]);
    expect(cancelled).toEqual([2]);
    expect([scheduler.cancelledCount, scheduler.bakedCount]).toEqual([1, 2]);
    // It may be asked for again.
    expect(request(2)).toBe(true);
    scheduler.pump();
    await executor.last.answerAsync();
    expect(delivered.has(2)).toBe(true);
});

test("a lost batch is baked again chunk by chunk; the one that kills thrice is given up, its neighbours are not", async () => {
    const set = setUp();
    const { scheduler, request, executor, errors, delivered, pool } = set;
    await learnAsync(set, 0.1);
    [1, 2, 3].forEach((key) => request(key));
    scheduler.pump();
    const sizes: number[] = [];
    while (executor.inFlight > 0) {
        sizes.push(executor.last.ids.length);
        await (executor.last.ids.includes(2) ? executor.last.loseAsync(crash) : executor.last.answerAsync());
    }
    expect(sizes).toEqual([3, 1, 1, 1, 1]);
    expect([...delivered.keys()].sort()).toEqual([1, 3, 999]);
    expect([...errors.keys()]).toEqual([2]);
    expect(errors.get(2)).toBeInstanceOf(ChunkBakeError);
    expect(errors.get(2)).toMatchObject({ code: "TERRANE_BATCH_LOST", cause: crash, address: addressOf(2) });
    expect(errors.get(2)!.message).toBe("Chunk 0/2/0 is given up: its batch was lost 3 times. the worker crashed");
    expect([scheduler.failedCount, scheduler.retriedCount, pool.bytesInTransit]).toEqual([1, 4, 0]);
    scheduler.pump();
    expect(executor.inFlight).toBe(0);
});

test("a chunk whose worker died over another batch is not to blame, but even bad luck has an end", async () => {
    const { scheduler, request, executor, errors } = setUp();
    request(1);
    scheduler.pump();
    const lose = () => executor.last.loseAsync(new BatchLostError(executor.last.tasks, "its worker crashed.", true));
    for (let i = 0; i < 8; i++) {
        await lose();
        expect(errors.size).toBe(0);
    }
    await lose();
    expect([...errors.keys()]).toEqual([1]);
});

test("a failed chunk is baked once more, an invalid one is not, and neither spoils its batch", async () => {
    const set = setUp();
    const { scheduler, request, executor, errors, delivered, pool } = set;
    await learnAsync(set, 0.1);
    [1, 2, 3].forEach((key) => request(key));
    scheduler.pump();
    const [one, two, three] = executor.last.tasks;
    await executor.last.answerAsync([failed(one!), failed(two!, "TERRANE_INVALID"), baked(three!)]);
    expect(executor.last.ids).toEqual([1]);
    expect([...errors.keys()]).toEqual([2]);
    expect(errors.get(2)).toMatchObject({ code: "TERRANE_INVALID", message: "Chunk 0/2/0: no such thing" });
    await executor.last.answerAsync([failed(executor.last.tasks[0]!, "ODD", "Chunk 0/1/0 has no bottom")]);
    expect(errors.get(1)).toMatchObject({ code: "ODD", message: "Chunk 0/1/0 has no bottom" });
    expect([...delivered.keys()]).toEqual([999, 3]);
    expect([executor.inFlight, scheduler.failedCount]).toEqual([0, 2]);
    expect([pool.bytesInTransit, pool.bytesOut]).toEqual([0, 2 * BUFFER_BYTES]);
});

test("outcomes may come in any order; a chunk without one counts as lost", async () => {
    const set = setUp();
    await learnAsync(set, 0.1);
    [1, 2, 3].forEach((key) => set.request(key));
    set.scheduler.pump();
    const [one, , three] = set.executor.last.tasks;
    await set.executor.last.answerAsync([baked(three!), baked(one!)]);
    expect([...set.delivered.keys()]).toEqual([999, 1, 3]);
    expect(set.delivered.get(3)).toBe(three!.buffer);
    expect(set.executor.last.ids).toEqual([2]);
    await set.executor.last.answerAsync();
    expect(set.delivered.has(2)).toBe(true);
    const deliveredBytes = [...set.delivered.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect([set.pool.bytesInTransit, set.pool.bytesOut]).toEqual([0, deliveredBytes]);
});

test("buffers grow once all latest chunks of a level need it, and one that came back unused rests in the pool", async () => {
    const set = setUp();
    for (const key of [1, 2, 3]) {
        set.request(key);
        set.scheduler.pump();
        expect(set.executor.last.tasks[0]!.buffer.byteLength).toBe(BUFFER_BYTES);
        const { last } = set.executor;
        await last.answerAsync([baked(last.tasks[0]!, { grownTo: 30_000, byteLength: 29_000 })]);
        expect(set.pool).toMatchObject({ bytesOut: key * 30_000, bytesIdle: BUFFER_BYTES, bytesInTransit: 0 });
    }
    set.request(4);
    set.scheduler.pump();
    expect(set.executor.last.tasks[0]!.buffer.byteLength).toBeGreaterThanOrEqual(29_000);
    await set.executor.last.answerAsync();
    // A level that was not baked yet keeps the first guess.
    set.request(1000);
    set.scheduler.pump();
    expect(set.executor.last.tasks[0]!.buffer.byteLength).toBe(BUFFER_BYTES);
});

test("a delivered buffer goes back by the pool and serves again", async () => {
    const set = setUp();
    await learnAsync(set, 1);
    set.pool.takeBack(set.delivered.get(999)!);
    set.request(1);
    set.scheduler.pump();
    expect(set.pool).toMatchObject({ hits: 1, misses: 1, bytesIdle: 0 });
});

test("spans of the worker are recorded where they began, stages that did not run are not", async () => {
    const { scheduler, request, executor, profiler } = setUp();
    request(1);
    scheduler.pump();
    const options = { startedMs: 7000, ms: 12, stageMs: [1, 2, 0, 0, 3, 4, 0.5] };
    await executor.last.answerAsync([baked(executor.last.tasks[0]!, options)]);
    const spans = profiler.getOperationNames().map((operation) => {
        let span: [string, number, number] | null = null;
        profiler.forEachRecent(operation, (startMs, ms) => (span = [operation, startMs, ms]));
        return span;
    });
    expect(spans).toEqual([
        ["bakeTerrain", 7000, 12],
        ["bakeNoise", 7000, 1],
        ["bakeHeightfield", 7001, 2],
        ["bakeTangents", 7003, 3],
        ["serializeBuffer", 7006, 4],
        ["hashBuffer", 7010, 0.5],
    ]);
});

test("after dispose nothing is sent and nothing calls back, and the buffers come home", async () => {
    const set = setUp(new FakeExecutor(2));
    const { scheduler, request, cancel, executor, pool } = set;
    [1, 2, 3].forEach((key) => request(key));
    scheduler.pump();
    scheduler.dispose();
    expect([scheduler.pendingCount, scheduler.inFlightCount, cancel(3), request(4)]).toEqual([0, 0, false, false]);
    scheduler.pump();
    await executor.sent[0]!.answerAsync();
    await executor.sent[1]!.loseAsync(crash);
    expect(executor.sent).toHaveLength(2);
    expect([set.delivered.size, set.errors.size, set.cancelled.length]).toEqual([0, 0, 0]);
    expect(pool).toMatchObject({ bytesOut: 0, bytesIdle: BUFFER_BYTES, bytesInTransit: 0 });
});

test("a callback that disposes stops those behind it in the batch", async () => {
    const seen: number[] = [];
    const set = setUp(
        new FakeExecutor(),
        {},
        {
            onBaked: (key) => {
                seen.push(key);
                if (key === 1) {
                    set.scheduler.dispose();
                }
            },
        },
    );
    await learnAsync(set, 0.1);
    [1, 2].forEach((key) => set.request(key));
    set.scheduler.pump();
    await set.executor.last.answerAsync();
    expect(seen).toEqual([999, 1]);
    expect(set.pool).toMatchObject({ bytesOut: 2 * BUFFER_BYTES, bytesIdle: BUFFER_BYTES, bytesInTransit: 0 });
});

test("a callback that asks for more and pumps is served", async () => {
    const seen: number[] = [];
    const set = setUp(
        new FakeExecutor(),
        {},
        {
            onBaked: (key) => {
                seen.push(key);
                if (key < 3) {
                    set.request(key + 1);
                    set.scheduler.pump();
                }
            },
        },
    );
    set.request(1);
    set.scheduler.pump();
    while (set.executor.inFlight > 0) {
        await set.executor.last.answerAsync();
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(set.executor.mostInFlight).toBe(1);
});

test("where no buffer can be had the chunk goes on waiting", () => {
    const set = setUp();
    const leaseOut = set.pool.leaseOut.bind(set.pool);
    set.pool.leaseOut = () => {
        throw new RangeError("Array buffer allocation failed");
    };
    set.request(1);
    expect(() => set.scheduler.pump()).toThrow(RangeError);
    expect([set.scheduler.pendingCount, set.scheduler.inFlightCount]).toEqual([1, 0]);
    set.pool.leaseOut = leaseOut;
    set.scheduler.pump();
    expect(set.executor.last.ids).toEqual([1]);
});

// fast-check prints the seed of a counterexample.
test("whatever workers do, every chunk is settled exactly once and every buffer is accounted for", async () => {
    const fate = fc.constantFrom("well", "well", "grown", "small", "failed", "invalid", "missing");
    const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ kind: fc.constant("request"), key: fc.nat(40), n: fc.nat(9) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancelAll"), key: fc.nat(40), n: fc.nat(9) }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel"), key: fc.nat(40), n: fc.nat(9) }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant("pump"), key: fc.nat(40), n: fc.nat(9) }) },
        {
            weight: 3,
            arbitrary: fc.record({ kind: fc.constantFrom("answer", "lose"), key: fc.nat(40), n: fc.nat(9) }),
        },
    );
    await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 50 }), fc.array(fate, { minLength: 1 }), async (steps, fates) => {
            const executor = new FakeExecutor(3);
            const settled: number[] = [];
            const held: ArrayBuffer[] = [];
            const { scheduler, pool, request, cancel } = createKeyedScheduler(
                executor,
                {
                    addressOf,
                    onBaked: (key, buffer) => {
                        settled.push(key);
                        held.push(buffer);
                    },
                    onFailed: (key) => settled.push(key),
                    onCancelled: (key) => settled.push(key),
                },
                { bufferBytes: BUFFER_BYTES, profiler: new PerformanceProfiler({ enabled: false }) },
            );
            const asked: number[] = [];
            const open = [] as typeof executor.sent;
            let answered = 0;
            const takeNew = (): void => {
                open.push(...executor.sent.slice(answered));
                answered = executor.sent.length;
            };
            const answerAsync = async (batch: (typeof open)[0], at: number): Promise<void> => {
                const outcomes = batch.tasks.flatMap((task, i) => {
                    switch (fates[(at + i) % fates.length]) {
                        case "grown":
                            return [baked(task, { grownTo: 9001, byteLength: 9000 })];
                        case "small":
                            // A worker that dropped the buffer it was given.
                            return [baked({ ...task, buffer: new ArrayBuffer(1500) })];
                        case "failed":
                            return [failed(task)];
                        case "invalid":
                            return [failed(task, "TERRANE_INVALID")];
                        case "missing":
                            return [];
                        case "well":
                        case undefined:
                            return [baked(task)];
                    }
                });
                await batch.answerAsync(outcomes);
            };
            const checkAccounts = (): void => {
                const transit = open.flatMap(({ tasks }) => tasks).reduce((sum, t) => sum + t.buffer.byteLength, 0);
                expect(pool.bytesInTransit).toBe(transit);
                expect(pool.bytesOut).toBe(held.reduce((sum, buffer) => sum + buffer.byteLength, 0));
                expect(scheduler.inFlightCount).toBe(open.flatMap(({ ids }) => ids).length);
                expect(asked.length).toBe(settled.length + scheduler.pendingCount + scheduler.inFlightCount);
            };
            for (const { kind, key, n } of steps) {
                if (kind === "request") {
                    if (request(key, n)) {
                        asked.push(key);
                    }
                } else if (kind === "cancel") {
                    cancel(key);
                } else if (kind === "cancelAll") {
                    scheduler.cancelAll();
                } else if (kind === "pump") {
                    scheduler.pump();
                } else if (open.length > 0) {
                    const batch = open.splice(n % open.length, 1)[0]!;
                    await (kind === "answer" ? answerAsync(batch, n) : batch.loseAsync(crash));
                }
                takeNew();
                checkAccounts();
            }
            scheduler.pump();
            takeNew();
            for (let batch = open.shift(); batch !== undefined; batch = open.shift()) {
                await batch.answerAsync();
                takeNew();
                checkAccounts();
            }
            expect([scheduler.pendingCount, scheduler.inFlightCount, pool.bytesInTransit]).toEqual([0, 0, 0]);
            expect([...settled].sort()).toEqual([...asked].sort());
            expect(scheduler.bakedCount + scheduler.failedCount + scheduler.cancelledCount).toBe(asked.length);
            held.forEach((buffer) => pool.takeBack(buffer));
            expect(pool.bytesOut).toBe(0);
            await settledAsync();
        }),
        { numRuns: 100 },
    );
});

test("a chunk that a worker lost goes to another", async () => {
    const avoided: (number | undefined)[] = [];
    const executor = new FakeExecutor();
    const run = executor.runBatchAsync.bind(executor);
    executor.runBatchAsync = (request, avoidWorker?: number) => {
        avoided.push(avoidWorker);
        return run(request);
    };
    const { scheduler, request, delivered } = setUp(executor);
    request(1);
    scheduler.pump();
    await executor.last.loseAsync(new BatchLostError(executor.last.tasks, "it crashed.", false, null, 3));
    await executor.last.loseAsync(new BatchLostError(executor.last.tasks, "it crashed.", false, null, 0));
    await executor.last.answerAsync();
    expect(avoided).toEqual([-1, 3, 0]);
    expect([...delivered.keys()]).toEqual([1]);
});

test("as many chunks are in flight as the monitor lets in, and one always", async () => {
    const monitor = new ResourceMonitor({ memoryLimitBytes: 10 * BUFFER_BYTES, maxTasksInFlight: 4 });
    const pool = new BufferPool();
    const admission = new MonitorAdmission(monitor, pool);
    const set = setUp(new FakeExecutor(8), { pool, admission, batchBudgetMs: Infinity, maxBatchSize: 3 });
    for (let key = 0; key < 12; key++) {
        set.request(key);
    }
    set.scheduler.pump();
    expect(set.executor.sent.map(({ ids }) => ids.length)).toEqual([2, 2]);
    expect(set.scheduler.inFlightCount).toBe(4);
    // What was delivered is kept: there is soon no room for more.
    let answered = 0;
    while (set.scheduler.inFlightCount > 0) {
        await set.executor.sent[answered++]!.answerAsync();
    }
    expect(set.delivered.size).toBe(12);
    expect(monitor.fewestInFlight).toBe(1);
    expect(monitor.counts.lowered).toBeGreaterThan(0);
});
