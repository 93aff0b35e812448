import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync } from "../../../src/runtime/createTerrainCore.js";
import { createWorldStats } from "../../../src/runtime/worldStats.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { wasmFile } from "../../support/kernels.js";

const recipe = Presets.endless({ seed: 3, terrain: { resolution: 16 } });

test("without stores there are no numbers of any", async () => {
    const core = await CreateTerrainCoreAsync({ recipe, workers: 0, wasmUrl: wasmFile });
    expect(core.getStats().stores).toEqual([]);
    await core.disposeAsync();
});

test("a world's numbers tell what its stores did, and a frame's leave that out", async () => {
    const store = new MemoryStore();
    const core = await CreateTerrainCoreAsync({ recipe, workers: 0, wasmUrl: wasmFile, store, storeBakes: true });
    const bakeAsync = () => new Promise<void>((resolve) => core.requestChunk("0/1/2", "immediate", () => resolve()));
    const until = async (isDone: () => boolean): Promise<void> => {
        for (let i = 0; i < 400 && !isDone(); i++) {
            core.update();
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        expect(isDone()).toBe(true);
    };
    await bakeAsync();
    await until(() => (core.getStats().stores[0]?.bytesWritten ?? 0) > 0);
    core.flushCache();
    await bakeAsync();
    await until(() => core.getStats().stores[0]!.hits > 0);
    const { stores } = core.getStats();
    expect(stores).toHaveLength(1);
    expect(stores[0]).toMatchObject({ name: store.name, hits: 1, damaged: 0, failed: 0 });
    expect(stores[0]!.bytesRead).toBe(stores[0]!.bytesWritten);
    const ofFrame = createWorldStats();
    core.runtime.fillStats(ofFrame);
    expect(ofFrame.stores).toEqual([]);
    await core.disposeAsync();
});
