import "fake-indexeddb/auto";
import { jest } from "@jest/globals";
import { forceCloseDatabase, IDBFactory } from "fake-indexeddb";
import { IndexedDbStore, persistStorageAsync, type IndexedDbStoreOptions } from "../../../src/store/indexedDbStore.js";
import { TestClock } from "./testClock.js";

const clock = new TestClock();
let factory: IDBFactory;
const stores: IndexedDbStore[] = [];
const warnings: string[] = [];
const bytesOf = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

beforeEach(() => {
    factory = new IDBFactory();
    warnings.length = 0;
});
afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(stores.splice(0).map((store) => clock.runAsync(store.closeAsync())));
});

async function openAsync(options: IndexedDbStoreOptions = {}): Promise<IndexedDbStore> {
    const onWarning = (message: string): void => void warnings.push(message);
    const result = await IndexedDbStore.OpenAsync({ indexedDB: factory, clock, onWarning, ...options });
    if (result.status !== "opened") {
        throw new Error(result.reason);
    }
    stores.push(result.store);
    return result.store;
}

/** Lets messages between tabs arrive. */
const tellAsync = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** The connections that a database has at the moment. */
function connectionsOf(name = "terrane"): IDBDatabase[] {
    const all = (factory as unknown as { _databases: Map<string, { connections: IDBDatabase[] }> })._databases;
    return [...all.get(name)!.connections].filter((connection) => !(connection as { _closed?: boolean })._closed);
}

/** Makes every transaction that writes fail for want of room while `isFull` says so, its puts having succeeded. */
function limitRoom(isFull: () => boolean): void {
    const { put } = IDBObjectStore.prototype;
    jest.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
        const request = put.call(this, value, key);
        request.addEventListener("success", () => {
            if (this.name === "entries" && isFull()) {
                (this.transaction as unknown as { _abort(name: string): void })._abort("QuotaExceededError");
            }
        });
        return request;
    });
}

test("gives back what was put, after it was closed and opened again too, and knows all keys without a look", async () => {
    const store = await openAsync();
    const bytes = Uint8Array.of(0, 1, 2, 3, 0).subarray(1, 4);
    expect(store.has("a/0.trn")).toBe(false);
    expect(await store.getAsync({ key: "a/0.trn" })).toEqual({ status: "missing" });
    const putting = store.putAsync("a/0.trn", bytes);
    bytes.fill(9);
    expect(await putting).toEqual({ status: "stored" });
    await store.putAsync("b/0.trn", bytesOf(2));
    expect(await store.getAsync({ key: "a/0.trn" })).toEqual({ status: "found", bytes: Uint8Array.of(1, 2, 3) });
    expect(await store.deleteAsync("b/0.trn")).toEqual({ status: "deleted" });
    expect(await store.deleteAsync("b/0.trn")).toEqual({ status: "deleted" });
    await store.closeAsync();
    expect(await store.getAsync({ key: "a/0.trn" })).toMatchObject({ status: "unavailable" });
    expect(await store.putAsync("a/0.trn", bytes)).toMatchObject({ status: "unavailable" });
    const again = await openAsync();
    expect([again.has("a/0.trn"), again.has("b/0.trn")]).toEqual([true, false]);
    expect(await again.listAsync("a/")).toEqual({ status: "listed", keys: ["a/0.trn"] });
    expect(await again.listAsync("b/")).toEqual({ status: "listed", keys: [] });
    await expect(again.getAsync({ key: "../a" })).rejects.toMatchObject({ code: "TERRANE_STORE" });
    await expect(again.putAsync("a//b", bytes)).rejects.toMatchObject({ code: "TERRANE_STORE" });
    expect(again.description).toEqual({ kind: "indexedDb", database: "terrane", limitBytes: 2 ** 29 });
});

test("a miss opens no transaction, several gets open one, and each is inspected and bounded by itself", async () => {
    const store = await openAsync();
    await store.putAsync("a", bytesOf(3));
    await store.putAsync("b", bytesOf(5));
    const opened = jest.spyOn(IDBDatabase.prototype, "transaction");
    await store.getAsync({ key: "none" });
    expect(opened).not.toHaveBeenCalled();
    const results: unknown[] = [];
    const aborted = AbortSignal.abort();
    await store.getManyAsync(
        [
            { key: "a" },
            { key: "none" },
            { key: "b", maxBytes: 4 },
            { key: "b", inspectAsync: async () => "is another" },
            { key: "a", signal: aborted },
        ],
        (index, result) => (results[index] = result),
    );
    expect(results).toEqual([
        { status: "found", bytes: bytesOf(3) },
        { status: "missing" },
        { status: "damaged", reason: "has 5 bytes; at most 4 are read" },
        { status: "damaged", reason: "is another" },
        { status: "aborted" },
    ]);
    expect(opened).toHaveBeenCalledTimes(1);
    expect(await store.putAsync("c", bytesOf(1), { signal: aborted })).toEqual({ status: "aborted" });
});

