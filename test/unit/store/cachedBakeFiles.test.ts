import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import {
    createManifest,
    GeneratorVersionError,
    ManifestError,
    manifestFiles,
    type Manifest,
} from "../../../src/format/manifest.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { CachedBakeFiles } from "../../../src/store/cachedBakeFiles.js";
import { ManifestReader } from "../../../src/store/manifestReader.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { madeUpRectangle } from "../../support/manifestChunks.js";
import { WatchedStore } from "../../support/watchedStore.js";

await initChunkCodecAsync();

const VERSION = 7;
const recipe = Presets.endless({ seed: 3 });
const chunks = [...madeUpRectangle(0, [-3, -3], [8, 8])];
const manifest = createManifest(recipe, VERSION, chunks);
const other = createManifest(recipe, VERSION, chunks.slice(1));
const older = createManifest(recipe, VERSION - 1, chunks);
const { rootHash } = manifest;
const filesOf = (of: Manifest): [string, Uint8Array][] =>
    Array.from(manifestFiles(of), ({ name, bytes }) => [name, bytes]);
const torn = (): [string, Uint8Array][] => [["manifest.json", new TextEncoder().encode("{")]];

let cache: MemoryStore;

beforeEach(async () => {
    cache = new MemoryStore();
    await openAsync(new WatchedStore(filesOf(manifest)));
});

/** Opens a bake whose manifest `cache` keeps. */
async function openAsync(files: WatchedStore, isPinned = true, keeper = cache): Promise<ManifestReader> {
    const source = new CachedBakeFiles(files, keeper, "bakes/a/");
    const pin = isPinned ? { rootHash } : {};
    const reader = await ManifestReader.openAsync(source, { generatorVersion: VERSION, ...pin });
    await reader.entryOfAsync(flatAddress(0, 0, 0));
    return reader;
}

test.each<[string, WatchedStore]>([
    ["out of reach", Object.assign(new WatchedStore(), { isOut: true })],
    ["missing", new WatchedStore()],
    ["damaged", new WatchedStore(torn())],
    ["another bake's", new WatchedStore(filesOf(other))],
    ["of another generator", new WatchedStore(filesOf(older))],
])("where the manifest is %s the one that was kept is used, and stays", async (_, files) => {
    const kept = await cache.getAsync({ key: "bakes/a/manifest.json" });
    for (let i = 0; i < 2; i++) {
        const reader = await openAsync(files);
        expect(reader.rootHash).toBe(rootHash);
        expect(reader.entryOf(flatAddress(0, 0, 0))).toMatchObject({ address: "0/0/0" });
    }
    expect(await cache.getAsync({ key: "bakes/a/manifest.json" })).toEqual(kept);
});

test("a good manifest takes the kept one's place where nothing is pinned", async () => {
    await openAsync(new WatchedStore(filesOf(other)), false);
    const gone = Object.assign(new WatchedStore(), { isOut: true });
    expect((await openAsync(gone, false)).rootHash).toBe(other.rootHash);
    await expect(openAsync(gone)).rejects.toThrow("The store is out of reach");
});

test("where the kept one is of no use either, the error is that of the bake's own", async () => {
    await cache.putAsync("bakes/a/manifest.json", filesOf(older).at(-1)![1]);
    const opening = openAsync(new WatchedStore(filesOf(other)));
    await expect(opening).rejects.toThrow(ManifestError);
    await expect(opening).rejects.toThrow(`its root hash is ${other.rootHash}, expected was ${rootHash}`);
    await cache.putAsync("bakes/a/manifest.json", filesOf(other).at(-1)![1]);
    await expect(openAsync(new WatchedStore(filesOf(older)))).rejects.toThrow(GeneratorVersionError);
    await expect(openAsync(new WatchedStore())).rejects.toMatchObject({ name: "StoreError" });
    await expect(openAsync(new WatchedStore(torn()))).rejects.toThrow(/is not JSON/);
});

test("the manifest outlives the chunks that are used after it", async () => {
    const small = new MemoryStore({ limitBytes: 20_000 });
    await openAsync(new WatchedStore(filesOf(manifest)), true, small);
    for (let i = 0; i < 40; i++) {
        await small.putAsync(`chunk${i}`, new Uint8Array(1000));
    }
    expect([small.has("chunk0"), small.has("chunk39")]).toEqual([false, true]);
    const gone = Object.assign(new WatchedStore(), { isOut: true });
    const reader = await openAsync(gone, true, small);
    expect(reader.entryOf(flatAddress(0, 0, 0))).toMatchObject({ address: "0/0/0" });
});

test("a keeper that throws is as good as none", async () => {
    const failing = new MemoryStore();
    failing.putAsync = () => Promise.reject(new Error("oh"));
    failing.getAsync = () => {
        throw new Error("oh");
    };
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    expect((await openAsync(new WatchedStore(filesOf(manifest)), true, failing)).rootHash).toBe(rootHash);
    const gone = Object.assign(new WatchedStore(), { isOut: true });
    await expect(openAsync(gone, true, failing)).rejects.toThrow("The store is out of reach");
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
});
