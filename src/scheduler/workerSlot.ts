import workerpool from "workerpool";
import type { BakeBatchRequest, BakeBatchResponse, BakeTask, WorkerMethods } from "../bake/protocol.js";
import { BatchLostError } from "./bakeErrors.js";
import { isNode, scriptForHost } from "../base/host.js";

/**
 * Batches that a worker holds: one runs, one is ready. workerpool alone hands over the next only when a worker has
 * answered, so that a main thread which renders most of the time lets its workers idle most of the time.
 */
export const BATCHES_PER_WORKER = 2;

/** How long a worker that is to end may take to end by itself, milliseconds. One in the midst of a bake does not listen. */
const TERMINATE_TIMEOUT_MS = 100;
/** After this a thread that does not end is left to its fate, milliseconds. */
const DISPOSE_TIMEOUT_MS = 5000;

type Pool = ReturnType<typeof workerpool.pool>;
type PoolPromise<T> = InstanceType<typeof workerpool.Promise<T>>;

/** The parts of workerpool 10.0.3 (the version is pinned) that it keeps to itself. */
interface WorkerHandler {
    readonly processing: object;
    readonly tracking: object;
    readonly terminated: boolean;
    readonly cleaning: boolean;
}
interface PoolInternals {
    readonly workers: WorkerHandler[];
    _getWorker(): WorkerHandler | null;
    _createWorkerHandler(): WorkerHandler;
}

interface HeldBatch {
    readonly tasks: readonly BakeTask[];
    readonly promise: PoolPromise<BakeBatchResponse>;
}

export interface WorkerSlotOptions {
    readonly workerUrl: string;
    readonly kernels: WebAssembly.Module;
    readonly batchTimeoutMs: number;
    /** Megabytes of JavaScript heap at which Node ends the worker. Default: Node's own. */
    readonly memoryLimitMb?: number;
}

/** One worker and what it holds: a workerpool of one, which replaces its worker when that dies. */
export class WorkerSlot {
    private readonly _pool: Pool;
    private readonly _internals: PoolInternals;
    /** In the order in which the worker runs them: the first is the one that runs. */
    private readonly _held: HeldBatch[] = [];
    private _lastCrash: unknown = null;
    private _condemned: WorkerHandler | null = null;
    private _isEnding = false;
    private _ended: Promise<void> | null = null;

