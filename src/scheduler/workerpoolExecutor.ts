import type { BakeBatchRequest } from "../bake/protocol.js";
import { TerraneError } from "../base/errors.js";
import { compileKernelsAsync, DEFAULT_LOAD_TIMEOUT_MS } from "../kernels/kernelModule.js";
import { BatchLostError } from "./bakeErrors.js";
import type { BakeAnswer, BakeExecutor } from "./bakeExecutor.js";
import { hostCores } from "../base/host.js";
import { defaultWorkerCount } from "./workerCount.js";
import { PolicyWatch, workerErrorAsync } from "./workerFaults.js";
import { BATCHES_PER_WORKER, WorkerSlot, type WorkerSlotOptions } from "./workerSlot.js";

export interface WorkerpoolExecutorOptions {
    /** Workers to start, 1 to 64. Default: one less than the cores, at most 8. */
    workers?: number;
    /** Address of `terrane.worker.js`; in Node it may be a path. Default: beside this very script. */
    workerUrl?: string;
    /** Address of `terrane.wasm`; in Node it may be a path. Default: beside this very script. */
    wasmUrl?: string;
    /** `terrane.wasm`, compiled, in place of `wasmUrl`. */
    kernels?: WebAssembly.Module;
    /** Milliseconds that a batch may take before its worker is ended and replaced. Default: 30,000. */
    batchTimeoutMs?: number;
    /** Milliseconds that `terrane.wasm`, and then the workers, may take to load. Default: 30,000. */
    loadTimeoutMs?: number;
    /**
     * Bytes of heap and kernels' memory that a worker may hold before it is replaced by a fresh one. Default: 512 MB.
     */
    leakLimitBytes?: number;
    /**
     * Megabytes of JavaScript heap at which Node ends a worker, 16 or more. Default: Node's own. Browsers have no such
     * limit.
     */
    workerHeapLimitMb?: number;
}

const MAX_WORKERS = 64;
const DEFAULT_BATCH_TIMEOUT_MS = 30_000;
const DEFAULT_LEAK_LIMIT_BYTES = 512 * 2 ** 20;

/**
 * Starts workers, in a page or in Node, and resolves when all have loaded.
 *
 * @throws TerraneError where an option is wrong, or the worker's script cannot be loaded: the message names its address
 * @throws KernelError where the kernels cannot be loaded or run here
 */
export async function CreateWorkerpoolExecutorAsync(options: WorkerpoolExecutorOptions = {}): Promise<BakeExecutor> {
    const workers = options.workers ?? defaultWorkerCount(hostCores());
    const workerUrl = options.workerUrl ?? new URL("./terrane.worker.js", import.meta.url).href;
    const batchTimeoutMs = options.batchTimeoutMs ?? DEFAULT_BATCH_TIMEOUT_MS;
    const startTimeoutMs = options.loadTimeoutMs ?? DEFAULT_LOAD_TIMEOUT_MS;
    if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
        throw new TerraneError(
            "workers",
            workers,
            `an integer from 1 to ${MAX_WORKERS}`,
            "Leave it out for the default.",
        );
    }
    if (typeof workerUrl !== "string" || workerUrl === "") {
        throw new TerraneError("workerUrl", workerUrl, "an address as a text", "Pass where terrane.worker.js is.");
    }
    const leakLimitBytes = options.leakLimitBytes ?? DEFAULT_LEAK_LIMIT_BYTES;
    assertAtLeast("leakLimitBytes", leakLimitBytes, 2 ** 20, "bytes");
    if (options.workerHeapLimitMb !== undefined) {
        assertAtLeast("workerHeapLimitMb", options.workerHeapLimitMb, 16, "megabytes");
    }
    assertMs("batchTimeoutMs", batchTimeoutMs);
    assertMs("loadTimeoutMs", startTimeoutMs);
    const kernels = options.kernels ?? (await compileKernelsAsync(options.wasmUrl, { timeoutMs: startTimeoutMs }));
    const memoryLimitMb = options.workerHeapLimitMb;
    const policy = new PolicyWatch(workerUrl);
    const executor = new WorkerpoolExecutor(workers, {
        ...{ workerUrl, kernels, batchTimeoutMs, startTimeoutMs, leakLimitBytes },
        ...(memoryLimitMb !== undefined && { memoryLimitMb }),
    });
    try {
        await executor.whenServingAsync();
    } catch (error) {
        const [told] = await Promise.all([workerErrorAsync(workerUrl, error, policy), executor.disposeAsync()]);
        throw told;
    } finally {
        policy.end();
    }
    return executor;
}

