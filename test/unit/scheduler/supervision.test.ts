import path from "node:path";
import { BufferPool } from "../../../src/memory/bufferPool.js";
import type { ChunkBakeError } from "../../../src/scheduler/bakeErrors.js";
import type { BakeScheduler } from "../../../src/scheduler/bakeScheduler.js";
import type { BakeFailure } from "../../../src/scheduler/bakeSchedulerOptions.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import {
    CreateWorkerpoolExecutorAsync,
    type WorkerpoolExecutorOptions,
} from "../../../src/scheduler/workerpoolExecutor.js";
import { flatAddress, formatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { createKeyedScheduler, type KeyedOptions } from "./keyedScheduler.js";

// Real threads that crash, hang, run out of memory and answer nonsense: what becomes of them, and of everything else.

const workerUrl = path.join(import.meta.dirname, "testWorker.mjs");
const kernels = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
/** What the test worker does at a level. */
const [GOOD, EXITS, HANGS, , , , EXHAUSTS, BABBLES] = [0, 1, 2, 3, 4, 5, 6, 7];
const BABBLES_KNOWN = 11;

let executor: BakeExecutor;

afterEach(() => executor.disposeAsync());

type Counts = "pump" | "pendingCount" | "inFlightCount" | "failedCount" | "retriedCount";

interface Ended {
    readonly baked: string[];
    readonly failed: Map<string, ChunkBakeError>;
    readonly failures: readonly BakeFailure[];
    readonly scheduler: Pick<BakeScheduler, Counts>;
    readonly pool: BufferPool;
}

/** Bakes all, and resolves when each is settled. A test that waits for ever fails by its time. */
async function bakeAllAsync(
    addresses: readonly ChunkAddress[],
    options: WorkerpoolExecutorOptions = {},
    scheduling: KeyedOptions = {},
): Promise<Ended> {
    executor = await CreateWorkerpoolExecutorAsync({
        workers: 2,
        workerUrl,
        kernels,
        batchTimeoutMs: 2500,
        workerHeapLimitMb: 32,
        ...options,
    });
    const pool = new BufferPool();
    const baked: string[] = [];
    const failed = new Map<string, ChunkBakeError>();
    const failures: BakeFailure[] = [];
    let scheduler!: Pick<BakeScheduler, Counts>;
    await new Promise<void>((resolve) => {
        const settle = (): void => {
            if (baked.length + failed.size === addresses.length) {
                resolve();
            }
        };
        const keyed = createKeyedScheduler(
            executor,
            {
                addressOf: (key) => addresses[key]!,
                onBaked: (key, buffer) => {
                    const address = addresses[key]!;
                    expect(new Int32Array(buffer, 0, 1)[0]).toBe(address.x);
                    pool.takeBack(buffer);
                    baked.push(formatAddress(address));
                    settle();
                },
                onFailed: (_, failure) => {
                    failures.push(failure);
                    failed.set(formatAddress(failure.address), failure.error);
                    settle();
                },
            },
            { pool, ...scheduling },
        );
        ({ scheduler } = keyed);
        addresses.forEach((_, key) => keyed.request(key));
        scheduler.pump();
    });
    return { baked, failed, failures, scheduler, pool };
}

const good = (count: number): ChunkAddress[] => Array.from({ length: count }, (_, x) => flatAddress(GOOD!, x, 1));

/** Nothing is lost: everything good is baked, everything bad is quarantined with its address, the accounts add up. */
function expectAllSettled({ baked, failed, failures, scheduler, pool }: Ended, all: readonly ChunkAddress[]): void {
    const isGood = ({ level }: ChunkAddress): boolean => level === GOOD;
    expect(baked.sort()).toEqual(all.filter(isGood).map(formatAddress).sort());
    expect([...failed.keys()].sort()).toEqual(
        all
            .filter((address) => !isGood(address))
            .map(formatAddress)
            .sort(),
    );
    expect([scheduler.pendingCount, scheduler.inFlightCount, scheduler.failedCount]).toEqual([0, 0, failed.size]);
    expect([pool.bytesOut, pool.bytesInTransit]).toEqual([0, 0]);
    for (const { address, error, attempts } of failures) {
        expect(failed.get(formatAddress(address))).toBe(error);
        expect(error.message).toContain(formatAddress(address));
        // Once, and two retries; and it may stand by while another falls.
        expect(attempts).toBeGreaterThanOrEqual(3);
    }
}

test.each([
    ["a worker that dies in mid task", EXITS, /its worker crashed/],
    ["a worker that hangs", HANGS, /gave no answer within 2500 ms/],
    ["a worker that runs out of memory", EXHAUSTS, /its worker crashed.*memory/s],
])("%s: the chunk is quarantined after two retries, the rest of the world goes on", async (_, level, message) => {
    const all = [...good(30), flatAddress(level!, 3, 0), ...good(60).slice(30)];
    const ended = await bakeAllAsync(all);
    expectAllSettled(ended, all);
    const [error] = ended.failed.values();
    expect(error!.code).toBe("TERRANE_BATCH_LOST");
    expect(error!.message).toMatch(message);
    expect(ended.scheduler.retriedCount).toBeGreaterThanOrEqual(2);
});

test("a worker that answers nonsense is not believed, and is replaced", async () => {
    const nonsense = Array.from({ length: BABBLES_KNOWN }, (_, x) => flatAddress(BABBLES!, x, 0));
    const all = [...good(10), ...nonsense, ...good(30).slice(10)];
    const ended = await bakeAllAsync(all);
    expectAllSettled(ended, all);
    for (const error of ended.failed.values()) {
        expect(error.message).toMatch(/Its worker gave/);
    }
    // Each retry is a batch of its own; the first time several may share one.
    expect(executor.recycledCount).toBeGreaterThanOrEqual(2 * BABBLES_KNOWN);
});

test("all kinds of faults at once, on one worker too", async () => {
    const bad = [EXITS, BABBLES, EXHAUSTS, HANGS].map((level, x) => flatAddress(level!, x, 5));
    const all = [...good(8), ...bad, ...good(16).slice(8)];
    expectAllSettled(await bakeAllAsync(all, { workers: 1, batchTimeoutMs: 2000 }), all);
});

test("bytes that are not the chunk count as a lost batch", async () => {
    const all = good(6);
    const { baked, failed } = await bakeAllAsync(
        all,
        {},
        { product: { encoding: "packed", inspect: ({ x }) => (x === 4 ? "gave another chunk's bytes" : null) } },
    );
    expect(baked).toHaveLength(5);
    expect(failed.get("0/4/1")!.message).toMatch(/gave another chunk's bytes/);
});

test("a worker that holds more than the leak limit is replaced by a fresh one, and nothing is lost", async () => {
    const all = good(40);
    const ended = await bakeAllAsync(
        all.map((address) => ({ ...address })),
        { workers: 1, leakLimitBytes: 2 ** 20 },
        { maxBatchSize: 4 },
    );
    expectAllSettled(ended, all);
    // The test worker says that it holds a megabyte more with each batch.
    expect(executor.recycledCount).toBeGreaterThanOrEqual(2);
});
