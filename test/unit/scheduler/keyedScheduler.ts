import { BufferPool } from "../../../src/memory/bufferPool.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import { BakeScheduler } from "../../../src/scheduler/bakeScheduler.js";
import {
    PACKED_CHUNKS,
    type BakeAdmission,
    type BakeClient,
    type BakeRequest,
    type BakeSchedulerOptions,
    type BakeFailure,
} from "../../../src/scheduler/bakeSchedulerOptions.js";
import type { ScheduledChunk } from "../../../src/scheduler/pendingChunks.js";
import type { ChunkAddress } from "../../../src/space/chunkAddress.js";

export const NO_LIMIT: BakeAdmission = { maxInFlight: Infinity, admits: () => true, onSettled: () => {} };

interface KeyedRequest extends BakeRequest {
    priority: number;
}

export interface KeyedCallbacks {
    addressOf(key: number): ChunkAddress;
    onBaked?(key: number, buffer: ArrayBuffer, byteLength: number): void;
    onFailed?(key: number, failure: BakeFailure): void;
    onCancelled?(key: number): void;
}

export type KeyedOptions = Partial<Omit<BakeSchedulerOptions<BakeRequest>, "client">>;

/** A scheduler with a client that knows chunks by key, as long as they are not settled. */
export function createKeyedScheduler(executor: BakeExecutor, callbacks: KeyedCallbacks, options: KeyedOptions = {}) {
    const open = new Map<number, ScheduledChunk<KeyedRequest>>();
    const sent: number[] = [];
    const returned: number[] = [];
    let refreshes = 0;
    const client: BakeClient<KeyedRequest> = {
        refreshPriorities: () => void refreshes++,
        onSent: ({ key }) => void sent.push(key),
        onReturned: ({ key }) => void returned.push(key),
        onBaked({ key }, buffer, byteLength) {
            open.delete(key);
            callbacks.onBaked?.(key, buffer, byteLength);
        },
        onFailed({ key }, failure) {
            open.delete(key);
            callbacks.onFailed?.(key, failure);
        },
        onCancelled({ key }) {
            open.delete(key);
            callbacks.onCancelled?.(key);
        },
    };
    const pool = options.pool ?? new BufferPool();
    const scheduler = new BakeScheduler<KeyedRequest>({
        executor,
        client,
        admission: NO_LIMIT,
        product: PACKED_CHUNKS,
        recipeJson: "{}",
        bufferBytes: 4096,
        profiler: new PerformanceProfiler(),
        ...options,
        pool,
    });
    /** Requests a chunk, or says anew how urgent one is. Returns whether it is new. */
    const request = (key: number, priority = key): boolean => {
        const known = open.get(key);
        if (known !== undefined) {
            known.request.priority = priority;
            return false;
        }
        const chunk = scheduler.request({ key, address: callbacks.addressOf(key), priority });
        if (chunk !== null) {
            open.set(key, chunk);
        }
        return chunk !== null;
    };
    const cancel = (key: number): boolean => {
        const chunk = open.get(key);
        return chunk !== undefined && scheduler.cancel(chunk);
    };
    return { scheduler, pool, request, cancel, sent, returned, refreshes: () => refreshes };
}
