import "fake-indexeddb/auto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { jest } from "@jest/globals";
import { IDBFactory } from "fake-indexeddb";
import { ChainStore } from "../../../src/store/chainStore.js";
import { StoreError } from "../../../src/store/chunkStore.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import { HttpStore } from "../../../src/store/httpStore.js";
import { IndexedDbStore } from "../../../src/store/indexedDbStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { openStoreAsync } from "../../../src/store/openStore.js";
import type { Store, StoreDescription, StoreResult } from "../../../src/store/store.js";

let directory: string;
let stores: Store[] = [];

beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-store-"));
});
afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(stores.map((store) => store.closeAsync()));
    stores = [];
    rmSync(directory, { recursive: true, force: true });
});

async function openDatabaseAsync(): Promise<Store> {
    const result = await IndexedDbStore.OpenAsync({ indexedDB: new IDBFactory() });
    if (result.status !== "opened") {
        throw new Error(result.reason);
    }
    return result.store;
}

describe.each<[string, () => Store | Promise<Store>]>([
    ["MemoryStore", () => new MemoryStore()],
    ["MemoryStore with a limit", () => new MemoryStore({ limitBytes: 1000 })],
    ["DirectoryStore", () => new DirectoryStore(path.join(directory, "not/yet/there"))],
    ["IndexedDbStore", openDatabaseAsync],
    ["ChainStore", () => new ChainStore([new MemoryStore(), new MemoryStore()])],
])("a %s", (_, open) => {
    const makeAsync = async (): Promise<Store> => {
        const store = await open();
        stores.push(store);
        return store;
    };

    test("gives back what was put, lists it, and forgets what is deleted", async () => {
        const store = await makeAsync();
        expect(await store.listAsync()).toEqual({ status: "listed", keys: [] });
        expect(await store.getAsync({ key: "0/1/-2.trn" })).toEqual({ status: "missing" });
        const bytes = Uint8Array.of(1, 2, 3);
        const putting = store.putAsync("0/1/-2.trn", bytes);
        expect(await putting).toEqual({ status: "stored" });
        bytes[0] = 99;
        await store.putAsync("manifest.json", Uint8Array.of(7));
        await store.putAsync("manifest.json", Buffer.of(8, 9), { isIrreplaceable: true });
        const found = (await store.getAsync({ key: "0/1/-2.trn" })) as { bytes: Uint8Array };
        expect([...found.bytes]).toEqual([1, 2, 3]);
        // The receiver's own.
        found.bytes.fill(0);
        expect(await store.getAsync({ key: "0/1/-2.trn" })).toMatchObject({ bytes: Uint8Array.of(1, 2, 3) });
        const many: StoreResult[] = [];
        const requests = [{ key: "manifest.json" }, { key: "none" }];
        await store.getManyAsync(requests, (index, result) => (many[index] = result));
        expect(many).toEqual([{ status: "found", bytes: expect.anything() }, { status: "missing" }]);
        const list = (await store.listAsync()) as { keys: string[] };
        expect(list.keys.sort()).toEqual(["0/1/-2.trn", "manifest.json"]);
        expect(await store.listAsync("0/1")).toEqual({ status: "listed", keys: ["0/1/-2.trn"] });
        expect(await store.listAsync("0/1/-2.tr")).toEqual({ status: "listed", keys: ["0/1/-2.trn"] });
        expect(await store.listAsync("0/2")).toEqual({ status: "listed", keys: [] });
        expect(await store.deleteAsync("0/1/-2.trn")).toEqual({ status: "deleted" });
        expect(await store.deleteAsync("0/1/-2.trn")).toEqual({ status: "deleted" });
        expect(await store.listAsync()).toEqual({ status: "listed", keys: ["manifest.json"] });
    });

    test("gives nothing that is longer than it was asked for, or that the asker refuses", async () => {
        const store = await makeAsync();
        await store.putAsync("a.trn", new Uint8Array(100));
        const reason = "has 100 bytes; at most 99 are read";
        expect(await store.getAsync({ key: "a.trn", maxBytes: 100 })).toMatchObject({ status: "found" });
        expect((await store.getAsync({ key: "a.trn", maxBytes: 99 })) as unknown).toMatchObject({ status: "damaged" });
        expect(((await store.getAsync({ key: "a.trn", maxBytes: 99 })) as { reason: string }).reason.slice(0, 13)).toBe(
            reason.slice(0, 13),
        );
        const refused = await store.getAsync({ key: "a.trn", inspectAsync: async () => "is not mine" });
        expect(refused).toEqual({ status: "damaged", reason: "is not mine" });
        const failing = await store.getAsync({ key: "a.trn", inspectAsync: () => Promise.reject(new Error("oh")) });
        expect(failing).toEqual({ status: "damaged", reason: "could not be inspected: oh" });
    });

    test("ends what is aborted, and after it was closed says that it cannot be used", async () => {
        const store = await makeAsync();
        await store.putAsync("a", Uint8Array.of(1));
        const signal = AbortSignal.abort();
        const aborted = { status: "aborted" };
        expect(await store.getAsync({ key: "a", signal })).toEqual(aborted);
        expect(await store.putAsync("b", Uint8Array.of(1), { signal })).toEqual(aborted);
        expect(await store.deleteAsync("a", { signal })).toEqual(aborted);
        expect(await store.listAsync("", { signal })).toEqual(aborted);
        expect(await store.listAsync()).toEqual({ status: "listed", keys: ["a"] });
        await store.closeAsync();
        const unavailable = { status: "unavailable", reason: expect.any(String) };
        expect(await store.getAsync({ key: "a" })).toEqual(unavailable);
        expect(await store.putAsync("a", Uint8Array.of(1))).toEqual(unavailable);
        expect(await store.deleteAsync("a")).toEqual(unavailable);
        expect(await store.listAsync()).toEqual(unavailable);
        await store.closeAsync();
    });

    test.each(["../x.trn", "/etc/passwd", "a/../../b", "", "a//b", ".hidden", "a\\b", "a b", `${"x".repeat(300)}`])(
        "takes no name like %p",
        async (name) => {
            const store = await makeAsync();
            await expect(store.putAsync(name, Uint8Array.of(1))).rejects.toThrow(StoreError);
            await expect(store.getAsync({ key: name })).rejects.toThrow(StoreError);
            await expect(store.deleteAsync(name)).rejects.toThrow(StoreError);
        },
    );
});