    /** @param index the executor's number of this worker */
    public constructor(
        public readonly index: number,
        private readonly _options: WorkerSlotOptions,
    ) {
        const { workerUrl, memoryLimitMb } = _options;
        this._pool = workerpool.pool(scriptForHost(workerUrl), {
            maxWorkers: 1,
            workerType: isNode() ? "thread" : "web",
            // A script that is no module runs as one too; a worker that a bundler made of several files is one.
            workerOpts: { type: "module" },
            ...(memoryLimitMb !== undefined && {
                workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb } },
            }),
            workerTerminateTimeout: TERMINATE_TIMEOUT_MS,
        });
        this._internals = this._pool as unknown as PoolInternals;
        this._internals._getWorker = () => this._pickWorker();
    }

    /** Batches under way, those that wait for a new worker included. */
    public get load(): number {
        return this._held.length;
    }

    /** Whether the worker is being ended over a batch that took too long. */
    public get isRecovering(): boolean {
        return this._condemned !== null && this._internals.workers.includes(this._condemned);
    }

    /** @param request holds nothing that cannot be cloned, and no buffer twice or detached: workerpool would hang */
    public runAsync(request: BakeBatchRequest): Promise<BakeBatchResponse> {
        return new Promise((resolve, reject) => {
            const { tasks } = request;
            const sent = { ...request, kernels: this._options.kernels };
            const promise = this._exec("bakeBatch", sent, { transfer: tasks.map(({ buffer }) => buffer) });
            const held: HeldBatch = { tasks, promise };
            this._held.push(held);
            if (this.load === 1) {
                promise.timeout(this._options.batchTimeoutMs);
            }
            promise.then(
                (response) => {
                    this._drop(held);
                    resolve(response);
                },
                (error) => {
                    this._drop(held);
                    reject(this._explain(tasks, error));
                },
            );
        });
    }

    /** Resolves when the worker has loaded, rejects where it cannot be or takes longer than `timeoutMs`. */
    public pingAsync(timeoutMs: number): Promise<void> {
        return new Promise((resolve, reject) => {
            this._exec("ping", null)
                .timeout(timeoutMs)
                .then(() => resolve(), reject);
        });
    }

    /** Takes no more batches; resolves when what it holds is answered and the worker has ended. */
    public async retireAsync(): Promise<void> {
        await Promise.allSettled(this._held.map(({ promise }) => promise));
        await this.disposeAsync();
    }

    /** Ends the worker at once; what it holds rejects before this returns. */
    public disposeAsync(): Promise<void> {
        if (this._ended === null) {
            this._isEnding = true;
            this._ended = new Promise((resolve) => {
                const done = (): void => resolve();
                this._pool.terminate(true, DISPOSE_TIMEOUT_MS).then(done, done);
            });
        }
        return this._ended;
    }

    private _exec<Method extends keyof WorkerMethods>(
        method: Method,
        request: WorkerMethods[Method]["request"],
        options?: { transfer: ArrayBuffer[] },
    ): PoolPromise<WorkerMethods[Method]["response"]> {
        const params = request === null ? [] : [request];
        return this._pool.exec(method, params, options) as unknown as PoolPromise<WorkerMethods[Method]["response"]>;
    }

    /** In place of workerpool's own choice, which takes only a worker that does nothing. */
    private _pickWorker(): WorkerHandler | null {
        const { workers } = this._internals;
        const worker = workers[0];
        if (worker === undefined) {
            const started = this._internals._createWorkerHandler();
            workers.push(started);
            return started;
        }
        const isEnding =
            worker === this._condemned || worker.terminated || worker.cleaning || count(worker.tracking) > 0;
        return isEnding || count(worker.processing) >= BATCHES_PER_WORKER ? null : worker;
    }

    private _drop(held: HeldBatch): void {
        const wasFirst = this._held[0] === held;
        this._held.splice(this._held.indexOf(held), 1);
        // A batch's time begins when its turn comes, or those behind a batch that hangs would time out with it.
        if (wasFirst) {
            this._held[0]?.promise.timeout(this._options.batchTimeoutMs);
        }
    }

    private _explain(tasks: readonly BakeTask[], error: unknown): BatchLostError {
        const message = error instanceof Error ? error.message : String(error);
        if (this._isEnding) {
            return this._lost(tasks, "the executor was disposed.", true, error);
        }
        if (error instanceof workerpool.Promise.TimeoutError) {
            this._condemned = this._internals.workers[0] ?? null;
            const reason = `its worker gave no answer within ${this._options.batchTimeoutMs} ms.`;
            return this._lost(tasks, reason, false, error);
        }
        if (error instanceof workerpool.TerminateError) {
            // A crash rejects all that the worker held with the same error, first what ran.
            const isBystander = error === this._lastCrash;
            this._lastCrash = error;
            queueMicrotask(() => this._wake());
            return this._lost(tasks, `its worker crashed. ${message.trim()}`, isBystander, error);
        }
        // workerpool's words to what else a worker held that it ends for a timeout.
        const isBystander = message === "Worker terminated";
        return this._lost(tasks, isBystander ? "its worker was ended." : message, isBystander, error);
    }

    private _lost(tasks: readonly BakeTask[], reason: string, isBystander: boolean, cause: unknown): BatchLostError {
        return new BatchLostError(tasks, reason, isBystander, cause, this.index);
    }

    /** After a crash, workerpool's queue stands still until something is executed. */
    private _wake(): void {
        if (!this._isEnding) {
            // Where the new worker fails too, the next batch learns of it.
            this.pingAsync(this._options.batchTimeoutMs).catch(() => {});
        }
    }
}

function count(tasksById: object): number {
    let n = 0;
    for (const _id in tasksById) {
        n++;
    }
    return n;
}
