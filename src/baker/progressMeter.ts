/** Progress of a bake. */
export interface BakeProgress {
    /** Work items done, including those of chunks that were in the store already. */
    readonly completedItems: number;
    /** Work items of the whole bake. */
    readonly totalWorkItems: number;
    /** Chunks done, including those that were in the store already. */
    readonly completedChunks: number;
    /** Chunks of the whole bake. */
    readonly totalChunks: number;
    /** Chunks baked a second, over the last 10 seconds; 0 before the first. */
    readonly chunksPerSecond: number;
    /** Seconds since baking began. */
    readonly elapsedTime: number;
    /** Seconds left at this rate; Infinity before the first chunk, 0 at the end. */
    readonly estimatedTimeRemaining: number;
}

const WINDOW_MS = 10_000;
/** Marks kept of the window: one each 100 ms. */
const MARK_MS = 100;

/** Counts chunks and tells the time left from the recent rate. */
export class ProgressMeter {
    private readonly _marks: { ms: number; chunks: number }[] = [];
    private readonly _startMs: number;
    private _completedItems = 0;
    private _completedChunks = 0;

    public constructor(
        private readonly _totalChunks: number,
        private readonly _totalWorkItems: number,
        private readonly _now: () => number,
    ) {
        this._startMs = _now();
    }

    /** Counts chunks that need no bake: they say nothing of the rate. Call it before the first `add`. */
    public skip(chunks: number, items: number): void {
        this._completedChunks += chunks;
        this._completedItems += items;
    }

    /** Counts one chunk. */
    public add(items: number): void {
        const ms = this._now();
        const last = this._marks.at(-1);
        if (last === undefined) {
            this._marks.push({ ms: this._startMs, chunks: this._completedChunks });
        }
        this._completedChunks++;
        this._completedItems += items;
        if (last === undefined || ms - last.ms >= MARK_MS) {
            this._marks.push({ ms, chunks: this._completedChunks });
            while (this._marks.length > 2 && ms - this._marks[1]!.ms > WINDOW_MS) {
                this._marks.shift();
            }
        }
    }

    public get progress(): BakeProgress {
        const ms = this._now();
        const first = this._marks[0];
        const seconds = first === undefined ? 0 : (ms - first.ms) / 1000;
        const chunksPerSecond = seconds > 0 ? (this._completedChunks - first!.chunks) / seconds : 0;
        const left = this._totalChunks - this._completedChunks;
        return {
            completedItems: this._completedItems,
            totalWorkItems: this._totalWorkItems,
            completedChunks: this._completedChunks,
            totalChunks: this._totalChunks,
            chunksPerSecond,
            elapsedTime: (ms - this._startMs) / 1000,
            estimatedTimeRemaining: left === 0 ? 0 : left / chunksPerSecond,
        };
    }
}