test("chunks are written at ease, what a user made strictly", async () => {
    const store = await openAsync();
    const opened = jest.spyOn(IDBDatabase.prototype, "transaction");
    await store.putAsync("a", bytesOf(3));
    await store.putAsync("b", bytesOf(3), { isIrreplaceable: true });
    const durabilities = opened.mock.calls.filter(([, mode]) => mode === "readwrite").map(([, , o]) => o!.durability);
    expect(durabilities).toEqual(["relaxed", "strict"]);
});

test("what was used longest ago makes room, in this page and in the next; what a user made never does", async () => {
    const store = await openAsync({ limitBytes: 100 });
    await store.putAsync("edits", bytesOf(90), { isIrreplaceable: true });
    for (const key of ["a", "b", "c", "d"]) {
        await store.putAsync(key, bytesOf(20));
    }
    await store.getAsync({ key: "a" });
    await store.closeAsync();
    const next = await openAsync({ limitBytes: 100 });
    expect(await next.putAsync("e", bytesOf(30))).toEqual({ status: "stored" });
    // 110 bytes: 10 too many, and an eighth of the limit in advance.
    expect(((await next.listAsync()) as { keys: string[] }).keys.sort()).toEqual(["a", "d", "e", "edits"]);
    expect([next.has("a"), next.has("b")]).toEqual([true, false]);
    expect(await next.putAsync("huge", bytesOf(101))).toMatchObject({ status: "refused" });
    await Promise.all(Array.from({ length: 20 }, (_, i) => next.putAsync(`many${i}`, bytesOf(20))));
    const { keys } = (await next.listAsync()) as { keys: string[] };
    expect(keys.length).toBeLessThanOrEqual(1 + 5);
    expect(keys).toContain("edits");
});

test("what other files are of no use without makes room after those, in the next page, too, and is written at ease", async () => {
    const store = await openAsync({ limitBytes: 100 });
    const opened = jest.spyOn(IDBDatabase.prototype, "transaction");
    await store.putAsync("manifest", bytesOf(20), { isEvictedLast: true });
    const durabilities = opened.mock.calls.filter(([, mode]) => mode === "readwrite").map(([, , o]) => o!.durability);
    expect(durabilities).toEqual(["relaxed"]);
    await store.putAsync("a", bytesOf(60));
    await store.closeAsync();
    const next = await openAsync({ limitBytes: 100 });
    await next.putAsync("b", bytesOf(60));
    expect(((await next.listAsync()) as { keys: string[] }).keys.sort()).toEqual(["b", "manifest"]);
    await next.putAsync("c", bytesOf(100));
    expect(await next.listAsync()).toEqual({ status: "listed", keys: ["c"] });
});

test("uses are written together, later, and bring back nothing that another tab has evicted", async () => {
    const store = await openAsync();
    await store.putAsync("a", bytesOf(1));
    await store.putAsync("b", bytesOf(1));
    const put = jest.spyOn(IDBObjectStore.prototype, "put");
    for (let i = 0; i < 10; i++) {
        await store.getAsync({ key: "a" });
        await store.getAsync({ key: "b" });
    }
    expect(put).not.toHaveBeenCalled();
    const other = await openAsync();
    await other.deleteAsync("b");
    clock.advance(5000);
    await tellAsync();
    expect(put.mock.calls.map(([value]) => (value as { key: string }).key)).toEqual(["a"]);
    expect(await other.listAsync()).toEqual({ status: "listed", keys: ["a"] });
});

describe("two tabs", () => {
    test("see what the other puts and deletes; what was deleted meanwhile is missing", async () => {
        const [here, there] = [await openAsync(), await openAsync()];
        await here.putAsync("a", bytesOf(3));
        await there.putAsync("b", bytesOf(4));
        await tellAsync();
        expect([there.has("a"), here.has("b")]).toEqual([true, true]);
        expect(await there.getAsync({ key: "a" })).toMatchObject({ status: "found" });
        await there.deleteAsync("a");
        // The message is still under way.
        expect(here.has("a")).toBe(true);
        expect(await here.getAsync({ key: "a" })).toEqual({ status: "missing" });
        await there.deleteAsync("b");
        await here.putAsync("b", bytesOf(5));
        await tellAsync();
        expect([here.has("a"), here.has("b"), there.has("b")]).toEqual([false, true, true]);
    });

    test("evict by what both have used", async () => {
        const [here, there] = [await openAsync({ limitBytes: 80 }), await openAsync({ limitBytes: 80 })];
        await here.putAsync("a", bytesOf(30));
        await there.putAsync("b", bytesOf(30));
        await tellAsync();
        await here.getAsync({ key: "a" });
        await here.putAsync("c", bytesOf(30));
        await tellAsync();
        expect([here.has("a"), here.has("b"), there.has("a"), there.has("b")]).toEqual([true, false, true, false]);
    });
});

