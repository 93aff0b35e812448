import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import type { BakeBatchRequest, BakeOutcome } from "../../../src/bake/protocol.js";
import { hash64Hex, initHashAsync } from "../../../src/base/hash.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { BufferPool } from "../../../src/memory/bufferPool.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateWorkerpoolExecutorAsync } from "../../../src/scheduler/workerpoolExecutor.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { createKeyedScheduler } from "../scheduler/keyedScheduler.js";
import { bundleWorkerAsync } from "./bundleWorker.js";
import { loadKernelsAsync, wasmFile } from "../../support/kernels.js";

const kernels = await loadKernelsAsync();

const recipeJson = JSON.stringify(Presets.caves({ seed: 9, terrain: { resolution: 16 } }));
const addresses = [flatAddress(0, 0, 0), flatAddress(0, -3, 5), flatAddress(2, 1, 1), flatAddress(4, 0, -1)];
const makeRequest = (): BakeBatchRequest => ({
    recipeJson,
    tasks: addresses.map((address, id) => ({ id, address, buffer: new ArrayBuffer(60_000) })),
});
const hashOf = (outcome: BakeOutcome): string => {
    if (!outcome.ok) {
        throw new Error(outcome.message);
    }
    return hash64Hex(new Uint8Array(outcome.buffer, 0, outcome.byteLength));
};

let directory: string;
let expected: string[];

beforeAll(async () => {
    await initHashAsync();
    expected = createBatchBaker(kernels)({ ...makeRequest(), encoding: "packed" }).outcomes.map(hashOf);
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-worker-"));
    await bundleWorkerAsync(path.join(directory, "module"));
    writeFileSync(path.join(directory, "module/package.json"), '{"type":"module"}');
    cpSync(path.join(directory, "module/terrane.worker.js"), path.join(directory, "plain/terrane.worker.js"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each(["module", "plain"])(
    "the bundle bakes in Node's threads in a %s package, as this thread does",
    async (at) => {
        const workerUrl = path.join(directory, at, "terrane.worker.js");
        const executor = await CreateWorkerpoolExecutorAsync({ workers: 2, workerUrl, wasmUrl: wasmFile });
        try {
            const responses = await Promise.all([1, 2, 3].map(() => executor.runBatchAsync(makeRequest())));
            for (const { outcomes } of responses) {
                expect(outcomes.map(hashOf)).toEqual(expected);
            }
            const wrong = { recipeJson: "{", tasks: makeRequest().tasks };
            const { outcomes } = await executor.runBatchAsync(wrong);
            expect(outcomes.map(({ ok, buffer }) => [ok, buffer.byteLength])).toEqual(
                addresses.map(() => [false, 60_000]),
            );
        } finally {
            await executor.disposeAsync();
        }
    },
);

test("a scheduler bakes in real workers, and all buffers come home", async () => {
    const workerUrl = path.join(directory, "module/terrane.worker.js");
    const executor = await CreateWorkerpoolExecutorAsync({ workers: 2, workerUrl, wasmUrl: wasmFile });
    const pool = new BufferPool();
    const profiler = new PerformanceProfiler();
    const hashes = new Map<number, string>();
    await new Promise<void>((resolve, reject) => {
        const { scheduler, request } = createKeyedScheduler(
            executor,
            {
                addressOf: (key) => addresses[key]!,
                onBaked: (key, buffer, byteLength) => {
                    hashes.set(key, hash64Hex(new Uint8Array(buffer, 0, byteLength)));
                    pool.takeBack(buffer);
                    if (hashes.size === addresses.length) {
                        resolve();
                    }
                },
                onFailed: (_, { error }) => reject(error),
            },
            { recipeJson, pool, bufferBytes: 2000, profiler },
        );
        addresses.forEach((_, key) => request(key));
        scheduler.pump();
    });
    await executor.disposeAsync();
    expect(addresses.map((_, key) => hashes.get(key))).toEqual(expected);
    expect([pool.bytesOut, pool.bytesInTransit]).toEqual([0, 0]);
    expect(pool.bytesIdle).toBeGreaterThan(0);
    const stats = profiler.getOperationStats("bakeTerrain")!;
    expect(stats.count).toBe(addresses.length);
    expect(stats.maxMs).toBeGreaterThan(0);
    expect(profiler.getOperationNames()).toEqual(expect.arrayContaining(["bakeHeightfield", "serializeBuffer"]));
});

test("the bundle loads as a plain script: no import, no export, no require of its own", () => {
    const code = readFileSync(path.join(directory, "module/terrane.worker.js"), "utf8");
    // Throws on import and export, which only modules have, and on await at the top.
    expect(() => new Function(code)).not.toThrow();
});
