import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { BakeBatchRequest, BakeBatchResponse, BakeTask } from "../../../src/bake/protocol.js";
import { TerraneError } from "../../../src/base/errors.js";
import { VERSION } from "../../../src/base/version.js";
import { BatchLostError } from "../../../src/scheduler/bakeErrors.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import {
    CreateWorkerpoolExecutorAsync,
    type WorkerpoolExecutorOptions,
} from "../../../src/scheduler/workerpoolExecutor.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";

const modules = path.join(import.meta.dirname, "../../../node_modules");
const workerUrl = path.join(import.meta.dirname, "testWorker.mjs");
/** The least that is WebAssembly, magic and version: the test worker bakes without. */
const kernels = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
/** What the test worker does at a level. */
const GOOD = 0;
const EXITS = 1;
const HANGS = 2;
const THROWS = 3;
const SLEEPS = 4;
const OUTGROWS = 5;

let executor: BakeExecutor | null = null;

async function startAsync(options: WorkerpoolExecutorOptions = {}): Promise<BakeExecutor> {
    executor = await CreateWorkerpoolExecutorAsync({ workers: 1, workerUrl, kernels, ...options });
    return executor;
}

afterEach(async () => {
    await executor?.disposeAsync();
    executor = null;
});

const task = (level: number, x: number, buffer = new ArrayBuffer(4096)): BakeTask => ({
    id: x,
    address: flatAddress(level, x, 0),
    buffer,
});
const batch = (...tasks: BakeTask[]): BakeBatchRequest => ({ recipeJson: "{}", tasks });
const xs = ({ outcomes }: BakeBatchResponse): number[] =>
    outcomes.map((outcome) => new Int32Array(outcome.buffer, 0, 1)[0]!);
