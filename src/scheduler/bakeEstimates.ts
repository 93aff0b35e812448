import { MAX_LEVEL } from "../space/chunkAddress.js";

/** Weight of the newest measurement in the moving average. */
const NEWEST = 0.2;
/**
 * Milliseconds that a chunk of a level is taken to cost at most before one of it was measured. The first chunks of all cost
 * many times what later ones do, as a worker's code is cold: what they cost says little of other levels.
 */
const MOST_GUESSED_MS = 1;
/** Number of latest chunks of a level, the smallest of which is the guess for the next. */
const REMEMBERED = 3;

/** Estimates what a chunk will cost, by its level: fine levels have caves, coarse ones do not. */
export class BakeEstimates {
    /** NaN: not measured yet. */
    private readonly _ms = new Float64Array(MAX_LEVEL + 1).fill(NaN);
    /** Bytes of each level's latest chunks, `REMEMBERED` a level, the oldest overwritten first. */
    private readonly _bytes = new Float64Array((MAX_LEVEL + 1) * REMEMBERED);
    private readonly _added = new Uint32Array(MAX_LEVEL + 1);
    private _msOfAll = NaN;

    /** @param _firstBytes the guess for a chunk of a level that was not baked yet */
    public constructor(private readonly _firstBytes: number) {
        this._bytes.fill(_firstBytes);
    }

    public add(level: number, ms: number, bytes: number): void {
        this._ms[level] = blend(this._ms[level]!, ms);
        this._msOfAll = blend(this._msOfAll, ms);
        this._bytes[level * REMEMBERED + (this._added[level]!++ % REMEMBERED)] = bytes;
    }

    /**
     * Returns the milliseconds that a chunk of a level takes to bake: a guess until one was measured, and `fallback` while no
     * chunk of any level was.
     */
    public msOf(level: number, fallback: number): number {
        const ms = this._ms[level]!;
        if (ms === ms) {
            return ms;
        }
        return this._msOfAll === this._msOfAll ? Math.min(MOST_GUESSED_MS, this._msOfAll) : fallback;
    }

    /**
     * Returns the bytes to lease for the next chunk of a level: those of the smallest of the latest, at least the first
     * guess. A chunk with caves may take ten times the room of plain ground. A buffer that is too small for one costs
     * an allocation in the worker; buffers large enough for all would lie about in caches and use the memory limit up.
     */
    public bytesOf(level: number): number {
        const from = level * REMEMBERED;
        let smallest = this._bytes[from]!;
        for (let i = from + 1; i < from + REMEMBERED; i++) {
            smallest = Math.min(smallest, this._bytes[i]!);
        }
        return Math.max(this._firstBytes, smallest);
    }
}

function blend(average: number, newest: number): number {
    return average === average ? average + (newest - average) * NEWEST : newest;
}
