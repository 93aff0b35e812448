import type { BakeBatchRequest, BakeOutcome, BakeTask } from "../bake/protocol.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { BatchLostError, ChunkBakeError } from "./bakeErrors.js";
import type { BakeSchedulerOptions, QuarantinedChunk } from "./bakeSchedulerOptions.js";
import { BakeEstimates } from "./bakeEstimates.js";
import { BakeLatency } from "./bakeLatency.js";
import type { BakeAnswer } from "./bakeExecutor.js";
import { recordBakeSpans } from "./bakeSpans.js";
import { checkAnswer, type CheckedOutcome } from "./checkAnswer.js";
import { PendingChunks, type ScheduledChunk } from "./pendingChunks.js";

const DEFAULT_MAX_BATCH_SIZE = 8;
const DEFAULT_BATCH_BUDGET_MS = 4;
/** Times that a chunk is baked again after a lost batch, and after an outcome that says it failed. */
const MAX_LOSS_RETRIES = 2;
const MAX_FAILURE_RETRIES = 1;
/** Times that a chunk is baked again after its worker died over another's batch: so that even bad luck has an end. */
const MAX_BYSTANDING = 8;
/** Codes of outcomes that would be the same each time. */
const INVALID = "TERRANE_INVALID";
const CHUNK_LIMIT = "TERRANE_CHUNK_LIMIT";

interface Batch {
    readonly chunks: ScheduledChunk[];
    readonly request: BakeBatchRequest & { readonly tasks: BakeTask[] };
}

/**
 * The queue of chunks that are to be baked. Chunks wait here, not in the executor, so that the most urgent at the moment
 * of sending goes first, and what is no longer wanted is never sent. Callbacks come from `cancel`, or when a batch
 * returns; what they throw is rethrown once the whole batch is settled.
 */
export class BakeScheduler {
    /** Where chunks' time went, of late. */
    public readonly latency = new BakeLatency();

    private readonly _maxBatchSize: number;
    private readonly _batchBudgetMs: number;
    private readonly _estimates: BakeEstimates;
    private readonly _known = new Map<number, ScheduledChunk>();
    private readonly _pending = new PendingChunks();
    private readonly _quarantined = new Map<number, QuarantinedChunk>();
    /** Bytes of each worker's kernels, by its number. */
    private readonly _workerBytes: number[] = [];
    private _batchesInFlight = 0;
    private _requests = 0;
    private _isDisposed = false;
    /** Of the batch that is being settled: what was answered, and what callbacks have thrown. */
    private readonly _answers: CheckedOutcome[] = [];
    private readonly _errors: unknown[] = [];
    private _bakedCount = 0;
    private _cancelledCount = 0;
    private _failedCount = 0;
    private _retriedCount = 0;

    public constructor(private readonly _options: BakeSchedulerOptions) {
        this._maxBatchSize = _options.maxBatchSize ?? DEFAULT_MAX_BATCH_SIZE;
        this._batchBudgetMs = _options.batchBudgetMs ?? DEFAULT_BATCH_BUDGET_MS;
        this._estimates = new BakeEstimates(_options.bufferBytes);
    }

    /** Chunks that wait to be sent. */
    public get pendingCount(): number {
        return this._pending.count;
    }