const lossOf = async (promise: Promise<unknown>): Promise<BatchLostError> => {
    const error = await promise.then(
        () => null,
        (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(BatchLostError);
    return error as BatchLostError;
};

test("a batch is baked in a worker, its buffers gone here and back filled", async () => {
    const { runBatchAsync, maxBatchesInFlight, workerCount } = bound(await startAsync({ workers: 2 }));
    expect([workerCount, maxBatchesInFlight]).toEqual([2, 4]);
    const tasks = [task(GOOD, 7), task(OUTGROWS, -8)];
    const running = runBatchAsync(batch(...tasks));
    expect(tasks.map(({ buffer }) => buffer.byteLength)).toEqual([0, 0]);
    const response = await running;
    expect(xs(response)).toEqual([7, -8]);
    expect(response.outcomes).toMatchObject([
        { id: 7, ok: true, buffer: { byteLength: 4096 }, unused: null },
        { id: -8, ok: true, buffer: { byteLength: 8192 }, unused: { byteLength: 4096 } },
    ]);
});

test("batches are spread over the workers", async () => {
    const { runBatchAsync } = bound(await startAsync({ workers: 2 }));
    const responses = await Promise.all([1, 2].map((x) => runBatchAsync(batch(task(SLEEPS, 50 + x)))));
    // Each worker counts its own chunks.
    expect(responses.map(({ outcomes }) => new Int32Array(outcomes[0]!.buffer, 0, 2)[1])).toEqual([1, 1]);
});

test("a worker goes on with its second batch while the main thread is busy", async () => {
    const { runBatchAsync } = bound(await startAsync());
    const running = [runBatchAsync(batch(task(SLEEPS, 20))), runBatchAsync(batch(task(SLEEPS, 20)))];
    // Blocks this thread as a long frame does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    const freeAgainMs = performance.timeOrigin + performance.now();
    const second = (await Promise.all(running))[1]!.outcomes[0]!;
    expect(second.ok && second.endedMs).toBeLessThan(freeAgainMs);
});

test("told to hold more, a worker goes on with all of it while the main thread is busy", async () => {
    const executor = await startAsync({ workers: 2 });
    executor.batchesPerWorker = 5;
    expect(executor.maxBatchesInFlight).toBe(10);
    executor.recycle!(1);
    const running = Array.from({ length: 10 }, () => executor.runBatchAsync(batch(task(SLEEPS, 5))));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    const freeAgainMs = performance.timeOrigin + performance.now();
    const outcomes = (await Promise.all(running)).map(({ worker, outcomes: [outcome] }) => ({ worker, ...outcome! }));
    const early = outcomes.filter((outcome) => outcome.ok && outcome.endedMs < freeAgainMs);
    // The worker that was recycled has yet to load, for which it needs this thread.
    expect(early.filter(({ worker }) => worker === 0)).toHaveLength(5);
    executor.batchesPerWorker = 2;
    expect(executor.maxBatchesInFlight).toBe(4);
});

test("more batches than may be in flight are all baked", async () => {
    const { runBatchAsync } = bound(await startAsync({ workers: 2 }));
    const responses = await Promise.all(Array.from({ length: 30 }, (_, x) => runBatchAsync(batch(task(GOOD, x)))));
    expect(responses.flatMap(xs)).toEqual(Array.from({ length: 30 }, (_, x) => x));
});

test("a crash loses what the worker held, names its chunks, blames the one that ran, and stalls nothing", async () => {
    const { runBatchAsync } = bound(await startAsync());
    const crashing = runBatchAsync(batch(task(GOOD, 1), task(EXITS, 2)));
    const behind = runBatchAsync(batch(task(GOOD, 3)));
    const queued = runBatchAsync(batch(task(GOOD, 4)));
    const [guilty, collateral] = await Promise.all([lossOf(crashing), lossOf(behind)]);
    expect(guilty.message).toMatch(/chunks 0\/1\/0, 1\/2\/0 was lost: its worker crashed/);
    expect(guilty).toMatchObject({ isCollateral: false, code: "TERRANE_BATCH_LOST" });
    expect(collateral.message).toMatch(/chunk 0\/3\/0 was lost/);
    expect(collateral.isCollateral).toBe(true);
    // Nothing is executed here that would wake workerpool's queue.
    expect(xs(await queued)).toEqual([4]);
    expect(xs(await runBatchAsync(batch(task(GOOD, 5))))).toEqual([5]);
});

test("a second crash has its own culprit", async () => {
    const { runBatchAsync } = bound(await startAsync());
    for (const x of [1, 2]) {
        expect(await lossOf(runBatchAsync(batch(task(EXITS, x))))).toMatchObject({ isCollateral: false });
    }
});

test("a batch that hangs is lost after its time, what waits behind it is not to blame, and all goes on", async () => {
    const { runBatchAsync } = bound(await startAsync({ batchTimeoutMs: 300 }));
    const hanging = runBatchAsync(batch(task(HANGS, 1)));
    const behind = runBatchAsync(batch(task(GOOD, 2)));
    const queued = runBatchAsync(batch(task(GOOD, 3)));
    const [guilty, collateral] = await Promise.all([lossOf(hanging), lossOf(behind)]);
    expect(guilty.message).toMatch(/chunk 2\/1\/0 was lost: its worker gave no answer within 300 ms/);
    expect(guilty.isCollateral).toBe(false);
    expect(collateral.isCollateral).toBe(true);
    expect(xs(await queued)).toEqual([3]);
});

test("a batch's time begins with its turn", async () => {
    const { runBatchAsync } = bound(await startAsync({ batchTimeoutMs: 1000 }));
    const running = [600, 601, 602].map((ms) => runBatchAsync(batch(task(SLEEPS, ms))));
    expect((await Promise.all(running)).flatMap(xs)).toEqual([600, 601, 602]);
});

test("a handler that throws loses its batch alone", async () => {
    const { runBatchAsync } = bound(await startAsync());
    const [error, response] = await Promise.all([
        lossOf(runBatchAsync(batch(task(THROWS, 1)))),
        runBatchAsync(batch(task(GOOD, 2))),
    ]);
    expect(error.message).toMatch(/3\/1\/0 was lost: the handler threw/);
    expect(error.isCollateral).toBe(false);
    expect(xs(response)).toEqual([2]);
});

test("what cannot be cloned or transferred is refused, and the worker is none the worse", async () => {
    const { runBatchAsync } = bound(await startAsync());
    const detached = new ArrayBuffer(16);
    structuredClone(detached, { transfer: [detached] });
    await expect(runBatchAsync(batch(task(GOOD, 1, detached)))).rejects.toThrow(/buffer is "detached/);
    const twice = new ArrayBuffer(16);
    await expect(runBatchAsync(batch(task(GOOD, 1, twice), task(GOOD, 2, twice)))).rejects.toThrow(TerraneError);
    const shared = new SharedArrayBuffer(16) as unknown as ArrayBuffer;
    await expect(runBatchAsync(batch(task(GOOD, 1, shared)))).rejects.toThrow(TerraneError);
    const address = { ...flatAddress(GOOD, 3, 0), helper: () => 0 };
    const response = await runBatchAsync(batch({ ...task(GOOD, 3), address }));
    expect(xs(response)).toEqual([3]);
});

test("dispose rejects what is under way at once, a hanging batch too, and what comes after", async () => {
    const { runBatchAsync } = bound(await startAsync({ workers: 2 }));
    const losses = [HANGS, HANGS, GOOD, GOOD, GOOD].map((level, x) => lossOf(runBatchAsync(batch(task(level, x)))));
    const startMs = performance.now();
    const ended = executor!.disposeAsync();
    for (const error of await Promise.all(losses)) {
        expect(error).toMatchObject({ isCollateral: true, message: expect.stringContaining("disposed") });
    }
    expect(performance.now() - startMs).toBeLessThan(1000);
    await Promise.all([ended, executor!.disposeAsync()]);
    expect(await lossOf(runBatchAsync(batch(task(GOOD, 9))))).toMatchObject({ isCollateral: true });
});

describe("a worker that cannot be started", () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-executor-"));
    const file = (name: string, code: string): string => {
        const at = path.join(directory, name);
        writeFileSync(at, code);
        return at;
    };

    test.each([
        ["is not there", () => path.join(directory, "missing", "terrane.worker.js")],
        ["throws while it loads", () => file("throws.mjs", "throw new Error('no');")],
        ["registers nothing", () => file("silent.mjs", "setInterval(() => {}, 1000);")],
    ])("because its script %s: the error names it and the ways out", async (_, makeUrl) => {
        const url = makeUrl();
        const creating = CreateWorkerpoolExecutorAsync({ workers: 2, workerUrl: url, kernels, loadTimeoutMs: 500 });
        const error: unknown = await creating.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(TerraneError);
        const { message } = error as TerraneError;
        expect(message).toContain(url);
        expect(message).toMatch(/Copy terrane\.worker\.js beside the bundle, or pass options\.workerUrl.*workers: 0/);
    });

    test.each([
        ["0.0.9", 'version: () => "0.0.9",', /its script is of another version, 0\.0\.9; this library is \d/],
        ["one that has no version", "", /its script is of another version, one that does not tell which it is/],
    ])("because its script is of another version, %s: no batch is sent to it", async (name, method, message) => {
        const url = file(
            `version${name}.mjs`,
            `import { createRequire } from "node:module";
            const workerpool = createRequire(${JSON.stringify(path.join(modules, "x.js"))})("workerpool");
            workerpool.worker({ ${method} serve() { workerpool.workerEmit("serving"); return new Promise(() => {}); } });`,
        );
        const creating = CreateWorkerpoolExecutorAsync({ workers: 2, workerUrl: url, kernels });
        await expect(creating).rejects.toThrow(message);
        await expect(creating).rejects.toThrow(/Copy terrane\.worker\.js beside the bundle/);
    });

    test("looks beside this script where no address is given", async () => {
        await expect(CreateWorkerpoolExecutorAsync({ workers: 1, kernels })).rejects.toThrow(
            /src\/scheduler\/terrane\.worker\.js/,
        );
    });
});

test("a worker that dies over nothing is started again with the next batch, and not before", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-executor-"));
    const starts = path.join(directory, "starts.txt");
    const mortal = path.join(directory, "mortal.mjs");
    writeFileSync(
        mortal,
        `import { createRequire } from "node:module";
        import { appendFileSync } from "node:fs";
        const workerpool = createRequire(${JSON.stringify(path.join(modules, "x.js"))})("workerpool");
        appendFileSync(${JSON.stringify(starts)}, "x");
        workerpool.worker({
            version: () => ${JSON.stringify(VERSION)},
            serve() {
                workerpool.workerEmit("serving");
                setTimeout(() => process.exit(1), 20);
                return new Promise(() => {});
            },
        });`,
    );
    const { runBatchAsync } = bound(await startAsync({ workerUrl: mortal }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(readFileSync(starts, "utf8")).toBe("x");
    expect(await lossOf(runBatchAsync(batch(task(GOOD, 1))))).toMatchObject({ isCollateral: false });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // One for the batch, and one in case that more follow.
    expect(readFileSync(starts, "utf8")).toBe("xxx");
});

test("a file: address will do in Node", async () => {
    const { runBatchAsync } = bound(await startAsync({ workerUrl: new URL("./testWorker.mjs", import.meta.url).href }));
    expect(xs(await runBatchAsync(batch(task(GOOD, 1))))).toEqual([1]);
});

test.each([
    [{ workers: 0 }, /workers is 0; allowed: an integer from 1 to 64/],
    [{ workers: 1.5 }, /workers is 1.5/],
    [{ workerUrl: "" }, /workerUrl is ""/],
    [{ batchTimeoutMs: 0 }, /batchTimeoutMs is 0/],
    [{ loadTimeoutMs: NaN }, /loadTimeoutMs is NaN/],
])("refuses %p", async (options, message) => {
    await expect(CreateWorkerpoolExecutorAsync(options)).rejects.toThrow(message);
});

/** The executor's members, to be called without it. */
function bound(made: BakeExecutor) {
    return {
        runBatchAsync: (request: BakeBatchRequest) => made.runBatchAsync(request),
        maxBatchesInFlight: made.maxBatchesInFlight,
        workerCount: made.workerCount,
    };
}