describe("a browser that is full", () => {
    test("chunks make room, and the put succeeds", async () => {
        const store = await openAsync();
        for (let i = 0; i < 8; i++) {
            await store.putAsync(`${i}`, bytesOf(10));
        }
        await store.putAsync("edits", bytesOf(10), { isIrreplaceable: true });
        limitRoom(() => store.has("0") === true);
        expect(await store.putAsync("8", bytesOf(10))).toEqual({ status: "stored" });
        expect([store.has("0"), store.has("1"), store.has("8"), store.has("edits")]).toEqual([false, true, true, true]);
        expect(warnings).toEqual([]);
    });

    test("that stays full refuses with one warning, and loses only so much; a later try writes again", async () => {
        const store = await openAsync();
        for (let i = 0; i < 20; i++) {
            await store.putAsync(`${i}`, bytesOf(10));
        }
        let isFull = true;
        limitRoom(() => isFull);
        for (let minute = 0; minute < 5; minute++) {
            expect(await store.putAsync("x", bytesOf(10))).toMatchObject({ status: "refused" });
            expect(await store.putAsync("y", bytesOf(10))).toMatchObject({ status: "refused" });
            clock.advance(60_000);
        }
        expect(warnings).toEqual(["The browser has no more room for this page. What is new is not kept."]);
        const { keys } = (await store.listAsync()) as { keys: string[] };
        // An eighth of what is there, three times.
        expect(keys).toHaveLength(20 - 3 - 3 - 2);
        expect(await store.getAsync({ key: keys[0]! })).toMatchObject({ status: "found" });
        isFull = false;
        expect(await store.putAsync("x", bytesOf(10))).toEqual({ status: "stored" });
    });

    test("gives up all chunks for what a user made, and never that", async () => {
        const store = await openAsync();
        await store.putAsync("edits/0", bytesOf(10), { isIrreplaceable: true });
        for (let i = 0; i < 20; i++) {
            await store.putAsync(`${i}`, bytesOf(10));
        }
        let puts = 0;
        let most = 4;
        limitRoom(() => puts++ < most);
        expect(await store.putAsync("edits/1", bytesOf(10), { isIrreplaceable: true })).toEqual({ status: "stored" });
        most = Infinity;
        expect(await store.putAsync("edits/2", bytesOf(10), { isIrreplaceable: true })).toMatchObject({
            status: "refused",
        });
        const { keys } = (await store.listAsync()) as { keys: string[] };
        expect(keys.sort()).toEqual(["edits/0", "edits/1"]);
    });
});

