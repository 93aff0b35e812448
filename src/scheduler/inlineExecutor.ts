import type { BakeBatchRequest, BakeBatchResponse } from "../bake/protocol.js";
import { messageOf } from "../base/errors.js";
import { nextMacrotask } from "../base/nextMacrotask.js";
import { BatchLostError } from "./bakeErrors.js";
import type { BakeExecutor } from "./bakeExecutor.js";

/** Bakes a batch on the thread that calls it, as `createBatchBaker` makes it. */
export type BatchHandler = (request: BakeBatchRequest) => BakeBatchResponse | Promise<BakeBatchResponse>;

interface WaitingBatch {
    readonly request: BakeBatchRequest;
    resolve(response: BakeBatchResponse): void;
    reject(error: Error): void;
}

/**
 * Bakes on the calling thread, for pages that may not start workers. Runs one batch a macrotask: frames and input get
 * their turn between two batches, and wait as long as one takes.
 */
export class InlineExecutor implements BakeExecutor {
    public readonly maxBatchesInFlight = 1;
    public readonly workerCount = 0;

    private readonly _waiting: WaitingBatch[] = [];
    private _isScheduled = false;
    private _isDisposed = false;

    public constructor(private readonly _handler: BatchHandler) {}

    public runBatchAsync(request: BakeBatchRequest): Promise<BakeBatchResponse> {
        if (this._isDisposed) {
            return Promise.reject(new BatchLostError(request.tasks, "the executor is disposed.", true));
        }
        return new Promise((resolve, reject) => {
            this._waiting.push({ request, resolve, reject });
            this._schedule();
        });
    }

    public disposeAsync(): Promise<void> {
        this._isDisposed = true;
        for (const { request, reject } of this._waiting.splice(0)) {
            reject(new BatchLostError(request.tasks, "the executor was disposed.", true));
        }
        return Promise.resolve();
    }

    private _schedule(): void {
        if (!this._isScheduled && this._waiting.length > 0) {
            this._isScheduled = true;
            nextMacrotask(this._runNext);
        }
    }

    private readonly _runNext = (): void => {
        this._isScheduled = false;
        const batch = this._waiting.shift();
        if (batch === undefined) {
            return;
        }
        void this._bakeAsync(batch);
    };

    private async _bakeAsync({ request, resolve, reject }: WaitingBatch): Promise<void> {
        try {
            const response = this._handler(request);
            resolve(response instanceof Promise ? await response : response);
        } catch (error) {
            reject(new BatchLostError(request.tasks, messageOf(error), false, error));
        }
        this._schedule();
    }
}
