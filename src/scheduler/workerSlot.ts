import type { BakeBatchRequest, BakeBatchResponse, BakeTask, WorkerEvent } from "../bake/protocol.js";
import { messageOf } from "../base/errors.js";
import { BatchLostError } from "./bakeErrors.js";
import type { BakeAnswer } from "./bakeExecutor.js";
import { toSendable } from "./sendableRequest.js";
import { ServingWorker, type ServingWorkerOptions } from "./servingWorker.js";

/**
 * Number of batches that a worker holds unless it is told otherwise: one runs, one is ready. Without the second, a main
 * thread that renders most of the time would leave its workers idle most of the time.
 */
export const BATCHES_PER_WORKER = 2;

interface HeldBatch {
    readonly id: number;
    readonly request: BakeBatchRequest;
    resolve(answer: BakeAnswer): void;
    reject(error: Error): void;
}

interface Waiter {
    resolve(): void;
    reject(error: unknown): void;
}

export interface WorkerSlotOptions extends ServingWorkerOptions {
    readonly batchTimeoutMs: number;
    /** Called before an answer is delivered whose thread holds more than `leakLimitBytes`. */
    readonly onOutgrown: (slot: WorkerSlot) => void;
    readonly leakLimitBytes: number;
}

/** A place for one worker, and the batches given to it. A worker that dies, or hangs over a batch, is replaced. */
export class WorkerSlot {
    /** Number of batches that the worker may hold. What was sent to it stays there when this falls. */
    public batchesPerWorker = BATCHES_PER_WORKER;
    private _worker: ServingWorker | null;
    private _isServing = false;
    /**
     * Batches in the order in which the worker runs them. The first `_sent` are at the worker, the first of all runs.
     */
    private readonly _held: HeldBatch[] = [];
    private _sent = 0;
    private _lastId = 0;
    /** When the first began to run, milliseconds. */
    private _firstSinceMs = 0;
    private _timer: ReturnType<typeof setTimeout> | null = null;
    private _serving: Waiter | null = null;
    private _onIdle: (() => void) | null = null;
    /** Ends of workers that were replaced, until their threads are gone. */
    private readonly _ending = new Set<Promise<void>>();
    private _ended: Promise<unknown> | null = null;

    /** @param index the executor's number of this worker */
    public constructor(
        public readonly index: number,
        private readonly _options: WorkerSlotOptions,
    ) {
        this._worker = this._start();
    }

    /** Number of batches under way, those that wait for a new worker included. */
    public get load(): number {
        return this._held.length;
    }

    /** Whether its worker has not loaded yet. */
    public get isRecovering(): boolean {
        return !this._isServing;
    }

    /** Runs a batch. Rejects with a `BatchLostError`, or with a `TerraneError` where the request cannot be sent. */
    public runAsync(request: BakeBatchRequest): Promise<BakeAnswer> {
        return new Promise((resolve, reject) => {
            this._held.push({ id: this._lastId++, request, resolve, reject });
            this._send();
        });
    }

    /** Resolves when the worker has loaded; rejects where it cannot be loaded in time. */
    public whenServingAsync(): Promise<void> {
        return new Promise((resolve, reject) => {
            if (this._isServing) {
                resolve();
            } else {
                this._serving = { resolve, reject };
            }
        });
    }

    /** Takes no more batches; resolves when what it holds is answered and the worker has ended. */
    public async retireAsync(): Promise<void> {
        await new Promise<void>((resolve) => {
            this._onIdle = resolve;
            this._tellIdle();
        });
        await this.disposeAsync();
    }

    /** Ends the worker at once; what it holds rejects before this returns. */
    public disposeAsync(): Promise<unknown> {
        if (this._ended === null) {
            this._endWorker();
            this._ended = Promise.all(this._ending);
            this._stopTimer();
            for (const { request, reject } of this._held.splice(0)) {
                reject(this._lost(request.tasks, "the executor was disposed.", true, null));
            }
            this._serving?.reject(new Error("it was disposed"));
        }
        return this._ended;
    }

    private _start(): ServingWorker {
        return new ServingWorker(this._options, {
            onEvent: (event) => this._onEvent(event),
            onLost: (error) => this._onLost(error),
        });
    }

    private _endWorker(): void {
        if (this._worker !== null) {
            const ending: Promise<void> = this._worker.endAsync().then(() => {
                this._ending.delete(ending);
            });
            this._ending.add(ending);
            this._worker = null;
        }
        this._isServing = false;
        this._sent = 0;
    }

    /** Gives the worker as many batches as it may hold. */
    private _send(): void {
        while (this._ended === null && this._sent < Math.min(this.batchesPerWorker, this._held.length)) {
            this._worker ??= this._start();
            const held = this._held[this._sent]!;
            try {
                post(this._worker, held);
            } catch (error) {
                this._held.splice(this._sent, 1);
                held.reject(error as Error);
                continue;
            }
            if (this._sent++ === 0) {
                this._watchFirst();
            }
        }
        this._tellIdle();
    }

