import type { BakeBatchRequest, BakeOutcome, BakeTask } from "../bake/protocol.js";
import { BatchLostError, type ChunkBakeError } from "./bakeErrors.js";
import { BakeEstimates } from "./bakeEstimates.js";
import type { BakeAnswer } from "./bakeExecutor.js";
import { BakeLatency } from "./bakeLatency.js";
import type { BakeRequest, BakeSchedulerOptions } from "./bakeSchedulerOptions.js";
import { recordBakeSpans } from "./bakeSpans.js";
import { checkAnswer, type CheckedOutcome } from "./checkAnswer.js";
import { PendingChunks, type ScheduledChunk } from "./pendingChunks.js";
import { attemptsOf, countFailure, countLoss } from "./retries.js";
import { WorkerHold } from "./workerHold.js";

interface Batch<TRequest extends BakeRequest> {
    readonly chunks: ScheduledChunk<TRequest>[];
    readonly message: BakeBatchRequest & { readonly tasks: BakeTask[] };
}

/**
 * Queues chunks that are to be baked, and sends them to the executor. Chunks wait here, not in the executor, so that
 * the most urgent one at the moment of sending goes first, and what is no longer wanted is never sent. Knows a chunk
 * from its request until it is settled and nothing after that: what is known of chunks beyond their bakes belongs to
 * the client.
 */
export class BakeScheduler<TRequest extends BakeRequest = BakeRequest> {
    /** Where chunks' time went, recently. */
    public readonly latency = new BakeLatency();
    /** How much work workers hold. */
    public readonly hold: WorkerHold;
    /** The recipe of the batches sent from now on, as JSON. */
    public recipeJson: string;

    private readonly _estimates: BakeEstimates;
    private readonly _pending = new PendingChunks<TRequest>();
    /** Bytes of each worker's kernels, by the worker's number. */
    private readonly _workerBytes: number[] = [];
    private _inFlight = 0;
    private _batchesInFlight = 0;
    private _requests = 0;
    private _isDisposed = false;
    /** Answers of the batch that is being settled, and what the client threw meanwhile. */
    private readonly _answers: CheckedOutcome[] = [];
    private readonly _errors: unknown[] = [];
    private _bakedCount = 0;
    private _cancelledCount = 0;
    private _failedCount = 0;
    private _retriedCount = 0;

    public constructor(private readonly _options: BakeSchedulerOptions<TRequest>) {
        this.recipeJson = _options.recipeJson;
        this.hold = new WorkerHold(_options);
        this._estimates = new BakeEstimates(_options.bufferBytes);
    }

    /** Number of chunks that wait to be sent. */
    public get pendingCount(): number {
        return this._pending.count;
    }

    /** Number of chunks at the executor. */
    public get inFlightCount(): number {
        return this._isDisposed ? 0 : this._inFlight;
    }

    public get bakedCount(): number {
        return this._bakedCount;
    }

    public get cancelledCount(): number {
        return this._cancelledCount;
    }

    public get failedCount(): number {
        return this._failedCount;
    }

    /** Number of times that a chunk had to be baked again. */
    public get retriedCount(): number {
        return this._retriedCount;
    }

    /** Bytes of the pool and of the workers' kernels. */
    public get usedBytes(): number {
        return this._options.pool.bytesTotal + this.kernelBytes;
    }

    /** Bytes of the workers' kernels. */
    public get kernelBytes(): number {
        let bytes = 0;
        for (let i = 0; i < this._workerBytes.length; i++) {
            bytes += this._workerBytes[i] ?? 0;
        }
        return bytes;
    }

    /** Queues a chunk. Returns what `cancel` takes; null after `dispose`. */
    public request(request: TRequest): ScheduledChunk<TRequest> | null {
        if (this._isDisposed) {
            return null;
        }
        const chunk: ScheduledChunk<TRequest> = {
            request,
            order: this._requests++,
            isAlone: false,
            avoidWorker: -1,
            requestedMs: this._options.profiler.now(),
            sentMs: 0,
            sentBytes: 0,
            losses: 0,
            collateralLosses: 0,
            failures: 0,
            index: -1,
        };
        this._pending.add(chunk);
        return chunk;
    }

    /**
     * Cancels a chunk that waits, and returns whether it was cancelled. A chunk that is being baked is finished and
     * delivered; one that is settled stays so.
     */
    public cancel(chunk: ScheduledChunk<TRequest>): boolean {
        if (chunk.index < 0) {
            return false;
        }
        this._pending.remove(chunk);
        this._cancelledCount++;
        this._options.client.onCancelled(chunk.request);
        return true;
    }

    /** Cancels all chunks that wait. */
    public cancelAll(): void {
        for (let chunk = this._pending.any(); chunk !== null; chunk = this._pending.any()) {
            this.cancel(chunk);
        }
    }

