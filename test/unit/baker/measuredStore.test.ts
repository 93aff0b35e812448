import { measuredStore } from "../../../src/baker/measuredStore.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";

test("reads and writes are measured, failed ones too, and go through unchanged", async () => {
    const profiler = new PerformanceProfiler();
    const inner = chunkStoreOf(new MemoryStore());
    const store = measuredStore(inner, profiler);
    await store.writeAsync("a", new Uint8Array([1, 2]));
    expect(await store.readAsync("a")).toEqual(new Uint8Array([1, 2]));
    expect(await store.readAsync("b")).toBeNull();
    await expect(store.writeAsync("../c", new Uint8Array())).rejects.toMatchObject({ code: "TERRANE_STORE" });
    expect(await store.listAsync()).toEqual(["a"]);
    await store.deleteAsync("a");
    expect(await inner.listAsync()).toEqual([]);
    expect(profiler.getOperationStats("storeBuffer")).toMatchObject({ count: 2 });
    expect(profiler.getOperationStats("loadBuffer")).toMatchObject({ count: 2 });
});