class WorkerpoolExecutor implements BakeExecutor {
    private readonly _slots: WorkerSlot[] = [];
    /** Slots that were replaced and still hold batches. */
    private readonly _retired = new Set<WorkerSlot>();
    private readonly _slotOptions: WorkerSlotOptions;
    private _batchesPerWorker = BATCHES_PER_WORKER;
    private _recycledCount = 0;
    private _ended: Promise<unknown> | null = null;

    public constructor(
        public readonly workerCount: number,
        options: Omit<WorkerSlotOptions, "onOutgrown">,
    ) {
        this._slotOptions = {
            ...options,
            onOutgrown: (slot) => {
                if (this._slots[slot.index] === slot) {
                    this.recycle(slot.index);
                }
            },
        };
        for (let i = 0; i < workerCount; i++) {
            this._slots.push(new WorkerSlot(i, this._slotOptions));
        }
    }

    public get maxBatchesInFlight(): number {
        return this.workerCount * this._batchesPerWorker;
    }

    public get batchesPerWorker(): number {
        return this._batchesPerWorker;
    }

    public set batchesPerWorker(count: number) {
        if (count !== this._batchesPerWorker) {
            this._batchesPerWorker = count;
            for (let i = 0; i < this._slots.length; i++) {
                this._slots[i]!.batchesPerWorker = count;
            }
        }
    }

    public get recycledCount(): number {
        return this._recycledCount;
    }

    /** Resolves when all workers have loaded. */
    public async whenServingAsync(): Promise<void> {
        await Promise.all(this._slots.map((slot) => slot.whenServingAsync()));
    }

    public runBatchAsync(request: BakeBatchRequest, avoidWorker = -1): Promise<BakeAnswer> {
        if (this._ended !== null) {
            return Promise.reject(new BatchLostError(request.tasks, "the executor is disposed.", true));
        }
        return this._leastLoaded(avoidWorker).runAsync(request);
    }

    public recycle(worker: number): void {
        const slot = this._slots[worker];
        if (slot === undefined || this._ended !== null) {
            return;
        }
        this._recycledCount++;
        this._slots[worker] = new WorkerSlot(worker, this._slotOptions);
        this._slots[worker].batchesPerWorker = this._batchesPerWorker;
        this._retired.add(slot);
        void slot.retireAsync().finally(() => this._retired.delete(slot));
    }

    public async disposeAsync(): Promise<void> {
        this._ended ??= Promise.all([...this._slots, ...this._retired].map((slot) => slot.disposeAsync()));
        await this._ended;
    }

    private _leastLoaded(avoidWorker: number): WorkerSlot {
        let best = this._slots[0]!;
        for (let i = 1; i < this._slots.length; i++) {
            const slot = this._slots[i]!;
            if (best.index === avoidWorker || (slot.index !== avoidWorker && cost(slot) < cost(best))) {
                best = slot;
            }
        }
        return best;
    }
}

function cost(slot: WorkerSlot): number {
    return slot.load + (slot.isRecovering ? slot.batchesPerWorker : 0);
}

function assertMs(field: string, value: number): void {
    if (!(value > 0 && value < 2 ** 31)) {
        throw new TerraneError(field, value, "milliseconds above 0 and below 2^31", "Leave it out for the default.");
    }
}

function assertAtLeast(field: string, value: number, least: number, unit: string): void {
    if (!(value >= least)) {
        throw new TerraneError(field, value, `${unit} from ${least} on`, "Leave it out for the default.");
    }
}
