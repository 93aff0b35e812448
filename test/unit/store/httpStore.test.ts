import { HttpStore, type HttpStoreOptions } from "../../../src/store/httpStore.js";
import { TestClock } from "./testClock.js";

const clock = new TestClock();

/** A store whose host has `files`, and a browser's cache before it that has `cached`. */
function storeOf(
    files: Record<string, number[]>,
    options: HttpStoreOptions & { cached?: Record<string, number[]> } = {},
) {
    const asked: string[] = [];
    const { cached = {} } = options;
    const store = new HttpStore("http://host.example/bake/", {
        fetch: (url, { cache }) => {
            const key = new URL(url).pathname.slice("/bake/".length);
            asked.push(`${key} ${cache}`);
            const bytes = (cache === "default" ? cached[key] : undefined) ?? files[key];
            return Promise.resolve(
                bytes === undefined ? new Response("", { status: 404 }) : new Response(Uint8Array.from(bytes)),
            );
        },
        clock,
        ...options,
    });
    return { asked, store };
}

test("files are found; missing ones are not asked for again for a while, of which only so many are remembered", async () => {
    const { asked, store } = storeOf({ "0/0/0.trn": [1, 2] }, { missingMs: 1000 });
    expect(await store.getAsync({ key: "0/0/0.trn" })).toEqual({ status: "found", bytes: Uint8Array.of(1, 2) });
    expect([store.has("0/0/0.trn"), store.has("0/0/1.trn")]).toEqual([undefined, undefined]);
    for (let i = 0; i < 3; i++) {
        expect(await store.getAsync({ key: "0/0/1.trn" })).toEqual({ status: "missing" });
    }
    expect(store.has("0/0/1.trn")).toBe(false);
    expect(asked).toHaveLength(2);
    clock.advance(1000);
    expect(store.has("0/0/1.trn")).toBeUndefined();
    await store.getAsync({ key: "0/0/1.trn" });
    expect(asked).toHaveLength(3);
    for (let i = 0; i < 4096; i++) {
        await store.getAsync({ key: `1/${i}` });
    }
    expect([store.has("0/0/1.trn"), store.has("1/0")]).toEqual([undefined, false]);
});

test("manifests are revalidated; what the browser's cache gives, and is damaged, is asked of the server itself, once", async () => {
    const inspectAsync = async (bytes: Uint8Array): Promise<string | null> => (bytes[0] === 7 ? null : "is older");
    const cached = { "a.trn": [6], "b.trn": [6] };
    const { asked, store } = storeOf({ "manifest.json": [1], "a.trn": [7], "b.trn": [5] }, { cached });
    await store.getAsync({ key: "manifest.json" });
    expect(await store.getAsync({ key: "a.trn", inspectAsync })).toEqual({ status: "found", bytes: Uint8Array.of(7) });
    expect(await store.getAsync({ key: "b.trn", inspectAsync })).toEqual({ status: "damaged", reason: "is older" });
    expect(asked).toEqual(["manifest.json no-cache", "a.trn default", "a.trn reload", "b.trn default", "b.trn reload"]);
});

test("it takes nothing and cannot list, and says so", async () => {
    const { store } = storeOf({});
    const reason = "http://host.example/bake takes no files.";
    expect(await store.putAsync("a")).toEqual({ status: "refused", reason });
    expect(await store.deleteAsync("a")).toEqual({ status: "refused", reason });
    expect((await store.listAsync()).status).toBe("unavailable");
    await expect(store.getAsync({ key: "../a" })).rejects.toMatchObject({ code: "TERRANE_STORE" });
    await store.closeAsync();
    expect(await store.getAsync({ key: "a" })).toMatchObject({ status: "unavailable" });
});

test("its description opens it elsewhere, unless it has a fetch of its own", () => {
    expect(storeOf({}).store.description).toBeNull();
    expect(new HttpStore("http://host.example/bake/?key=1", { headers: { a: "b" } }).description).toEqual({
        kind: "http",
        url: "http://host.example/bake?key=1",
        headers: { a: "b" },
    });
});

test("what was asked for together comes each by itself", async () => {
    const { store } = storeOf({ a: [1], b: [2] });
    const results: string[] = [];
    const requests = ["a", "none", "b"].map((key) => ({ key }));
    await store.getManyAsync(requests, (index, { status }) => results.push(`${index} ${status}`));
    expect(results.sort()).toEqual(["0 found", "1 missing", "2 found"]);
});