describe("a connection", () => {
    test("that the browser closes is opened again, by many at once", async () => {
        const store = await openAsync();
        await store.putAsync("a", bytesOf(3));
        const [before] = connectionsOf();
        forceCloseDatabase(before as never);
        expect(store.has("a")).toBeUndefined();
        const found = { status: "found", bytes: bytesOf(3) };
        expect(await Promise.all([1, 2, 3].map(() => store.getAsync({ key: "a" })))).toEqual([found, found, found]);
        expect(connectionsOf()).toHaveLength(1);
        // One that is about to close says so only when it is used.
        connectionsOf()[0]!.close();
        expect(await store.putAsync("b", bytesOf(3))).toEqual({ status: "stored" });
        expect(await store.getAsync({ key: "b" })).toEqual(found);
    });

    test("that the browser closes for good leaves the store unavailable", async () => {
        const store = await openAsync();
        jest.spyOn(factory, "open").mockImplementation(() => {
            throw new DOMException("no", "SecurityError");
        });
        forceCloseDatabase(connectionsOf()[0] as never);
        const reason = expect.stringMatching(/"terrane" cannot be used: the browser closed it/);
        expect(await store.getAsync({ key: "a" })).toEqual({ status: "unavailable", reason });
        expect(await store.putAsync("a", bytesOf(1))).toEqual({ status: "unavailable", reason });
        expect(await store.listAsync()).toEqual({ status: "unavailable", reason });
    });

    test("is closed for a tab that upgrades the database, and stays so; the upgrade goes on", async () => {
        const store = await openAsync();
        const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
            const request = factory.open("terrane", 2);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error!);
        });
        expect(await store.getAsync({ key: "a" })).toMatchObject({
            status: "unavailable",
            reason: expect.stringMatching(/another tab upgrades it/),
        });
        expect(await IndexedDbStore.OpenAsync({ indexedDB: factory })).toMatchObject({
            status: "unavailable",
            fault: "newer",
        });
        upgraded.close();
    });

    test("that hangs ends each call, by time or by its signal", async () => {
        const store = await openAsync();
        await store.putAsync("a", bytesOf(3));
        // Another tab's transaction that never ends.
        const holding = connectionsOf()[0]!.transaction(["files", "entries"], "readwrite");
        let isHolding = true;
        const hold = (): void => {
            if (isHolding) {
                holding.objectStore("files").get("a").onsuccess = hold;
            }
        };
        hold();
        const abort = new AbortController();
        const signalled = store.getAsync({ key: "a", signal: abort.signal });
        const [get, put] = [store.getAsync({ key: "a" }), store.putAsync("b", bytesOf(1))];
        await tellAsync();
        abort.abort();
        expect(await signalled).toEqual({ status: "aborted" });
        clock.advance(10_000);
        for (const result of await Promise.all([get, put])) {
            expect(result).toMatchObject({ status: "unavailable", reason: expect.stringMatching(/does not answer/) });
        }
        const closing = store.listAsync();
        await store.closeAsync();
        expect(await closing).toMatchObject({ status: "unavailable", reason: expect.stringMatching(/was closed/) });
        isHolding = false;
    });
});

describe("no database", () => {
    test("where there is none, or the browser refuses it", async () => {
        expect(await IndexedDbStore.OpenAsync({ indexedDB: null })).toMatchObject({ fault: "none" });
        const denied = { open: () => { throw new DOMException("denied", "SecurityError"); } } as unknown as IDBFactory; // prettier-ignore
        expect(await IndexedDbStore.OpenAsync({ indexedDB: denied })).toMatchObject({
            status: "unavailable",
            fault: "denied",
            reason: expect.stringMatching(/^The browser does not open the database "terrane": .*denied$/),
        });
    });

    test("where the browser never answers; what comes later is closed", async () => {
        const { open } = factory;
        let late = (): void => {};
        jest.spyOn(factory, "open").mockImplementation((name, version) => {
            const request = open.call(factory, name, version);
            const real = request.addEventListener.bind(request);
            request.addEventListener = ((type: string, listener: EventListener) =>
                real(type, (event: Event) =>
                    type === "success" ? (late = () => listener.call(request, event)) : listener.call(request, event),
                )) as typeof request.addEventListener;
            return request;
        });
        const opening = IndexedDbStore.OpenAsync({ indexedDB: factory, clock, openTimeoutMs: 700 });
        expect(await clock.runAsync(opening)).toMatchObject({ status: "unavailable", fault: "silent" });
        expect(connectionsOf()).toHaveLength(1);
        late();
        await tellAsync();
        expect(connectionsOf()).toHaveLength(0);
    });

    test("where another tab holds it in an older version: waited for, but not for ever", async () => {
        const openOldAsync = (): Promise<IDBDatabase> =>
            new Promise((resolve) => {
                // The oldest version that can be is this one: the factory says it is older.
                const request = factory.open("terrane", 1);
                request.onsuccess = () => resolve(request.result);
            });
        const old = await openOldAsync();
        const { open } = factory;
        jest.spyOn(factory, "open").mockImplementation((name) => open.call(factory, name, 2));
        const given = IndexedDbStore.OpenAsync({ indexedDB: factory, clock });
        expect(await clock.runAsync(given)).toMatchObject({ status: "unavailable", fault: "blocked" });
        old.close();
        await tellAsync();
        expect(connectionsOf()).toHaveLength(0);
    });
});

test("storage is kept only where a browser says so", async () => {
    expect(await persistStorageAsync()).toBe(false);
    const navigator = { storage: { persist: async () => true } };
    const had = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
    expect(await persistStorageAsync()).toBe(true);
    navigator.storage.persist = () => Promise.reject(new Error("no"));
    expect(await persistStorageAsync()).toBe(false);
    if (had === undefined) {
        delete (globalThis as { navigator?: unknown }).navigator;
    } else {
        Object.defineProperty(globalThis, "navigator", had);
    }
});
