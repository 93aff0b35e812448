import { PRIORITY_BANDS } from "../base/priorityBands.js";
import type { PlannedChunk } from "../bake/plan.js";
import type { BufferPool } from "../memory/bufferPool.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { BakeScheduler } from "../scheduler/bakeScheduler.js";
import type {
    BakeClient,
    BakeDetails,
    BakeRequest,
    BakeTiming,
    BakeFailure,
} from "../scheduler/bakeSchedulerOptions.js";
import type { ResourceMonitor } from "../scheduler/resourceMonitor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { MonitorAdmission } from "./monitorAdmission.js";

/** Most chunks that wait in the scheduler, which looks through all of them for each that it sends. */
const WINDOW = 4096;
/** Share of the memory limit that idle buffers may take. */
const IDLE_SHARE = 0.1;

export interface BakeRunOptions {
    /** The chunks, in the order of a plan. */
    readonly chunks: readonly PlannedChunk[];
    readonly executor: BakeExecutor;
    readonly recipeJson: string;
    readonly pool: BufferPool;
    readonly monitor: ResourceMonitor;
    readonly profiler: PerformanceProfiler;
    readonly chunkBatchSize: number;
    readonly bufferBytes: number;
    readonly signal: AbortSignal | undefined;
    inspect(address: ChunkAddress, file: Uint8Array): string | null;
    /** Takes a chunk file, whose bytes are valid until the promise settles. What it throws ends the run. */
    takeAsync(chunk: PlannedChunk, file: Uint8Array, details: BakeDetails): Promise<void>;
    onFailed(chunk: PlannedChunk, failure: BakeFailure): void;
}

/** How a run ended: done, whatever failed in it, or ended early by its signal or an error. */
export interface BakeRunResult {
    readonly failures: readonly BakeFailure[];
    readonly isCancelled: boolean;
    readonly retried: number;
}

/**
 * Bakes a plan's chunks, most urgent first. Resolves when each is settled (taken, failed or cancelled) and nothing is
 * under way any more. Rejects, after what is under way has come back, with the first error that `takeAsync` or
 * `onFailed` threw.
 */
export function runPlanAsync(options: BakeRunOptions): Promise<BakeRunResult> {
    return new BakeRun(options).runAsync();
}

/** A chunk's key is its place in the plan, which is also its rank within its priority. */
interface PlanRequest extends BakeRequest {
    readonly chunk: PlannedChunk;
}

class BakeRun implements BakeClient<PlanRequest> {
    private readonly _scheduler: BakeScheduler<PlanRequest>;
    private readonly _failures: BakeFailure[] = [];
    private _fed = 0;
    private _unsettled = 0;
    private _isEnding = false;
    private _error: Error | null = null;
    private _resolve: () => void = () => {};

    public constructor(private readonly _options: BakeRunOptions) {
        const { executor, recipeJson, pool, bufferBytes, profiler, chunkBatchSize, monitor, inspect } = _options;
        this._scheduler = new BakeScheduler<PlanRequest>({
            executor,
            client: this,
            admission: new MonitorAdmission(monitor, pool),
            product: { encoding: "file", inspect },
            recipeJson,
            pool,
            bufferBytes,
            profiler,
            maxBatchSize: chunkBatchSize,
            batchBudgetMs: Infinity,
            leastBatches: 2 * executor.maxBatchesInFlight,
        });
    }

    public async runAsync(): Promise<BakeRunResult> {
        const { signal } = this._options;
        const done = new Promise<void>((resolve) => {
            this._resolve = resolve;
        });
        const cancel = (): void => this._end();
        signal?.addEventListener("abort", cancel);
        try {
            if (signal?.aborted === true) {
                this._end();
            }
            this._feed();
            await done;
        } finally {
            signal?.removeEventListener("abort", cancel);
            this._scheduler.dispose();
        }
        if (this._error !== null) {
            throw this._error;
        }
        const isCancelled = this._fed < this._options.chunks.length || this._scheduler.cancelledCount > 0;
        return { failures: this._failures, isCancelled, retried: this._scheduler.retriedCount };
    }

    /** Does nothing: a plan's priorities do not change. */
    public refreshPriorities(): void {}

    public onSent(): void {}

    public onReturned(): void {}

    public onBaked(
        { chunk }: PlanRequest,
        buffer: ArrayBuffer,
        byteLength: number,
        timing: BakeTiming,
        worker: number,
    ) {
        const { stageMs, startedMs, endedMs } = timing;
        void this._takeAsync(chunk, buffer, byteLength, { stageMs, startedMs, endedMs, worker });
    }

    public onFailed({ chunk }: PlanRequest, failure: BakeFailure): void {
        this._failures.push(failure);
        try {
            this._options.onFailed(chunk, failure);
        } catch (error) {
            this._endWith(error);
        }
        this._settled();
    }

    public onCancelled(): void {
        this._settled();
    }

    private _feed(): void {
        const { chunks } = this._options;
        while (!this._isEnding && this._fed < chunks.length && this._scheduler.pendingCount < WINDOW) {
            const chunk = chunks[this._fed]!;
            const priority = PRIORITY_BANDS.indexOf(chunk.priority);
            this._unsettled++;
            this._scheduler.request({ key: this._fed++, address: chunk.address, priority, chunk });
        }
        // At the end only what was lost is sent again, which the scheduler does by itself.
        if (!this._isEnding) {
            try {
                this._scheduler.pump();
            } catch (error) {
                this._endWith(error);
            }
        }
        if (this._unsettled === 0) {
            this._resolve();
        }
    }

    private async _takeAsync(
        chunk: PlannedChunk,
        buffer: ArrayBuffer,
        byteLength: number,
        details: BakeDetails,
    ): Promise<void> {
        const { pool } = this._options;
        try {
            await this._options.takeAsync(chunk, new Uint8Array(buffer, 0, byteLength), details);
        } catch (error) {
            this._endWith(error);
        }
        pool.takeBack(buffer);
        // Chunks differ in size: what one outgrew would lie about until another fits it.
        pool.trim(IDLE_SHARE * this._options.monitor.memoryLimitBytes);
        this._settled();
    }

    private _settled(): void {
        this._unsettled--;
        this._feed();
    }

    private _endWith(error: unknown): void {
        this._error ??= error instanceof Error ? error : new Error(String(error), { cause: error });
        this._end();
    }

    /** Cancels what waits. What was sent comes back and is taken. */
    private _end(): void {
        if (!this._isEnding) {
            this._isEnding = true;
            this._scheduler.cancelAll();
        }
    }
}