    /** Chunks that are at the executor. */
    public get inFlightCount(): number {
        return this._known.size - this._pending.count;
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

    /** Times that a chunk had to be baked again. */
    public get retriedCount(): number {
        return this._retriedCount;
    }

    /** Chunks that were given up, by their keys. */
    public get quarantined(): ReadonlyMap<number, QuarantinedChunk> {
        return this._quarantined;
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

    /** Whether a chunk waits or is being baked. */
    public has(key: number): boolean {
        return this._known.has(key);
    }

    /** Calls back with each chunk that waits or is being baked. */
    public forEach(visit: (address: ChunkAddress, priority: number, isBaking: boolean) => void): void {
        for (const { address, priority, index } of this._known.values()) {
            visit(address, priority, index < 0);
        }
    }

    /** Gives chunks that were given up another chance. */
    public forgive(): void {
        this._quarantined.clear();
    }

    /** Whether a chunk was given up: it is not baked again. */
    public isQuarantined(key: number): boolean {
        return this._quarantined.has(key);
    }

    /**
     * Queues a chunk, or says anew how urgently the caller wishes for one that waits; what `hold` asked for stays, and the
     * most urgent wish counts. Allocates nothing for a chunk that is known.
     *
     * @param key what the caller knows the chunk by, unique to it
     * @param priority lower is sooner; NaN is last
     * @returns whether the chunk waits or is being baked now: false for what is quarantined, and after dispose
     */
    public request(key: number, address: ChunkAddress, priority: number): boolean {
        const chunk = this._knownOrNew(key, address);
        if (chunk === null) {
            return false;
        }
        chunk.wish = sane(priority);
        chunk.priority = Math.min(chunk.wish, chunk.held);
        return true;
    }

    /**
     * Queues a chunk that is wished for at least so urgently until it is settled, whatever `request` says of it later and
     * also after `cancel`. Of several calls the most urgent counts. Parameters and result as for `request`.
     */
    public hold(key: number, address: ChunkAddress, priority: number): boolean {
        const chunk = this._knownOrNew(key, address);
        if (chunk === null) {
            return false;
        }
        chunk.isHeld = true;
        chunk.held = Math.min(chunk.held, sane(priority));
        chunk.priority = Math.min(chunk.wish, chunk.held);
        return true;
    }

    /**
     * Withdraws what `request` wished for, and with it a chunk that waits and that nobody holds. One that is being baked is
     * finished and delivered. Returns whether it was dropped.
     */
    public cancel(key: number): boolean {
        const chunk = this._known.get(key);
        if (chunk === undefined) {
            return false;
        }
        chunk.wish = Infinity;
        chunk.priority = chunk.held;
        if (chunk.isHeld || chunk.index < 0) {
            return false;
        }
        this._pending.remove(chunk);
        this._known.delete(key);
        this._cancelledCount++;
        this._options.onCancelled?.(key);
        return true;
    }

    /** Sends batches while the executor takes any. Call it once a frame; it runs by itself whenever a batch returns. */
    public pump(): void {
        const { maxBatchesInFlight } = this._options.executor;
        while (
            !this._isDisposed &&
            this._pending.count > 0 &&
            this._batchesInFlight < maxBatchesInFlight &&
            this._isAdmitted(this.inFlightCount, 0)
        ) {
            const batch = this._takeBatch(maxBatchesInFlight - this._batchesInFlight);
            this._batchesInFlight++;
            this._run(batch);
        }
    }

    /** Forgets what waits. Nothing calls back from now on; what is being baked returns its buffers to the pool. */
    public dispose(): void {
        this._isDisposed = true;
        this._pending.clear();
        this._known.clear();
    }

    /** A chunk's entry, made and queued where there is none; null where it is quarantined, and after dispose. */
    private _knownOrNew(key: number, address: ChunkAddress): ScheduledChunk | null {
        const known = this._known.get(key);
        if (known !== undefined) {
            return known;
        }
        if (this._isDisposed || this._quarantined.has(key)) {
            return null;
        }
        const chunk: ScheduledChunk = {
            key,
            address,
            priority: Infinity,
            wish: Infinity,
            held: Infinity,
            isHeld: false,
            order: this._requests++,
            isAlone: false,
            avoidWorker: -1,
            requestedMs: this._options.profiler.now(),
            sentMs: 0,
            sentBytes: 0,
            losses: 0,
            bystanding: 0,
            failures: 0,
            index: -1,
        };
        this._known.set(key, chunk);
        this._pending.add(chunk);
        return chunk;
    }

    private _takeBatch(freeSlots: number): Batch {
        const { recipeJson, pool, encoding = "packed" } = this._options;
        let batch: Batch | null = null;
        // The few that are left are spread over all free workers.
        const parts = this._options.leastBatches ?? freeSlots;
        const maxSize = Math.min(this._maxBatchSize, Math.ceil(this._pending.count / parts));
        let ms = 0;
        for (let chunk = this._pending.peek(); chunk !== null; chunk = this._pending.peek()) {
            const size: number = batch === null ? 0 : batch.chunks.length;
            ms += this._estimates.msOf(chunk.address.level, this._batchBudgetMs);
            if (size > 0 && (size >= maxSize || ms > this._batchBudgetMs || chunk.isAlone)) {
                break;
            }
            if (size > 0 && !this._isAdmitted(this.inFlightCount, this._estimates.bytesOf(chunk.address.level))) {
                break;
            }
            let buffer: ArrayBuffer;
            try {
                buffer = pool.leaseOut(this._estimates.bytesOf(chunk.address.level));
            } catch (error) {
                // Memory has run out: the chunk goes on waiting, and what is chosen already is sent.
                if (size === 0) {
                    throw error;
                }
                break;
            }
            this._pending.remove(chunk);
            chunk.sentMs = this._options.profiler.now();
            chunk.sentBytes = buffer.byteLength;
            const task = { id: chunk.key, address: chunk.address, buffer };
            if (batch === null) {
                // An empty array grows to seventeen places with its first element, and most batches have one.
                batch = { chunks: [chunk], request: { recipeJson, encoding, tasks: [task] } };
            } else {
                batch.chunks.push(chunk);
                batch.request.tasks.push(task);
            }
            if (chunk.isAlone) {
                break;
            }
        }
        return batch!;
    }

    /** @param nextBytes what the chunk will take; 0 for what the pool has counted already or will say */
    private _isAdmitted(inFlight: number, nextBytes: number): boolean {
        const { monitor, pool } = this._options;
        if (monitor === undefined) {
            return inFlight === 0 || this._options.hasRoomFor?.(nextBytes) !== false;
        }
        if (this.usedBytes + nextBytes > monitor.memoryLimitBytes) {
            pool.trim(0);
        }
        return monitor.admits(inFlight, this.usedBytes, nextBytes);
    }

    private _run(batch: Batch): void {
        let answered: Promise<BakeAnswer>;
        try {
            answered = this._options.executor.runBatchAsync(batch.request, batch.chunks[0]!.avoidWorker);
        } catch (error) {
            // An executor of the host's own may throw.
            answered = Promise.reject(error as Error);
        }
        void answered.then(
            (response) => this._end(batch, response, null),
            (loss: unknown) => this._end(batch, null, loss),
        );
    }

    private _end(batch: Batch, response: BakeAnswer | null, loss: unknown): void {
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

    private _settle({ chunks, request }: Batch, response: BakeAnswer): void {
        const worker = response.worker ?? -1;
        const answers = this._answers;
        checkAnswer(request.tasks, response, answers);
        if (worker >= 0 && Number(response.kernelBytes) >= 0) {
            this._workerBytes[worker] = Number(response.kernelBytes);
        }
        // All buffers first: whatever a callback does, the books are right.
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
            if (typeof answer === "string") {
                this._retryLost(chunk, new Error(`Its worker ${answer}.`), worker);
            } else if (answer.ok) {
                this._deliver(chunk, answer, worker);
            } else {
                this._retryFailed(chunk, answer);
            }
            this._tellMonitor(chunk);
            // Keeps the place, which an emptied array would have to be given anew, and lets the buffers go.
            answers[i] = "";
        }
    }

    /** Where fewer chunks may be in flight than there are workers, those to spare are ended, to start again with their next batch. */
    private _tellMonitor({ address }: ScheduledChunk): void {
        const { monitor, executor } = this._options;
        if (monitor === undefined) {
            return;
        }
        const held = this._workerBytes;
        const allowed = monitor.tasksInFlight;
        const needsWorker = allowed < executor.workerCount && (held[allowed] ?? 0) === 0;
        const chunkBytes = this._estimates.bytesOf(address.level);
        monitor.taskEnded(this.usedBytes, chunkBytes + (needsWorker ? Math.max(0, ...held.filter(Boolean)) : 0));
        if (executor.recycle !== undefined) {
            for (let worker = monitor.tasksInFlight; worker < executor.workerCount; worker++) {
                if ((held[worker] ?? 0) > 0) {
                    held[worker] = 0;
                    executor.recycle(worker);
                }
            }
        }
    }

    private _inspected(chunk: ScheduledChunk, answer: CheckedOutcome): CheckedOutcome {
        if (typeof answer === "string" || !answer.ok || this._options.inspect === undefined) {
            return answer;
        }
        return this._options.inspect(chunk.address, new Uint8Array(answer.buffer, 0, answer.byteLength)) ?? answer;
    }

    /** Enters into the pool's books what came back for a task whose buffer had `sentBytes`: a baked chunk's is out. */
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

    private _deliver(chunk: ScheduledChunk, outcome: Extract<BakeOutcome, { ok: true }>, worker: number): void {
        const { profiler, pool } = this._options;
        const { buffer, byteLength, startedMs, endedMs } = outcome;
        recordBakeSpans(profiler, outcome, worker + 1);
        this.latency.add(chunk.requestedMs, chunk.sentMs, startedMs, endedMs, profiler.now());
        this._estimates.add(chunk.address.level, endedMs - startedMs, byteLength);
        if (this._isDisposed) {
            pool.takeBack(buffer);
            return;
        }
        this._known.delete(chunk.key);
        this._bakedCount++;
        try {
            this._options.onBaked(chunk.address, chunk.key, buffer, byteLength, outcome, worker);
        } catch (error) {
            this._errors.push(error);
        }
    }

    private _settleLost(batch: Batch, error: unknown): void {
        for (const { sentBytes } of batch.chunks) {
            this._options.pool.reportLost(sentBytes);
        }
        const worker = error instanceof BatchLostError ? error.worker : -1;
        if (worker >= 0) {
            this._workerBytes[worker] = 0;
        }
        for (const chunk of batch.chunks) {
            this._retryLost(chunk, error, worker);
            this._tellMonitor(chunk);
        }
    }

    private _retryLost(chunk: ScheduledChunk, cause: unknown, worker: number): void {
        if (cause instanceof BatchLostError && cause.isBystander) {
            chunk.bystanding++;
        } else {
            chunk.losses++;
        }
        if (chunk.losses <= MAX_LOSS_RETRIES && chunk.bystanding <= MAX_BYSTANDING) {
            chunk.isAlone = true;
            chunk.avoidWorker = worker;
            this._retry(chunk);
            return;
        }
        const times = chunk.losses + chunk.bystanding;
        const reason = cause instanceof Error ? cause.message : String(cause);
        const message = `Chunk ${formatAddress(chunk.address)} is given up: its batch was lost ${times} times. ${reason}`;
        this._giveUp(chunk, new ChunkBakeError(chunk.address, "TERRANE_BATCH_LOST", message, cause));
    }

    private _retryFailed(chunk: ScheduledChunk, outcome: Extract<BakeOutcome, { ok: false }>): void {
        chunk.failures++;
        const isFinal = outcome.code === INVALID || outcome.code === CHUNK_LIMIT;
        if (!isFinal && chunk.failures <= MAX_FAILURE_RETRIES) {
            this._retry(chunk);
            return;
        }
        const name = formatAddress(chunk.address);
        const message = outcome.message.includes(name) ? outcome.message : `Chunk ${name}: ${outcome.message}`;
        this._giveUp(chunk, new ChunkBakeError(chunk.address, outcome.code, message));
    }

    private _retry(chunk: ScheduledChunk): void {
        if (!this._isDisposed) {
            this._retriedCount++;
            this._pending.add(chunk);
        }
    }

    private _giveUp(chunk: ScheduledChunk, error: ChunkBakeError): void {
        if (this._isDisposed) {
            return;
        }
        this._known.delete(chunk.key);
        const attempts = chunk.losses + chunk.bystanding + chunk.failures;
        this._quarantined.set(chunk.key, { address: chunk.address, error, attempts });
        this._failedCount++;
        try {
            this._options.onFailed(chunk.address, chunk.key, error);
        } catch (thrown) {
            this._errors.push(thrown);
        }
    }
}

function sane(priority: number): number {
    return priority === priority ? priority : Infinity;
}