    /** Sends batches while the executor takes any. Call it once a frame; it also runs whenever a batch returns. */
    public pump(): void {
        const { executor, client } = this._options;
        this.hold.apply();
        if (!this._hasSlot()) {
            return;
        }
        client.refreshPriorities();
        while (this._hasSlot()) {
            const batch = this._takeBatch(executor.maxBatchesInFlight - this._batchesInFlight);
            this._batchesInFlight++;
            this._run(batch);
            this.hold.apply();
        }
    }

    /**
     * Forgets what waits. The client is told nothing from now on; buffers of what is being baked return to the pool.
     */
    public dispose(): void {
        this._isDisposed = true;
        this._pending.clear();
    }

    private _hasSlot(): boolean {
        return (
            !this._isDisposed &&
            this._pending.count > 0 &&
            this._batchesInFlight < this._options.executor.maxBatchesInFlight &&
            this._isAdmitted(0)
        );
    }

    private _isAdmitted(nextBytes: number): boolean {
        return this._options.admission.admits(this._inFlight, this.usedBytes, nextBytes);
    }

    private _takeBatch(freeSlots: number): Batch<TRequest> {
        const { pool, product, client, profiler } = this._options;
        let batch: Batch<TRequest> | null = null;
        // The few that are left are spread over all free workers.
        const parts = this._options.leastBatches ?? freeSlots;
        const maxSize = Math.min(this.hold.mostInBatch, Math.ceil(this._pending.count / parts));
        let ms = 0;
        for (let chunk = this._pending.peek(); chunk !== null; chunk = this._pending.peek()) {
            const { request } = chunk;
            const size: number = batch === null ? 0 : batch.chunks.length;
            ms += this._estimates.msOf(request.address.level, this.hold.batchBudgetMs);
            if (size > 0 && (size >= maxSize || ms > this.hold.batchBudgetMs || chunk.isAlone)) {
                break;
            }
            if (size > 0 && !this._isAdmitted(this._estimates.bytesOf(request.address.level))) {
                break;
            }
            let buffer: ArrayBuffer;
            try {
                buffer = pool.leaseOut(this._estimates.bytesOf(request.address.level));
            } catch (error) {
                // Memory has run out: the chunk goes on waiting, and what is chosen already is sent.
                if (size === 0) {
                    throw error;
                }
                break;
            }
            this._pending.remove(chunk);
            this._inFlight++;
            this.hold.countSent(chunk);
            chunk.sentMs = profiler.now();
            chunk.sentBytes = buffer.byteLength;
            client.onSent(request);
            const task = { id: request.key, address: request.address, buffer };
            if (batch === null) {
                // An empty array grows to seventeen places with its first element, and most batches have one.
                const message = { recipeJson: this.recipeJson, encoding: product.encoding, tasks: [task] };
                batch = { chunks: [chunk], message };
            } else {
                batch.chunks.push(chunk);
                batch.message.tasks.push(task);
            }
            if (chunk.isAlone) {
                break;
            }
        }
        return batch!;
    }

    private _run(batch: Batch<TRequest>): void {
        let answered: Promise<BakeAnswer>;
        try {
            answered = this._options.executor.runBatchAsync(batch.message, batch.chunks[0]!.avoidWorker);
        } catch (error) {
            // An executor of the host's own may throw.
            answered = Promise.reject(error as Error);
        }
        void answered.then(
            (response) => this._end(batch, response, null),
            (loss: unknown) => this._end(batch, null, loss),
        );
    }

    private _end(batch: Batch<TRequest>, response: BakeAnswer | null, loss: unknown): void {
        this._batchesInFlight--;
        if (response === null) {
            this._settleLost(batch, loss);
        } else {
            this._settle(batch, response);
        }
        this.pump();
        if (this._errors.length > 0) {
            throw this._errors.splice(0)[0];
        }
    }

    private _settle({ chunks, message }: Batch<TRequest>, response: BakeAnswer): void {
        const worker = response.worker ?? -1;
        const answers = this._answers;
        checkAnswer(message.tasks, response, answers);
        if (worker >= 0 && Number(response.kernelBytes) >= 0) {
            this._workerBytes[worker] = Number(response.kernelBytes);
        }
        // All buffers first: whatever the client does, the accounts are right.
        let isFaulty = false;
        for (let i = 0; i < chunks.length; i++) {
            const answer = this._inspected(chunks[i]!, answers[i]!);
            answers[i] = answer;
            this._settleBuffers(chunks[i]!.sentBytes, answer);
            isFaulty ||= typeof answer === "string";
        }
        if (isFaulty) {
            this._workerBytes[worker] = 0;
            this._options.executor.recycle?.(worker);
        }
        for (let i = 0; i < chunks.length; i++) {
            const chunk = chunks[i]!;
            const answer = answers[i]!;
            this._leaveFlight(chunk);
            if (typeof answer === "string") {
                const loss = new Error(`Its worker ${answer}.`);
                this._retryOrGiveUp(chunk, countLoss(chunk, loss, worker));
            } else if (answer.ok) {
                this._deliver(chunk, answer, worker);
            } else {
                this._retryOrGiveUp(chunk, countFailure(chunk, answer));
            }
            this._tellAdmission(chunk);
            // Keeps the place, which an emptied array would have to be given anew, and lets the buffers go.
            answers[i] = "";
        }
    }