describe("a DirectoryStore", () => {
    test("leaves one of many writes to one name at once whole", async () => {
        const store = new DirectoryStore(directory);
        const writes = Array.from({ length: 20 }, (_, i) => store.putAsync("a.trn", new Uint8Array(50_000).fill(i)));
        await Promise.all(writes);
        const bytes = readFileSync(path.join(directory, "a.trn"));
        expect(bytes.length).toBe(50_000);
        expect(new Set(bytes).size).toBe(1);
        expect(readdirSync(directory)).toEqual(["a.trn"]);
    });

    test("tells why it cannot read or write", async () => {
        const file = path.join(directory, "file");
        writeFileSync(file, "in the way");
        mkdirSync(path.join(directory, "folder.trn"));
        expect(await new DirectoryStore(file).putAsync("a.trn", Uint8Array.of(1))).toEqual({
            status: "unavailable",
            reason: expect.stringContaining(file),
        });
        expect(await new DirectoryStore(directory).getAsync({ key: "folder.trn" })).toEqual({
            status: "unavailable",
            reason: "it is a folder, not a file",
        });
    });

    test.each(["ENOSPC", "EDQUOT"])(
        "refuses what a full disk does not take (%s), and leaves nothing of it",
        async (code) => {
            const store = new DirectoryStore(directory);
            const { writeFile } = fs;
            jest.spyOn(fs, "writeFile").mockImplementation(async (file, data, options) => {
                await writeFile(file, (data as Uint8Array).subarray(0, 1), options);
                throw Object.assign(new Error(code), { code });
            });
            expect(await store.putAsync("a.trn", Uint8Array.of(1, 2))).toEqual({
                status: "refused",
                reason: `The disk of ${directory} has no more room.`,
            });
            expect(readdirSync(directory)).toEqual([]);
        },
    );

    test("brings what a user made, and its name, to the disk", async () => {
        const written = jest.spyOn(fs, "writeFile");
        const opened = jest.spyOn(fs, "open");
        const store = new DirectoryStore(directory);
        await store.putAsync("a.trn", Uint8Array.of(1));
        expect(written.mock.calls[0]![2]).toMatchObject({ flush: false });
        expect(opened).not.toHaveBeenCalled();
        await store.putAsync("edits/a", Uint8Array.of(1), { isIrreplaceable: true });
        expect(written.mock.calls[1]![2]).toMatchObject({ flush: true });
        expect(opened.mock.calls.map(([at]) => at)).toEqual([path.join(directory, "edits")]);
    });
});

