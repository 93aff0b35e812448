import { jest } from "@jest/globals";
import { GuardedStore } from "../../../src/store/guardedStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store, StoreResult } from "../../../src/store/store.js";

/** A store as somebody may write one: each method may be anything. */
function guarded(methods: Record<string, unknown>): GuardedStore {
    return new GuardedStore({ name: "mine", isWritable: true, ...methods } as unknown as Store);
}

const FOUND = { status: "found", bytes: new Uint8Array(3) };

test.each<[string, unknown]>([
    ["nothing", () => Promise.resolve()],
    ["no promise", () => FOUND],
    ["what no store says", () => Promise.resolve({ status: "here" })],
    ["no bytes", () => Promise.resolve({ status: "found" })],
    ["a buffer in place of bytes", () => Promise.resolve({ status: "found", bytes: new ArrayBuffer(3) })],
    [
        "an error",
        () => {
            throw new Error("planned");
        },
    ],

    ["a rejection without one", () => Promise.reject(undefined)],
    ["no method", undefined],
])("a store that answers %s is out of reach", async (_, method) => {
    const store = guarded({ getAsync: method, putAsync: method, deleteAsync: method, listAsync: method });
    const answers = [
        await store.getAsync({ key: "a" }),
        await store.putAsync("a", new Uint8Array(1)),
        await store.deleteAsync("a"),
        await store.listAsync(),
    ];
    expect(answers).toMatchObject(answers.map(() => ({ status: "unavailable", reason: expect.any(String) })));
});

test("of several requests each is answered once, whatever the store says of them", async () => {
    const store = guarded({
        getManyAsync: (_: unknown, onResult: (index: number, result: unknown) => void) => {
            onResult(0, FOUND);
            onResult(0, { status: "missing" });
            onResult(7, FOUND);
            onResult(1, "nonsense");
            return Promise.resolve();
        },
    });
    const told: [number, StoreResult["status"]][] = [];
    await store.getManyAsync([{ key: "a" }, { key: "b" }, { key: "c" }], (i, { status }) => told.push([i, status]));
    expect(told).toEqual([
        [0, "found"],
        [1, "unavailable"],
        [2, "unavailable"],
    ]);
});

test("a store that never answers is out of reach after ten seconds, thirty for a write", async () => {
    jest.useFakeTimers();
    const never = (): Promise<never> => new Promise(() => {});
    const store = guarded({ getAsync: never, getManyAsync: never, putAsync: never });
    const many = store.getManyAsync([{ key: "a" }], () => {});
    const got = store.getAsync({ key: "a" });
    const put = store.putAsync("a", new Uint8Array(1));
    jest.advanceTimersByTime(10_000);
    expect(await got).toEqual({ status: "unavailable", reason: 'The store "mine" gave no answer within 10 s.' });
    await many;
    jest.advanceTimersByTime(20_000);
    expect(await put).toMatchObject({ status: "unavailable" });
    jest.useRealTimers();
});

test("how much a store keeps, and that it does not last, is still known; of one that says nothing, nothing is", () => {
    const memory = new GuardedStore(new MemoryStore({ limitBytes: 1000 }));
    expect([memory.limitBytes, memory.isLasting]).toEqual([1000, false]);
    expect([guarded({}).limitBytes, guarded({}).isLasting]).toEqual([Infinity, true]);
});
