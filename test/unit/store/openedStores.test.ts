import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { ChainStore } from "../../../src/store/chainStore.js";
import { HttpStore } from "../../../src/store/httpStore.js";
import { LoadSession } from "../../../src/store/loadSession.js";
import type { LoadEvent, StoreRef } from "../../../src/store/loadProtocol.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { OpenedStores } from "../../../src/store/openedStores.js";
import { openStoreAsync } from "../../../src/store/openStore.js";
import type { Store } from "../../../src/store/store.js";
import { WatchedStore } from "../../support/watchedStore.js";

const database = { kind: "indexedDb", database: "world", limitBytes: 2 ** 30 } as const;
const openDatabaseAsync = (): Promise<Store> => openStoreAsync(database, { indexedDB: new IDBFactory() });
const http = (): Store => new HttpStore("http://host.example/");
const memory = (): Store => new MemoryStore({ limitBytes: 1000 });

test.each<[string, () => Promise<Store[]>, number, boolean]>([
    ["a database", async () => [await openDatabaseAsync()], 2 ** 30, true],
    ["the memory in its place", async () => [await openStoreAsync(database, { indexedDB: null })], 2 ** 26, false],
    ["a memory", async () => [memory()], 1000, false],
    ["a memory without a limit", async () => [new MemoryStore()], Infinity, false],
    [
        "a chain that begins to take at a memory",
        async () => [new ChainStore([http(), memory(), new MemoryStore()])],
        1000,
        false,
    ],
    ["a store that says nothing", async () => [http(), new WatchedStore(), memory()], Infinity, true],
    ["no store that takes anything", async () => [http()], Infinity, true],
])("what is open tells how much %s keeps, and whether that lasts", async (_, openAsync, limitBytes, isLasting) => {
    const given = await openAsync();
    const opened = new OpenedStores(given, null);
    expect([opened.limitBytes, opened.isLasting]).toEqual([limitBytes, isLasting]);
    await opened.chain.closeAsync();
});

test.each<[string, StoreRef]>([
    ["of this thread", memory()],
    ["of another", { kind: "remote", place: 0, name: "memory", isWritable: true, limitBytes: 1000, isLasting: false }],
])("a session says that of a store %s as soon as it is open", async (_, ref) => {
    const opened = await new Promise<LoadEvent>((resolve) => {
        const session = new LoadSession((event) => event.kind === "opened" && resolve(event));
        session.receive({ kind: "open", settings: { stores: [ref], bake: null } });
    });
    expect(opened).toMatchObject({ isWritable: true, limitBytes: 1000, isLasting: false });
});
