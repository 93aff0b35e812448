import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { Store } from "../store/store.js";

/**
 * Returns a store whose reads and writes are measured as `loadBuffer` and `storeBuffer`. Several run at once, and wait
 * for a disk.
 */
export function measuredStore(store: Store, profiler: PerformanceProfiler): Store {
    const measureAsync = async <T>(operation: string, work: Promise<T>): Promise<T> => {
        const startMs = profiler.now();
        try {
            return await work;
        } finally {
            profiler.record(operation, startMs, profiler.now() - startMs, WAITING);
        }
    };
    return {
        name: store.name,
        isWritable: store.isWritable,
        description: store.description,
        limitBytes: store.limitBytes,
        isLasting: store.isLasting,
        getAsync: (request) => measureAsync("loadBuffer", store.getAsync(request)),
        getManyAsync: (requests, onResult) => measureAsync("loadBuffer", store.getManyAsync(requests, onResult)),
        putAsync: (key, bytes, options) => measureAsync("storeBuffer", store.putAsync(key, bytes, options)),
        deleteAsync: (key, options) => store.deleteAsync(key, options),
        listAsync: (prefix, options) => store.listAsync(prefix, options),
        closeAsync: () => store.closeAsync(),
    };
}
