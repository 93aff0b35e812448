import { asStore } from "../../../src/store/asStore.js";
import { FileTooLargeError, StoreError, type ChunkStore } from "../../../src/store/chunkStore.js";
import type { StoreResult } from "../../../src/store/store.js";
import { WatchedStore } from "../../support/watchedStore.js";

/** As somebody outside may have written one. */
class OwnStore implements ChunkStore {
    public readonly files = new Map<string, Uint8Array>();
    public readonly listed: (string | undefined)[] = [];
    public error: Error | null = null;

    public readAsync(name: string, maxBytes = Infinity): Promise<Uint8Array | null> {
        this._throwError();
        const bytes = this.files.get(name) ?? null;
        if (bytes !== null && bytes.length > maxBytes) {
            throw new FileTooLargeError(name, bytes.length, maxBytes);
        }
        return Promise.resolve(bytes);
    }

    public writeAsync(name: string, bytes: Uint8Array): Promise<void> {
        this._throwError();
        this.files.set(name, bytes.slice());
        return Promise.resolve();
    }

    public listAsync(folder?: string): Promise<string[]> {
        this._throwError();
        this.listed.push(folder);
        return Promise.resolve([...this.files.keys()]);
    }

    public deleteAsync(name: string): Promise<void> {
        this._throwError();
        this.files.delete(name);
        return Promise.resolve();
    }

    private _throwError(): void {
        if (this.error !== null) {
            throw this.error;
        }
    }
}

const bytes = Uint8Array.of(1, 2, 3);

test("a store is itself", () => {
    const store = new WatchedStore();
    expect(asStore(store)).toBe(store);
});

test("a custom store reads, writes, lists and deletes", async () => {
    const own = new OwnStore();
    const store = asStore(own);
    expect(store).toMatchObject({ isWritable: true, description: null });
    expect(await store.getAsync({ key: "a/b" })).toEqual({ status: "missing" });
    expect(await store.putAsync("a/b", bytes)).toEqual({ status: "stored" });
    expect(await store.putAsync("ab", bytes)).toEqual({ status: "stored" });
    expect(await store.getAsync({ key: "a/b" })).toEqual({ status: "found", bytes });
    expect(await store.listAsync()).toEqual({ status: "listed", keys: ["a/b", "ab"] });
    expect(await store.listAsync("a/")).toEqual({ status: "listed", keys: ["a/b"] });
    expect(await store.listAsync("a/x/c")).toEqual({ status: "listed", keys: [] });
    expect(own.listed).toEqual([undefined, "a", "a/x"]);
    expect(await store.deleteAsync("a/b")).toEqual({ status: "deleted" });
    expect(await store.getAsync({ key: "a/b" })).toEqual({ status: "missing" });
});

test("what is too long, or not what was asked for, is damaged", async () => {
    const own = new OwnStore();
    const store = asStore(own);
    await store.putAsync("a", bytes);
    expect(await store.getAsync({ key: "a", maxBytes: 2 })).toEqual({
        status: "damaged",
        reason: "has 3 bytes; at most 2 are read",
    });
    const inspectAsync = (): Promise<string> => Promise.resolve("is wrong");
    expect(await store.getAsync({ key: "a", inspectAsync })).toEqual({ status: "damaged", reason: "is wrong" });
});

test("whatever it throws is an answer: it cannot tell now", async () => {
    const own = new OwnStore();
    const store = asStore(own);
    for (const [error, reason] of [
        [new Error("the disk is gone"), "the disk is gone"],
        [new StoreError("a could not be read: it is a pipe", "a", undefined, "it is a pipe"), "it is a pipe"],
    ] as const) {
        own.error = error;
        const unavailable = { status: "unavailable", reason };
        expect(await store.getAsync({ key: "a" })).toEqual(unavailable);
        expect(await store.putAsync("a", bytes)).toEqual(unavailable);
        expect(await store.deleteAsync("a")).toEqual(unavailable);
        expect(await store.listAsync()).toEqual(unavailable);
    }
});

test("several are answered each for itself", async () => {
    const own = new OwnStore();
    own.files.set("a", bytes);
    const results = new Map<number, StoreResult>();
    await asStore(own).getManyAsync([{ key: "a" }, { key: "b" }], (i, result) => results.set(i, result));
    expect([...results].sort()).toEqual([
        [0, { status: "found", bytes }],
        [1, { status: "missing" }],
    ]);
});

test("signals and the end are answers as well", async () => {
    const own = new OwnStore();
    const store = asStore(own);
    const signal = AbortSignal.abort();
    for (const answer of [
        store.getAsync({ key: "a", signal }),
        store.putAsync("a", bytes, { signal }),
        store.deleteAsync("a", { signal }),
        store.listAsync("", { signal }),
    ]) {
        expect(await answer).toEqual({ status: "aborted" });
    }
    expect(own.files.size).toBe(0);
    await store.closeAsync();
    expect(await store.putAsync("a", bytes)).toEqual({ status: "unavailable", reason: "The store is closed." });
});
