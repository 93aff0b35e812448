import { ArchiveStore } from "../../../src/store/archiveStore.js";
import { ChainStore } from "../../../src/store/chainStore.js";
import { HttpStore } from "../../../src/store/httpStore.js";
import type { StoreCall } from "../../../src/store/loadProtocol.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { RemoteCalls, RemoteStore } from "../../../src/store/remoteStore.js";
import type { Store } from "../../../src/store/store.js";
import { StoreHost } from "../../../src/store/storeHost.js";
import { archiveOf } from "../../support/archives.js";
import { MemoryRanges } from "../../support/memoryRanges.js";
import { WatchedStore } from "../../support/watchedStore.js";
import { TestClock } from "./testClock.js";

const KEY = "0/0/0.trn";
const GOOD = Uint8Array.of(7, 7);
const STALE = Uint8Array.of(6);
const FOUND = { status: "found", bytes: GOOD };
const request = {
    key: KEY,
    inspectAsync: async (bytes: Uint8Array): Promise<string | null> => (bytes[0] === 7 ? null : "is older"),
};

/** Returns a store as another thread has it: nothing but what can be cloned crosses. */
function across(store: Store): RemoteStore {
    const calls: RemoteCalls = new RemoteCalls((event) => host.receive(structuredClone(event as StoreCall)));
    const host: StoreHost = new StoreHost([store], (reply) => calls.settle(structuredClone(reply)));
    return new RemoteStore({ kind: "remote", place: 0, name: store.name, isWritable: store.isWritable }, calls);
}

/** A server of `files`, and a browser's cache before it that has a stale file. */
function httpStoreOf(files: Record<string, Uint8Array>, asked: unknown[] = []): HttpStore {
    return new HttpStore("http://host.example/", {
        fetch: (url, { cache }) => {
            asked.push(cache);
            const bytes = cache === "default" ? STALE : files[new URL(url).pathname.slice(1)];
            const answer =
                bytes === undefined ? new Response("", { status: 404 }) : new Response(new Uint8Array(bytes));
            return Promise.resolve(answer);
        },
    });
}

describe("what another thread refuses", () => {
    test("comes from the server itself, past a browser's stale cache", async () => {
        const asked: unknown[] = [];
        expect(await across(httpStoreOf({ [KEY]: GOOD }, asked)).getAsync(request)).toEqual(FOUND);
        expect(asked).toEqual(["default", "reload"]);
        const many: unknown[] = [];
        const store = across(httpStoreOf({ [KEY]: GOOD }));
        await store.getManyAsync([request, { key: KEY }], (index, result) => (many[index] = result));
        expect(many).toEqual([FOUND, { status: "found", bytes: STALE }]);
    });

    test("is asked for twice at most, and missing where the server has it no more", async () => {
        const store = new WatchedStore([[KEY, STALE]]);
        expect(await across(store).getAsync(request)).toEqual({ status: "damaged", reason: "is older" });
        expect(store.read).toEqual([KEY, KEY]);
        expect(await across(httpStoreOf({})).getAsync(request)).toEqual({ status: "missing" });
    });

    test("stays damaged where the store is out of reach at the second look, or the asker throws", async () => {
        const store = new WatchedStore([[KEY, STALE]]);
        const inspectAsync = async (): Promise<string> => {
            store.isOut = true;
            return "is older";
        };
        expect(await across(store).getAsync({ key: KEY, inspectAsync })).toEqual({
            status: "damaged",
            reason: "is older",
        });
        store.isOut = false;
        const failing = (): Promise<string> => Promise.reject(new Error("oh"));
        expect(await across(store).getAsync({ key: KEY, inspectAsync: failing })).toEqual({
            status: "damaged",
            reason: "could not be inspected: oh",
        });
    });

    test("lets an archive read its index anew, and the file past caches", async () => {
        const clock = new TestClock();
        const ranges = new MemoryRanges(archiveOf(new Map([[KEY, STALE]]), "{}"));
        const store = across(new ArchiveStore(ranges, { clock, missingMs: 500 }));
        expect(await store.getAsync({ key: KEY })).toMatchObject({ status: "found" });
        // Another file under the same marks, as of a host that has none: nothing but a fresh look tells.
        const other = archiveOf(new Map([[KEY, new Uint8Array(20_000).fill(7)]]), "{}");
        ranges.before = ({ offset, length, expected }) => ({
            status: "read",
            bytes: other.slice(offset, offset + length),
            identity: expected ?? { byteLength: other.byteLength, etag: null, modified: null },
        });
        clock.advance(600);
        ranges.asked.length = 0;
        expect(await store.getAsync(request)).toEqual({ status: "found", bytes: new Uint8Array(20_000).fill(7) });
        expect(ranges.asked.map(({ isFresh }) => isFresh)).toEqual([true, true]);
    });

    test("comes from the source of a chain, and takes the place of the copy in it", async () => {
        const memory = new MemoryStore();
        await memory.putAsync(KEY, STALE);
        const chain = new ChainStore([memory, httpStoreOf({ [KEY]: GOOD })]);
        expect(await across(chain).getAsync(request)).toEqual(FOUND);
        await chain.settledAsync();
        expect(await memory.getAsync({ key: KEY })).toEqual(FOUND);
    });
});