test("a memory with a limit gives up what was used longest ago, and never what a user made", async () => {
    const store = new MemoryStore({ limitBytes: 100 });
    await store.putAsync("edits", new Uint8Array(500), { isIrreplaceable: true });
    for (const key of ["a", "b", "c"]) {
        await store.putAsync(key, new Uint8Array(40));
        await store.getAsync({ key: "a" });
    }
    expect(["edits", "a", "b", "c"].map((key) => store.has(key))).toEqual([true, true, false, true]);
    expect(await store.putAsync("d", new Uint8Array(101))).toMatchObject({ status: "refused" });
});

test("a memory with a limit gives up last what other files are of no use without, and that, too, in the end", async () => {
    const store = new MemoryStore({ limitBytes: 100 });
    await store.putAsync("manifest", new Uint8Array(30), { isEvictedLast: true });
    for (const key of ["a", "b", "c"]) {
        await store.putAsync(key, new Uint8Array(30));
    }
    expect(["manifest", "a", "b", "c"].map((key) => store.has(key))).toEqual([true, false, true, true]);
    await store.putAsync("d", new Uint8Array(100), { isEvictedLast: true });
    expect(await store.listAsync()).toEqual({ status: "listed", keys: ["d"] });
});

describe("opening by a description", () => {
    const options = { indexedDB: new IDBFactory(), fetch: async () => new Response("x") };

    test("opens each kind, and what a store says of itself opens the same again", async () => {
        const chain = {
            kind: "chain",
            stores: [
                { kind: "indexedDb", database: "world", limitBytes: 1000 },
                { kind: "directory", directory },
                { kind: "http", url: "http://host.example/bake", headers: { a: "b" } },
            ],
        } as const;
        const store = await openStoreAsync(chain, { indexedDB: options.indexedDB });
        stores.push(store);
        expect((store as ChainStore).stores.map((one) => one.constructor)).toEqual([
            IndexedDbStore,
            DirectoryStore,
            HttpStore,
        ]);
        expect(store.description).toEqual(chain);
    });

    test("settings of each kind that are no default go with its description, and hold where it is opened", async () => {
        const settings = { concurrency: 3, timeoutMs: 4, maxRetries: 1, retryMs: 5, maxRetryMs: 6 };
        const http = { ...settings, failuresUntilOpen: 7, probeAfterMs: 8, headers: { a: "b" } };
        const ranges = { ...http, maxWholeBytes: 9, refusalMs: 10 };
        const each: StoreDescription[] = [
            { kind: "http", url: "http://host.example/bake", ...http, name: "cdn", missingMs: 11 },
            { kind: "archive", url: "http://host.example/bake.pmtiles", ...ranges },
            { kind: "blockArchives", url: "http://host.example/{block}.pmtiles", ...ranges, mostOpen: 12 },
            { kind: "indexedDb", database: "slow", limitBytes: 1000, openTimeoutMs: 13, timeoutMs: 14 },
        ];
        const chain = { kind: "chain", stores: each, name: "all", maxWaitingBytes: 15 } as const;
        const store = await openStoreAsync(structuredClone(chain), { indexedDB: options.indexedDB });
        stores.push(store);
        expect(store.description).toStrictEqual(chain);
        expect([store.name, (store as ChainStore).stores[0]!.name]).toEqual(["all", "cdn"]);
    });

    test("an HttpStore that is opened by a description tries as often as that says", async () => {
        const { description } = new HttpStore("http://host.example/", { maxRetries: 1, retryMs: 1 });
        let asked = 0;
        const fetch = async (): Promise<Response> => {
            asked++;
            return new Response("", { status: 503 });
        };
        const store = await openStoreAsync(description!, { fetch });
        expect(await store.getAsync({ key: "a" })).toMatchObject({ status: "unavailable" });
        expect(asked).toBe(2);
    });

    test("a memory takes the place of a database that there is not, with one warning", async () => {
        const warnings: string[] = [];
        const store = await openStoreAsync(
            { kind: "indexedDb", database: "world", limitBytes: 50 },
            { indexedDB: null, onWarning: (message) => warnings.push(message) },
        );
        expect(warnings).toEqual([
            "There is no IndexedDB here. What is loaded is kept in memory, and lost with the page.",
        ]);
        expect(await store.putAsync("a", new Uint8Array(50))).toEqual({ status: "stored" });
        expect(await store.putAsync("b", new Uint8Array(51))).toMatchObject({ status: "refused" });
    });

    test("wrong addresses and paths are errors", async () => {
        await expect(openStoreAsync({ kind: "http", url: "bake/" })).rejects.toMatchObject({ code: "TERRANE_INVALID" });
        await expect(openStoreAsync({ kind: "directory", directory: "" })).rejects.toMatchObject({
            field: "directory",
        });
    });
});
