import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkStore } from "../store/chunkStore.js";

/**
 * Returns a store whose reads and writes are measured as `loadBuffer` and `storeBuffer`. Several run at once, and wait
 * for a disk.
 */
export function measuredStore(store: ChunkStore, profiler: PerformanceProfiler): ChunkStore {
    const measureAsync = async <T>(operation: string, work: Promise<T>): Promise<T> => {
        const startMs = profiler.now();
        try {
            return await work;
        } finally {
            profiler.record(operation, startMs, profiler.now() - startMs, WAITING);
        }
    };
    return {
        readAsync: (name, maxBytes) => measureAsync("loadBuffer", store.readAsync(name, maxBytes)),
        writeAsync: (name, bytes) => measureAsync("storeBuffer", store.writeAsync(name, bytes)),
        listAsync: (folder) => store.listAsync(folder),
        deleteAsync: (name) => store.deleteAsync(name),
    };
}
