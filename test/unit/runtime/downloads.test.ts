import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync, type TerrainCoreOptions } from "../../../src/runtime/createTerrainCore.js";
import type { DownloadProgress } from "../../../src/runtime/downloads.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { PutResult } from "../../../src/store/store.js";
import { wasmFile } from "../../support/kernels.js";
import { ListSink, type Handle } from "./fakeWorld.js";

const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });
const BOUNDS = { minimum: { x: -100, y: 0, z: -100 }, maximum: { x: 100, y: 0, z: 100 } };

const createAsync = (options: Partial<TerrainCoreOptions<Handle>> = {}) =>
    CreateTerrainCoreAsync<Handle>({ recipe, workers: 0, wasmUrl: wasmFile, ...options });

test("a download brings all levels of a place into the store, and what is there already stays", async () => {
    const store = new MemoryStore();
    const core = await createAsync({ store });
    const seen: DownloadProgress[] = [];
    const told: DownloadProgress[] = [];
    core.store!.onDownloadProgressObservable.add((progress) => told.push(progress));
    const result = await core.downloadAsync(BOUNDS, [0, 3], (progress) => seen.push(progress));
    // 2 x 2 chunks at level 3, and at each finer one the four children of 2 x 2.
    expect(result).toMatchObject({
        completedChunks: 52,
        totalChunks: 52,
        storedChunks: 52,
        presentChunks: 0,
        failed: [],
    });
    expect(seen.map(({ completedChunks }) => completedChunks)).toEqual(Array.from({ length: 52 }, (_, i) => i + 1));
    expect(told).toEqual(seen);
    const again = await core.downloadAsync(BOUNDS, [0, 3]);
    expect(again).toMatchObject({ storedChunks: 0, presentChunks: 52, bytes: result.bytes });
    await core.disposeAsync();

    const viewers = [{ position: { x: 5, y: 90, z: 5 } }];
    const sink = new ListSink();
    const offline = await createAsync({ store, bakes: false, sink, viewers, viewDistance: 300, screenSpaceError: 6 });
    let isReady = false;
    void offline.whenReadyAsync().then(() => (isReady = true));
    while (!isReady) {
        offline.update();
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sink.shown.some(({ level }) => level === 0)).toBe(true);
    expect(offline.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    // What there is none of is told, and nothing fails by it.
    const beyond = await offline.downloadAsync(
        { minimum: { x: 900, y: 0, z: 900 }, maximum: { x: 950, y: 0, z: 950 } },
        [0, 0],
    );
    expect(beyond).toMatchObject({ totalChunks: 1, absentChunks: 1, failed: [] });
    await offline.disposeAsync();
});

test("a download ends with its signal or its world; what has come stays", async () => {
    const store = new MemoryStore();
    const core = await createAsync({ store });
    const ending = new AbortController();
    const aborted = core.downloadAsync(BOUNDS, [0, 3], () => ending.abort(new Error("enough")), ending.signal);
    await expect(aborted).rejects.toThrow("enough");
    const left = await core.downloadAsync(BOUNDS, [0, 3]);
    expect(left.presentChunks).toBeGreaterThan(0);
    const disposed = core.downloadAsync({ ...BOUNDS, maximum: { x: 2000, y: 0, z: 2000 } }, [0, 3]);
    const rejected = expect(disposed).rejects.toMatchObject({ name: "TerraneDisposedError" });
    await core.disposeAsync();
    await rejected;
});

test("what cannot be downloaded is a named error", async () => {
    const bare = await createAsync();
    await expect(bare.downloadAsync(BOUNDS, [0, 3])).rejects.toThrow('Create the world with store: "browser"');
    await bare.disposeAsync();
    const core = await createAsync({ store: new MemoryStore() });
    await expect(core.downloadAsync(BOUNDS, [3, 0])).rejects.toThrow("levels");
    await expect(core.downloadAsync(BOUNDS, [0, 99])).rejects.toThrow("two integers from 0 to 24");
    await expect(core.downloadAsync({ ...BOUNDS, minimum: { x: 500, y: 0, z: 0 } }, [0, 1])).rejects.toThrow(
        "bounds.minimum",
    );
    const wide = { minimum: { x: -1e6, y: 0, z: -1e6 }, maximum: { x: 1e6, y: 0, z: 1e6 } };
    await expect(core.downloadAsync(wide, [0, 1])).rejects.toThrow(/at most 262144 chunks/);
    await core.disposeAsync();
});

test("a store that has no more room ends the download with what to do", async () => {
    class FullStore extends MemoryStore {
        public puts = 0;

        public override putAsync(key: string, bytes: Uint8Array): Promise<PutResult> {
            return ++this.puts > 5
                ? Promise.resolve({ status: "refused", reason: "There is no room." })
                : super.putAsync(key, bytes);
        }
    }
    const core = await createAsync({ store: new FullStore() });
    await expect(core.downloadAsync(BOUNDS, [0, 3])).rejects.toThrow(/\(There is no room\)\. Raise storeLimitBytes/);
    await core.disposeAsync();
});

test("a callback that throws ends the download", async () => {
    const core = await createAsync({ store: new MemoryStore() });
    let calls = 0;
    const thrown = core.downloadAsync(BOUNDS, [0, 3], () => {
        calls++;
        throw new Error("planned");
    });
    await expect(thrown).rejects.toThrow("planned");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toBeLessThan(30);
    await core.disposeAsync();
});

test("what was baked is stored, though nobody runs frames", async () => {
    const core = await createAsync({ store: new MemoryStore(), storeBakes: true });
    for (let x = 0; x < 12; x++) {
        core.requestChunk(`0/${x}/0`);
    }
    for (const endMs = performance.now() + 5000; core.store!.progress.storedChunks < 12 && performance.now() < endMs;) {
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(core.store!.progress).toMatchObject({ storedChunks: 12, unstoredChunks: 0 });
    await core.disposeAsync();
});

test("a store that throws is one that cannot list", async () => {
    class ThrowingStore extends MemoryStore {
        public override listAsync(): never {
            throw new Error("planned");
        }
    }
    await expect(createAsync({ store: new ThrowingStore(), bakes: false })).rejects.toThrow(
        "No store could tell what it has",
    );
    const core = await createAsync({ store: new ThrowingStore() });
    const status = await new Promise((resolve) =>
        core.requestChunk("0/0/0", "high", (result) => resolve(result.status)),
    );
    expect(status).toBe("done");
    await core.disposeAsync();
});

test("of a new recipe nothing old is read, and nothing is stored under the wrong one", async () => {
    const store = new MemoryStore();
    const core = await createAsync({ store, storeBakes: true });
    const getAsync = (): Promise<Uint8Array> =>
        new Promise((resolve, reject) => {
            core.requestChunk("0/1/2", "normal", (result) =>
                result.status === "done" ? resolve(result.bytes.slice()) : reject(new Error(result.status)),
            );
        });
    const first = await getAsync();
    core.setRecipe({ ...recipe, seed: 6 });
    const second = await getAsync();
    core.setRecipe({ ...recipe, seed: 5 });
    const third = await getAsync();
    expect([Buffer.compare(first, second) === 0, Buffer.compare(first, third)]).toEqual([false, 0]);
    await core.disposeAsync();
    // Whatever came to be stored in between is what its key says.
    for (const seed of [5, 6]) {
        const reader = await createAsync({ recipe: { ...recipe, seed }, store, bakes: true });
        const bytes = await new Promise<Uint8Array>((resolve) => {
            reader.requestChunk("0/1/2", "normal", (result) =>
                resolve((result as { bytes: Uint8Array }).bytes.slice()),
            );
        });
        expect(Buffer.compare(bytes, seed === 5 ? first : second)).toBe(0);
        await reader.disposeAsync();
    }
});
