import { hash64Hex } from "../../../src/base/hash.js";
import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import { chunkStoreKey } from "../../../src/format/chunkStoreKey.js";
import { createManifest, manifestFiles, type ManifestChunk } from "../../../src/format/manifest.js";
import { worldKeyOf } from "../../../src/format/worldKey.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, parseAddress } from "../../../src/space/chunkAddress.js";
import { openBakedStoreAsync, type BakedStore } from "../../../src/store/bakedStore.js";
import type { StoreResult } from "../../../src/store/store.js";
import { madeUpChunk, madeUpRectangle } from "../../support/manifestChunks.js";
import { WatchedStore } from "../../support/watchedStore.js";

await initChunkCodecAsync();

const VERSION = 7;
const recipe = Presets.endless({ seed: 3 });
const world = worldKeyOf(recipe, VERSION);
const bytesOf = (address: string): Uint8Array => new TextEncoder().encode(`the file of ${address}`);
const entries: ManifestChunk[] = [
    ...madeUpRectangle(0, [0, 0], [3, 2]),
    ...madeUpRectangle(0, [40, 0], [1, 1]),
    ...madeUpRectangle(1, [0, 0], [2, 1]),
].map((entry) => {
    const bytes = bytesOf(entry.address);
    return { ...entry, storedByteLength: bytes.length, checksum: hash64Hex(bytes) };
});
const manifest = createManifest(recipe, VERSION, entries);
const keyOf = (address: string): string => chunkStoreKey(world, parseAddress(address));

async function openAsync(rootHash?: string): Promise<{ files: WatchedStore; store: BakedStore }> {
    const files = new WatchedStore([
        ...Array.from(manifestFiles(manifest), ({ name, bytes }) => [name, bytes] as const),
        ...entries.map(({ address, file }) => [file, bytesOf(address)] as const),
    ]);
    const store = await openBakedStoreAsync(files, { generatorVersion: VERSION, rootHash });
    files.read.length = 0;
    return { files, store };
}

test("a chunk's key leads to its file", async () => {
    const { store, files } = await openAsync();
    for (const { address } of entries) {
        expect(await store.getAsync({ key: keyOf(address) })).toEqual({ status: "found", bytes: bytesOf(address) });
    }
    expect(files.read.filter((key) => key.endsWith(".trn"))).toEqual(entries.map(({ file }) => file));
});

test("what the manifest does not list is missing without a request", async () => {
    const { store, files } = await openAsync();
    await store.getAsync({ key: keyOf("0/0/0") });
    files.read.length = 0;
    for (const key of [
        keyOf("0/9/9"),
        keyOf("0/500/0"),
        keyOf("2/0/0"),
        chunkStoreKey("f".repeat(16), flatAddress(0, 0, 0)),
        "0/0/0.trn",
        "manifest.json",
        "",
    ]) {
        expect(await store.getAsync({ key })).toEqual({ status: "missing" });
        expect(store.has(key)).toBe(false);
    }
    expect(files.read).toEqual([]);
    expect(store.has(keyOf("0/0/0"))).toBe(true);
    expect(store.has(keyOf("0/40/0"))).toBeUndefined();
});

test("a file that is not the manifest's is damaged, one that is not there is missing", async () => {
    const { store, files } = await openAsync();
    const put = async (bytes: Uint8Array): Promise<StoreResult> => {
        await files.putAsync("0/0/0.trn", bytes);
        return store.getAsync({ key: keyOf("0/0/0") });
    };
    const whole = bytesOf("0/0/0");
    const flipped = whole.slice();
    flipped[3]! ^= 1;
    const another = "has another checksum than the manifest says";
    expect(await put(flipped)).toEqual({ status: "damaged", reason: another });
    expect(await put(bytesOf("0/1/0"))).toEqual({ status: "damaged", reason: another });
    expect(await put(whole.slice(1))).toEqual({
        status: "damaged",
        reason: `has ${whole.length - 1} bytes; the manifest says ${whole.length}`,
    });
    expect(await put(new Uint8Array(500))).toMatchObject({ status: "damaged", reason: expect.stringMatching(/500/) });
    expect(files.maxBytesOf.get("0/0/0.trn")).toBe(whole.length);
    await files.deleteAsync("0/0/0.trn");
    expect(await store.getAsync({ key: keyOf("0/0/0") })).toEqual({ status: "missing" });
    expect(await put(whole)).toMatchObject({ status: "found" });
});