    private _onEvent(event: WorkerEvent): void {
        if (event === "serving") {
            this._isServing = true;
            this._serving?.resolve();
            return;
        }
        const at = this._placeOf(event.id);
        if (at === -1 || at >= this._sent) {
            return;
        }
        const held = this._held[at]!;
        this._held.splice(at, 1);
        this._sent--;
        if (at === 0 && this._sent > 0) {
            this._watchFirst();
        }
        if ("lost" in event) {
            held.reject(this._lost(held.request.tasks, event.lost, false, null));
        } else {
            held.resolve(this._answerOf(event.response));
        }
        this._send();
    }

    /** Returns the place of a batch among those held; -1 where it is not. */
    private _placeOf(id: number): number {
        for (let i = 0; i < this._held.length; i++) {
            if (this._held[i]!.id === id) {
                return i;
            }
        }
        return -1;
    }

    private _answerOf(response: BakeBatchResponse): BakeAnswer {
        // A worker may answer anything: what the answer holds is looked at by who asked.
        if (typeof response !== "object" || response === null) {
            return { outcomes: [], worker: this.index };
        }
        if (Number(response.kernelBytes) + Number(response.heapBytes) > this._options.leakLimitBytes) {
            this._options.onOutgrown(this);
        }
        const answer: BakeBatchResponse & { worker?: number } = response;
        answer.worker = this.index;
        return answer;
    }

    /** Starts the clock of a batch when its turn comes, or those behind a batch that hangs would time out with it. */
    private _watchFirst(): void {
        this._firstSinceMs = performance.now();
        this._timer ??= setTimeout(this._look, this._options.batchTimeoutMs);
    }

    /** Looks after whatever runs. One timer for all: a timer for each batch would be garbage. */
    private readonly _look = (): void => {
        this._timer = null;
        if (this._sent === 0) {
            return;
        }
        const leftMs = this._firstSinceMs + this._options.batchTimeoutMs - performance.now();
        if (leftMs > 0) {
            this._timer = setTimeout(this._look, leftMs);
            return;
        }
        const lost = this._held.splice(0, this._sent);
        this._endWorker();
        this._worker = this._start();
        const reason = `its worker gave no answer within ${this._options.batchTimeoutMs} ms.`;
        this._reject(lost, reason, "its worker was ended.", null);
        this._send();
    };

    private _stopTimer(): void {
        if (this._timer !== null) {
            clearTimeout(this._timer);
            this._timer = null;
        }
    }

    private _onLost(error: unknown): void {
        const lost = this._held.splice(0, this._sent);
        this._endWorker();
        // One that dies over nothing is tried again with the next batch, or it might be tried for ever.
        if (lost.length > 0) {
            this._worker = this._start();
        }
        const reason = `its worker crashed. ${messageOf(error)}`;
        this._serving?.reject(error);
        this._reject(lost, reason, reason, error);
        this._send();
    }

    /** Rejects what was at a worker that is gone: the first ran, and may be to blame. */
    private _reject(lost: readonly HeldBatch[], reason: string, reasonOfOthers: string, cause: unknown): void {
        lost.forEach(({ request, reject }, i) => {
            reject(this._lost(request.tasks, i === 0 ? reason : reasonOfOthers, i > 0, cause));
        });
    }

    private _lost(tasks: readonly BakeTask[], reason: string, isCollateral: boolean, cause: unknown): BatchLostError {
        return new BatchLostError(tasks, reason, isCollateral, cause ?? undefined, this.index);
    }

    private _tellIdle(): void {
        if (this._held.length === 0 && this._onIdle !== null) {
            this._onIdle();
            this._onIdle = null;
        }
    }
}

/**
 * Posts a request, or a copy of it where it cannot be sent as it is: a copy of each would be garbage, and hardly any
 * needs it.
 */
function post(worker: ServingWorker, { id, request }: HeldBatch): void {
    try {
        worker.post({ id, request }, buffersOf(request.tasks));
    } catch {
        const sendable = toSendable(request);
        worker.post(
            { id, request: sendable },
            sendable.tasks.map(({ buffer }) => buffer),
        );
    }
}

function buffersOf(tasks: readonly BakeTask[]): ArrayBuffer[] {
    const buffers: ArrayBuffer[] = [];
    for (let i = 0; i < tasks.length; i++) {
        const { buffer } = tasks[i]!;
        // Node sends a detached one as if it were empty.
        if (buffer.byteLength === 0) {
            throw new TypeError("there is a buffer without bytes");
        }
        buffers.push(buffer);
    }
    return buffers;
}
