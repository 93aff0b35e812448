import type { BakeBatchRequest, BakeBatchResponse } from "../../../src/bake/protocol.js";
import { BatchLostError } from "../../../src/scheduler/bakeErrors.js";
import { InlineExecutor } from "../../../src/scheduler/inlineExecutor.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";

const request = (x: number): BakeBatchRequest => ({
    recipeJson: "{}",
    tasks: [{ id: x, address: flatAddress(0, x, 0), buffer: new ArrayBuffer(8) }],
});
const answer = ({ tasks }: BakeBatchRequest): BakeBatchResponse => ({
    outcomes: tasks.map(({ id, buffer }) => ({ id, ok: false, message: "", code: "TEST", buffer })),
});

test("bakes one batch a macrotask, in order, none before the caller is done", async () => {
    const log: string[] = [];
    const executor = new InlineExecutor((batch) => {
        log.push(`bake ${batch.tasks[0]!.id}`);
        queueMicrotask(() => log.push("microtask"));
        return answer(batch);
    });
    expect([executor.maxBatchesInFlight, executor.workerCount]).toEqual([1, 0]);
    const running = [1, 2].map((x) => executor.runBatchAsync(request(x)));
    setImmediate(() => log.push("page"));
    expect(log).toEqual([]);
    const responses = await Promise.all(running);
    expect(responses.map(({ outcomes }) => outcomes[0]!.id)).toEqual([1, 2]);
    expect(log.slice(0, 4)).toEqual(["bake 1", "microtask", "page", "bake 2"]);
});

test("a handler that throws rejects its batch alone, by its addresses", async () => {
    const executor = new InlineExecutor((batch) => {
        if (batch.tasks[0]!.id === 1) {
            throw new Error("no memory");
        }
        return answer(batch);
    });
    const bad = executor.runBatchAsync(request(1));
    const good = executor.runBatchAsync(request(2));
    await expect(bad).rejects.toThrow("The batch of chunk 0/1/0 was lost: no memory");
    await expect(bad).rejects.toMatchObject({ isCollateral: false });
    expect((await good).outcomes).toHaveLength(1);
});

test("dispose rejects what waits and what comes later, and bakes nothing more", async () => {
    let bakes = 0;
    const executor = new InlineExecutor((batch) => {
        bakes++;
        return answer(batch);
    });
    const waiting = [1, 2].map((x) => executor.runBatchAsync(request(x)));
    const rejected = Promise.all(waiting.map((promise) => expect(promise).rejects.toThrow(BatchLostError)));
    await Promise.all([executor.disposeAsync(), executor.disposeAsync()]);
    await rejected;
    await expect(executor.runBatchAsync(request(3))).rejects.toThrow(/chunk 0\/3\/0 was lost: .*disposed/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bakes).toBe(0);
});
