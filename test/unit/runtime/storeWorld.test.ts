import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync, type TerrainCoreOptions } from "../../../src/runtime/createTerrainCore.js";
import type { TerrainCore } from "../../../src/runtime/terrainCore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { wasmFile } from "../../support/kernels.js";
import { ListSink, type Handle } from "./fakeWorld.js";

const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });

const createAsync = (options: Partial<TerrainCoreOptions<Handle>> = {}) =>
    CreateTerrainCoreAsync<Handle>({ recipe, workers: 0, wasmUrl: wasmFile, ...options });

const turnAsync = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function updateUntilAsync(core: TerrainCore<Handle>, isDone: () => boolean): Promise<void> {
    const endMs = performance.now() + 30_000;
    while (!isDone()) {
        core.update();
        await turnAsync();
        if (performance.now() > endMs) {
            throw new Error(`not done: ${JSON.stringify(core.getStats())}`);
        }
    }
}

async function readyAsync(core: TerrainCore<Handle>): Promise<void> {
    let isReady = false;
    void core.whenReadyAsync().then(() => (isReady = true));
    await updateUntilAsync(core, () => isReady);
}

const viewers = [{ position: { x: 0, y: 100, z: 0 } }];

test("what was baked is stored, and comes from the store the next time, bit for bit", async () => {
    const store = new MemoryStore();
    const sink = new ListSink();
    const first = await createAsync({ store, storeBakes: true, sink, viewers, viewDistance: 300 });
    await readyAsync(first);
    await updateUntilAsync(first, () => first.store!.progress.unstoredChunks === 0);
    const { bakedChunks } = first.getStats();
    expect(bakedChunks).toBeGreaterThan(10);
    expect(first.store!.progress).toMatchObject({ storedChunks: bakedChunks, loadedChunks: 0 });
    first.runtime.assertAccounts();
    await first.disposeAsync();

    const second = await createAsync({ store, bakes: false, sink: new ListSink(), viewers, viewDistance: 300 });
    const told: unknown[] = [];
    second.store!.onProgressObservable.add((progress) => told.push(progress));
    await readyAsync(second);
    // Each change is told once, and what does not change is not.
    expect(told.at(-1)).toEqual(second.store!.progress);
    expect(new Set(told.map((progress) => JSON.stringify(progress))).size).toBeGreaterThan(1);
    const { length } = told;
    second.update();
    second.update();
    expect(told.length).toBe(length);
    expect(second.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    expect(second.store!.progress.loadedChunks).toBeGreaterThan(10);
    second.runtime.assertAccounts();
    await second.disposeAsync();
});