    private _settleLost({ chunks }: Batch<TRequest>, error: unknown): void {
        for (const { sentBytes } of chunks) {
            this._options.pool.reportLost(sentBytes);
        }
        const worker = error instanceof BatchLostError ? error.worker : -1;
        if (worker >= 0) {
            this._workerBytes[worker] = 0;
        }
        for (const chunk of chunks) {
            this._leaveFlight(chunk);
            this._retryOrGiveUp(chunk, countLoss(chunk, error, worker));
            this._tellAdmission(chunk);
        }
    }

    /** Counts a chunk as back, before what became of it is counted. */
    private _leaveFlight(chunk: ScheduledChunk): void {
        this._inFlight--;
        this.hold.countBack(chunk);
    }

    /**
     * Ends workers to spare where fewer chunks may be in flight than there are workers; they start again with their
     * next batch.
     */
    private _tellAdmission({ request }: ScheduledChunk): void {
        const { admission, executor } = this._options;
        const held = this._workerBytes;
        const allowed = admission.maxInFlight;
        const needsWorker = allowed < executor.workerCount && (held[allowed] ?? 0) === 0;
        const workerBytes = needsWorker ? Math.max(0, ...held.filter(Boolean)) : 0;
        admission.onSettled(this.usedBytes, this._estimates.bytesOf(request.address.level) + workerBytes);
        if (executor.recycle !== undefined) {
            for (let worker = admission.maxInFlight; worker < executor.workerCount; worker++) {
                if ((held[worker] ?? 0) > 0) {
                    held[worker] = 0;
                    executor.recycle(worker);
                }
            }
        }
    }

    private _inspected({ request }: ScheduledChunk, answer: CheckedOutcome): CheckedOutcome {
        if (typeof answer === "string" || !answer.ok) {
            return answer;
        }
        const { product } = this._options;
        return product.inspect(request.address, new Uint8Array(answer.buffer, 0, answer.byteLength)) ?? answer;
    }

    /**
     * Enters into the pool's accounts what came back for a task whose buffer had `sentBytes`: a baked chunk's is out.
     */
    private _settleBuffers(sentBytes: number, outcome: CheckedOutcome): void {
        const { pool } = this._options;
        if (typeof outcome === "string") {
            pool.reportLost(sentBytes);
            return;
        }
        const own = outcome.ok && outcome.unused !== null ? outcome.unused : outcome.buffer;
        if (own.byteLength === sentBytes) {
            pool.receive(own);
        } else {
            pool.reportLost(sentBytes);
            pool.adopt(own);
        }
        if (own !== outcome.buffer) {
            pool.adopt(outcome.buffer);
            pool.takeBack(own);
        } else if (!outcome.ok) {
            pool.takeBack(own);
        }
    }

    private _deliver(
        chunk: ScheduledChunk<TRequest>,
        outcome: Extract<BakeOutcome, { ok: true }>,
        worker: number,
    ): void {
        const { profiler, pool, client } = this._options;
        const { buffer, byteLength, startedMs, endedMs } = outcome;
        recordBakeSpans(profiler, outcome, worker + 1);
        this.latency.add(chunk.requestedMs, chunk.sentMs, startedMs, endedMs, profiler.now());
        this._estimates.add(chunk.request.address.level, endedMs - startedMs, byteLength);
        if (this._isDisposed) {
            pool.takeBack(buffer);
            return;
        }
        this._bakedCount++;
        try {
            client.onBaked(chunk.request, buffer, byteLength, outcome, worker);
        } catch (error) {
            this._errors.push(error);
        }
    }

    private _retryOrGiveUp(chunk: ScheduledChunk<TRequest>, error: ChunkBakeError | null): void {
        if (this._isDisposed) {
            return;
        }
        const { client } = this._options;
        const { request } = chunk;
        try {
            if (error === null) {
                this._retriedCount++;
                this._pending.add(chunk);
                client.onReturned(request);
            } else {
                this._failedCount++;
                client.onFailed(request, { address: request.address, error, attempts: attemptsOf(chunk) });
            }
        } catch (thrown) {
            this._errors.push(thrown);
        }
    }
}
