import { measuredStore } from "../../../src/baker/measuredStore.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { WatchedStore } from "../../support/watchedStore.js";

test("reads and writes are measured, failed ones too, and go through unchanged", async () => {
    const profiler = new PerformanceProfiler();
    const inner = new WatchedStore();
    const store = measuredStore(inner, profiler);
    const bytes = new Uint8Array([1, 2]);
    expect(await store.putAsync("a", bytes)).toEqual({ status: "stored" });
    expect(await store.getAsync({ key: "a" })).toEqual({ status: "found", bytes });
    expect(await store.getAsync({ key: "b" })).toEqual({ status: "missing" });
    inner.isOut = true;
    expect(await store.getAsync({ key: "a" })).toMatchObject({ status: "unavailable" });
    expect(await store.listAsync()).toEqual({ status: "listed", keys: ["a"] });
    expect(await store.deleteAsync("a")).toEqual({ status: "deleted" });
    expect(await inner.listAsync()).toEqual({ status: "listed", keys: [] });
    expect(profiler.getOperationStats("storeBuffer")).toMatchObject({ count: 1 });
    expect(profiler.getOperationStats("loadBuffer")).toMatchObject({ count: 3 });
});
