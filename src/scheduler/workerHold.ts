import type { BakeRequest, BakeSchedulerOptions } from "./bakeSchedulerOptions.js";
import type { ScheduledChunk } from "./pendingChunks.js";

const DEFAULT_MAX_BATCH_SIZE = 8;
const DEFAULT_BATCH_BUDGET_MS = 4;

/**
 * Most chunks in a batch where all wait for the whole: a view that is new. Most bakes take a tenth of a millisecond, and
 * eight of them leave a worker idle for the rest of the frame. The budget of milliseconds holds all the same.
 */
const HURRIED_BATCH_SIZE = 32;

/**
 * Milliseconds from which a frame is long: one and a half of 60 Hz, so that on a device locked at 30 Hz all are, for all
 * their jitter. In shorter ones answers are read often enough, and what a worker holds beyond its two batches would only be
 * in the way of what is more urgent.
 */
const LONG_FRAME_MS = 25;
/**
 * Most batches that a worker holds while frames are long. What it holds cannot be taken back, takes memory, and is lost with
 * it; so many keep it at work for an eighth of a second of each frame.
 */
const MOST_BATCHES_PER_WORKER = 32;

type WorkerHoldOptions = Pick<BakeSchedulerOptions<BakeRequest>, "executor" | "maxBatchSize" | "batchBudgetMs">;

/** How much work workers hold at once: how many batches each, and how large ones. */
export class WorkerHold {
    /**
     * Milliseconds between two frames, in which nobody reads answers; 0 where there are no frames. While it is long or the view is new,
     * workers hold as much work as it takes. Set it once a frame.
     */
    public frameMs = 0;
    /** Whether all wait for the whole, as where a view is new: batches are then as large as their work allows, and workers hold more. */
    public isHurried = false;
    /** Most milliseconds of work in a batch, by estimate. */
    public readonly batchBudgetMs: number;

    private readonly _executor: WorkerHoldOptions["executor"];
    private readonly _maxBatchSize: number;
    /** Batches that each worker holds where frames are short; 0 for an executor that cannot hold more. */
    private readonly _leastPerWorker: number;
    /** Chunks under way that may be to blame for a lost batch. */
    private _suspects = 0;

    public constructor({ executor, maxBatchSize, batchBudgetMs }: WorkerHoldOptions) {
        this._executor = executor;
        this._maxBatchSize = maxBatchSize ?? DEFAULT_MAX_BATCH_SIZE;
        this.batchBudgetMs = batchBudgetMs ?? DEFAULT_BATCH_BUDGET_MS;
        this._leastPerWorker = executor.batchesPerWorker ?? 0;
    }

    /**
     * Most chunks in a batch. While frames are long workers hold more batches, which must stay small: all of one is suspect
     * when it is lost.
     */
    public get mostInBatch(): number {
        const isLarge = this.isHurried && this.frameMs < LONG_FRAME_MS;
        return isLarge ? Math.max(HURRIED_BATCH_SIZE, this._maxBatchSize) : this._maxBatchSize;
    }

    /** Number of chunks under way that were in a batch that ran when its worker was lost. */
    public get suspectCount(): number {
        return this._suspects;
    }

    /**
     * Has workers hold enough for a long frame, and for any where all wait for the whole: nothing more urgent waits behind it then. As
     * little as ever behind a chunk that may kill its worker, with which all is lost that waits there.
     */
    public apply(): void {
        if (this._leastPerWorker === 0) {
            return;
        }
        const holdsFrame = this.frameMs >= LONG_FRAME_MS || this.isHurried;
        const isMoreWanted = holdsFrame && this._suspects === 0;
        const wanted = isMoreWanted ? Math.ceil(this.frameMs / this.batchBudgetMs) : 0;
        this._executor.batchesPerWorker = Math.max(this._leastPerWorker, Math.min(MOST_BATCHES_PER_WORKER, wanted));
    }

    /** Counts a chunk that is sent. */
    public countSent(chunk: Pick<ScheduledChunk, "losses">): void {
        this._suspects += isSuspect(chunk) ? 1 : 0;
    }

    /** Counts a chunk as back. Call it before what became of the chunk is counted. */
    public countBack(chunk: Pick<ScheduledChunk, "losses">): void {
        this._suspects -= isSuspect(chunk) ? 1 : 0;
    }
}

/** Returns whether a chunk was in a batch that ran when its worker was lost. */
function isSuspect({ losses }: Pick<ScheduledChunk, "losses">): boolean {
    return losses > 0;
}