test("the asker's own limit and look come after the manifest's", async () => {
    const { store } = await openAsync();
    const seen: number[] = [];
    const inspectAsync = (bytes: Uint8Array): Promise<string | null> => {
        seen.push(bytes.length);
        return Promise.resolve("is not liked");
    };
    const key = keyOf("0/0/0");
    expect(await store.getAsync({ key, inspectAsync })).toEqual({ status: "damaged", reason: "is not liked" });
    expect(seen).toEqual([bytesOf("0/0/0").length]);
    expect(await store.getAsync({ key, maxBytes: 3 })).toMatchObject({ status: "damaged" });
    expect(await store.getAsync({ key, signal: AbortSignal.abort() })).toEqual({ status: "aborted" });
});

test("a node that cannot be read is no absence", async () => {
    const { store, files } = await openAsync();
    files.isOut = true;
    const key = keyOf("0/0/0");
    expect(await store.getAsync({ key })).toMatchObject({
        status: "unavailable",
        reason: "The store is out of reach.",
    });
    expect(await store.listAsync()).toMatchObject({ status: "unavailable" });
    files.isOut = false;
    await files.putAsync("manifest/0/5/0/0.trm", new Uint8Array(9));
    expect(await store.getAsync({ key })).toMatchObject({
        status: "damaged",
        reason: expect.stringMatching(/^cannot be found: manifest\/0\/5\/0\/0.trm has 9 bytes/),
    });
    expect(await store.listAsync()).toMatchObject({
        status: "unavailable",
        reason: expect.stringMatching(/has 9 bytes/),
    });
});

test("many are asked for at once, and each is answered once", async () => {
    const { store, files } = await openAsync();
    await store.getAsync({ key: keyOf("0/0/0") });
    files.manyCount = 0;
    const keys = [keyOf("0/2/1"), keyOf("0/9/9"), keyOf("0/40/0"), keyOf("0/1/0"), keyOf("1/1/0"), "0/0/0.trn"];
    const results = new Map<number, StoreResult>();
    await store.getManyAsync(
        keys.map((key) => ({ key })),
        (index, result) => {
            expect(results.has(index)).toBe(false);
            results.set(index, result);
        },
    );
    expect(keys.map((_, i) => results.get(i))).toEqual([
        { status: "found", bytes: bytesOf("0/2/1") },
        { status: "missing" },
        { status: "found", bytes: bytesOf("0/40/0") },
        { status: "found", bytes: bytesOf("0/1/0") },
        { status: "found", bytes: bytesOf("1/1/0") },
        { status: "missing" },
    ]);
    // Those whose nodes are known do not wait for the others.
    expect(files.manyCount).toBe(2);
    await store.getManyAsync([], () => expect(true).toBe(false));
});

test("keys are listed by their beginning, and other levels' nodes are not read", async () => {
    const { store, files } = await openAsync();
    const all = manifest.chunks.map(({ address }) => keyOf(address));
    const listAsync = async (prefix?: string): Promise<readonly string[]> => {
        const result = await store.listAsync(prefix);
        return result.status === "listed" ? result.keys : [];
    };
    expect(await listAsync()).toEqual(all);
    expect(await listAsync(`${world}/`)).toEqual(all);
    expect(await listAsync("f")).toEqual([]);
    expect(await listAsync(`${world}/0/4`)).toEqual([keyOf("0/40/0")]);
    const fresh = await openAsync();
    expect((await fresh.store.listAsync(`${world}/1/`)).status).toBe("listed");
    expect(fresh.files.read).toEqual(["manifest/1/5/0/0.trm"]);
    expect(files.read.some((key) => key.endsWith(".trn"))).toBe(false);
    expect(await store.listAsync("", { signal: AbortSignal.abort() })).toEqual({ status: "aborted" });
});

test("nothing is written to a bake", async () => {
    const { store, files } = await openAsync();
    expect(store.isWritable).toBe(false);
    expect(await store.putAsync()).toMatchObject({ status: "refused" });
    expect(await store.deleteAsync()).toMatchObject({ status: "refused" });
    await store.closeAsync();
    expect(files.isClosed).toBe(true);
});

test("where the root hash is known, what must be in a file is told", async () => {
    const { store } = await openAsync(manifest.rootHash);
    expect(store.isPinned).toBe(true);
    const { byteLength, hash } = entries[0]!;
    expect(await store.expectedOfAsync(keyOf("0/0/0"))).toMatchObject({
        status: "found",
        expected: { byteLength, hash },
    });
    expect(await store.expectedOfAsync(keyOf("0/9/9"))).toEqual({ status: "missing" });
    expect((await openAsync()).store.isPinned).toBe(false);
    expect(madeUpChunk(flatAddress(0, 0, 0))).toMatchObject({ byteLength, hash });
});
